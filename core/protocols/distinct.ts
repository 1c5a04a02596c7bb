import { compareRows, sortRows } from '../bytes/index.ts';
import { ProtocolError } from './protocol-error.ts';

/**
 * @param rows of a peer's list, packed.
 * @returns the rows' indices in ascending order.
 * @throws {ProtocolError} `not-distinct` when two rows are equal.
 */
export function distinctSorted(rows: Uint8Array, rowBytes: number): Uint32Array {
  const order = sortRows(rows, rowBytes);
  for (let i = 1; i < order.length; i++) {
    if (compareRows(rows, order[i - 1]! * rowBytes, rows, order[i]! * rowBytes, rowBytes) === 0) {
      throw new ProtocolError('not-distinct', "the partner's list is not distinct");
    }
  }
  return order;
}
