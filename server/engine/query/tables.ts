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
const types: Readonly<Record<TableForm['columns'][number]['form'], readonly string[] | undefined>> = {
  text: texts,
  integer: integers,
  any: undefined,
};

/** A table's files, and what they have to have. */
export interface TableForm {
  readonly name: string;
  readonly person: string;
  /** Whether a person has one row. */
  readonly isOfPersons: boolean;
  readonly columns: readonly { readonly name: string; readonly form: 'text' | 'integer' | 'any' }[];
}

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
  const { plan, personSets } = input;
  const forms = plan.tables.map((table) => formOf(table, plan));
  const people = (personSets?.people ?? []).map(
    ({ table, person }): TableForm => ({ name: table, person, isOfPersons: false, columns: [] }),
  );
  return openFiles({ ...input, forms: [...forms, ...people] }, context, { withoutOptimizers });
}

/** Opens files whose form is checked: what one person can add to a figure rests on it. @throws {DataError} as `openTables`. */
export async function openFiles(
  input: {
    readonly tables: readonly TableFiles[];
    readonly audiences: readonly TableFiles[];
    readonly forms: readonly TableForm[];
  },
  context: TaskContext,
  options: { readonly withoutOptimizers?: readonly string[] } = {},
): Promise<OpenTables> {
  const tables = await located(input.tables);
  const audiences = await located(input.audiences);
  const files = [...tables.values(), ...audiences.values()].flat();
  const database = await Database.open(context, { files }, options);
  const source = (of: ReadonlyMap<string, readonly string[]>) => (name: string) => {
    const found = of.get(name);
    if (found === undefined) throw new TypeError(`expected files of ${JSON.stringify(name)}`);
    return parquetTable(found);
  };
  const opened = { database, table: source(tables), audience: source(audiences), close: () => database.close() };
  try {
    for (const form of input.forms) await checkTable(form, opened);
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

function formOf({ name, person, rowsOf }: PlanTable, plan: Plan): TableForm {
  const columns = usedColumns(plan, name).map((column) => ({
    name: column.name,
    form: column.isText ? ('text' as const) : ('integer' as const),
  }));
  return { name, person, isOfPersons: rowsOf === 'person', columns };
}

async function checkTable(table: TableForm, { database, table: source }: OpenTables): Promise<void> {
  const columns = table.columns.map(({ name, form }) => [name, types[form]] as const);
  await checkForm(source(table.name), table.name, [[table.person, persons], ...columns], database);
  if (!table.isOfPersons) return;
  const person = sqlName(table.person);
  const [[repeated] = []] = await database.rows(
    `SELECT count(${person}) <> count(DISTINCT ${person}) FROM ${source(table.name)}`,
  );
  if (repeated === true)
    throw new DataError('wrong-form', `${table.name} has several rows of one person; it is an event table.`);
}

async function checkForm(
  source: string,
  name: string,
  columns: readonly (readonly [column: string, types: readonly string[] | undefined])[],
  database: Database,
): Promise<void> {
  const rows = await database.rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${source})`);
  const typeOf = new Map(rows.map(([column, type]) => [String(column), String(type)]));
  for (const [column, types] of columns) {
    const type = typeOf.get(column);
    if (type === undefined) throw missingColumn(name, column, [...typeOf.keys()]);
    if (types !== undefined && !types.includes(type)) {
      const message = `${name}, column ${JSON.stringify(column)}: its type ${type} is none of ${types.join(', ')}.`;
      throw new DataError('wrong-form', message, { column });
    }
  }
}
