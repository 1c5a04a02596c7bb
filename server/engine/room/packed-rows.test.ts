import { describe, expect, it } from 'vitest';
import { Database } from '../database.ts';
import { testContext } from '../testing/context.ts';
import { packedRowsAtOnce, readPackedRows } from './packed-rows.ts';
import { layout } from './testing/rows.ts';

const of = layout('crm', 1);

/** Row i has the pseudonym (i + 1, 0), the city of i and spent i mod 1000. */
function rowsOf(rowCount: number, told: (bytes: number) => void) {
  return {
    bytes: rowCount * of.rowBytes,
    read: async (into: Uint8Array, at: number) => {
      told(into.length);
      const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
      for (let from = 0; from < into.length; from += of.rowBytes) {
        const row = (at + from) / of.rowBytes;
        view.setBigUint64(from, BigInt(row + 1), true);
        view.setBigUint64(from + 8, 0n, true);
        view.setUint16(from + 16, row % 2, true);
        view.setBigInt64(from + 18, BigInt(row % 1000), true);
      }
    },
  };
}

async function loaded(rowCount: number, told = (_: number) => {}): Promise<readonly unknown[]> {
  const database = await Database.open(testContext(), { folders: [] });
  try {
    await readPackedRows(database, 'raw', of, rowsOf(rowCount, told));
    const [sums] = await database.rows(
      'SELECT count(*), sum("row"), sum(a0), count(*) FILTER (WHERE c0 = 1), sum(c1), count(*) FILTER (WHERE a0 = "row" + 1) FROM raw',
    );
    return sums!.map(Number);
  } finally {
    database.close();
  }
}

/** What all rows add up to. */
function expected(rowCount: number): readonly number[] {
  const rows = Array.from({ length: rowCount }, (_, i) => i);
  const sum = (value: (row: number) => number) => rows.reduce((all, row) => all + value(row), 0);
  return [rowCount, sum((i) => i), sum((i) => i + 1), sum((i) => i % 2), sum((i) => i % 1000), rowCount];
}

describe('packed rows', () => {
  it.each([0, 1, 2047, 2048, 2049, packedRowsAtOnce - 1, packedRowsAtOnce, packedRowsAtOnce + 1])(
    'become a table row by row: %i of them',
    async (rowCount) => {
      expect(await loaded(rowCount)).toEqual(expected(rowCount));
    },
  );

  it('of two million persons take no more memory than a part of them, beside the table itself', async () => {
    const rowCount = 2_000_000;
    const sizes: number[] = [];
    const heldBefore = process.memoryUsage().arrayBuffers;
    let heldMost = 0;
    const sums = await loaded(rowCount, (bytes) => {
      sizes.push(bytes);
      heldMost = Math.max(heldMost, process.memoryUsage().arrayBuffers - heldBefore);
    });
    expect(sums[0]).toBe(rowCount);
    expect(Math.max(...sizes)).toBe(packedRowsAtOnce * of.rowBytes);
    expect(sizes.reduce((all, bytes) => all + bytes, 0)).toBe(rowCount * of.rowBytes);
    // The upload has 52 MB; one part of it 0.4 MB, and DuckDB's vectors on their way some more.
    expect(heldMost).toBeLessThan(8 * 2 ** 20);
  });

  it('that end in the middle of one are refused', async () => {
    const database = await Database.open(testContext(), { folders: [] });
    const cut = { ...rowsOf(3, () => {}), bytes: 3 * of.rowBytes - 1 };
    await expect(readPackedRows(database, 'raw', of, cut)).rejects.toMatchObject({ code: 'wrong-form' });
    database.close();
  });
});
