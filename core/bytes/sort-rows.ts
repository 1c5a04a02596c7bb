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
