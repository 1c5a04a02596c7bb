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
