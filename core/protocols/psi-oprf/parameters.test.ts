import { describe, expect, it } from 'vitest';
import { bytesToHex } from '../../bytes/index.ts';
import { ristretto255 } from '../../group/index.ts';
import { changeCoding, shapeFor, type Table, tableBytesPerRow, tableCommitment, tagBits } from './index.ts';
import { plan, someTable } from './testing/roles.ts';

describe('parameters', () => {
  it('an epoch of any size has false matches with probability below 2^-40, all its evaluations together', () => {
    for (const [rows, evaluations] of [
      [1, 1],
      [1000, 1000],
      [10_000_000, 2 ** 20],
      [100_000_000, 5_000_000],
    ] as const) {
      const shape = shapeFor({ rows, evaluations });
      // The list may grow until the table is full.
      expect(2 ** shape.placeBits).toBeGreaterThanOrEqual(1.25 * rows);
      const comparisonBits = shape.placeBits + shape.evaluationBits;
      expect(comparisonBits - tagBits(shape)).toBeLessThanOrEqual(-40);
      if (comparisonBits >= 24) expect(comparisonBits - tagBits(shape)).toBe(-40);
      expect(2 ** shape.evaluationBits).toBeGreaterThanOrEqual(evaluations);
    }
  });

  it('ten million rows and a million evaluations take less than 8 bytes a row, and at most 9 in any case up to 2^28 evaluations', () => {
    const rows = 10_000_000;
    expect(tableBytesPerRow(shapeFor({ rows, evaluations: 2 ** 20 }), rows)).toBeLessThan(8);
    for (const many of [10_000_000, 25_000_000, 60_000_000, 100_000_000])
      expect(tableBytesPerRow(shapeFor({ rows: many, evaluations: 2 ** 28 }), many)).toBeLessThanOrEqual(9);
  });

  it('lists of changes are coded for their own size, with the tags of the table', () => {
    const shape = shapeFor({ rows: 1_000_000, evaluations: 1 });
    expect(changeCoding(shape, 1000)).toEqual({ tagBits: tagBits(shape), placeBits: 10, bucketBits: 15 });
    expect(changeCoding(shape, 2 ** 30).placeBits).toBe(shape.placeBits);
  });

  it('[F97] no two tables share a commitment', () => {
    const tables: Table[] = [
      someTable,
      { ...someTable, epoch: 4 },
      { ...someTable, version: 3 },
      { ...someTable, rows: 6 },
      { ...someTable, placeBits: 4 },
      { ...someTable, evaluationBits: 11 },
      { ...someTable, root: plan },
      { ...someTable, publicKey: ristretto255.generator },
    ];
    expect(new Set(tables.map((table) => bytesToHex(tableCommitment(table)))).size).toBe(tables.length);
  });
});
