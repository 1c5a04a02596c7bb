/**
 * From the match keys of a list's rows to the set that is matched: distinct keys in a random order that only this side knows, and for each
 * key the rows that carry it. Memory is bounded by one bucket, and a bit for each row.
 */

import { sortRows } from '@causeway/core/bytes';
import type { RandomSource } from '@causeway/core/random';
import {
  BitSet,
  bucketsFor,
  packU32,
  partition,
  RowWriter,
  readRows,
  u32At,
  type WorkFile,
  type WorkFolder,
  withFiles,
} from '../work/index.ts';

/** Bytes of a match key. */
export const keyBytes = 16;

/** Where a round's files stand in the work folder. */
export interface KeySetFiles {
  /** In: a key of 16 bytes for each row that has an id, and its row number (4 bytes, little-endian). */
  readonly keys: string;
  readonly rows: string;
  /** Out: distinct keys in secret order. */
  readonly set: string;
}

export interface KeySet {
  /** Rows that have an id. */
  readonly rowCount: number;
  /** Distinct keys among them. */
  readonly keyCount: number;
  /** SHA-256 over the distinct keys in ascending order, in hexadecimal, where the protocol sorts them: one list of two jobs is known by it. */
  readonly digest?: string;
}

const setFile = (name: string, part: string) => `${name}.${part}`;

/**
 * Builds the set. Files beside `set`: `.order` gives for each position in the set its key's number, `.pairs` gives (row, key's number).
 * @param rowCount rows in the files `keys` and `rows`.
 */
export async function buildKeySet(
  work: WorkFolder,
  files: KeySetFiles,
  rowCount: number,
  random: RandomSource,
): Promise<KeySet> {
  const names = {
    keys: files.keys,
    numbers: files.rows,
    byKey: 'buckets.partial',
    distinct: 'distinct.partial',
    pairs: setFile(files.set, 'pairs'),
  };
  return withFiles(work, names, async ({ keys, numbers, byKey, distinct, pairs }) => {
    const list = () => keysWithRows(keys, numbers, rowCount);
    const buckets = await partition(list, { rowBytes: keyBytes + 4, bucketCount: bucketsFor(rowCount) }, byKey);
    const pairWriter = new RowWriter(pairs);
    const distinctWriter = new RowWriter(distinct);
    let keyCount = 0;
    for (let bucket = 0; bucket < buckets.count; bucket++) {
      const { rows } = await buckets.read(bucket);
      const order = sortRows(rows, keyBytes + 4);
      const pairRows = new Uint32Array(order.length * 2);
      // A random word before each distinct key: the shuffle's bucket.
      const unique = random.bytes(order.length * (4 + keyBytes));
      let uniqueCount = 0;
      for (let i = 0; i < order.length; i++) {
        const at = order[i]! * (keyBytes + 4);
        if (i === 0 || !sameKey(rows, order[i - 1]! * (keyBytes + 4), at)) {
          unique.set(rows.subarray(at, at + keyBytes), uniqueCount * (4 + keyBytes) + 4);
          uniqueCount += 1;
        }
        pairRows[2 * i] = u32At(rows.subarray(at + keyBytes, at + keyBytes + 4), 0);
        pairRows[2 * i + 1] = keyCount + uniqueCount - 1;
      }
      await pairWriter.write(packU32(pairRows));
      await distinctWriter.write(unique.subarray(0, uniqueCount * (4 + keyBytes)));
      keyCount += uniqueCount;
    }
    await pairWriter.finish();
    await distinctWriter.finish();
    await shuffle(work, { distinct: names.distinct, set: files.set }, keyCount, random);
    return { rowCount, keyCount };
  }).finally(() => Promise.all([names.byKey, names.distinct].map((name) => work.remove(name))));
}

/**
 * A uniformly random order: each key goes to a random bucket, and each bucket is shuffled (Rao–Sandelius). The order is what keeps the
 * positions of identifiers that are not shared from saying anything, so its randomness is secret.
 */
async function shuffle(
  work: WorkFolder,
  files: { distinct: string; set: string },
  keyCount: number,
  random: RandomSource,
): Promise<void> {
  const names = {
    distinct: files.distinct,
    scattered: 'scattered.partial',
    set: `${files.set}.partial-set`,
    order: setFile(files.set, 'order'),
  };
  await withFiles(work, names, async ({ distinct, scattered, set, order }) => {
    const rowBytes = 4 + keyBytes;
    const list = () => readRows(distinct, rowBytes, keyCount);
    const buckets = await partition(list, { rowBytes, bucketCount: bucketsFor(keyCount) }, scattered);
    const setWriter = new RowWriter(set);
    const orderWriter = new RowWriter(order);
    for (let bucket = 0; bucket < buckets.count; bucket++) {
      const { rows, indices } = await buckets.read(bucket);
      const permutation = randomPermutation(indices.length, random);
      const keys = new Uint8Array(indices.length * keyBytes);
      const numbers = new Uint32Array(indices.length);
      for (let i = 0; i < permutation.length; i++) {
        const from = permutation[i]!;
        keys.set(rows.subarray(from * rowBytes + 4, (from + 1) * rowBytes), i * keyBytes);
        numbers[i] = indices[from]!;
      }
      await setWriter.write(keys);
      await orderWriter.write(packU32(numbers));
    }
    await orderWriter.finish();
    await setWriter.finish();
  }).finally(() => work.remove(names.scattered));
  await work.rename(names.set, files.set);
}

/**
 * Which rows carry a matched key.
 * @param matched positions in the set.
 * @param rowBound rows of the dataset.
 */
export async function rowsOfPositions(
  work: WorkFolder,
  set: string,
  size: KeySet,
  matched: BitSet,
  rowBound: number,
): Promise<BitSet> {
  const names = { order: setFile(set, 'order'), pairs: setFile(set, 'pairs') };
  return withFiles(work, names, async ({ order, pairs }) => {
    const numbers = new BitSet(size.keyCount);
    let position = 0;
    for await (const piece of readRows(order, 4, size.keyCount)) {
      for (let i = 0; i < piece.length / 4; i++, position++) if (matched.has(position)) numbers.add(u32At(piece, i));
    }
    const rows = new BitSet(rowBound);
    for await (const piece of readRows(pairs, 8, size.rowCount)) {
      for (let i = 0; i < piece.length / 8; i++)
        if (numbers.has(u32At(piece, 2 * i + 1))) rows.add(u32At(piece, 2 * i));
    }
    return rows;
  });
}

/** Each key with its row number behind it. */
async function* keysWithRows(keysFile: WorkFile, rowsFile: WorkFile, rowCount: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const keys of readRows(keysFile, keyBytes, rowCount)) {
    const count = keys.length / keyBytes;
    const numbers = await rowsFile.read(at * 4, count * 4);
    const joined = new Uint8Array(count * (keyBytes + 4));
    for (let i = 0; i < count; i++) {
      joined.set(keys.subarray(i * keyBytes, (i + 1) * keyBytes), i * (keyBytes + 4));
      joined.set(numbers.subarray(i * 4, i * 4 + 4), i * (keyBytes + 4) + keyBytes);
    }
    yield joined;
    at += count;
  }
}

function sameKey(rows: Uint8Array, a: number, b: number): boolean {
  for (let k = 0; k < keyBytes; k++) if (rows[a + k] !== rows[b + k]) return false;
  return true;
}

/** Fisher–Yates; a draw below `bound` takes the high bits of a 53-bit number, with a bias below 2^-30. */
function randomPermutation(count: number, random: RandomSource): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const view = new DataView(random.bytes(count * 8).buffer);
  for (let i = count - 1; i > 0; i--) {
    const uniform = (view.getUint32(8 * i) * 2 ** 21 + (view.getUint32(8 * i + 4) >>> 11)) / 2 ** 53;
    const j = Math.floor(uniform * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
