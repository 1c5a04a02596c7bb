/** From tags to the answer, one bucket at a time: both lists were partitioned by their leading bytes. */
import { compareRows } from '../../bytes/index.ts';
import { distinctSorted } from '../distinct.ts';

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
    const difference = compareRows(tags.mine, mine[i]! * tagBytes, tags.theirs, theirs[j]! * tagBytes, tagBytes);
    if (difference === 0) matched.push(mine[i]!);
    if (difference <= 0) i += 1;
    if (difference >= 0) j += 1;
  }
  return Uint32Array.from(matched).sort();
}
