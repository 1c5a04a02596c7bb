/** A shop's invoices and a site's sessions, read and reported as plain loops find them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type EventLayout, kindCode, readEventsSql, uniqueEventsSql } from '@causeway/core/applications/events';
import { insightSql, reportInsight } from '@causeway/core/applications/insight';
import { flowsSql, models } from '@causeway/core/applications/lifecycle';
import { exact } from '@causeway/core/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parquetTable } from '../../server/engine/database.ts';
import { importDataset } from '../../server/engine/import/index.ts';
import { testContext } from '../../server/engine/testing/context.ts';
import { testDatabase } from '../../server/engine/testing/database.ts';
import { hasShared, sharedPath } from '../shared.ts';

const retail = 'data/uci_online_retail/online_retail_part.xlsx.gz';
const shoppers = 'data/uci_online_shoppers/online_shoppers_intention.csv.gz';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causeway-measurement-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const layout: EventLayout = {
  person: 'CustomerID',
  kind: { column: 'kind', kinds: { sale: 'order', credit: 'refund' } },
  time: { column: 'time', form: 'text', zone: 'Europe/London' },
  channel: { always: '' },
  value: { column: 'amount' },
  currency: { always: 'GBP' },
  currencies: { GBP: 2 },
  eventId: 'invoice',
  orderRef: 'invoice',
  takenAt: Date.UTC(2011, 0, 10, 11, 38) / 1000,
};

describe.skipIf(!hasShared(retail))('a shop’s invoices, from a workbook', () => {
  it('[F117] become orders and refunds to the penny, with every row that is none told', {
    timeout: 120_000,
  }, async () => {
    const path = join(folder, 'retail.xlsx');
    await writeFile(path, gunzipSync(await readFile(sharedPath(retail))));
    const attributes = ['InvoiceNo', 'Quantity', 'InvoiceDate', 'UnitPrice'] as const;
    const { rowCount, parquet } = await importDataset(
      {
        path,
        folder: join(folder, 'retail'),
        ids: [{ column: 'CustomerID', profile: 'custom' }],
        attributes: attributes.map((column) => ({ column, grade: 'internal' as const })),
      },
      testContext(),
    );
    expect(rowCount).toBe(50_999);
    const { run, query } = await testDatabase([join(folder, 'retail')]);
    await run(`CREATE VIEW invoices AS SELECT min("row") AS "row", min(CustomerID) AS CustomerID, InvoiceNo AS invoice, min(InvoiceDate) AS time,
      abs(sum(Quantity * CAST(UnitPrice AS DECIMAL(18, 2)))) AS amount, CASE WHEN sum(Quantity * UnitPrice) < 0 THEN 'credit' ELSE 'sale' END AS kind
      FROM ${parquetTable(parquet.path)} GROUP BY InvoiceNo`);
    const read = readEventsSql('invoices', layout);
    await run(
      `CREATE TABLE events AS ${uniqueEventsSql(`(SELECT * EXCLUDE ("row", refusal) FROM (${read}) WHERE refusal IS NULL)`)}`,
    );
    const refused = await query(
      `SELECT refusal, count(*) AS n FROM (${read}) WHERE refusal IS NOT NULL GROUP BY refusal`,
    );
    const sums = await query('SELECT kind, count(*) AS n, sum(value) AS value FROM events GROUP BY kind ORDER BY kind');

    const lines = await query(`SELECT CustomerID, InvoiceNo, Quantity, UnitPrice FROM ${parquetTable(parquet.path)}`);
    const invoices = new Map<string, { customer: string | null; pence: number }>();
    for (const { CustomerID, InvoiceNo, Quantity, UnitPrice } of lines) {
      const invoice = invoices.get(`${InvoiceNo}`) ?? { customer: CustomerID as string | null, pence: 0 };
      invoice.pence += Number(Quantity) * Math.round(100 * Number(UnitPrice));
      invoices.set(`${InvoiceNo}`, invoice);
    }
    const all = [...invoices.values()];
    const known = all.filter(({ customer }) => customer !== null);
    expect(refused).toEqual([{ refusal: 'no-person', n: String(all.length - known.length) }]);
    const plain = (kind: 'order' | 'refund', keep: (pence: number) => boolean) => {
      const own = known.filter(({ pence }) => keep(pence));
      return {
        kind: kindCode(kind),
        n: String(own.length),
        value: String(Math.abs(own.reduce((sum, { pence }) => sum + pence, 0))),
      };
    };
    expect(sums).toEqual([plain('order', (pence) => pence >= 0), plain('refund', (pence) => pence < 0)]);

    const orders = new Map<string, number>();
    for (const { customer, pence } of known) if (pence >= 0) orders.set(customer!, (orders.get(customer!) ?? 0) + 1);
    await run('CREATE TABLE people AS SELECT DISTINCT person FROM events');
    const source = { people: 'people', events: 'events', lists: {}, asOf: layout.takenAt };
    const flows = await query(flowsSql(models.aipl, source, layout.takenAt - 3_650 * 86_400));
    const counts = [...orders.values()];
    expect(flows.map(({ from_stage, to_stage, people }) => [from_stage, to_stage, Number(people)])).toEqual([
      [null, 2, counts.filter((count) => count === 1).length],
      [null, 3, counts.filter((count) => count > 1).length],
    ]);
  });
});

describe.skipIf(!hasShared(shoppers))('sessions of a site', () => {
  it('[F74] the index of every month and kind of visitor among buyers equals the one computed by hand', async () => {
    const [header, ...lines] = gunzipSync(await readFile(sharedPath(shoppers)))
      .toString('utf8')
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(','));
    const at = (column: string) => header!.indexOf(column);
    const bought = (cells: readonly string[]) => /^true$/i.test(cells[at('Revenue')]!);
    expect([lines.length, lines.filter(bought).length]).toEqual([12_330, 1_908]);
    const { load, query } = await testDatabase();
    await load(
      'sessions',
      { person: 'UINTEGER', Month: 'VARCHAR', VisitorType: 'VARCHAR' },
      lines.map((cells, i) => [i, cells[at('Month')]!, cells[at('VisitorType')]!]),
    );
    await load(
      'buyers',
      { person: 'UINTEGER' },
      lines.flatMap((cells, i) => (bought(cells) ? [[i]] : [])),
    );
    const tags = [{ column: 'Month' }, { column: 'VisitorType' }];
    const cells = await query(insightSql({ base: 'sessions', audience: 'buyers', tags, crossed: [] }));
    const { rows } = reportInsight(
      {
        baseName: { en: 'all sessions', zh: '全部会话' },
        audience: exact(1_908),
        base: exact(12_330),
        inside: true,
        cells: cells
          .filter(({ tag }) => tag !== null)
          .map(({ tag, value, with_tag, base_with_tag }) => ({
            values: { [`${tag}`]: `${value}` },
            withTag: exact(Number(with_tag)),
            baseWithTag: exact(Number(base_with_tag)),
          })),
      },
      50,
    );
    let compared = 0;
    for (const { values, tgi } of rows) {
      const [[tag, value]] = Object.entries(values) as [[string, string]];
      const own = lines.filter((line) => line[at(tag)] === value);
      const buyers = own.filter(bought).length;
      if (buyers < 50) expect(tgi).toBeUndefined();
      else {
        expect(tgi!.index).toBeCloseTo((100 * (buyers / 1_908)) / (own.length / 12_330), 8);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(7);
  });
});
