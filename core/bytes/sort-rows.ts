/** Packed rows in ascending order: the port through which lists are sorted in bulk, and what does it without a native kernel. */
import { compareBytes } from './packed.ts';

/** Rows that one call sorts; more are cut into buckets first. */
export const sortRowsMax = 2 ** 22;
const keyBytesMin = 6;
const rowBytesMin = 8;

export interface RowShape {
  readonly rowBytes: number;
  /** The leading bytes that decide, compared as `memcmp` does; at least 6. */
  readonly keyBytes: number;
}

export interface RowSorter {
  /**
   * @param rows packed, at most {@link sortRowsMax}.
   * @returns the rows in ascending order of their keys; equal keys keep their order.
   */
  sortRows(rows: Uint8Array, shape: RowShape): Promise<Uint8Array>;
}

/** Sorts on the calling thread. */
export const plainRowSorter: RowSorter = {
  async sortRows(rows, shape) {
    const { rowBytes } = shape;
    const sorted = new Uint8Array(rows.length);
    for (const [to, from] of sortedOrder(rows, shape).entries()) {
      for (let k = 0; k < rowBytes; k++) sorted[to * rowBytes + k] = rows[from * rowBytes + k]!;
    }
    return sorted;
  },
};

/** @throws {RangeError} for rows that are not whole, too many, or too narrow. */
export function checkRows(rows: Uint8Array, { rowBytes, keyBytes }: RowShape): void {
  const count = rows.length / rowBytes;
  if (
    !Number.isInteger(count) ||
    keyBytes < keyBytesMin ||
    rowBytes < rowBytesMin ||
    keyBytes > rowBytes ||
    count > sortRowsMax
  ) {
    throw new RangeError(
      `expected up to ${sortRowsMax} rows of at least ${rowBytesMin} bytes, with keys of at least ${keyBytesMin}; got ${rows.length} bytes as rows of ${rowBytes} with keys of ${keyBytes}`,
    );
  }
}

/** @returns the rows' indices in sorted order. */
function sortedOrder(rows: Uint8Array, shape: RowShape): Uint32Array {
  checkRows(rows, shape);
  const { rowBytes } = shape;
  const count = rows.length / rowBytes;
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
  settleTies(rows, shape, combined, order, indexRange);
  return order;
}

/** Orders by the rest of their keys the rows whose prefixes are equal: few, unless keys are equal. */
function settleTies(
  rows: Uint8Array,
  { rowBytes, keyBytes }: RowShape,
  combined: Float64Array,
  order: Uint32Array,
  indexRange: number,
): void {
  const keyAt = (index: number) => rows.subarray(index * rowBytes, index * rowBytes + keyBytes);
  for (let start = 0; start < order.length; ) {
    const prefix = Math.floor(combined[start]! / indexRange);
    let end = start + 1;
    while (end < order.length && Math.floor(combined[end]! / indexRange) === prefix) end += 1;
    if (end - start > 1) {
      order.subarray(start, end).sort((a, b) => compareBytes(keyAt(a), keyAt(b)) || a - b);
    }
    start = end;
  }
}
