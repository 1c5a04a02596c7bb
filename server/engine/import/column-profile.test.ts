import { describe, expect, it } from 'vitest';
import { testDataset } from '../testing/dataset.ts';
import { groupRowsMin, shownCategories } from './column-profile.ts';

const ids = [{ column: 'mobile', profile: 'phone' }];

/** A dataset whose column `a` has these values, so many rows each. */
async function profiled(groups: readonly (readonly [string, number])[], grade: 'public' | 'personal' = 'public') {
  const values = groups.flatMap(([value, count]) => Array.from({ length: count }, () => value));
  const lines = values.map((value, i) => `${13_000_000_000 + i},"${value}"`);
  const { report } = await testDataset(`mobile,a\n${lines.join('\n')}\n`, {
    ids,
    attributes: [{ column: 'a', grade }],
  });
  return report.profile;
}

describe('what the catalogue shows of a column [F68]', () => {
  it('are groups of at least 50 rows, rounded to tens, most frequent first', async () => {
    const [id, column] = await profiled([
      ['x', 123],
      ['y', 50],
      ['z', 49],
      ['w', 30],
    ]);
    expect(id).toMatchObject({ kind: 'id', grade: 'personal', filledPercent: 100, distinctAbout: 250, categories: [] });
    expect(column!.categories).toEqual([
      { value: 'x', rows: 120 },
      { value: 'y', rows: 50 },
    ]);
  });

  it('is nothing from which a group of fewer than 50 can be worked out', () => {
    const all = (categories: readonly [string, number][], rowCount: number) =>
      shownCategories(
        categories.map(([value, rows]) => ({ value, rows })),
        rowCount,
      ).map(({ value }) => value);
    const half = groupRowsMin / 2;
    expect(
      all(
        [
          ['x', 500],
          ['y', 100],
          ['z', half],
        ],
        600 + half,
      ),
    ).toEqual(['x']);
    expect(
      all(
        [
          ['x', 500],
          ['y', 100],
          ['z', half],
          ['w', half],
        ],
        650,
      ),
    ).toEqual(['x', 'y']);
    // Rows without a value are a group too.
    expect(
      all(
        [
          ['x', 500],
          ['y', 100],
        ],
        610,
      ),
    ).toEqual(['x']);
    expect(
      all(
        [
          ['x', 500],
          ['y', 100],
        ],
        600,
      ),
    ).toEqual(['x', 'y']);
    expect(all([['x', 500]], 510)).toEqual([]);
    expect(all([], 10)).toEqual([]);
  });

  it('is no value of a personal column, nor of one where nearly every row differs', async () => {
    const [, personal] = await profiled([['x', 200]], 'personal');
    expect(personal).toMatchObject({ categories: [], quantiles: null, distinctAbout: null, filledPercent: 100 });
    const [, names] = await profiled(Array.from({ length: 300 }, (_, i) => [`name ${i}`, 1] as const));
    expect(names!.categories).toEqual([]);
  });

  it('are quantiles of numbers to two digits, where five per cent of the rows are 50', async () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, i) => [String(1000 + i), 1] as const);
    expect((await profiled(numbers(900)))[1]!.quantiles).toBeNull();
    const [, column] = await profiled(numbers(2000));
    expect(column).toMatchObject({ kind: 'integer', distinctAbout: expect.any(Number), categories: [] });
    expect(column!.quantiles).toEqual([1100, 1500, 2000, 2500, 2900]);
  });

  it('is no share that tells of a small group', async () => {
    expect(
      (
        await profiled([
          ['x', 200],
          ['', 10],
        ])
      )[1]!.filledPercent,
    ).toBeNull();
    expect(
      (
        await profiled([
          ['x', 200],
          ['', 60],
        ])
      )[1]!.filledPercent,
    ).toBe(77);
    expect((await profiled([['x', 20]]))[1]).toMatchObject({
      filledPercent: null,
      categories: [],
      distinctAbout: null,
    });
  });
});
