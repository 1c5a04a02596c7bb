/** From tags to the answer, one bucket at a time: both lists were partitioned by their leading bytes. */
import { compareBytes, sortRows } from '../../bytes/index.ts';
import { ProtocolError } from '../protocol-error.ts';

/**
 * Which own rows are in the peer's list.
 * @param mine tags of own points under both keys, packed. @param theirs tags of the peer's points under both keys.
 * @returns positions in `mine`, ascending.
 * @throws {ProtocolError} `not-distinct` when a tag stands twice in one list: the peer's list or its answers repeat an element.
 */
export function intersectTags(tags: { mine: Uint8Array; theirs: Uint8Array }, tagBytes: number): Uint32Array {
  const mine = distinctSorted(tags.mine, tagBytes);
  const theirs = distinctSorted(tags.theirs, tagBytes);
  const matched: number[] = [];
  for (let i = 0, j = 0; i < mine.length && j < theirs.length; ) {
    const difference = compareBytes(rowAt(tags.mine, mine[i]!, tagBytes), rowAt(tags.theirs, theirs[j]!, tagBytes));
    if (difference === 0) matched.push(mine[i]!);
    if (difference <= 0) i += 1;
    if (difference >= 0) j += 1;
  }
  return Uint32Array.from(matched).sort();
}

/** @throws {ProtocolError} `not-distinct` when two rows are equal. @returns the rows' indices in ascending order. */
export function distinctSorted(rows: Uint8Array, rowBytes: number): Uint32Array {
  const order = sortRows(rows, rowBytes);
  for (let i = 1; i < order.length; i++) {
    if (compareBytes(rowAt(rows, order[i - 1]!, rowBytes), rowAt(rows, order[i]!, rowBytes)) === 0) {
      throw new ProtocolError('not-distinct', "the partner's list is not distinct");
    }
  }
  return order;
}

function rowAt(rows: Uint8Array, index: number, rowBytes: number): Uint8Array {
  return rows.subarray(index * rowBytes, (index + 1) * rowBytes);
}
