/** The room of the pages in `docs/applications`: a media house's users and touches, a brand's customers and orders, made by a rule and the same each time. */
import { type Catalogue, parseCatalogue } from '@causeway/core/policy/query';
import { roomCatalogue } from '../../server/engine/report/testing/room.ts';
import type { TestDatabase } from '../../server/engine/testing/database.ts';

/** 1 June 2026 in Beijing. */
export const firstDay = 1_780_243_200;

export const k = 50;

export function exampleCatalogue(owners: { readonly media: string; readonly brand: string }): Catalogue {
  const shape = { channels: ['feed', 'search', 'video'], campaigns: ['spring'], groups: ['shown', 'withheld'] };
  const made = roomCatalogue({
    ...shape,
    ...{ tiers: ['gold', 'silver'], owners, k, protection: { kind: 'exact' }, from: '2026-06-01', to: '2026-08-01' },
  });
  const document = JSON.parse(JSON.stringify(made)) as {
    tables: { name: string; columns: { name: string; values?: readonly string[] }[] }[];
  };
  const { columns } = document.tables.find(({ name }) => name === 'users')!;
  columns.push({
    ...columns.find(({ name }) => name === 'grp')!,
    name: 'city',
    values: ['Beijing', 'Chengdu', 'Shanghai'],
  });
  return parseCatalogue(document);
}

/** A number from 0 to 99 of a person for a purpose. */
const roll = (salt: string) => `CAST(md5_number_lower('${salt}' || n) % 100 AS INTEGER)`;

export async function loadExample({ run }: Pick<TestDatabase, 'run'>): Promise<void> {
  const day = (salt: string, days: number) => `${firstDay} + 86400 * (${roll(salt)} % ${days}) + 36000`;
  await run(`CREATE TABLE users AS SELECT n::UINTEGER AS person, CASE WHEN ${roll('arm')} < 80 THEN 'shown' ELSE 'withheld' END AS grp,
    CASE WHEN ${roll('city')} < 50 THEN 'Beijing' WHEN ${roll('city')} < 80 THEN 'Shanghai' ELSE 'Chengdu' END AS city,
    (18 + ${roll('age')} % 60)::BIGINT AS age FROM range(20000) t(n)`);
  await run(`CREATE TABLE customers AS SELECT n::UINTEGER AS person,
    CASE WHEN ${roll('city')} BETWEEN 50 AND 79 AND ${roll('tier')} < 60 OR ${roll('tier')} < 20 THEN 'gold' ELSE 'silver' END AS tier
    FROM range(12000, 26000) t(n)`);
  const touch = (salt: string, channel: string, kind: string, share: number) => `SELECT n::UINTEGER AS person,
    ${day(`day ${salt}`, 25)} AS "at", '${kind}' AS kind, '${channel}' AS channel, 'spring' AS campaign, 0::BIGINT AS cost, '${salt}' || n AS event_id
    FROM range(20000) t(n) WHERE ${roll('arm')} < 80 AND ${roll(salt)} < ${share}`;
  const touches = [
    touch('v1', 'video', 'exposure', 40),
    touch('v2', 'video', 'exposure', 20),
    touch('f1', 'feed', 'exposure', 30),
    touch('s1', 'search', 'click', 30),
  ];
  await run(`CREATE TABLE touches AS ${touches.join(' UNION ALL ')}`);
  const bought = `CASE WHEN ${roll('arm')} < 80 THEN ${roll('buy')} < 12 ELSE ${roll('buy')} < 8 END`;
  await run(`CREATE TABLE orders AS SELECT n::UINTEGER AS person, ${day('order', 30)} + 3600 AS "at", 'order' AS kind,
    (5000 + 100 * ${roll('worth')})::BIGINT AS value, 'r' || n AS order_ref, 'o' || n AS event_id FROM range(8000, 26000) t(n) WHERE ${bought}`);
  await run(`CREATE TABLE vip AS SELECT person FROM customers WHERE tier = 'gold'`);
  await run(`CREATE TABLE staff AS SELECT person FROM customers WHERE person % 40 = 0`);
}
