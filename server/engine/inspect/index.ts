/** Looks at a file without taking anything from it: what it is, what its columns look like, what to look out for. */
import type { Sentence } from '@causeway/core/identifiers';
import { Database } from '../database.ts';
import { detectText, firstRowNumber, type Layout, type ReadChoices } from '../read/layout.ts';
import { describeParquet, parquetRelation } from '../read/parquet.ts';
import { type FileIdentity, openSource, type Source } from '../read/source.ts';
import { openContent } from '../read/unpack.ts';
import { detectSheet } from '../read/workbook.ts';
import type { TaskContext } from '../task.ts';
import { type ColumnReport, reportColumn } from './column.ts';
import { maskValue } from './mask.ts';

export type { ColumnReport } from './column.ts';
export type { DateReading } from './dates.ts';

export interface InspectInput {
  readonly path: string;
  readonly choices?: ReadChoices;
}

export interface FileReport {
  readonly path: string;
  /** Hand it to `importDataset`, so that what was shown is what is read. */
  readonly identity: FileIdentity;
  readonly layout: Layout;
  /** The number that a person sees beside the first data row: 2 under a header, else 1. */
  readonly firstRowNumber: number;
  readonly rows: { readonly count: number; readonly isExact: boolean };
  readonly columns: readonly ColumnReport[];
  /** How the table begins, a cell for each column, every letter and digit replaced: of a wide table, its first columns. */
  readonly firstRows: readonly (readonly string[])[];
  /** About the file as a whole. */
  readonly warnings: readonly Sentence[];
}

/** A table's beginning, whatever the file's format. */
interface Beginning {
  readonly layout: Layout;
  readonly rows: readonly (readonly string[])[];
  readonly rowsEstimate: number;
  readonly isExact: boolean;
  readonly warnings: readonly Sentence[];
}

/** @throws {DataError} for a file that could not be imported at all. */
export async function inspect(input: InspectInput, context: TaskContext): Promise<FileReport> {
  const source = await openSource(input.path);
  try {
    const { layout, rows, rowsEstimate, isExact, warnings } = await beginning(source, input.choices ?? {}, context);
    return {
      path: source.path,
      identity: source.identity,
      layout,
      firstRowNumber: firstRowNumber(layout),
      rows: { count: rowsEstimate, isExact },
      columns: reportColumns(layout.columns, rows),
      firstRows: maskedRows(rows, layout.columns.length),
      warnings: rows.length > 0 ? warnings : [...warnings, { en: 'there are no data rows', zh: '没有数据行' }],
    };
  } finally {
    await source.close();
  }
}

/** A wide table is judged by fewer rows: what is looked at stays about the same. */
const cellsMax = 200_000;
const rowsMax = 1_000;
const rowsMin = 20;

const shownRows = 5;
const shownColumns = 50;

function maskedRows(rows: readonly (readonly string[])[], columnCount: number): string[][] {
  const columns = Array.from({ length: Math.min(columnCount, shownColumns) }, (_, i) => i);
  return rows.slice(0, shownRows).map((row) => columns.map((i) => maskValue(row[i] ?? '')));
}

function reportColumns(columns: readonly string[], rows: readonly (readonly string[])[]): ColumnReport[] {
  const sample = rows.slice(0, Math.max(rowsMin, Math.min(rowsMax, Math.floor(cellsMax / columns.length))));
  return columns.map((name, i) => {
    const cells = sample.map((row) => row[i] ?? '');
    return reportColumn(name, cells, columns);
  });
}

async function beginning(source: Source, choices: ReadChoices, context: TaskContext): Promise<Beginning> {
  const content = await openContent(source);
  switch (content.kind) {
    case 'text':
      return { ...(await detectText(content.text, source.path, choices)), warnings: [] };
    case 'workbook':
      return detectSheet(content.entries, source.path, choices);
    case 'parquet':
      return parquetBeginning(source, context);
  }
}

const parquetSampleRows = 1_000;

async function parquetBeginning(source: Source, context: TaskContext): Promise<Beginning> {
  const database = await Database.open(context, { files: [source.resolvedPath] });
  try {
    const { layout, rowCount } = await describeParquet(database, source);
    const sample = await database.rows(
      `${parquetRelation(source.resolvedPath, layout.columns)} LIMIT ${parquetSampleRows}`,
    );
    const rows = sample.map(([, ...cells]) => cells.map((cell) => (cell === null ? '' : String(cell))));
    return { layout, rows, rowsEstimate: rowCount, isExact: true, warnings: [] };
  } finally {
    database.close();
  }
}
