/**
 * CSV for people: UTF-8 with a byte order mark, so that Excel and WPS read it right, and no cell that they would run as a formula [F14].
 */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type Database, sqlName, sqlText } from '../database.ts';
import { type FileWriter, fail } from '../disk.ts';
import type { TaskContext } from '../task.ts';

/** What begins a formula, also in its full-width form, and what a spreadsheet drops before it looks. */
const formulaStarts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'] as const;

export interface CsvColumn {
  readonly name: string;
  /** An SQL expression of type VARCHAR. */
  readonly sql: string;
  /** Numbers and dates of the engine's own making cannot be formulas, and −5 should stay a number. */
  readonly isText: boolean;
}

/** Writes the byte order mark and the header. */
export async function writeCsvHeader(columns: readonly Pick<CsvColumn, 'name'>[], writer: FileWriter): Promise<void> {
  await writer.write(Buffer.from(`\ufeff${csvLine(columns.map(({ name }) => escapeFormula(name)))}`));
}

/**
 * Writes the rows of a relation.
 * @param table.from what stands after FROM; what `columns` and `order` refer to is there.
 * @returns how many cells got an apostrophe before them.
 */
export async function writeCsvRows(
  database: Database,
  table: { readonly columns: readonly CsvColumn[]; readonly from: string; readonly order: string },
  writer: FileWriter,
  context: TaskContext,
): Promise<number> {
  const { columns, from } = table;
  const body = join(context.folder, 'body.csv');
  const cells = columns.map(({ sql, isText }, i) => `${isText ? escapedSql(sql) : sql} AS c${i}`);
  await database.run(
    `COPY (SELECT ${cells.join(', ')} FROM ${from} ORDER BY ${table.order}) TO ${sqlText(body)} (FORMAT csv, HEADER false, QUOTE '"', ESCAPE '"')`,
  );
  const escaped = columns.filter(({ isText }) => isText).map(({ sql }) => `count(*) FILTER (${startsFormula(sql)})`);
  const [counts = []] = escaped.length === 0 ? [] : await database.rows(`SELECT ${escaped.join(', ')} FROM ${from}`);
  await appendFile(body, writer, context);
  return counts.reduce<number>((sum, count) => sum + Number(count), 0);
}

/** Appends what the database wrote into the task's folder, and removes it there. */
export async function appendFile(body: string, writer: FileWriter, context: TaskContext): Promise<void> {
  try {
    for await (const chunk of createReadStream(body, { highWaterMark: 1024 * 1024 })) {
      await writer.write(chunk as Uint8Array);
    }
  } catch (error) {
    await fail(context.disk, error, body, 'reading it');
  }
  await context.disk.remove(body);
}

/** One line, cells quoted where they need it. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}

export function isFormula(cell: string): boolean {
  return formulaStarts.some((start) => cell.startsWith(start));
}

export function escapeFormula(cell: string): string {
  return isFormula(cell) ? `'${cell}` : cell;
}

function escapedSql(sql: string): string {
  return `CASE WHEN ${startsFormula(sql)} THEN '''' || ${sql} ELSE ${sql} END`;
}

function startsFormula(sql: string): string {
  return `coalesce(left(${sql}, 1) IN (${formulaStarts.map(sqlText).join(', ')}), false)`;
}

/** A stored column as text. */
export function textColumn(name: string, isText: boolean): CsvColumn {
  return { name, sql: isText ? sqlName(name) : `CAST(${sqlName(name)} AS VARCHAR)`, isText };
}
