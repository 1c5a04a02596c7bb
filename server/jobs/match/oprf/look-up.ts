/** Which of the own tags are in the table: they are cut into the table's buckets, and each bucket is searched once. */
import { sortRows, takeRows } from '@causeway/core/bytes';
import { bucketCount, findInBucket, tagBytes } from '@causeway/core/protocols/psi-oprf';
import { BitSet, partition, readRows, type WorkFile } from '../../work/index.ts';
import type { CodedListReader } from './coded-list.ts';

/**
 * @param own a packed tag for each position. @param cut a file to work in.
 * @returns the positions that are found.
 */
export async function lookUp(
  table: CodedListReader,
  { own, cut, count }: { readonly own: WorkFile; readonly cut: WorkFile; readonly count: number },
): Promise<BitSet> {
  const rowBytes = tagBytes(table.coding);
  const shape = { rowBytes, bucketCount: bucketCount(table.coding) };
  const buckets = await partition(() => readRows(own, rowBytes, count), shape, cut);
  const found = new BitSet(count);
  for (let bucket = 0; bucket < buckets.count; bucket++) {
    const { rows, indices } = await buckets.read(bucket);
    if (indices.length === 0) continue;
    const order = sortRows(rows, rowBytes);
    const wanted = takeRows(rows, rowBytes, order);
    for (const at of findInBucket(await table.read(bucket), table.coding, wanted)) found.add(indices[order[at]!]!);
  }
  return found;
}
