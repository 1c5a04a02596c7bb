/**
 * Labels of one match, opened by whoever they were made for (OPJA guide §2 and §3-e): a file of labels, one a line, in whatever order they came in. Memory is
 * bounded by a batch, and by a bit for each label of the match.
 */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { utf8ToBytes, writeBase64 } from '@causeway/core/bytes';
import { ProtocolError } from '@causeway/core/protocols';
import {
  type Campaign,
  campaign,
  decodeKey,
  encodeKey,
  type LabelCipher,
  labelBytes,
  labelCharacters,
  nonceBytes,
  nonceDistance,
  openCampaign,
} from '@causeway/core/protocols/opja';
import { aes128Gcm } from '../jobs/sealed/index.ts';
import { type KeyDirectory, KeyError } from './key-directory.ts';
import { type KeyFile, keyOf } from './key-file.ts';
import { labelCipher } from './label-cipher.ts';
import { type LabelLines, labelLines } from './label-lines.ts';

/** Labels that are not opened. The message says why, and what to do. */
export class LabelError extends Error {
  override readonly name = 'LabelError';
  readonly code: 'bad-campaign' | 'campaign-expired' | 'wrong-key';

  constructor(code: LabelError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface OpenLabels {
  readonly campaign: unknown;
  readonly keys: KeyFile;
  readonly directory: Pick<KeyDirectory, 'keysOf'>;
  readonly nowMs: number;
  /** A file of labels, one a line. */
  readonly labels: string;
  /** Becomes a table: each line of `labels`, and what it says: 1, 0, `refused` or `repeated`. */
  readonly to: string;
  /** Whether a label may come more than once: in a log of bid requests it does, in a list of people it does not. */
  readonly repeats: boolean;
}

export interface OpenedLabels {
  readonly matchId: string;
  readonly lines: number;
  readonly matched: number;
  readonly unmatched: number;
  /** Not authentic, of another match, or no label at all. */
  readonly refused: number;
  readonly repeated: number;
}

/** Writes `to`, whole or not at all. @throws {LabelError} {KeyError} before anything is opened. */
export async function openLabels(of: OpenLabels): Promise<OpenedLabels> {
  const parsed = campaign.safeParse(of.campaign);
  if (!parsed.success)
    throw new LabelError(
      'bad-campaign',
      'the campaign file is not what `causeway activation export` writes: ask for it again',
    );
  const cipher = await cipherOf(parsed.data, of);
  const seen = new SeenLabels();
  const counts = { lines: 0, matched: 0, unmatched: 0, refused: 0, repeated: 0 };
  const partial = `${of.to}.partial`;
  const file = await open(partial, 'w', 0o600);
  try {
    await file.appendFile('opja_label,matched\n');
    for await (const lines of labelLines(of.labels)) {
      const verdicts = verdictsOf(lines, cipher, of.repeats ? undefined : seen);
      for (const verdict of verdicts) counts[verdict] += 1;
      counts.lines += lines.count;
      await file.appendFile(saidOf(lines, verdicts));
    }
    await file.close();
    await rename(partial, of.to);
    return { matchId: parsed.data.matchid, ...counts };
  } catch (error) {
    await file.close().catch(() => {});
    await rm(partial, { force: true });
    throw error;
  }
}

/** Reads a campaign file. @throws {LabelError} `bad-campaign`. */
export async function readCampaign(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LabelError('bad-campaign', `${path} is not JSON: ask for the campaign again`, { cause });
  }
}

/** Checks the campaign as §2-b and §2-c ask, and derives its key. */
async function cipherOf(of: Campaign, { keys, directory, nowMs }: OpenLabels): Promise<LabelCipher> {
  if (of.expires !== undefined && Date.parse(of.expires) <= nowMs) {
    throw new LabelError(
      'campaign-expired',
      `the campaign ended at ${of.expires}: its labels are not opened any more; ask the advertiser for a new run`,
    );
  }
  const pair = keyOf(keys, of.dsppk);
  if (!pair) {
    throw new LabelError(
      'wrong-key',
      'the campaign was made for a key that is not in the key file: name the file that has it, or ask the advertiser for a run with a key that you publish',
    );
  }
  await requirePublished(directory, of.matchingsystemname, of.mspk, 'the matching system’s key');
  if (keys.domain !== undefined) await requirePublished(directory, keys.domain, of.dsppk, 'the own key');
  try {
    return labelCipher(of, openCampaign(of, pair, aes128Gcm));
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new LabelError('wrong-key', `${cause.message}: the campaign file was damaged, or made by somebody else`, {
      cause,
    });
  }
}

async function requirePublished(
  directory: OpenLabels['directory'],
  domain: string,
  key: string,
  whose: string,
): Promise<void> {
  const published = await directory.keysOf(domain);
  if (published.some((one) => encodeKey(one) === encodeKey(decodeKey(key)))) return;
  throw new KeyError(
    'key-not-published',
    `${whose} of this campaign is not published under ${domain} any more, so its labels are not opened; ask the advertiser for a new run`,
  );
}

type LineVerdict = 'matched' | 'unmatched' | 'refused' | 'repeated';

const shown: Readonly<Record<LineVerdict, Uint8Array>> = {
  matched: utf8ToBytes(',1\n'),
  unmatched: utf8ToBytes(',0\n'),
  refused: utf8ToBytes(',refused\n'),
  repeated: utf8ToBytes(',repeated\n'),
};
const saidBytesMax = labelCharacters + Math.max(...Object.values(shown).map((said) => said.length));

/** @param seen remembers labels that may not come again; undefined where they may. */
function verdictsOf({ labels, isLabel }: LabelLines, cipher: LabelCipher, seen: SeenLabels | undefined): LineVerdict[] {
  return cipher.open(labels).map((verdict, i) => {
    if (isLabel[i] === 0 || verdict === 'refused') return 'refused';
    return seen && !seen.isNew(labels, i * labelBytes) ? 'repeated' : verdict;
  });
}

/** Lines of the table. Whatever stood in a line that is no label is not repeated: it may be anything. */
function saidOf({ count, labels, isLabel }: LabelLines, verdicts: readonly LineVerdict[]): Uint8Array {
  const text = new Uint8Array(count * saidBytesMax);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (isLabel[i] === 1) {
      writeBase64(labels, i * labelBytes, labelBytes, text, at);
      at += labelCharacters;
    }
    const said = shown[verdicts[i]!];
    text.set(said, at);
    at += said.length;
  }
  return text.subarray(0, at);
}

/** Which labels of a match have come, a bit each, in pages: their nonces number them. */
class SeenLabels {
  #first: Uint8Array | undefined;
  readonly #pages = new Map<number, Uint8Array>();

  /** @param labels packed, and authentic: so their nonces are of one list. */
  isNew(labels: Uint8Array, at: number): boolean {
    this.#first ??= labels.slice(at, at + nonceBytes);
    // The nonce of another list under the same key: nobody seals one.
    const distance = nonceDistance(labels, at, this.#first);
    if (distance === undefined) return false;
    const number = Math.floor(distance / pageLabels);
    const page = this.#pages.get(number) ?? new Uint8Array(pageLabels / 8);
    this.#pages.set(number, page);
    const [byte, bit] = [(distance % pageLabels) >>> 3, 1 << (distance & 7)];
    const isNew = (page[byte]! & bit) === 0;
    page[byte]! |= bit;
    return isNew;
  }
}

const pageLabels = 2 ** 16;
