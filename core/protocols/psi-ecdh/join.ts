/** From tags to the answer, one bucket at a time: both lists were cut by their leading bytes, numbered and sorted. */
import { compareRows } from '../../bytes/index.ts';
import { checkDistinct } from '../distinct.ts';

/** Bytes of a tag's position in its list, behind the tag: little-endian. */
const numberBytes = 4;

/**
 * Which own rows are in the peer's list.
 * @param sorted.mine tags of own points under both keys, each with its position behind it, ascending. @param sorted.theirs the peer's.
 * @returns positions of own rows.
 * @throws {ProtocolError} `not-distinct` when a tag stands twice in one list: the peer's list or its answers repeat an element.
 */
export function intersectTags(
  { mine, theirs }: { readonly mine: Uint8Array; readonly theirs: Uint8Array },
  tagBytes: number,
): Uint32Array {
  const shape = { rowBytes: tagBytes + numberBytes, keyBytes: tagBytes };
  checkDistinct(mine, shape);
  checkDistinct(theirs, shape);
  const { rowBytes } = shape;
  const matched = new Uint32Array(Math.min(mine.length, theirs.length) / rowBytes);
  let count = 0;
  for (let i = 0, j = 0; i < mine.length && j < theirs.length; ) {
    const difference = compareRows(mine, i, theirs, j, tagBytes);
    if (difference === 0) {
      const at = i + tagBytes;
      matched[count++] = mine[at]! | (mine[at + 1]! << 8) | (mine[at + 2]! << 16) | (mine[at + 3]! << 24);
    }
    if (difference <= 0) i += rowBytes;
    if (difference >= 0) j += rowBytes;
  }
  return matched.subarray(0, count);
}
