import { describe, expect, it } from 'vitest';
import { testContext } from '../testing/context.ts';
import { testDataset } from '../testing/dataset.ts';
import { commonValues } from './common-values.ts';

const mobile = (person: number) => `138${String(10_000_000 + person)}`;

/** @param cells of one row each; of a person each, unless `personOf` says otherwise. */
async function commonOf(
  cells: readonly string[],
  more: { personOf?: (row: number) => string; minimumPeople?: number; valuesMax?: number; column?: string } = {},
) {
  const { personOf = (row: number) => mobile(row), ...input } = more;
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const lines = cells.map(
    (cell, row) => `${personOf(row)},${row % 2 === 0 ? `${row}@example.com` : ''},${quoted(cell)}`,
  );
  const { parquet } = await testDataset(`mobile,email,"the ""city"""\n${lines.join('\n')}\n`, {
    ids: [
      { column: 'mobile', profile: 'phone' },
      { column: 'email', profile: 'email' },
    ],
    attributes: [{ column: 'the "city"', grade: 'internal' }],
  });
  return commonValues(
    { parquet, column: 'the "city"', minimumPeople: 50, valuesMax: 200, lengthMax: 64, ...input },
    testContext(),
  );
}

const times = (count: number, cell: string) => Array<string>(count).fill(cell);

describe('the values of a column that enough people have', () => {
  it('come sorted by their text and without a count; one person fewer than the minimum is left out', async () => {
    expect(
      await commonOf([...times(49, 'Lhasa'), ...times(50, 'Chengdu'), ...times(51, 'Beijing'), ...times(9, '')]),
    ).toEqual({
      values: ['Beijing', 'Chengdu'],
      hasMore: false,
      filledRows: 150,
      listedRows: 101,
    });
  });

  it('are counted by people: rows with an identifier in common are one person, rows without any are nobody', async () => {
    const cells = [...times(80, 'Lhasa'), ...times(80, 'Chengdu'), ...times(80, 'Beijing'), ...times(99, 'Xining')];
    const personOf = (row: number) => {
      // Of Lhasa 49 telephone numbers, of Chengdu 50; of Beijing none, but an address in every other row; of Xining as many, and ten numbers.
      if (row < 80) return mobile(row % 49);
      if (row < 160) return mobile(1000 + (row % 50));
      return row < 240 || row % 2 === 0 || row > 260 ? '' : mobile(row);
    };
    expect((await commonOf(cells, { personOf })).values).toEqual(['Chengdu', 'Xining']);
    expect((await commonOf(cells, { personOf, minimumPeople: 41 })).values).toEqual(['Chengdu', 'Lhasa', 'Xining']);
    expect((await commonOf(cells, { personOf, minimumPeople: 40 })).values).toContain('Beijing');
  });

  it('are at most so many, and it is said that there are more', async () => {
    const cells = ['a', 'b', 'c'].flatMap((value) => times(3, value));
    expect(await commonOf(cells, { minimumPeople: 3, valuesMax: 3 })).toMatchObject({ hasMore: false });
    expect(await commonOf(cells, { minimumPeople: 3, valuesMax: 2 })).toMatchObject({
      values: ['a', 'b'],
      hasMore: true,
      listedRows: 6,
    });
  });

  it('[F65] leave as they are, whatever stands in them, and none that is longer than may be', async () => {
    const odd = [`=cmd|'/c calc'!A1`, '<img src=x onerror=alert(1)>', `'); DROP TABLE t; --`, '𠮷'.repeat(64)];
    const cells = [...odd, 'x'.repeat(65)].flatMap((value) => times(2, value));
    const { values, filledRows, listedRows } = await commonOf(cells, { minimumPeople: 2 });
    expect([...values].sort()).toEqual([...odd].sort());
    expect([filledRows, listedRows]).toEqual([10, 8]);
  });

  it('of a column without any are none, and of a name that is none are refused', async () => {
    expect(await commonOf(times(60, ''))).toEqual({ values: [], hasMore: false, filledRows: 0, listedRows: 0 });
    await expect(commonOf(['a'], { column: '"; DROP' })).rejects.toMatchObject({ code: 'missing-column' });
  });
});
