import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestText } from '@causeway/core/identifiers';
import { openRowKernel, type RowKernel } from '@causeway/native';
import { afterAll, describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { rowsFile, type TestDataset, testDataset } from '../testing/dataset.ts';
import { type ExtractInput, extractKeys } from './index.ts';

const context = '00ff10';
const phones = { ids: [{ column: 'mobile', profile: 'phone' }] };
const refused = (code: string) => expect.objectContaining({ code });

/** What the plain computation gives: per row number its key in hexadecimal. */
function plainKeys(values: readonly (string | null)[]): [number, string][] {
  return values.flatMap((value, row) =>
    value === null
      ? []
      : [[row, createHash('sha256').update(`${context}:${value}`).digest('hex').slice(0, 32)] as [number, string]],
  );
}

const kernel = openRowKernel();
afterAll(() => kernel.close());
/** Every way in which texts are hashed on this machine. */
const ways: [string, RowKernel['hashTexts']][] = [['by SQL', undefined]];
if (kernel.hashTexts) ways.push(['by the native library', kernel.hashTexts]);

async function extract(
  dataset: TestDataset,
  given: Partial<ExtractInput> = {},
  hashTexts: RowKernel['hashTexts'] = undefined,
) {
  const folder = testFolder();
  const to = { keys: join(folder, 'keys.bin'), rows: join(folder, 'rows.bin') };
  const report = await extractKeys(
    { parquet: dataset.parquet, column: 'mobile', liftTo: 'phone', contextHex: context, to, ...given },
    testContext({ hashTexts }),
  );
  const keys = readFileSync(to.keys);
  const rows = new Uint32Array(Uint8Array.from(readFileSync(to.rows)).buffer);
  expect(readdirSync(folder).sort()).toEqual(['keys.bin', 'rows.bin']);
  expect([keys.length, rows.length]).toEqual([16 * report.keyCount, report.keyCount]);
  return {
    report,
    pairs: Array.from(rows, (row, i) => [row, keys.toString('hex', 16 * i, 16 * i + 16)] as [number, string]),
  };
}

describe.each(ways)('match keys, %s,', (_, hashTexts) => {
  it('are the first 16 bytes of SHA-256 over context and value, of the rows with an identifier, in row order', async () => {
    const dataset = await testDataset('mobile,x\n+86 13800138000,1\n,2\n13800138001,3\n13800138000,4\n', phones);
    const { pairs, report } = await extract(dataset, {}, hashTexts);
    expect(pairs).toEqual(plainKeys(['13800138000', null, '13800138001', '13800138000']));
    expect(report).toEqual({ keyCount: 3, excludedCount: 0, withoutCounterpartCount: 0 });
  });

  it('of many rows keep their order over every batch, and leave out the rows that are named', async () => {
    const count = 100_000;
    const values = Array.from({ length: count }, (_, i) => (i % 5 === 0 ? null : String(13_800_000_000 + i)));
    const dataset = await testDataset(`mobile,x\n${values.map((value) => `${value ?? ''},1`).join('\n')}\n`, phones);
    const all = plainKeys(values);
    // A deep comparison of so many pairs takes longer than everything else together.
    expect(String((await extract(dataset, {}, hashTexts)).pairs) === String(all)).toBe(true);
    const excluded = new Set(all.filter((_, i) => i % 3 === 0 || i > 70_000).map(([row]) => row));
    const { pairs, report } = await extract(dataset, { exclude: rowsFile([...excluded]) }, hashTexts);
    expect(String(pairs) === String(all.filter(([row]) => !excluded.has(row)))).toBe(true);
    expect(report.excludedCount).toBe(excluded.size);
  });

  it.each([
    ['phone/sha256', ['13800138000', '13800138001']],
    ['phone/md5+sha256', ['13800138000', '13800138001']],
    ['phone:e164/sha256', ['+8613800138000', '+8613800138001']],
    ['phone/sm3', ['13800138000', '13800138001']],
  ])('are of the agreed form: %s', async (liftTo, canonical) => {
    const dataset = await testDataset('mobile,x\n13800138000,1\n,2\n13800138001,3\n', phones);
    const steps = liftTo.split('/')[1]!.split('+') as ('md5' | 'sha256' | 'sm3')[];
    const [first, second] = canonical.map((text) => digestText(steps, text));
    expect((await extract(dataset, { liftTo }, hashTexts)).pairs).toEqual(plainKeys([first!, null, second!]));
  });

  it('leave out values that have no counterpart in the agreed form, and count them', async () => {
    const dataset = await testDataset('mobile,x\n+86 13800138000,1\n+1 202 456 1111,2\n', {
      ids: [{ column: 'mobile', profile: 'phone:e164' }],
    });
    const { pairs, report } = await extract(dataset, { liftTo: 'phone' }, hashTexts);
    expect(pairs).toEqual(plainKeys(['13800138000', null]));
    expect(report.withoutCounterpartCount).toBe(1);
  });

  it('are different under another context', async () => {
    const dataset = await testDataset('mobile,x\n13800138000,1\n', phones);
    const [one, other] = [
      await extract(dataset, {}, hashTexts),
      await extract(dataset, { contextHex: '00ff11' }, hashTexts),
    ];
    expect(one.pairs[0]![1]).not.toBe(other.pairs[0]![1]);
  });

  it('of a column without any identifier are none', async () => {
    const dataset = await testDataset('mobile,x\n,1\n,2\n', phones);
    expect((await extract(dataset, {}, hashTexts)).pairs).toEqual([]);
  });
});

describe('keys are refused', () => {
  const some = () =>
    testDataset('mobile,city\n13800138000,x\n13800138001,y\n', {
      ...phones,
      attributes: [{ column: 'city', grade: 'public' }],
    });

  it('for a column that is no identifier, and a form that cannot be reached', async () => {
    const dataset = await some();
    await expect(extract(dataset, { column: 'city' })).rejects.toThrow(refused('missing-column'));
    await expect(extract(dataset, { column: 'row' })).rejects.toThrow(refused('missing-column'));
    await expect(extract(dataset, { liftTo: 'email' })).rejects.toThrow(refused('bad-profile'));
    await expect(extract(dataset, { liftTo: 'nothing' })).rejects.toThrow(refused('bad-profile'));
  });

  it("for a context that is not hexadecimal: it would be SQL's [F65]", async () => {
    const dataset = await some();
    for (const contextHex of ["00'||x", '', '0', '00FF'])
      await expect(extract(dataset, { contextHex })).rejects.toThrow(TypeError);
  });

  it('for a stored file in which one bit flipped, wherever it is [F56]', async () => {
    const dataset = await some();
    const bytes = readFileSync(dataset.parquet);
    const { sha256 } = dataset.report.parquet;
    expect((await extract(dataset, { sha256 })).report.keyCount).toBe(2);
    for (let at = 0; at < bytes.length; at += 97) {
      const flipped = Uint8Array.from(bytes);
      flipped[at]! ^= 1;
      writeFileSync(dataset.parquet, flipped);
      await expect(extract(dataset, { sha256 })).rejects.toThrow(refused('stored-data-damaged'));
    }
  });

  it('for a file that is no dataset, or not there', async () => {
    const path = join(testFolder(), 'rows.parquet');
    await expect(extract({ ...(await some()), parquet: path })).rejects.toThrow(refused('not-found'));
    writeFileSync(path, 'PAR1 and nothing else');
    await expect(extract({ ...(await some()), parquet: path })).rejects.toThrow(refused('stored-data-damaged'));
  });

  it('for an exclusion that does not ascend, is cut short, or names a row that is not there', async () => {
    const dataset = await some();
    for (const rows of [[1, 0], [0, 0], [2]]) {
      await expect(extract(dataset, { exclude: rowsFile(rows) })).rejects.toThrow(refused('stored-data-damaged'));
    }
    const cut = join(testFolder(), 'cut.bin');
    writeFileSync(cut, Uint8Array.of(1, 0, 0));
    await expect(extract(dataset, { exclude: cut })).rejects.toThrow(refused('stored-data-damaged'));
  });
});
