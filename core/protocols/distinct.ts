import { compareRows, type RowShape } from '../bytes/index.ts';
import { ProtocolError } from './protocol-error.ts';

/**
 * @param sorted rows of a peer's list, packed, in ascending order of their keys.
 * @throws {ProtocolError} `not-distinct` when two keys are equal.
 */
export function checkDistinct(sorted: Uint8Array, { rowBytes, keyBytes }: RowShape): void {
  for (let at = rowBytes; at < sorted.length; at += rowBytes) {
    if (compareRows(sorted, at - rowBytes, sorted, at, keyBytes) === 0) {
      throw new ProtocolError('not-distinct', "the partner's list is not distinct");
    }
  }
}

/**
 * @param rows of a peer's list, which has to come in ascending order of its keys.
 * @throws {ProtocolError} `not-distinct` when two neighbours are equal or stand the wrong way round.
 */
export function checkAscending(rows: Uint8Array, { rowBytes, keyBytes }: RowShape): void {
  for (let at = rowBytes; at < rows.length; at += rowBytes) {
    if (compareRows(rows, at - rowBytes, rows, at, keyBytes) >= 0) {
      throw new ProtocolError('not-distinct', "the partner's list is not distinct and in ascending order");
    }
  }
}

/** Whether two ascending lists have a key in common. */
export function haveCommonKey(
  a: Uint8Array,
  b: Uint8Array,
  { rowBytes, keyBytes }: { readonly rowBytes: number; readonly keyBytes: number },
): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = compareRows(a, i, b, j, keyBytes);
    if (difference === 0) return true;
    if (difference < 0) i += rowBytes;
    else j += rowBytes;
  }
  return false;
}
