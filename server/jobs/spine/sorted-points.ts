/** Brings points into ascending order, on disk: what is sent then says nothing of the order in which the rows stood. */
import type { RowSorter } from '@causeway/core/bytes';
import { elementBytes } from '@causeway/core/group';
import { batchCount, checkDistinct, rowsInBatch } from '@causeway/core/protocols';
import { pointsLeaf, rootOfLeaves } from '../match/blinded-list.ts';
import {
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

/** Names of a list's files: its points, which key each is of, and the leaves of its commitment. */
export interface PointFiles {
  readonly points: string;
  readonly numbers: string;
  readonly leaves: string;
}

export function pointFiles(name: string): PointFiles {
  return { points: name, numbers: `${name}.numbers`, leaves: `${name}.leaves` };
}

/**
 * @param from.numbers which key each point is of; where it is left out, a point's place is its key's number.
 * @returns the Merkle root over the batches of the sorted points.
 * @throws {ProtocolError} `not-distinct` where two points are equal: whoever made them has answered two keys alike.
 */
export async function sortPoints(
  work: WorkFolder,
  from: { readonly points: string; readonly numbers?: Uint32Array },
  to: PointFiles,
  { rows, sorter, batchRows }: { readonly rows: number; readonly sorter: RowSorter; readonly batchRows: number },
): Promise<Uint8Array> {
  const names = { source: from.points, cut: 'sort.partial', ...to };
  return withFiles(work, names, async ({ source, cut, points, numbers, leaves }) => {
    const shape = { rowBytes: elementBytes, rowCount: rows, bucketCount: bucketsFor(rows), numbered: true };
    const buckets = await partition(() => readRows(source, elementBytes, rows), shape, cut);
    const sort = { rowBytes: buckets.rowBytes, keyBytes: elementBytes };
    const [pointWriter, numberWriter] = [new RowWriter(points), new RowWriter(numbers)];
    const words = buckets.rowBytes / 4;
    for (let bucket = 0; bucket < buckets.count; bucket++) {
      const sorted = await sorter.sortRows(await buckets.read(bucket), sort);
      checkDistinct(sorted, sort);
      const packed = wordsOf(sorted);
      const count = packed.length / words;
      const own = new Uint32Array(count * (words - 1));
      const ownNumbers = new Uint32Array(count);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < words - 1; k++) own[i * (words - 1) + k] = packed[i * words + k]!;
        const place = packed[i * words + words - 1]!;
        ownNumbers[i] = from.numbers ? from.numbers[place]! : place;
      }
      await pointWriter.write(bytesOf(own));
      await numberWriter.write(bytesOf(ownNumbers));
    }
    await pointWriter.finish();
    await numberWriter.finish();
    return commitTo({ points, leaves }, { rows, batchRows });
  }).finally(() => work.remove(names.cut));
}

async function commitTo(
  files: { readonly points: WorkFile; readonly leaves: WorkFile },
  { rows, batchRows }: { readonly rows: number; readonly batchRows: number },
): Promise<Uint8Array> {
  const count = batchCount(rows, batchRows);
  for (let index = 0; index < count; index++) {
    const length = rowsInBatch(rows, index, batchRows) * elementBytes;
    const batch = await files.points.read(index * batchRows * elementBytes, length);
    await files.leaves.write(index * 32, pointsLeaf(batch));
  }
  await files.leaves.sync();
  return rootOfLeaves(files.leaves, count);
}
