/** The list of a side with a table: its distinct match keys in ascending order, so that two of them are compared in one pass. */
import { createHash } from 'node:crypto';
import type { RowSorter } from '@causeway/core/bytes';
import {
  bucketsFor,
  bytesOf,
  partition,
  RowWriter,
  readRows,
  type WorkFolder,
  withFiles,
  wordsOf,
} from '../../work/index.ts';
import { type KeySet, keyBytes, keyWords, sameKey } from '../key-set.ts';

/**
 * @param files.keys in: a key of 16 bytes for each row that has an id. `files.set`: out.
 * @param rowCount rows in `keys`.
 */
export async function buildSortedSet(
  work: WorkFolder,
  files: { readonly keys: string; readonly set: string },
  rowCount: number,
  sorter: RowSorter,
): Promise<KeySet> {
  const names = { keys: files.keys, cut: 'buckets.partial', set: `${files.set}.partial-set` };
  const keySet = await withFiles(work, names, async ({ keys, cut, set }) => {
    await set.truncate(0);
    const cutting = { rowCount, rowBytes: keyBytes, bucketCount: bucketsFor(rowCount), numbered: false };
    const buckets = await partition(() => readRows(keys, keyBytes, rowCount), cutting, cut);
    const writer = new RowWriter(set);
    const hash = createHash('sha256');
    let keyCount = 0;
    for (let bucket = 0; bucket < buckets.count; bucket++) {
      const rows = await buckets.read(bucket);
      const distinct = withoutRepeats(await sorter.sortRows(rows, { rowBytes: keyBytes, keyBytes }));
      hash.update(distinct);
      await writer.write(distinct);
      keyCount += distinct.length / keyBytes;
    }
    await writer.finish();
    return { rowCount, keyCount, digest: hash.digest('hex') };
  }).finally(() => work.remove(names.cut));
  await work.rename(names.set, files.set);
  return keySet;
}

/** Closes the gaps in place. @param sorted ascending. */
function withoutRepeats(sorted: Uint8Array): Uint8Array {
  const words = wordsOf(sorted);
  let filled = 0;
  for (let from = 0; from < words.length; from += keyWords) {
    if (filled > 0 && sameKey(words, from, filled - keyWords)) continue;
    if (filled < from) for (let k = 0; k < keyWords; k++) words[filled + k] = words[from + k]!;
    filled += keyWords;
  }
  return bytesOf(words.subarray(0, filled));
}
