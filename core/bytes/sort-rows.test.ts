import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, sortRows, sortRowsMax } from './index.ts';

describe('sorted rows', () => {
  it('are those of a plain sort, ties in order of index', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 12 }),
        fc.array(fc.uint8Array({ minLength: 12, maxLength: 12, max: 3 })),
        (width, rows) => {
          const packed = new Uint8Array(rows.length * width);
          for (const [i, row] of rows.entries()) packed.set(row.subarray(0, width), i * width);
          const at = (i: number) => packed.subarray(i * width, (i + 1) * width);
          const plain = rows.map((_, i) => i).sort((a, b) => compareBytes(at(a), at(b)) || a - b);
          expect([...sortRows(packed, width)]).toEqual(plain);
        },
      ),
    );
  });

  it('are at most 2^22 rows of at least 6 bytes', () => {
    expect(() => sortRows(new Uint8Array(10), 5)).toThrow(RangeError);
    expect(() => sortRows(new Uint8Array(7), 6)).toThrow(RangeError);
    expect(() => sortRows(new Uint8Array(6 * (sortRowsMax + 1)), 6)).toThrow(RangeError);
    expect(sortRows(new Uint8Array(0), 6)).toHaveLength(0);
  });
});
