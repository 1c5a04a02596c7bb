/**
 * Delivered lines, brought to the own rows: every line is read here by hand, for it was written by somebody else, and becomes text in a Parquet file with
 * the row's number.
 */
import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { DuckDBDataChunk, UINTEGER, VARCHAR } from '@duckdb/node-api';
import { Database, sqlText } from '../database.ts';
import { partialName, publishFile } from '../disk.ts';
import { DataError } from '../errors.ts';
import { loadPairs } from '../row-list.ts';
import type { TaskContext } from '../task.ts';

export interface TakeInput {
  /** One line for each identifier: a JSON array of `columns` texts or nulls. */
  readonly lines: string;
  readonly lineCount: number;
  readonly columns: number;
  readonly valueCharactersMax: number;
  /** A file of (own row, number of its identifier), 32-bit, little-endian. */
  readonly pairs: string;
  /** Becomes Parquet: `row`, and `c0`, `c1`, … as text. */
  readonly to: string;
}

export interface TakeReport {
  /** Own rows that have values now. */
  readonly rows: number;
}

const chunkRows = 2048;

/** @throws {DataError} `wrong-form` for lines that are not what was agreed; nothing of them is repeated. */
export async function takeColumns(input: TakeInput, context: TaskContext): Promise<TakeReport> {
  const { columns, lineCount, to } = input;
  const names = Array.from({ length: columns }, (_, i) => `c${i}`);
  const partial = partialName(to, context.taskId);
  const database = await Database.open(context, { files: [], folders: [dirname(to)] });
  try {
    await loadPairs(database, input.pairs);
    await database.run(
      `CREATE TEMP TABLE taken (number UINTEGER, ${names.map((name) => `${name} VARCHAR`).join(', ')})`,
    );
    const count = await append(database, input);
    if (count !== lineCount) throw wrongForm(`${count < lineCount ? 'fewer' : 'more'} lines came than were said`);
    await database.run(
      `COPY (SELECT "row", ${names.join(', ')} FROM pairs JOIN taken USING (number) ORDER BY "row") TO ${sqlText(partial)} (FORMAT parquet)`,
    );
    const [[rows] = []] = await database.rows('SELECT count(*) FROM pairs JOIN taken USING (number)');
    await publishFile(context.disk, partial, to);
    return { rows: Number(rows) };
  } finally {
    database.close();
  }
}

async function append(database: Database, { lines: path, columns, valueCharactersMax }: TakeInput): Promise<number> {
  const appender = await database.connection.createAppender('taken', null, 'temp');
  const types = [UINTEGER, ...Array.from({ length: columns }, () => VARCHAR)];
  let rows: (readonly (string | null)[])[] = [];
  let count = 0;
  const flush = () => {
    if (rows.length === 0) return;
    const chunk = DuckDBDataChunk.create(types, rows.length);
    const from = count - rows.length;
    chunk.setColumnValues(
      0,
      rows.map((_, i) => from + i),
    );
    for (let column = 0; column < columns; column++)
      chunk.setColumnValues(
        column + 1,
        rows.map((row) => row[column]!),
      );
    appender.appendDataChunk(chunk);
    rows = [];
  };
  for await (const line of linesOf(path)) {
    rows.push(valuesOf(line, columns, valueCharactersMax));
    count += 1;
    if (rows.length === chunkRows) flush();
  }
  flush();
  appender.closeSync();
  return count;
}

/** Lines end with a line feed, which stands in no JSON text. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of createReadStream(path, { encoding: 'utf8' })) {
    const lines = (rest + (text as string)).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') throw wrongForm('the last line has no end');
}

function valuesOf(line: string, columns: number, valueCharactersMax: number): readonly (string | null)[] {
  const values = parsed(line);
  const isValue = (value: unknown) =>
    value === null || (typeof value === 'string' && value.isWellFormed() && [...value].length <= valueCharactersMax);
  if (Array.isArray(values) && values.length === columns && values.every(isValue)) return values;
  throw wrongForm('a line does not hold the agreed columns');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function wrongForm(why: string): DataError {
  return new DataError('wrong-form', `What was delivered is not what was agreed: ${why}. Nothing of it was kept.`);
}
