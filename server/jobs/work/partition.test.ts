import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatBytes } from '@causeway/core/bytes';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketsFor, openWorkFolder, partition, type WorkFile } from './index.ts';

let folder: string;
let file: WorkFile;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'partition-'));
  file = await (await openWorkFolder(folder)).open('rows');
});
afterAll(async () => {
  await file.close();
  await rm(folder, { recursive: true });
});

/** A list in pieces of uneven length. */
async function* pieces(rows: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (let from = 0, length = 1; from < rows.length; from += length, length = (length * 7) % 1009) {
    yield concatBytes(...rows.slice(from, from + length));
  }
}

function plainBuckets(rows: readonly Uint8Array[], bucketCount: number, numbered: boolean): Buffer[] {
  const buckets = Array.from({ length: bucketCount }, () => [] as Uint8Array[]);
  for (const [i, row] of rows.entries()) {
    const number = new Uint8Array(Uint32Array.of(i).buffer);
    const bucket = Math.floor(((row[0]! * 256 + row[1]!) * bucketCount) / 65536);
    buckets[bucket]!.push(numbered ? concatBytes(row, number) : row);
  }
  return buckets.map((bucket) => Buffer.concat(bucket));
}

describe('a list in buckets', () => {
  const shapes = [8, 11, 20].flatMap((rowBytes) =>
    [1, 2, 64].flatMap((bucketCount) => [true, false].map((numbered) => ({ rowBytes, bucketCount, numbered }))),
  );

  it.each(shapes)(
    'keeps every row, in order: $rowBytes bytes, $bucketCount buckets, numbered: $numbered',
    async (shape) => {
      const random = new SeededRandom(JSON.stringify(shape));
      // More than a bucket's buffer holds.
      const rows = Array.from({ length: 20_000 }, () => random.bytes(shape.rowBytes));
      const buckets = await partition(() => pieces(rows), { ...shape, rowCount: rows.length }, file);
      expect(buckets).toMatchObject({ count: shape.bucketCount, rowBytes: shape.rowBytes + (shape.numbered ? 4 : 0) });
      for (const [bucket, expected] of plainBuckets(rows, shape.bucketCount, shape.numbered).entries()) {
        expect(expected.equals(await buckets.read(bucket))).toBe(true);
      }
    },
  );

  it.each([1, 17, 20_000])('keeps every row where all crowd into one bucket, or are more than %i', async (rowCount) => {
    const random = new SeededRandom('crowd');
    const rows = Array.from({ length: 20_000 }, (_, i) => {
      const row = random.bytes(12);
      if (i % 3 > 0) row.fill(7, 0, 2);
      return row;
    });
    const shape = { rowCount, rowBytes: 12, bucketCount: 64, numbered: true };
    const buckets = await partition(() => pieces(rows), shape, file);
    for (const [bucket, expected] of plainBuckets(rows, 64, true).entries()) {
      expect(expected.equals(await buckets.read(bucket))).toBe(true);
    }
  });

  it('that is empty has empty buckets', async () => {
    const shape = { rowCount: 0, rowBytes: 8, bucketCount: 4, numbered: true };
    const buckets = await partition(() => pieces([]), shape, file);
    expect(await buckets.read(3)).toHaveLength(0);
  });

  it('is one up to 2^20 rows, and beyond one for each 2^17 of them, rounded up to a power of two', () => {
    expect([0, 1, 2 ** 20, 2 ** 20 + 1, 10_000_000].map(bucketsFor)).toEqual([1, 1, 1, 16, 128]);
  });
});
