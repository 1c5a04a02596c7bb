import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToBase64 } from '@causeway/core/bytes';
import { type Campaign, encodeKey, labelBytes, nonceBytes, sealCampaign } from '@causeway/core/protocols/opja';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aes128Gcm } from '../jobs/sealed/index.ts';
import { type KeyFile, newKey, type OpenLabels, openLabels, readCampaign } from './index.ts';
import { labelCipher } from './label-cipher.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-open-labels-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = new SeededRandom('open labels');
const keyFile = (): KeyFile => newKey({ keys: [] }, { random, nowMs: 0 });
const [dsp, system]: readonly [KeyFile, KeyFile] = [keyFile(), keyFile()];
const publicKeyOf = ({ keys }: KeyFile) => keys[0]!.pair.publicKey;
const expires = '2030-01-01T00:00:00Z';
const sealing = { aead: aes128Gcm, system: 'match.example', expires };
const seal = (matchId: string) =>
  sealCampaign({ ...sealing, matchId, sender: system.keys[0]!.pair, receiver: publicKeyOf(dsp) }, random);
const { campaign, key } = seal('match1');

/** Labels of a list, as text; every fourth person is in both. */
function labelsOf(
  count: number,
  of: { readonly campaign: Campaign; readonly key: Uint8Array } = { campaign, key },
): string[] {
  const base = random.bytes(nonceBytes);
  const packed = labelCipher(of.campaign, of.key).seal({ base, first: 0, count, isMatched: (i) => i % 4 === 0 });
  return Array.from({ length: count }, (_, i) => bytesToBase64(packed.subarray(i * labelBytes, (i + 1) * labelBytes)));
}

const published = (keys: Readonly<Record<string, readonly KeyFile[]>>) => ({
  keysOf: async (domain: string) => (keys[domain] ?? []).map(publicKeyOf),
});
const directory = published({ 'match.example': [system], 'dsp.example': [dsp] });

let files = 0;
async function open(lines: readonly string[], changes: Partial<OpenLabels> = {}, ending = '\n') {
  const [labels, to] = [join(folder, `labels-${++files}`), join(folder, `opened-${files}.csv`)];
  writeFileSync(labels, lines.map((line) => `${line}${ending}`).join(''));
  const of = { campaign, keys: { ...dsp, domain: 'dsp.example' }, directory, nowMs: 0, repeats: false };
  try {
    const report = await openLabels({ ...of, labels, to, ...changes });
    const said = readFileSync(to, 'utf8').trim().split('\n').slice(1);
    return { report, said: said.map((line) => line.split(',') as [string, string]) };
  } catch (error) {
    expect([existsSync(to), existsSync(`${to}.partial`)]).toEqual([false, false]);
    throw error;
  }
}

describe('labels', () => {
  it('are opened over many batches, in the order in which they came', async () => {
    const labels = labelsOf(20_000).reverse();
    const { report, said } = await open(labels);
    expect(report).toEqual({
      matchId: 'match1',
      lines: 20_000,
      matched: 5000,
      unmatched: 15_000,
      refused: 0,
      repeated: 0,
    });
    expect(said.map(([label]) => label)).toEqual(labels);
    expect(said.map(([, matched]) => matched)).toEqual(labels.map((_, i) => ((19_999 - i) % 4 === 0 ? '1' : '0')));
  });

  it('of another match, changed ones, and lines that are none are refused each by itself, and not repeated in the output', async () => {
    const [a, b, c] = labelsOf(3) as [string, string, string];
    const [foreign] = labelsOf(1, seal('match2')) as [string];
    const changed = `${b[0] === 'A' ? 'B' : 'A'}${b.slice(1)}`;
    const lines = [a, foreign, changed, 'someone@example.com', '', `${c} `, `${c.slice(0, -1)}A`, c];
    const { report, said } = await open(lines);
    expect(report).toMatchObject({ lines: 8, matched: 1, unmatched: 1, refused: 6 });
    expect(said.map(([, verdict]) => verdict)).toEqual(['1', ...Array.from({ length: 6 }, () => 'refused'), '0']);
    expect(JSON.stringify(said)).not.toContain('someone');
  });

  it('may come once in a list, and again in a log', async () => {
    const [a, b] = labelsOf(2) as [string, string];
    expect((await open([a, b, a, a])).said.map(([, verdict]) => verdict)).toEqual(['1', '0', 'repeated', 'repeated']);
    expect((await open([a, b, a], { repeats: true })).report).toMatchObject({ matched: 2, repeated: 0 });
  });

  it('are read with Windows line ends too', async () => {
    expect((await open(labelsOf(5), {}, '\r\n')).report).toMatchObject({ lines: 5, refused: 0 });
  });

  it('go on behind a line that is longer than what is read at once, and the last line needs no end', async () => {
    const [a, b, c] = labelsOf(3) as [string, string, string];
    const labels = join(folder, 'long-line');
    const filling = Array.from({ length: 3 * 2 ** 14 }, () => b);
    writeFileSync(labels, `${a}\n${'x'.repeat(3 * 2 ** 20)}\n${filling.join('\n')}\n\n${a}${'=\n'.repeat(2)}${c}`);
    const { report, said } = await open([], { labels, repeats: true });
    const lines = 3 * 2 ** 14 + 6;
    expect(report).toMatchObject({ lines, matched: 1, unmatched: 3 * 2 ** 14 + 1, refused: 4 });
    expect(said[1]).toEqual(['', 'refused']);
    expect(said.at(-1)).toEqual([c, '0']);
  });

  it('of a list far apart in their numbers are still told apart', async () => {
    const cipher = labelCipher(campaign, key);
    const base = random.bytes(nonceBytes);
    const at = (first: number) => bytesToBase64(cipher.seal({ base, first, count: 1, isMatched: () => true }));
    const { report } = await open([at(0), at(65_536), at(2 ** 31), at(65_535), at(0)]);
    expect(report).toMatchObject({ matched: 4, repeated: 1 });
  });
});

describe('a campaign is refused as a whole, and nothing is written', () => {
  const other = keyFile();
  it.each<[string, Partial<OpenLabels>, string]>([
    ['once it has ended', { nowMs: Date.parse(expires) }, 'campaign-expired'],
    ['with a key file that has not its key', { keys: other }, 'wrong-key'],
    [
      'whose matching system publishes its key no more',
      { directory: published({ 'match.example': [other], 'dsp.example': [dsp] }) },
      'key-not-published',
    ],
    [
      'whose receiver publishes its key no more',
      { directory: published({ 'match.example': [system], 'dsp.example': [other] }) },
      'key-not-published',
    ],
    ['that is none', { campaign: { matchid: 'x' } }, 'bad-campaign'],
    ['with a key that gives no secret', { campaign: { ...campaign, ekey: '0'.repeat(64) } }, 'wrong-key'],
  ])('%s', async (_, changes, code) => {
    await expect(open(labelsOf(1), changes)).rejects.toMatchObject({ code });
  });

  it('of an impostor opens no label: its key is not that of the matching system', async () => {
    const mspk = encodeKey(publicKeyOf(other));
    const directory = published({ 'match.example': [system, other], 'dsp.example': [dsp] });
    const { report } = await open(labelsOf(4), { campaign: { ...campaign, mspk }, directory });
    expect(report).toMatchObject({ refused: 4, matched: 0 });
  });

  it('is read from a file, and a file that is no JSON is said to be none', async () => {
    const path = join(folder, 'campaign.json');
    writeFileSync(path, JSON.stringify(campaign));
    expect(await readCampaign(path)).toEqual(campaign);
    writeFileSync(path, 'not json');
    await expect(readCampaign(path)).rejects.toMatchObject({ name: 'LabelError', code: 'bad-campaign' });
  });
});
