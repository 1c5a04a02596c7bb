/** The engine's database for tests of SQL that other areas write: locked as in a task, with tables made from plain values. */
import type { Json } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import { Database, sqlName, sqlText } from '../database.ts';
import { testContext } from './context.ts';

export type Cell = string | number | bigint | boolean | null;

export interface TestDatabase {
  readonly database: Database;
  /** Makes a table. @param columns names with their types, in the order of a row's cells. */
  load(table: string, columns: Readonly<Record<string, string>>, rows: readonly (readonly Cell[])[]): Promise<void>;
  run(sql: string): Promise<void>;
  /** Rows as objects of plain JSON values: integers beyond 53 bits are text. */
  query(sql: string): Promise<Record<string, Json>[]>;
}

/** A database that goes with the test. @param folders that its SQL may read beside its own. */
export async function testDatabase(folders: readonly string[] = []): Promise<TestDatabase> {
  const database = await Database.open(testContext(), { folders });
  onTestFinished(() => database.close());
  return {
    database,
    load: (table, columns, rows) => load(database, table, columns, rows),
    run: (sql) => database.run(sql),
    query: async (sql) => {
      const reader = await database.connection.runAndReadAll(sql);
      return reader.getRowObjectsJson() as Record<string, Json>[];
    },
  };
}

async function load(
  database: Database,
  table: string,
  columns: Readonly<Record<string, string>>,
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  const types = Object.entries(columns).map(([name, type]) => `${sqlName(name)} ${type}`);
  await database.run(`CREATE TABLE ${sqlName(table)} (${types.join(', ')})`);
  for (let from = 0; from < rows.length; from += 1_000) {
    const tuples = rows.slice(from, from + 1_000).map((row) => `(${row.map(literal).join(', ')})`);
    await database.run(`INSERT INTO ${sqlName(table)} VALUES ${tuples.join(', ')}`);
  }
}

function literal(cell: Cell): string {
  return cell === null ? 'NULL' : typeof cell === 'string' ? sqlText(cell) : String(cell);
}
