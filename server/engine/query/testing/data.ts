/** Synthetic rows for the tables of `rules.ts`, as Parquet, and the same as views under a DuckDB of the test's own, for plain SQL. */
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import type { TableFiles } from '../tables.ts';
import { channels, cities } from './rules.ts';

export interface RoomData {
  readonly tables: readonly TableFiles[];
  readonly audiences: readonly TableFiles[];
  /** Runs plain SQL over views `crm`, `visits` …, in which times are TIMESTAMPTZ; rows as JSON values. */
  plain(sql: string): Promise<unknown[][]>;
  /** Writes other rows for a table or an audience, by SQL over the views. */
  replace(name: string, sql: string): Promise<void>;
  /** The same rows but for one person's in these tables and audiences. */
  without(person: number, names: readonly string[]): Promise<Pick<RoomData, 'tables' | 'audiences'>>;
}

const names = ['crm', 'visits', 'clicks', 'users', 'panel'] as const;

/** @param personCount people of the brand; some of them are users too, some have no visits, some have many. */
export async function roomData(folder: string, personCount: number, zone = 'Asia/Shanghai'): Promise<RoomData> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  await connection.run(`SET TimeZone = '${zone}'`);
  const path = (name: string) => join(folder, `${name}.parquet`);
  const files = (of: readonly string[], pathOf: (name: string) => string) =>
    of.map((name) => ({ name, files: [pathOf(name)] }));
  for (const [name, sql] of Object.entries(rowsOf(personCount))) await write(connection, path(name), sql);
  const audiences = ['vip', 'hidden', 'raters'];
  for (const name of [...names, ...audiences]) {
    await connection.run(`CREATE VIEW ${name} AS ${viewOf(name, path(name))}`);
  }
  return {
    tables: files(names, path),
    audiences: files(audiences, path),
    plain: async (sql) => (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][],
    replace: (name, sql) => write(connection, path(name), sql),
    without: async (person, changed) => {
      const pathOf = (name: string) => (changed.includes(name) ? join(folder, `${name}-without.parquet`) : path(name));
      for (const name of changed) {
        const key = name === 'users' ? 'uid' : 'person';
        await write(connection, pathOf(name), `SELECT * FROM read_parquet('${path(name)}') WHERE ${key} <> ${person}`);
      }
      return { tables: files(names, pathOf), audiences: files(audiences, pathOf) };
    },
  };
}

async function write(connection: DuckDBConnection, path: string, sql: string): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE written AS ${sql}`);
  await connection.run(`COPY written TO '${path}' (FORMAT parquet)`);
}

function viewOf(name: string, path: string): string {
  const columns = name === 'visits' ? '* REPLACE (to_timestamp("at") AS "at")' : '*';
  return `SELECT ${columns} FROM read_parquet('${path}')`;
}

/** Hashes in place of random numbers: the same rows every time. */
function rowsOf(personCount: number): Readonly<Record<string, string>> {
  const pick = (salt: string, values: readonly string[]) =>
    `[${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')}][1 + (hash('${salt}', i) % ${values.length})::INTEGER]`;
  const number = (salt: string, below: number) => `(hash('${salt}', i) % ${below})::BIGINT`;
  const some = (salt: string, share: number, value: string) =>
    `CASE WHEN hash('${salt}', i) % 100 < ${share} THEN ${value} END`;
  // Surrogates are spread over all 32-bit numbers.
  const person = '((i * 2654435761) % 4294967296)::UINTEGER';
  const from = Date.parse('2026-01-01T06:00:00Z') / 1000;
  return {
    crm: `SELECT ${person} AS person, ${pick('city', cities)} AS city, ${some('tier?', 90, pick('tier', ['1', '2', '3']))} AS tier,
      (hash('member', i) % 3 = 0) AS member, ${some('age?', 95, `18 + ${number('age', 80)}`)} AS age, ${number('income', 100_000)} AS income,
      'x' AS secret, 'x' AS "inner" FROM range(${personCount}) t(i)`,
    users: `SELECT ${person} AS uid, ${some('device?', 80, pick('device', ['ios', 'android']))} AS device
      FROM range(${personCount}) t(i) WHERE hash('user', i) % 10 < 7`,
    panel: `SELECT ${person} AS person, ${some('grade?', 85, pick('grade', ['a', 'b']))} AS grade,
      ${some('score?', 90, `${number('score', 101)} - 50`)} AS score FROM range(${personCount}) t(i) WHERE hash('panel', i) % 10 < 6`,
    visits: `SELECT ((k * 2654435761) % 4294967296)::UINTEGER AS person, i AS event_id, ${from} + ${number('at', 88 * 86_400)} AS "at",
      ${pick('channel', channels)} AS channel, ${some('value?', 90, `${number('value', 20_001)} - 10000`)} AS value
      FROM (SELECT row_number() OVER () AS i, k FROM range(${personCount}) p(k), range(12) r(n) WHERE n < hash('visits', k) % 12)`,
    clicks: `SELECT ${person} AS person, ${pick('click', channels)} AS channel FROM range(${personCount}) t(i)`,
    vip: `SELECT ${person} AS person FROM range(${personCount}) t(i) WHERE hash('vip', i) % 4 = 0`,
    hidden: `SELECT ${person} AS person FROM range(${personCount}) t(i) WHERE i < 3`,
    raters: `SELECT ${person} AS person FROM range(${personCount}) t(i) WHERE hash('raters', i) % 2 = 0`,
  };
}
