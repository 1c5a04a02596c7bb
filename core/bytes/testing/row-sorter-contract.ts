/** What every implementation of the row sorter has to do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex, compareBytes, concatBytes, type RowSorter } from '../index.ts';

/** @param open gives the sorter when the tests run. */
export function testRowSorter(name: string, open: () => RowSorter): void {
  describe(`sorted rows, ${name}`, () => {
    const shapes = fc.tuple(fc.integer({ min: 6, max: 13 }), fc.integer({ min: 2, max: 4 }));
    const lists = fc.array(fc.uint8Array({ minLength: 17, maxLength: 17, max: 3 }), { maxLength: 60 });

    it('are those of a plain sort by their keys, and equal keys keep their order', async () => {
      await fc.assert(
        fc.asyncProperty(shapes, lists, async ([keyBytes, rest], list) => {
          const rowBytes = keyBytes + rest;
          const rows = list.map((row) => row.subarray(0, rowBytes));
          const plain = rows.toSorted((a, b) => compareBytes(a.subarray(0, keyBytes), b.subarray(0, keyBytes)));
          const sorted = await open().sortRows(concatBytes(...rows), { rowBytes, keyBytes });
          expect(bytesToHex(sorted)).toBe(bytesToHex(concatBytes(...plain)));
        }),
      );
    });

    it('of many that are evenly spread are all there', async () => {
      const rows = Array.from({ length: 50_000 }, (_, i) => {
        const row = new Uint8Array(16);
        const view = new DataView(row.buffer);
        view.setUint32(0, Math.imul(i, 2_654_435_761) >>> 0);
        view.setUint32(12, i);
        return row;
      });
      const sorted = await open().sortRows(concatBytes(...rows), { rowBytes: 16, keyBytes: 8 });
      const plain = concatBytes(...rows.toSorted(compareBytes));
      // A deep comparison of so many bytes takes longer than everything else together.
      expect(compareBytes(sorted, plain)).toBe(0);
    });

    it('of an empty list are none', async () => {
      expect(await open().sortRows(new Uint8Array(0), { rowBytes: 12, keyBytes: 8 })).toHaveLength(0);
    });
  });
}
