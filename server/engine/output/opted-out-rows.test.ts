import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { testDataset } from '../testing/dataset.ts';
import { listOptedOut } from './opted-out-rows.ts';

const id = (column: string, profile: string) => ({ column, profile });

async function listed(people: readonly string[], out: readonly string[]) {
  const own = await testDataset(`mobile,city\n${people.map((one) => `${one},x`).join('\n')}\n`, {
    ids: [id('mobile', 'phone')],
  });
  const other = await testDataset(`tel\n${out.join('\n')}\n`, { ids: [id('tel', 'phone')] });
  const to = join(testFolder(), 'rows');
  const pair = { own: id('mobile', 'phone'), other: id('tel', 'phone'), common: 'phone/sha256' };
  const optOuts = [{ parquet: other.parquet, sha256: other.report.parquet.sha256, pairs: [pair] }];
  const input = { parquet: own.parquet, sha256: own.report.parquet.sha256, optOuts, to };
  const { rowCount } = await listOptedOut(input, testContext());
  const bytes = readFileSync(to);
  return { rowCount, rows: Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i)) };
}

const mobile = (n: number) => String(13_800_000_000 + n);
describe('rows of people who opted out', () => {
  it('[F76] are all rows that carry an identifier of theirs, ascending, however it is written, in the form that both have', async () => {
    const people = [mobile(5), mobile(1), '', mobile(2), mobile(1), mobile(3)];
    expect(await listed(people, [`+86 ${mobile(1)}`, mobile(2), mobile(9)])).toEqual({
      rowCount: 3,
      rows: [1, 3, 4],
    });
  });

  it('are none where nobody of the dataset is on the list, and none without a list', async () => {
    expect((await listed([mobile(1)], [mobile(2)])).rows).toEqual([]);
    const own = await testDataset(`mobile\n${mobile(1)}\n`, { ids: [id('mobile', 'phone')] });
    const to = join(testFolder(), 'rows');
    const input = { parquet: own.parquet, sha256: own.report.parquet.sha256, optOuts: [], to };
    expect(await listOptedOut(input, testContext())).toEqual({ rowCount: 0 });
    expect(readFileSync(to)).toHaveLength(0);
  });

  it('are not told of a list that was damaged: people would be let through', async () => {
    const own = await testDataset(`mobile\n${mobile(1)}\n`, { ids: [id('mobile', 'phone')] });
    const pair = { own: id('mobile', 'phone'), other: id('mobile', 'phone'), common: 'phone' };
    const optOuts = [{ parquet: own.parquet, sha256: '0'.repeat(64), pairs: [pair] }];
    const to = join(testFolder(), 'rows');
    const asked = listOptedOut({ parquet: own.parquet, sha256: own.report.parquet.sha256, optOuts, to }, testContext());
    await expect(asked).rejects.toMatchObject({ code: 'stored-data-damaged' });
  });
});
