/**
 * From the match keys of a list's rows to the set that is matched: distinct keys in a random order that only this side knows, and for each
 * key the rows that carry it. Memory is bounded by one bucket, and a bit for each row.
 */

import type { RowSorter } from '@causeway/core/bytes';
import { type RandomSource, randomPermutation } from '@causeway/core/random';
import {
  BitSet,
  bucketsFor,
  bytesOf,
  partition,
  RowWriter,
  readRows,
  type WorkFile,
  type WorkFolder,
  withFiles,
  wordsOf,
} from '../work/index.ts';

/** Bytes of a match key. */
export const keyBytes = 16;
export const keyWords: number = keyBytes / 4;
/** A key and its row number. */
const rowWords = keyWords + 1;

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
  /** `secret` if left out. */
  readonly order?: KeyOrder;
  /** SHA-256 over the distinct keys in ascending order, in hexadecimal, where the protocol sorts them: one list of two jobs is known by it. */
  readonly digest?: string;
}

export interface KeySetPorts {
  readonly random: RandomSource;
  readonly sorter: RowSorter;
}

/**
 * In which order the keys stand. `secret`: random, and known to this side alone, for a protocol in which a partner sees positions.
 * `ascending`: for one in which nobody does; the file `.order` is left out then.
 */
export type KeyOrder = 'secret' | 'ascending';

const setFile = (name: string, part: string) => `${name}.${part}`;

/**
 * Builds the set. Files beside `set`: `.order` gives for each position in the set its key's number, `.pairs` gives (row, key's number).
 * @param rowCount rows in the files `keys` and `rows`.
 */
export async function buildKeySet(
  work: WorkFolder,
  files: KeySetFiles,
  rowCount: number,
  { random, sorter }: KeySetPorts,
  order: KeyOrder = 'secret',
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
    const shape = { rowCount, rowBytes: keyBytes + 4, bucketCount: bucketsFor(rowCount), numbered: false };
    const buckets = await partition(list, shape, byKey);
    const pairWriter = new RowWriter(pairs);
    const distinctWriter = new RowWriter(distinct);
    // A random word before each distinct key: the shuffle's bucket.
    const leadWords = order === 'secret' ? 1 : 0;
    const distinctWords = leadWords + keyWords;
    let keyCount = 0;
    for (let bucket = 0; bucket < buckets.count; bucket++) {
      const rows = await buckets.read(bucket);
      const sorted = wordsOf(await sorter.sortRows(rows, { rowBytes: shape.rowBytes, keyBytes }));
      const count = sorted.length / rowWords;
      const pairRows = new Uint32Array(count * 2);
      const unique =
        leadWords === 0 ? new Uint32Array(count * keyWords) : wordsOf(random.bytes(count * distinctWords * 4));
      let uniqueCount = 0;
      for (let i = 0; i < count; i++) {
        const at = i * rowWords;
        if (i === 0 || !sameKey(sorted, at - rowWords, at)) {
          const to = uniqueCount * distinctWords + leadWords;
          for (let k = 0; k < keyWords; k++) unique[to + k] = sorted[at + k]!;
          uniqueCount += 1;
        }
        pairRows[2 * i] = sorted[at + keyWords]!;
        pairRows[2 * i + 1] = keyCount + uniqueCount - 1;
      }
      await pairWriter.write(bytesOf(pairRows));
      await distinctWriter.write(bytesOf(unique.subarray(0, uniqueCount * distinctWords)));
      keyCount += uniqueCount;
    }
    await pairWriter.finish();
    await distinctWriter.finish();
    if (order === 'ascending') {
      await work.rename(names.distinct, files.set);
      return { rowCount, keyCount, order };
    }
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
    const bucketCount = bucketsFor(keyCount);
    const shape = { rowCount: keyCount, rowBytes: 4 + keyBytes, bucketCount, numbered: true };
    const buckets = await partition(() => readRows(distinct, shape.rowBytes, keyCount), shape, scattered);
    const setWriter = new RowWriter(set);
    const orderWriter = new RowWriter(order);
    const storedWords = rowWords + 1;
    for (let bucket = 0; bucket < buckets.count; bucket++) {
      const stored = wordsOf(await buckets.read(bucket));
      const permutation = randomPermutation(stored.length / storedWords, random);
      const keys = new Uint32Array(permutation.length * keyWords);
      const numbers = new Uint32Array(permutation.length);
      for (let i = 0; i < permutation.length; i++) {
        const from = permutation[i]! * storedWords + 1;
        for (let k = 0; k < keyWords; k++) keys[i * keyWords + k] = stored[from + k]!;
        numbers[i] = stored[from + keyWords]!;
      }
      await setWriter.write(bytesOf(keys));
      await orderWriter.write(bytesOf(numbers));
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
  return withFiles(work, { pairs: setFile(set, 'pairs') }, async ({ pairs }) => {
    const numbers = size.order === 'ascending' ? matched : await numbersOf(work, setFile(set, 'order'), matched, size);
    const rows = new BitSet(rowBound);
    for await (const piece of readRows(pairs, 8, size.rowCount)) {
      const words = wordsOf(piece);
      for (let i = 0; i < words.length; i += 2) if (numbers.has(words[i + 1]!)) rows.add(words[i]!);
    }
    return rows;
  });
}

/** The numbers of the keys at these positions. */
function numbersOf(work: WorkFolder, orderFile: string, matched: BitSet, { keyCount }: KeySet): Promise<BitSet> {
  return withFiles(work, { order: orderFile }, async ({ order }) => {
    const numbers = new BitSet(keyCount);
    let position = 0;
    for await (const piece of readRows(order, 4, keyCount)) {
      for (const number of wordsOf(piece)) if (matched.has(position++)) numbers.add(number);
    }
    return numbers;
  });
}

/** Each key with its row number behind it. */
async function* keysWithRows(keysFile: WorkFile, rowsFile: WorkFile, rowCount: number): AsyncGenerator<Uint8Array> {
  const numberPieces = readRows(rowsFile, 4, rowCount);
  let numbers = new Uint32Array(0);
  let next = 0;
  let joined = new Uint32Array(0);
  for await (const piece of readRows(keysFile, keyBytes, rowCount)) {
    const keys = wordsOf(piece);
    const count = keys.length / keyWords;
    if (joined.length < count * rowWords) joined = new Uint32Array(count * rowWords);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < keyWords; k++) joined[i * rowWords + k] = keys[i * keyWords + k]!;
      if (next === numbers.length) {
        numbers = wordsOf((await numberPieces.next()).value as Uint8Array) as typeof numbers;
        next = 0;
      }
      joined[i * rowWords + keyWords] = numbers[next++]!;
    }
    yield bytesOf(joined.subarray(0, count * rowWords));
  }
}

/** Whether the same key stands at two places, counted in words. */
export function sameKey(words: Uint32Array, a: number, b: number): boolean {
  for (let k = 0; k < keyWords; k++) if (words[a + k] !== words[b + k]) return false;
  return true;
}
