/**
 * Generated exposures, clicks and orders, read into one event table as a node would, with the truth beside them. The person of an event is the
 * number that the generator gave; bots have numbers above all people.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate, type Truth } from '@causeway/generator';
import { onTestFinished } from 'vitest';
import { sqlText } from '../../../server/engine/database.ts';
import { type TestDatabase, testDatabase } from '../../../server/engine/testing/database.ts';
import { type EventLayout, readEventsSql, uniqueEventsSql } from '../events/index.ts';

/** The year of the files ends on 2025-06-30, Beijing time. */
export const takenAt = Date.UTC(2025, 5, 30, 16) / 1000;
/** June 2025, Beijing time: the measured campaign's window. */
export const june = { from: Date.UTC(2025, 4, 31, 16) / 1000, until: takenAt };

const touches = {
  person: 'person',
  time: { column: 'time', form: 'seconds', zone: '+08:00' },
  channel: { column: 'campaign' },
  campaign: { column: 'campaign' },
  cost: { column: 'cost', digits: 6 },
  currency: { always: 'CNY' },
  currencies: { CNY: 6 },
  takenAt,
} as const;

export const layouts: Readonly<Record<'exposures' | 'clicks' | 'orders', EventLayout>> = {
  exposures: { ...touches, kind: { always: 'exposure' }, eventId: 'exposure_id' },
  clicks: { ...touches, kind: { always: 'click' }, eventId: 'click_id' },
  orders: {
    person: 'person',
    kind: { column: 'status', kinds: { paid: 'order', refunded: 'refund', cancelled: 'leave-out' } },
    time: { column: 'time', form: 'text', zone: 'Asia/Shanghai' },
    channel: { always: '' },
    value: { column: 'amount_cents', digits: 2 },
    currency: { always: 'CNY' },
    currencies: { CNY: 6 },
    eventId: 'order_id',
    orderRef: 'order_id',
    takenAt,
  },
};

export interface GeneratedEvents extends TestDatabase {
  readonly truth: Truth;
}

/**
 * Tables `raw_exposures`, `raw_clicks` and `raw_orders` (all text, with `row` and `person`), `delivered` (what was read of them), `events` (each
 * once), and `people` (`person`, `customer`, `grp`: the campaign's group, `bought`).
 */
export async function generatedEvents(people: number, seed: number): Promise<GeneratedEvents> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-events-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { truth } = await generate({ people, seed, out: folder, overwrite: true });
  const test = await testDatabase([folder]);
  const csv = (name: string) =>
    `(SELECT *, row_number() OVER () - 1 AS "row" FROM read_csv(${sqlText(join(folder, name))}, header = true, delim = ',', quote = '"', escape = '"', all_varchar = true, strict_mode = true, parallel = false))`;
  await test.run(`CREATE TABLE truth AS SELECT *, CAST(person AS UINTEGER) AS number FROM ${csv('truth.csv')}`);
  await test.run(
    `CREATE TABLE people AS SELECT number AS person, crm_rows IS NOT NULL AS customer, campaign_group AS grp, bought = '1' AS bought FROM truth`,
  );
  const rowsOf = (column: string) =>
    `SELECT number, unnest(string_split(${column}, ';')) AS at_row FROM truth WHERE ${column} IS NOT NULL`;
  const owners = (file: string, id: string, rows: string) =>
    `SELECT DISTINCT f.${id} AS id, t.number FROM ${csv(file)} AS f JOIN (${rowsOf(rows)}) AS t ON t.at_row = CAST(f."row" AS VARCHAR)`;
  await test.run(`CREATE TABLE users AS ${owners('users.csv', 'user_id', 'users_rows')}`);
  await test.run(`CREATE TABLE customers AS ${owners('crm.csv', 'customer_id', 'crm_rows')}`);
  // Bots are no users: their ids are numbered after all people.
  const bot = `${people} + CAST(substr(e.user_id, 2) AS UBIGINT) % 1000000`;
  for (const [name, cost] of [
    ['exposures', 'cost_micros'],
    ['clicks', 'cost_micros'],
  ] as const) {
    await test.run(`CREATE TABLE raw_${name} AS SELECT e.*, ${cost} AS cost, CAST(coalesce(u.number, ${bot}) AS VARCHAR) AS person
      FROM ${csv(`${name}.csv`)} AS e LEFT JOIN users AS u ON u.id = e.user_id`);
  }
  await test.run(`CREATE TABLE raw_orders AS SELECT o.*, CAST(c.number AS VARCHAR) AS person
    FROM ${csv('orders.csv')} AS o LEFT JOIN customers AS c ON c.id = o.customer_id`);
  const read = Object.entries(layouts).map(([name, layout]) => `(${readEventsSql(`raw_${name}`, layout)})`);
  await test.run(
    `CREATE TABLE delivered AS SELECT * EXCLUDE ("row", refusal) FROM (${read.join(' UNION ALL ')}) WHERE refusal IS NULL`,
  );
  await test.run(`CREATE TABLE events AS ${uniqueEventsSql('delivered')}`);
  return { ...test, truth };
}
