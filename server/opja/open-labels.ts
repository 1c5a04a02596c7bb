/**
 * Labels of one match, opened by whoever they were made for (OPJA guide §2 and §3-e): a file of labels, one a line, in whatever order they came in. Memory is
 * bounded by a batch, and by a bit for each label of the match.
 */
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { base64ToBytes } from '@causeway/core/bytes';
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

const batchLines = 2 ** 13;

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
    await file.write('opja_label,matched\n');
    for await (const lines of batchesOf(of.labels)) {
      const verdicts = verdictsOf(lines, cipher, of.repeats ? undefined : seen);
      for (const verdict of verdicts) counts[verdict] += 1;
      counts.lines += lines.length;
      // Whatever else stood in a line is not repeated: it may be anything.
      const text = lines.map((line, i) => `${isLabel(line) ? line : ''},${shown[verdicts[i]!]}\n`);
      await file.write(text.join(''));
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

const shown: Readonly<Record<LineVerdict, string>> = {
  matched: '1',
  unmatched: '0',
  refused: 'refused',
  repeated: 'repeated',
};

/** @param seen remembers labels that may not come again; undefined where they may. */
function verdictsOf(lines: readonly string[], cipher: LabelCipher, seen: SeenLabels | undefined): LineVerdict[] {
  const packed = new Uint8Array(lines.length * labelBytes);
  const wellFormed = lines.map((line, i) => {
    if (!isLabel(line)) return false;
    packed.set(base64ToBytes(line), i * labelBytes);
    return true;
  });
  return cipher.open(packed).map((verdict, i) => {
    if (!wellFormed[i] || verdict === 'refused') return 'refused';
    return seen && !seen.isNew(packed, i * labelBytes) ? 'repeated' : verdict;
  });
}

/** 29 bytes in their one encoding: 40 characters, the last of them padding, and no bit set that no byte has. */
function isLabel(line: string): boolean {
  return line.length === labelCharacters && /^[A-Za-z0-9+/]{38}[AEIMQUYcgkosw048]=$/.test(line);
}

async function* batchesOf(path: string): AsyncGenerator<string[]> {
  let lines: string[] = [];
  for await (const line of createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    lines.push(line);
    if (lines.length < batchLines) continue;
    yield lines;
    lines = [];
  }
  if (lines.length > 0) yield lines;
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
