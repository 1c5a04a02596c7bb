/** The Parquet files of a question's tables: there, of the form that the catalogue says, and with one row for a person where it says so. */
import { realpath } from 'node:fs/promises';
import { type Plan, type PlanTable, usedColumns } from '@causeway/core/policy/query';
import { Database, parquetTable, sqlName } from '../database.ts';
import { missingColumn } from '../dataset.ts';
import { DataError, systemError } from '../errors.ts';
import type { TaskContext } from '../task.ts';
import type { WantedSets } from './person-sets.ts';

export interface TableFiles {
  readonly name: string;
  /** Parquet files, read one after the other. */
  readonly files: readonly string[];
}

export interface OpenTables {
  readonly database: Database;
  /** What stands after FROM. */
  readonly table: (name: string) => string;
  readonly audience: (name: string) => string;
  close(): void;
}

/**
 * A condition is a machine of nested projections (`core/policy/query/sql/rows.ts`), each of which names the state before it several times. Moving the
 * filter on its last state down through them would write every state out in full, and again for each time that it is named.
 */
export const withoutOptimizers: readonly string[] = ['filter_pullup', 'filter_pushdown'];

const integers = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER'];
const texts = ['VARCHAR', 'BOOLEAN', ...integers];
const persons = ['UINTEGER'];

/** @throws {DataError} `not-found`; `missing-column` and `wrong-form`, which tell about the files' form and nothing of their rows. */
export async function openTables(
  input: {
    readonly plan: Plan;
    readonly tables: readonly TableFiles[];
    readonly audiences: readonly TableFiles[];
    readonly personSets?: WantedSets;
  },
  context: TaskContext,
): Promise<OpenTables> {
  const tables = await located(input.tables);
  const audiences = await located(input.audiences);
  const files = [...tables.values(), ...audiences.values()].flat();
  const database = await Database.open(context, { files }, { withoutOptimizers });
  const source = (of: ReadonlyMap<string, readonly string[]>) => (name: string) => {
    const found = of.get(name);
    if (found === undefined) throw new TypeError(`expected files of ${JSON.stringify(name)}`);
    return parquetTable(found);
  };
  const opened = { database, table: source(tables), audience: source(audiences), close: () => database.close() };
  try {
    for (const table of input.plan.tables) await checkTable(table, input.plan, opened);
    for (const { table, person } of input.personSets?.people ?? [])
      await checkForm(opened.table(table), table, [[person, persons]], database);
    for (const name of audiences.keys()) await checkForm(opened.audience(name), name, [['person', persons]], database);
    return opened;
  } catch (error) {
    database.close();
    throw error;
  }
}

async function located(tables: readonly TableFiles[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const { name, files } of tables) {
    const paths = files.map((path) =>
      realpath(path).catch((error) => {
        throw systemError(error, path, 'opening it');
      }),
    );
    found.set(name, await Promise.all(paths));
  }
  return found;
}

async function checkTable(table: PlanTable, plan: Plan, { database, table: source }: OpenTables): Promise<void> {
  const columns = usedColumns(plan, table.name).map(({ name, isText }) => [name, isText ? texts : integers] as const);
  await checkForm(source(table.name), table.name, [[table.person, persons], ...columns], database);
  if (table.rowsOf === 'event') return;
  const person = sqlName(table.person);
  const [[repeated] = []] = await database.rows(
    `SELECT count(${person}) <> count(DISTINCT ${person}) FROM ${source(table.name)}`,
  );
  // What one person can add to a figure rests on it.
  if (repeated === true)
    throw new DataError('wrong-form', `${table.name} has several rows of one person; it is an event table.`);
}

async function checkForm(
  source: string,
  name: string,
  columns: readonly (readonly [column: string, types: readonly string[]])[],
  database: Database,
): Promise<void> {
  const rows = await database.rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${source})`);
  const typeOf = new Map(rows.map(([column, type]) => [String(column), String(type)]));
  for (const [column, types] of columns) {
    const type = typeOf.get(column);
    if (type === undefined) throw missingColumn(name, column, [...typeOf.keys()]);
    if (!types.includes(type)) {
      const message = `${name}, column ${JSON.stringify(column)}: its type ${type} is none of ${types.join(', ')}.`;
      throw new DataError('wrong-form', message, { column });
    }
  }
}
