import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@causeway/core/random';
import { openKernel } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkFolder } from '../work/index.ts';
import { numberKeys } from './number-keys.ts';

let folder: string;
let places = 0;
const kernel = await openKernel();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-number-keys-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await kernel.close();
});

type Row = readonly [key: number, row: number];

/** @param kinds for each of them, keys with their rows. */
async function numbered(kinds: readonly (readonly Row[])[]) {
  const work = await openWorkFolder(join(folder, `place-${places++}`), { durable: 'no' });
  const keys = async (of: { readonly kind: number; readonly keys: string; readonly rows: string }) => {
    const own = kinds[of.kind]!;
    await writeFile(work.path(of.keys), Buffer.concat(own.map(([key]) => Buffer.alloc(16, key))));
    await writeFile(work.path(of.rows), Buffer.from(Uint32Array.from(own, ([, row]) => row).buffer));
    return own.length;
  };
  const ports = { random: new SeededRandom('numbers'), sorter: kernel, keys };
  const { keyCount, setHash } = await numberKeys({ work, kinds: kinds.length, pairs: 'pairs' }, ports);
  const words = new Uint32Array((await readFile(work.path('pairs'))).slice().buffer);
  const pairs = Array.from({ length: words.length / 2 }, (_, i) => [words[2 * i]!, words[2 * i + 1]!]);
  return { keyCount, hash: Buffer.from(setHash).toString('hex'), pairs: pairs.sort((a, b) => a[0]! - b[0]!) };
}

describe('matched identifiers in one order', () => {
  it('are numbered kind after kind and ascending within each, the same on both sides, whatever rows have them', async () => {
    const one = await numbered([
      [
        [9, 0],
        [2, 1],
        [9, 4],
      ],
      [
        [5, 2],
        [1, 3],
      ],
    ]);
    expect(one).toMatchObject({
      keyCount: 4,
      pairs: [
        [0, 1],
        [1, 0],
        [2, 3],
        [3, 2],
        [4, 1],
      ],
    });
    const other = await numbered([
      [
        [2, 7],
        [9, 3],
      ],
      [
        [1, 0],
        [5, 5],
        [5, 6],
      ],
    ]);
    expect(other).toMatchObject({ keyCount: 4, hash: one.hash });
    expect(other.pairs).toEqual([
      [0, 2],
      [3, 1],
      [5, 3],
      [6, 3],
      [7, 0],
    ]);
  });

  it('of which a kind has none, or another number, are other lists', async () => {
    const none = await numbered([[[9, 0]], []]);
    expect(none).toMatchObject({ keyCount: 1, pairs: [[0, 0]] });
    const hashes = [
      none,
      await numbered([[], [[9, 0]]]),
      await numbered([[[9, 0]]]),
      await numbered([
        [
          [9, 0],
          [9, 1],
        ],
        [],
      ]),
    ];
    expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(3);
    expect(hashes[3]!.hash).toBe(none.hash);
  });
});
