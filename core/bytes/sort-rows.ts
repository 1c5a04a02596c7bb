import { compareBytes } from './packed.ts';

/** Rows that one call sorts; more are partitioned first. */
export const sortRowsMax = 2 ** 22;

/**
 * Sorts packed rows of at least 6 bytes, ascending as `memcmp` does.
 * @returns the rows' indices in sorted order; equal rows in the order of their indices.
 * @throws {RangeError} for more than {@link sortRowsMax} rows.
 */
export function sortRows(rows: Uint8Array, rowBytes: number): Uint32Array {
  const count = rows.length / rowBytes;
  if (!Number.isInteger(count) || rowBytes < 6 || count > sortRowsMax) {
    throw new RangeError(
      `expected up to ${sortRowsMax} rows of ${rowBytes} bytes (at least 6), got ${rows.length} bytes`,
    );
  }
  // A double holds 53 bits: as many leading bits of the row as fit beside its index. Numbers sort natively, with no call per pair.
  const indexBits = Math.max(1, Math.ceil(Math.log2(Math.max(2, count))));
  const indexRange = 2 ** indexBits;
  const prefixDivisor = 2 ** (48 - Math.min(48, 53 - indexBits));
  const combined = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++, at += rowBytes) {
    const high = rows[at]! * 65536 + rows[at + 1]! * 256 + rows[at + 2]!;
    const low = rows[at + 3]! * 65536 + rows[at + 4]! * 256 + rows[at + 5]!;
    combined[i] = Math.floor((high * 16777216 + low) / prefixDivisor) * indexRange + i;
  }
  combined.sort();
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = combined[i]! % indexRange;
  settleTies(rows, rowBytes, combined, order, indexRange);
  return order;
}

/** @returns the rows in an order of {@link sortRows}, packed. */
export function takeRows(rows: Uint8Array, rowBytes: number, order: Uint32Array): Uint8Array {
  const taken = new Uint8Array(order.length * rowBytes);
  for (let i = 0, to = 0; i < order.length; i++) {
    const from = order[i]! * rowBytes;
    for (let k = 0; k < rowBytes; k++) taken[to++] = rows[from + k]!;
  }
  return taken;
}

/** Orders two rows of packed lists, given by their offsets in bytes, as `memcmp` does; without a view for each. */
export function compareRows(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, rowBytes: number): number {
  for (let k = 0; k < rowBytes; k++) {
    const difference = a[aAt + k]! - b[bAt + k]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Orders by their remaining bytes the rows whose prefixes are equal: few, unless rows are equal. */
function settleTies(
  rows: Uint8Array,
  rowBytes: number,
  combined: Float64Array,
  order: Uint32Array,
  indexRange: number,
): void {
  const rowAt = (index: number) => rows.subarray(index * rowBytes, (index + 1) * rowBytes);
  for (let start = 0; start < order.length; ) {
    const prefix = Math.floor(combined[start]! / indexRange);
    let end = start + 1;
    while (end < order.length && Math.floor(combined[end]! / indexRange) === prefix) end += 1;
    if (end - start > 1) {
      order.subarray(start, end).sort((a, b) => compareBytes(rowAt(a), rowAt(b)) || a - b);
    }
    start = end;
  }
}
