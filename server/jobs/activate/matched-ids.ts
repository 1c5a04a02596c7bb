/** From the matched positions of a publisher's list to its ids of those people, in the order of the ids: it says nothing about the list's. */
import type { RowSorter } from '@causeway/core/bytes';
import { elementBytes } from '@causeway/core/group';
import { type BitSet, bucketsFor, partition, RowWriter, readRows, type WorkFolder, withFiles } from '../work/index.ts';

/**
 * @param of.points name of the file of the publisher's points, 32 bytes each. @param of.count how many there are.
 * @param of.to name of the file that gets the ids, packed.
 */
export async function matchedIds(
  work: WorkFolder,
  of: {
    readonly points: string;
    readonly count: number;
    readonly matched: BitSet;
    readonly sorter: RowSorter;
    readonly to: string;
  },
): Promise<void> {
  const { matched, count, sorter } = of;
  const rowCount = matched.count();
  const names = { points: of.points, scattered: 'ids.partial', ids: of.to };
  await withFiles(work, names, async ({ points, scattered, ids }) => {
    const wanted = async function* () {
      let first = 0;
      for await (const piece of readRows(points, elementBytes, count)) {
        yield taken(piece, first, matched);
        first += piece.length / elementBytes;
      }
    };
    const shape = { rowCount, rowBytes: elementBytes, bucketCount: bucketsFor(rowCount), numbered: false };
    const buckets = await partition(wanted, shape, scattered);
    const writer = new RowWriter(ids);
    for (let bucket = 0; bucket < buckets.count; bucket++)
      await writer.write(
        await sorter.sortRows(await buckets.read(bucket), { rowBytes: elementBytes, keyBytes: elementBytes }),
      );
    await writer.finish();
  }).finally(() => work.remove(names.scattered));
}

/** The wanted rows of a piece. @param first position of its first row. */
function taken(piece: Uint8Array, first: number, wanted: BitSet): Uint8Array {
  const rows = new Uint8Array(piece.length);
  let filled = 0;
  for (let at = 0, position = first; at < piece.length; at += elementBytes, position++) {
    if (!wanted.has(position)) continue;
    for (let k = 0; k < elementBytes; k++) rows[filled + k] = piece[at + k]!;
    filled += elementBytes;
  }
  return rows.subarray(0, filled);
}
