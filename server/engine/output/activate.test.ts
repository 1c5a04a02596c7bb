import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { activatedColumns, destinations, fieldName, parseProfile } from '@causeway/core/identifiers';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { rowsFile, type TestDataset, testDataset } from '../testing/dataset.ts';
import { type ActivateInput, activate } from './activate.ts';

const text = [
  'mobile,mail,city',
  '13800138000,Ann@Example.com,上海',
  '13800138001,,北京',
  '13800138001,bob@example.com,北京',
  ',carl@example.com,广州',
  ',,深圳',
].join('\n');
const ids = [
  { column: 'mobile', profile: 'phone' },
  { column: 'mail', profile: 'email' },
];
const md5 = (value: string) => createHash('md5').update(value).digest('hex');
const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');

async function activated(
  dataset: TestDataset,
  id: string,
  given: Partial<Pick<ActivateInput, 'optOuts' | 'minimumRows'>> & {
    readonly rows?: readonly number[];
    readonly code?: string;
  } = {},
) {
  const destination = destinations.find((each) => each.id === id)!;
  const columns = dataset.report.ids.map(({ storedAs, profile }) => ({
    column: storedAs,
    profile: parseProfile(profile),
  }));
  const profileOf = new Map(dataset.report.ids.map(({ storedAs, profile }) => [storedAs, profile]));
  const to = join(testFolder(), 'audience');
  const report = await activate(
    {
      parquet: dataset.parquet,
      rows: rowsFile(given.rows ?? [0, 1, 2, 3, 4]),
      layout: destination.layout,
      columns: activatedColumns(destination, columns, given.code).map(({ column, field }) => ({
        column,
        profile: profileOf.get(column)!,
        field,
      })),
      optOuts: given.optOuts ?? [],
      minimumRows: given.minimumRows ?? 1,
      to,
    },
    testContext(),
  );
  expect(readdirSync(dirname(to))).toEqual(['audience']);
  return { report, lines: readFileSync(to, 'utf8').trimEnd().split('\n') };
}

describe('an activated audience', () => {
  it('is a list of hashed numbers, each once, for a destination of lists', async () => {
    const { report, lines } = await activated(await testDataset(text, { ids }), 'tencent-ads');
    expect(lines).toEqual([md5('13800138000'), md5('13800138001')].sort());
    expect(report).toMatchObject({ rowCount: 2, optedOutCount: 0, withoutIdCount: 2 });
  });

  it('is of the kind that is named', async () => {
    const dataset = await testDataset(text, { ids });
    expect((await activated(dataset, 'tencent-ads', { code: 'SHA256_MOBILE_PHONE', rows: [0] })).lines).toEqual([
      sha256('13800138000'),
    ]);
    expect((await activated(dataset, 'qianchuan', { code: '4', rows: [0] })).lines).toEqual(['13800138000']);
  });

  it('is a table under the destination’s own names, in its own encoding', async () => {
    const dataset = await testDataset(text, { ids });
    const meta = await activated(dataset, 'meta', { rows: [0, 3] });
    expect(meta.lines[0]).toBe('em,ph');
    expect(meta.lines.slice(1).sort()).toEqual(
      [`${sha256('ann@example.com')},${sha256('8613800138000')}`, `${sha256('carl@example.com')},`].sort(),
    );
    const uid2 = await activated(dataset, 'uid2', { rows: [0] });
    const base64 = (value: string) => createHash('sha256').update(value).digest('base64');
    expect(uid2.lines).toEqual(['email_hash,phone_hash', `${base64('ann@example.com')},${base64('+8613800138000')}`]);
  });

  it('has nobody who opted out, by whatever identifier they did, plain or hashed [F76]', async () => {
    const dataset = await testDataset(text, { ids });
    const list = await testDataset(
      `who,phone\n${sha256('bob@example.com')},13800138000\n`,
      {
        ids: [
          { column: 'who', profile: 'email/sha256' },
          { column: 'phone', profile: 'phone' },
        ],
      },
      'opt-outs.csv',
    );
    const other = (column: string, profile: string) => ({
      column: list.report.ids.find((id) => id.column === column)!.storedAs,
      profile,
    });
    const own = (column: string, profile: string) => ({
      column: dataset.report.ids.find((id) => id.column === column)!.storedAs,
      profile,
    });
    const optOuts = [
      {
        parquet: list.parquet,
        sha256: list.report.parquet.sha256,
        pairs: [
          { own: own('mail', 'email'), other: other('who', 'email/sha256'), common: 'email/sha256' },
          { own: own('mobile', 'phone'), other: other('phone', 'phone'), common: 'phone' },
        ],
      },
    ];
    const damaged = optOuts.map((each) => ({ ...each, sha256: '0'.repeat(64) }));
    await expect(activated(dataset, 'tencent-ads', { optOuts: damaged })).rejects.toMatchObject({
      code: 'stored-data-damaged',
    });
    const { report, lines } = await activated(dataset, 'tencent-ads', { optOuts });
    // Row 2 is Bob, who opted out by e-mail; row 1 has the same number, and is somebody else’s row.
    expect(report).toMatchObject({ optedOutCount: 2, rowCount: 1 });
    expect(lines).toEqual([md5('13800138001')]);
  });

  it('of too few is not written, and the message does not count them [F77]', async () => {
    const dataset = await testDataset(text, { ids });
    await expect(activated(dataset, 'tencent-ads', { minimumRows: 50 })).rejects.toMatchObject({
      code: 'below-minimum',
      message: expect.not.stringContaining('2'),
    });
  });
});

describe('what a destination takes', () => {
  const columns = [{ column: 'a', profile: parseProfile('phone/sha256') }];

  it.each(destinations)('$id: a name, a source, and fields that tell each other apart', ({ layout, fields }) => {
    const names = fields.map(({ code, type }) => code || type);
    if (layout === 'table') expect(new Set(names).size).toBe(names.length);
    expect(new Set(fields.map(fieldName)).size).toBe(fields.length);
  });

  it('a digest is never undone: a column that is hashed goes only where that digest is taken', () => {
    const of = (id: string) => activatedColumns(destinations.find((each) => each.id === id)!, columns);
    expect(of('alibaba-dmp').map(({ field }) => field.digests)).toEqual([['sha256']]);
    expect(of('tencent-ads').map(({ field }) => field.code)).toEqual(['SHA256_MOBILE_PHONE']);
    expect(of('tencent-cloud-irp')).toEqual([]);
    expect(of('uid2')).toEqual([]);
  });
});
