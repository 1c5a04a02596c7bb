import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { testDataset } from '../testing/dataset.ts';
import { type ColumnsInput, extractColumns, noCode } from './index.ts';

const file = `mobile,city,amount,visits
13800138000,Shanghai,12.345,3
13800138001,Beijing,-0.5,
13800138002,,7,x
13800138003,O'Brien,1e300,2
`;

async function columnsOf(given: Pick<ColumnsInput, 'segments' | 'numbers'>) {
  const dataset = await testDataset(file, {
    ids: [{ column: 'mobile', profile: 'phone' }],
    attributes: ['city', 'amount', 'visits'].map((column) => ({ column, grade: 'internal' as const })),
  });
  const folder = testFolder();
  const to = { codes: join(folder, 'codes'), numbers: join(folder, 'numbers') };
  await extractColumns({ parquet: dataset.parquet, to, ...given }, testContext());
  return {
    codes: [...new Uint16Array(Uint8Array.from(readFileSync(to.codes)).buffer)],
    numbers: [...new Float64Array(Uint8Array.from(readFileSync(to.numbers)).buffer)],
  };
}

describe('columns of a dataset as numbers', () => {
  it('give the place of each value in the agreed list, and none for others; a quote in a value is only a quote [F65]', async () => {
    const { codes } = await columnsOf({
      segments: [
        { column: 'city', values: ['Beijing', "O'Brien", 'Shanghai'] },
        { column: 'city', values: ['Shanghai'] },
      ],
      numbers: [],
    });
    expect(codes).toEqual([2, 0, 0, noCode, noCode, noCode, 1, noCode]);
  });

  it('give values in agreed units, rounded; what is no number, or beyond all bounds, counts as 0', async () => {
    const numbers = [
      { column: 'amount', decimals: 2 },
      { column: 'visits', decimals: 0 },
    ];
    expect((await columnsOf({ segments: [], numbers })).numbers).toEqual([1235, 3, -50, 0, 700, 0, 0, 2]);
  });

  it('are refused for a column that is no attribute', async () => {
    const refused = columnsOf({ segments: [{ column: 'mobile', values: ['x'] }], numbers: [] });
    await expect(refused).rejects.toMatchObject({ code: 'missing-column' });
  });
});
