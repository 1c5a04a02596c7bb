/**
 * The rows that an owner brings to a room, packed as the agreement lays them out: pseudonyms and the listed columns, in an order that says
 * nothing of the file's. What a column's rule does not allow stops it here, before anything leaves.
 */
import { readFile } from 'node:fs/promises';
import {
  columnBytes,
  type Layout,
  type LayoutColumn,
  nullCode,
  nullKey,
  nullNumber,
} from '@causeway/core/applications/room';
import { parquetTable, sqlName, sqlText } from '../database.ts';
import { type Dataset, missingColumn, openDataset } from '../dataset.ts';
import { writeFileWhole } from '../disk.ts';
import { DataError, systemError } from '../errors.ts';
import type { TaskContext } from '../task.ts';
import { columnWords } from '../words.ts';
import { placeColumn } from './encode-places.ts';

export interface EncodeInput {
  /** A dataset file that `importDataset` wrote, and the hash that the import reported. */
  readonly parquet: string;
  readonly sha256: string;
  readonly layout: Layout;
  /** For each column of the layout, the column of the dataset that fills it, by its name there; of a place that of latitudes, and that of longitudes. */
  readonly columns: readonly { readonly column: string; readonly longitude?: string }[];
  /** For each kind of identifier a file with 16 bytes for each row of the dataset, zeros where it has none. */
  readonly pseudonyms: readonly string[];
  /** Orders the rows, and the numbers of keys: 32 random bytes in hexadecimal, of one upload. */
  readonly orderSecret: string;
  readonly to: string;
  /** Where the dataset's row numbers go in the order of `to`, 32-bit, little-endian: whoever is given places of it finds its rows by them. */
  readonly rowsByPlace?: string;
}

export interface EncodeReport {
  readonly rows: number;
}

const pseudonymBytes = 16;
const bufferRows = 2 ** 14;

/** @throws {DataError} `missing-column`; `wrong-form` for a column that is not of its rule's kind, `value-not-allowed` with how many rows. */
export async function encodeRoomTable(input: EncodeInput, context: TaskContext): Promise<EncodeReport> {
  const dataset = await openDataset(input, context);
  try {
    const columns: SourceColumn[] = [];
    for (const [i, column] of input.layout.columns.entries()) {
      const { column: name, longitude = '' } = input.columns[i]!;
      if (column.kind !== 'place') columns.push(sourceOf(column, name, dataset, input));
      else columns.push(await placeColumn(dataset, { column, latitude: name, longitude, table: `places_${i}` }, input));
    }
    await checkValues(dataset, input, columns);
    const pseudonyms = await Promise.all(input.pseudonyms.map((path) => readPseudonyms(path, dataset.rowCount)));
    return await writeRows({ dataset, input, columns, pseudonyms }, context);
  } finally {
    dataset.close();
  }
}

type KeyColumn = Extract<LayoutColumn, { readonly kind: 'key' }>;

export interface SourceColumn {
  readonly column: LayoutColumn;
  /** SQL of the packed value: a UINTEGER code or key, or a BIGINT. */
  readonly packed: string;
  /** SQL that is true where the rule forbids the value. */
  readonly forbidden: string;
  /** A table with `row` that `packed` reads beside the dataset. */
  readonly joined?: string;
}

function sourceOf(
  column: Exclude<LayoutColumn, { readonly kind: 'place' }>,
  name: string,
  { description }: Dataset,
  input: EncodeInput,
): SourceColumn {
  const attribute = description.attributes.find((one) => one.name === name);
  if (!attribute)
    throw missingColumn(
      input.parquet,
      name,
      description.attributes.map((one) => one.name),
    );
  const value = sqlName(name);
  switch (column.kind) {
    case 'code': {
      const place = `coalesce(list_position([${column.values.map(sqlText).join(', ')}], CAST(${value} AS VARCHAR)), 0)`;
      return {
        column,
        packed: `CAST(CASE WHEN ${value} IS NULL THEN ${nullCode} ELSE ${place} - 1 END AS UINTEGER)`,
        forbidden: `${missing(column, value)} OR (${value} IS NOT NULL AND ${place} = 0)`,
      };
    }
    case 'number':
      if (attribute.type !== 'integer') {
        throw new DataError(
          'wrong-form',
          `${input.parquet}, column ${JSON.stringify(name)} is a ${attribute.type}. A room takes whole numbers: money in its smallest unit, a time in seconds since 1970.`,
          { column: name },
        );
      }
      return {
        column,
        packed: `coalesce(CAST(${value} AS BIGINT), CAST(${nullNumber} AS BIGINT))`,
        forbidden: `${missing(column, value)} OR ${value} NOT BETWEEN ${column.min} AND ${column.max}`,
      };
    case 'key': {
      const text = `nullif(CAST(${value} AS VARCHAR), '')`;
      return {
        column,
        packed: keySql(column.name, text, input.orderSecret),
        forbidden: `${text} IS NULL AND NOT ${exemptSql(column, input)}`,
      };
    }
  }
}

function missing({ isNullable }: { readonly isNullable: boolean }, value: string): string {
  return isNullable ? 'false' : `${value} IS NULL`;
}

/** A number for each distinct value in the order of its hash under a secret that nobody keeps: not of the values, nor of the file. */
function keySql(name: string, text: string, secret: string): string {
  const drawn = `sha256(${sqlText(`${secret} ${name} `)} || ${text})`;
  return `CAST(CASE WHEN ${text} IS NULL THEN ${nullKey} ELSE dense_rank() OVER (ORDER BY ${drawn} NULLS LAST) END AS UINTEGER)`;
}

/** Whether a row may be without a key. */
function exemptSql({ exempt }: KeyColumn, { layout, columns }: EncodeInput): string {
  const other = exempt && layout.columns[exempt.column];
  if (other?.kind !== 'code') return 'false';
  const values = exempt!.codes.map((code) => sqlText(other.values[code]!));
  return `coalesce(list_contains([${values.join(', ')}], CAST(${sqlName(columns[exempt!.column]!.column)} AS VARCHAR)), false)`;
}

/** A value that a rule forbids is not dropped in silence: the owner mends the data or the agreement. */
async function checkValues(dataset: Dataset, input: EncodeInput, columns: readonly SourceColumn[]): Promise<void> {
  if (columns.length === 0) return;
  const counts = columns.map(({ forbidden }) => `count(*) FILTER (WHERE ${forbidden})`).join(', ');
  const [row = []] = await dataset.database.rows(`SELECT ${counts} FROM ${parquetTable(dataset.path)}`);
  const at = row.findIndex((count) => Number(count) > 0);
  if (at < 0) return;
  const name = input.columns[at]!.column;
  throw new DataError(
    'value-not-allowed',
    `Column ${JSON.stringify(name)}: ${Number(row[at])} rows hold a value that the rule of ${JSON.stringify(columns[at]!.column.name)} does not allow, or none where it asks for one. Mend the data, or agree on another rule; nothing was uploaded.`,
    { column: name },
  );
}

async function readPseudonyms(path: string, rowCount: number): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error) => {
    throw systemError(error, path, 'reading it');
  });
  if (bytes.length === rowCount * pseudonymBytes) return bytes;
  throw new DataError('stored-data-damaged', `${path} has not one pseudonym for each row; run the agreement again.`, {
    path,
  });
}

async function writeRows(
  of: {
    readonly dataset: Dataset;
    readonly input: EncodeInput;
    readonly columns: readonly SourceColumn[];
    readonly pseudonyms: readonly Uint8Array[];
  },
  context: TaskContext,
): Promise<EncodeReport> {
  const { dataset, input, columns } = of;
  const { rowBytes } = input.layout;
  const writer = await writeFileWhole(context.disk, input.to, context.taskId);
  const { rowsByPlace } = input;
  const places =
    rowsByPlace === undefined ? undefined : await writeFileWhole(context.disk, rowsByPlace, context.taskId);
  try {
    const packed = Buffer.alloc(bufferRows * rowBytes);
    let filled = 0;
    let rows = 0;
    const flush = async () => {
      await writer.write(Uint8Array.from(packed.subarray(0, filled)));
      filled = 0;
    };
    for await (const chunk of dataset.database.chunks(rowsSql(dataset.path, columns, input.orderSecret))) {
      if (filled + chunk.rowCount * rowBytes > packed.length) await flush();
      packRows(packed, filled, chunk, of);
      await places?.write(bytesOfWords(columnWords(chunk, 0, 1)));
      filled += chunk.rowCount * rowBytes;
      rows += chunk.rowCount;
      context.onProgress({ stage: 'writing', done: rows, total: dataset.rowCount, unit: 'rows', rows });
    }
    await flush();
    await places?.finish();
    await writer.finish();
    return { rows };
  } catch (error) {
    await places?.discard();
    await writer.discard();
    throw error;
  }
}

/** A copy: the chunk's memory is used again. */
function bytesOfWords(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.slice().buffer);
}

function rowsSql(path: string, columns: readonly SourceColumn[], orderSecret: string): string {
  const values = columns.map(({ packed }) => packed);
  const joins = columns.flatMap(({ joined }) => (joined === undefined ? [] : [`JOIN ${joined} USING ("row")`]));
  return `SELECT ${['CAST("row" AS UINTEGER)', ...values].join(', ')} FROM ${parquetTable(path)} ${joins.join(' ')}
    ORDER BY sha256(${sqlText(orderSecret)} || CAST("row" AS VARCHAR))`;
}

type Chunk = Parameters<typeof columnWords>[0];

function packRows(
  packed: Buffer,
  start: number,
  chunk: Chunk,
  of: {
    readonly columns: readonly SourceColumn[];
    readonly input: EncodeInput;
    readonly pseudonyms: readonly Uint8Array[];
  },
): void {
  const { rowBytes } = of.input.layout;
  const numbers = columnWords(chunk, 0, 1);
  for (const [kind, all] of of.pseudonyms.entries()) {
    for (let i = 0; i < chunk.rowCount; i++) {
      const from = numbers[i]! * pseudonymBytes;
      packed.set(all.subarray(from, from + pseudonymBytes), start + i * rowBytes + kind * pseudonymBytes);
    }
  }
  let offset = of.pseudonyms.length * pseudonymBytes;
  for (const [at, { column }] of of.columns.entries()) {
    const words = columnWords(chunk, at + 1, columnBytes(column) === 8 ? 2 : 1);
    for (let i = 0; i < chunk.rowCount; i++) {
      const to = start + i * rowBytes + offset;
      switch (column.kind) {
        case 'code':
          packed.writeUInt16LE(words[i]!, to);
          break;
        case 'number':
        case 'place':
          packed.writeUInt32LE(words[2 * i]!, to);
          packed.writeUInt32LE(words[2 * i + 1]!, to + 4);
          break;
        case 'key':
          packed.writeUInt32LE(words[i]!, to);
      }
    }
    offset += columnBytes(column);
  }
}
