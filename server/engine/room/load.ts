/**
 * What contributors brought, as tables of persons: rows with one pseudonym are put together, in the agreed order of the kinds of identifiers,
 * and every person gets a number that was drawn for this room alone. Pseudonyms end here: the tables that are written hold none.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout, LayoutColumn } from '@causeway/core/applications/room';
import { placeCount } from '@causeway/core/geo';
import { Database, sqlName, sqlText } from '../database.ts';
import { partialName, publishFile } from '../disk.ts';
import { DataError, systemError } from '../errors.ts';
import type { TaskContext } from '../task.ts';
import { type PackedRows, readPackedRows } from './packed-rows.ts';
import { resolvePersons } from './resolve.ts';

export interface LoadInput {
  /** In the order of the terms. */
  readonly tables: readonly { readonly layout: Layout; readonly rows: string }[];
  /** Draws who comes first among equals, and the numbers of persons: 32 random bytes in hexadecimal. */
  readonly secret: string;
  /** A folder that exists: table i becomes `i.parquet`. */
  readonly folder: string;
  /** The table of whose rows audiences are given: who stands at which place of its upload becomes `places.parquet`. */
  readonly placesOf?: number;
}

export interface LoadReport {
  readonly tables: readonly {
    readonly rows: number;
    /** Rows of an event table that bear no pseudonym: they are nobody's. */
    readonly dropped: number;
    /** Pseudonyms that stand on too many rows of a person table to mean one person. */
    readonly setAside: number;
  }[];
  readonly persons: number;
}

export function roomTablePath(folder: string, index: number): string {
  return join(folder, `${index}.parquet`);
}

/** Of the table of whose rows audiences are given: `place` in the upload, from 0, and `person`. */
export function roomPlacesPath(folder: string): string {
  return join(folder, 'places.parquet');
}

/** @throws {DataError} `wrong-form` where a row is not what its layout says. */
export async function loadRoom(input: LoadInput, context: TaskContext): Promise<LoadReport> {
  const database = await Database.open(context, { folders: [input.folder] });
  try {
    for (const [i, { layout, rows }] of input.tables.entries()) {
      await withPackedFile(rows, (packed) => readPackedRows(database, rawTable(i), layout, packed));
      await checkRows(database, rawTable(i), layout);
    }
    const layouts = input.tables.map(({ layout }) => layout);
    const resolved = await resolvePersons(database, layouts, input.secret);
    for (const [i, layout] of layouts.entries()) await writeTable(database, i, layout, input, context);
    if (input.placesOf !== undefined) await writePlaces(database, input.placesOf, input, context);
    return resolved;
  } finally {
    database.close();
  }
}

async function withPackedFile(path: string, use: (packed: PackedRows) => Promise<void>): Promise<void> {
  const failed = (error: unknown): never => {
    throw systemError(error, path, 'reading it');
  };
  const file = await open(path, 'r').catch(failed);
  try {
    const { size } = await file.stat().catch(failed);
    const read = async (into: Uint8Array, at: number) => {
      for (let done = 0; done < into.length; ) {
        const { bytesRead } = await file.read(into, done, into.length - done, at + done).catch(failed);
        if (bytesRead === 0)
          throw new DataError('stored-data-damaged', `${path} became shorter while it was read.`, { path });
        done += bytesRead;
      }
    };
    await use({ bytes: size, read });
  } finally {
    await file.close();
  }
}

/** The table of contributor `index` as it came: `row`, pseudonyms in halves `a0`, `b0`, …, columns `c0`, …. */
export function rawTable(index: number): string {
  return `raw_${index}`;
}

/** The contributor's node has checked this already; the room takes nobody's word for it. */
async function checkRows(database: Database, table: string, layout: Layout): Promise<void> {
  const tests = layout.columns.map((column, i) => `count(*) FILTER (WHERE ${forbidden(column, `c${i}`)})`);
  if (tests.length === 0) return;
  const [counts = []] = await database.rows(`SELECT ${tests.join(', ')} FROM ${table}`);
  const at = counts.findIndex((count) => Number(count) > 0);
  if (at < 0) return;
  const { name } = layout.columns[at]!;
  throw new DataError(
    'wrong-form',
    `${layout.table}, column ${JSON.stringify(name)}: an upload holds values that its rule does not allow. It was refused.`,
    { column: name },
  );
}

/** SQL that is true where the rule forbids the value. */
function forbidden(column: LayoutColumn, value: string): string {
  switch (column.kind) {
    case 'code':
      return `${value} >= ${column.values.length}${column.isNullable ? '' : ` OR ${value} IS NULL`}`;
    case 'number':
      return `${value} NOT BETWEEN ${column.min} AND ${column.max}${column.isNullable ? '' : ` OR ${value} IS NULL`}`;
    case 'place':
      return `${value} NOT BETWEEN 0 AND ${placeCount(column.perDegree) - 1}${column.isNullable ? '' : ` OR ${value} IS NULL`}`;
    case 'key': {
      const { exempt } = column;
      const isExempt = exempt
        ? `coalesce(list_contains([${exempt.codes.join(', ')}], c${exempt.column}), false)`
        : 'false';
      return `${value} IS NULL AND NOT ${isExempt}`;
    }
  }
}

async function writePlaces(
  database: Database,
  index: number,
  { folder }: LoadInput,
  context: TaskContext,
): Promise<void> {
  const path = roomPlacesPath(folder);
  const partial = partialName(path, context.taskId);
  await database.run(
    `COPY (SELECT "row" AS place, CAST(number AS UINTEGER) AS person FROM assigned_${index} JOIN surrogates USING (person) ORDER BY place)
     TO ${sqlText(partial)} (FORMAT parquet)`,
  );
  await publishFile(context.disk, partial, path);
}

async function writeTable(
  database: Database,
  index: number,
  layout: Layout,
  { folder }: LoadInput,
  context: TaskContext,
): Promise<void> {
  const path = roomTablePath(folder, index);
  const partial = partialName(path, context.taskId);
  const columns = layout.columns.map((column, i) =>
    column.kind === 'code'
      ? `[${column.values.map(sqlText).join(', ')}][c${i} + 1] AS ${sqlName(column.name)}`
      : `c${i} AS ${sqlName(column.name)}`,
  );
  const person = `CAST(s.number AS UINTEGER) AS ${sqlName(layout.person)}`;
  await database.run(
    `COPY (SELECT ${[person, ...columns].join(', ')} FROM ${rawTable(index)} r
       JOIN assigned_${index} m USING ("row") JOIN surrogates s USING (person) ORDER BY s.number)
     TO ${sqlText(partial)} (FORMAT parquet)`,
  );
  await publishFile(context.disk, partial, path);
}
