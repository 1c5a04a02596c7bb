/** Which of the own tags are in the table: they are cut into the table's buckets, and each bucket is searched once. */
import type { RowShape, RowSorter } from '@causeway/core/bytes';
import { bucketCount, findInBucket, tagBytes } from '@causeway/core/protocols/psi-oprf';
import { BitSet, partition, readRows, type WorkFile } from '../../work/index.ts';
import type { CodedListReader } from './coded-list.ts';

/**
 * @param own a packed tag for each position. @param cut a file to work in.
 * @returns the positions that are found.
 */
export async function lookUp(
  table: CodedListReader,
  {
    own,
    cut,
    count,
    sorter,
  }: { readonly own: WorkFile; readonly cut: WorkFile; readonly count: number; readonly sorter: RowSorter },
): Promise<BitSet> {
  const rowBytes = tagBytes(table.coding);
  const cutting = { rowCount: count, rowBytes, bucketCount: bucketCount(table.coding), numbered: true };
  const buckets = await partition(() => readRows(own, rowBytes, count), cutting, cut);
  const shape = { rowBytes: buckets.rowBytes, keyBytes: rowBytes };
  const found = new BitSet(count);
  for (let bucket = 0; bucket < buckets.count; bucket++) {
    const rows = await buckets.read(bucket);
    if (rows.length === 0) continue;
    const { wanted, positions } = apart(await sorter.sortRows(rows, shape), shape);
    for (const at of findInBucket(await table.read(bucket), table.coding, wanted)) found.add(positions[at]!);
  }
  return found;
}

/** Tags, and the position that stands behind each. */
function apart(
  rows: Uint8Array,
  { rowBytes, keyBytes }: RowShape,
): { readonly wanted: Uint8Array; readonly positions: Uint32Array } {
  const count = rows.length / rowBytes;
  const wanted = new Uint8Array(count * keyBytes);
  const positions = new Uint32Array(count);
  for (let i = 0, at = 0; i < count; i++, at += rowBytes) {
    for (let k = 0; k < keyBytes; k++) wanted[i * keyBytes + k] = rows[at + k]!;
    const number = at + keyBytes;
    positions[i] = rows[number]! | (rows[number + 1]! << 8) | (rows[number + 2]! << 16) | (rows[number + 3]! << 24);
  }
  return { wanted, positions };
}
