import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex } from '@causeway/core/bytes';
import { BatchKernel } from '@causeway/core/group';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PairKeys } from './pair-keys.ts';

let folder: string;
let places = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-pair-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const day = 24 * 3600_000;
const opened = (place: string, seed = place) =>
  new PairKeys({ folder: join(folder, place), kernel: new BatchKernel(), random: new SeededRandom(seed) });
const at = async (keys: PairKeys, days: number) =>
  (await keys.current(days * day)).map(({ hashKey, scalar }) => ({ ks: bytesToHex(hashKey), kp: bytesToHex(scalar) }));

describe('keys of a publisher', () => {
  it('stay for 30 days, over restarts, in a file that its owner alone reads', async () => {
    const place = `stay-${places++}`;
    const [first] = await at(opened(place), 0);
    expect(await at(opened(place, 'another draw'), 29.9)).toEqual([first]);
    expect(statSync(join(folder, place, 'keys.json')).mode & 0o777).toBe(0o600);
  });

  it('change Ks after 30 days and keep Kp; ids under the keys before are given for 30 days more, and then forgotten', async () => {
    const keys = opened(`rotate-${places++}`);
    const [first] = await at(keys, 0);
    const [second, previous, ...more] = await at(keys, 30);
    expect([previous, more]).toEqual([first, []]);
    expect(second!.ks).not.toBe(first!.ks);
    expect(second!.kp).toBe(first!.kp);
    expect(await at(keys, 59.9)).toEqual([second, first]);
    const [third, before] = await at(keys, 60);
    expect(before).toEqual(second);
    expect(third!.ks).not.toBe(second!.ks);
  });

  it('change Kp after 180 days, with Ks', async () => {
    const keys = opened(`scalar-${places++}`);
    const [first] = await at(keys, 0);
    for (const days of [30, 60, 90, 120, 150]) expect((await at(keys, days))[0]!.kp).toBe(first!.kp);
    expect((await at(keys, 180))[0]!.kp).not.toBe(first!.kp);
  });

  it('of long ago are not given any more, though nobody asked in between', async () => {
    const keys = opened(`idle-${places++}`);
    await at(keys, 0);
    expect(await at(keys, 60)).toHaveLength(1);
    expect(await at(keys, 61)).toHaveLength(1);
  });

  it('are drawn once, whoever asks at the same time', async () => {
    const keys = opened(`together-${places++}`);
    const answers = await Promise.all([at(keys, 0), at(keys, 0), at(keys, 0)]);
    expect(new Set(answers.map((answer) => answer[0]!.ks)).size).toBe(1);
  });

  it('that are damaged are not drawn anew without a word', async () => {
    const place = `damaged-${places++}`;
    await at(opened(place), 0);
    writeFileSync(join(folder, place, 'keys.json'), '{');
    await expect(at(opened(place), 1)).rejects.toThrow();
  });
});
