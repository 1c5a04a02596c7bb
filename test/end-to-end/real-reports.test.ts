/** A site's sessions and a shop's invoices as tables of a room: the reports that its engine makes of them equal what is counted by hand. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { InsightReport } from '@causeway/core/applications/insight';
import {
  compileReport,
  type LifecycleReports,
  parseReportRequest,
  presentReport,
  withReportNoise,
} from '@causeway/core/applications/request';
import { parseCatalogue } from '@causeway/core/policy/query';
import { describe, expect, it } from 'vitest';
import { parquetTable, sqlText } from '../../server/engine/database.ts';
import { importDataset } from '../../server/engine/import/index.ts';
import { runReport } from '../../server/engine/report/run.ts';
import { testContext, testFolder } from '../../server/engine/testing/context.ts';
import { testDatabase } from '../../server/engine/testing/database.ts';
import { hasShared, sharedPath } from '../shared.ts';

const retail = 'data/uci_online_retail/online_retail_part.xlsx.gz';
const shoppers = 'data/uci_online_shoppers/online_shoppers_intention.csv.gz';

const rights = {
  k: 50,
  protection: { kind: 'noise', rho: 5000, sigmaFloor: 0 },
  purposes: ['measurement'],
  receivers: ['shop', 'media'],
};
const id = (name: string) => ({ name, type: 'key', join: true, aggregates: ['count'], ...rights });
const category = (name: string, values: readonly string[]) => ({
  ...{ name, type: 'category', values, isNullable: true, group: true, filter: 'declared' },
  ...rights,
});
const catalogueOf = (tables: readonly object[]) =>
  parseCatalogue({ network: 'fair', zone: 'Europe/London', epoch: '0'.repeat(64), audiences: [], tables });
const askerOf = (receiver: string) => ({ receivers: [receiver], group: receiver, purpose: 'measurement' });

describe.skipIf(!hasShared(shoppers))('[F74] sessions of a site', () => {
  it('have the index of every month and visitor that hand counting gives, and near it with noise', async () => {
    const [header, ...lines] = gunzipSync(await readFile(sharedPath(shoppers)))
      .toString('utf8')
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(','));
    const at = (column: string) => header!.indexOf(column);
    const bought = (cells: readonly string[]) => /^true$/i.test(cells[at('Revenue')]!);
    const valuesOf = (column: string) => [...new Set(lines.map((cells) => cells[at(column)]!))].sort();
    const folder = testFolder();
    const { load, run } = await testDatabase([folder]);
    await load(
      'sessions',
      { person: 'UINTEGER', Month: 'VARCHAR', VisitorType: 'VARCHAR', bought: 'VARCHAR' },
      lines.map((cells, i) => [i, cells[at('Month')]!, cells[at('VisitorType')]!, bought(cells) ? 'yes' : 'no']),
    );
    const file = join(folder, 'sessions.parquet');
    await run(`COPY sessions TO ${sqlText(file)} (FORMAT parquet)`);
    const catalogue = catalogueOf([
      {
        ...{ name: 'sessions', owner: 'shop', subjects: 'visitors', kind: 'person', person: 'person' },
        columns: [
          id('person'),
          category('Month', valuesOf('Month')),
          category('VisitorType', valuesOf('VisitorType')),
          category('bought', ['yes', 'no']),
        ],
      },
    ]);
    const request = parseReportRequest({
      application: 'insight',
      base: 'sessions',
      baseName: { en: 'all sessions', zh: '全部会话' },
      audience: { table: 'sessions', where: { column: 'bought', in: ['yes'] } },
      tags: ['Month', 'VisitorType'],
      crossed: [],
    });
    const tables = [{ name: 'sessions', files: [file] }];
    const input = { request, catalogue, tables, audiences: [], timeLimitMs: 60_000 };
    const own = await runReport({ ...input, isOwn: true }, testContext());
    if (!('report' in own)) throw new Error('expected a report');
    const indexOf = (tag: string, value: string) => {
      const of = lines.filter((cells) => cells[at(tag)] === value);
      return (100 * (of.filter(bought).length / 1_908)) / (of.length / 12_330);
    };
    const rows = (own.report as InsightReport).rows;
    expect(rows.length).toBe(valuesOf('Month').length + valuesOf('VisitorType').length);
    for (const { values, tgi } of rows) {
      const [[tag, value]] = Object.entries(values) as [[string, string]];
      if (tgi !== undefined) expect(tgi.index).toBeCloseTo(indexOf(tag, value), 8);
    }
    expect(rows.filter(({ tgi }) => tgi !== undefined).length).toBeGreaterThan(10);

    const told = await runReport({ ...input, isOwn: false }, testContext());
    if (!('numbers' in told)) throw new Error('expected numbers');
    const compiled = compileReport({ request, catalogue, asker: askerOf('media') });
    const numbers = Object.fromEntries(Object.entries(told.numbers).map(([name, list]) => [name, list.map(BigInt)]));
    let held = 0;
    let all = 0;
    for (let room = 0; room < 20; room++) {
      const noisy = withReportNoise(compiled, numbers, new Uint8Array(32).fill(room));
      for (const { values, tgi } of (presentReport(compiled, noisy) as InsightReport).rows) {
        const [[tag, value]] = Object.entries(values) as [[string, string]];
        if (tgi === undefined) continue;
        const index = indexOf(tag, value);
        all++;
        if (tgi.interval.low <= index && index <= tgi.interval.high) held++;
      }
    }
    expect(all).toBeGreaterThan(150);
    expect(held / all).toBeGreaterThan(0.95);
  });
});

describe.skipIf(!hasShared(retail))('a shop’s invoices', () => {
  it('[F117] put its customers at the stages that plain loops put them at', { timeout: 120_000 }, async () => {
    const folder = testFolder();
    const path = join(folder, 'retail.xlsx');
    const { run, query } = await testDatabase([folder]);
    await writeFile(path, gunzipSync(await readFile(sharedPath(retail))));
    const attributes = ['InvoiceNo', 'Quantity', 'InvoiceDate', 'UnitPrice'] as const;
    const { parquet } = await importDataset(
      {
        path,
        folder: join(folder, 'retail'),
        ids: [{ column: 'CustomerID', profile: 'custom' }],
        attributes: attributes.map((column) => ({ column, grade: 'internal' as const })),
      },
      testContext(),
    );
    await run(`CREATE TABLE invoices AS SELECT CAST(min(CustomerID) AS UINTEGER) AS person, InvoiceNo AS order_ref, InvoiceNo AS event_id,
      CAST(epoch(min(CAST(InvoiceDate AS TIMESTAMP))) AS BIGINT) AS "at", CAST(round(100 * abs(sum(Quantity * UnitPrice))) AS BIGINT) AS value,
      CASE WHEN sum(Quantity * UnitPrice) < 0 THEN 'refund' ELSE 'order' END AS kind
      FROM ${parquetTable(parquet.path)} WHERE CustomerID IS NOT NULL GROUP BY InvoiceNo`);
    await run('CREATE TABLE customers AS SELECT DISTINCT person FROM invoices');
    const files = [];
    for (const name of ['invoices', 'customers']) {
      const file = join(folder, `${name}.parquet`);
      await run(`COPY ${name} TO ${sqlText(file)} (FORMAT parquet)`);
      files.push({ name, files: [file] });
    }
    const at = { name: 'at', type: 'time', from: '2010-12-01', to: '2011-02-01', grid: 'day', isNullable: false };
    const table = { owner: 'shop', subjects: 'customers', person: 'person' };
    const catalogue = catalogueOf([
      {
        ...{ ...table, name: 'invoices', kind: 'event' },
        columns: [
          ...[id('person'), id('event_id'), id('order_ref'), category('kind', ['order', 'refund'])],
          { ...at, group: true, filter: 'range', ...rights },
        ],
      },
      { ...{ ...table, name: 'customers', kind: 'person' }, columns: [id('person')] },
    ]);
    const dates = ['2010-12-20', '2011-01-10'].map((day) => Date.parse(day) / 1000);
    const request = parseReportRequest({
      application: 'lifecycle',
      people: 'customers',
      events: ['invoices'],
      model: 'aipl',
      dates,
    });
    const input = { request, catalogue, tables: files, audiences: [], isOwn: true, timeLimitMs: 60_000 };
    const made = await runReport(input, testContext());
    if (!('report' in made)) throw new Error('expected a report');
    const orders = await query(`SELECT person, "at" FROM invoices WHERE kind = 'order'`);
    const stages = dates.map((date) => {
      const byPerson = new Map<unknown, number>();
      for (const { person, at: second } of orders)
        if (Number(second) <= date) byPerson.set(person, (byPerson.get(person) ?? 0) + 1);
      const counts = [...byPerson.values()];
      return [counts.filter((count) => count === 1).length, counts.filter((count) => count > 1).length];
    });
    const [{ report } = { report: undefined }] = (made.report as LifecycleReports).transitions;
    expect(report!.stages.slice(2).map(({ before, after }) => [before, after])).toEqual([
      [stages[0]![0], stages[1]![0]],
      [stages[0]![1], stages[1]![1]],
    ]);
    expect(stages.flat().every((count) => count > 50)).toBe(true);
  });
});
