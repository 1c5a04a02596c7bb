import { describe, expect, it } from 'vitest';
import { testContext } from '../testing/context.ts';
import { testDataset } from '../testing/dataset.ts';
import { columnValues } from './values.ts';

const cities = [...Array(4).fill('Shanghai'), ...Array(4).fill('Beijing'), 'Berlin', 'Berlin', "O'Brien", ''];
const file = `mobile,"the ""city"""\n${cities.map((city, i) => `1380013800${i},${city}`).join('\n')}\n`;

async function valuesOf(more: { column?: string; minimumRows?: number; valuesMax?: number } = {}) {
  const { parquet } = await testDataset(file, {
    ids: [{ column: 'mobile', profile: 'phone' }],
    attributes: [{ column: 'the "city"', grade: 'internal' }],
  });
  return columnValues({ parquet, column: 'the "city"', minimumRows: 1, valuesMax: 100, ...more }, testContext());
}

describe('the values of a column', () => {
  it('come with their rows, the most frequent first; rows without one do not count', async () => {
    expect(await valuesOf()).toEqual({
      values: [
        { value: 'Beijing', rows: 4 },
        { value: 'Shanghai', rows: 4 },
        { value: 'Berlin', rows: 2 },
        { value: "O'Brien", rows: 1 },
      ],
      isWhole: true,
    });
  });

  it('of few rows are left out, and so are those beyond the most: nothing says how many', async () => {
    const few = await valuesOf({ minimumRows: 2 });
    expect(few.values.map(({ value }) => value)).toEqual(['Beijing', 'Shanghai', 'Berlin']);
    expect(few.isWhole).toBe(false);
    expect(await valuesOf({ valuesMax: 1 })).toEqual({ values: [{ value: 'Beijing', rows: 4 }], isWhole: false });
  });

  it('[F65] of a name that is none are refused, whatever stands in it', async () => {
    await expect(valuesOf({ column: '"; DROP' })).rejects.toMatchObject({ code: 'missing-column' });
  });
});
