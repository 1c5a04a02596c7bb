/** A workbook's sheet as a table: its header, its first rows, and then all its rows. */
import { looksLikeHeader } from '../table/index.ts';
import { workbookLimits } from './limits.ts';
import type { Part } from './part.ts';
import { readSharedStrings, type SharedStrings } from './shared-strings.ts';
import { readSheet, type SheetRow } from './sheet.ts';
import { openWorkbook, type Workbook } from './workbook.ts';
import { WorkbookError } from './workbook-error.ts';

/** What somebody may fix instead of having it detected. */
export interface SheetChoices {
  /** By its name; the first visible sheet with rows else. */
  readonly sheet?: string;
  /** Whether the first row names the columns. */
  readonly header?: boolean;
}

/** How a sheet was understood. */
export interface SheetLayout {
  readonly sheet: string;
  /** The sheet's row that names the columns, from 1; the one before the first where none does. */
  readonly headerRow: number;
  /** Whether the first row names the columns; they are called column1, column2, … else. */
  readonly hasHeader: boolean;
  readonly columns: readonly string[];
}

export interface OpenedSheet {
  readonly workbook: Workbook;
  readonly strings: SharedStrings;
  readonly part: Part;
  readonly layout: SheetLayout;
}

export interface DetectedSheet extends OpenedSheet {
  /** The first data rows. */
  readonly rows: readonly (readonly string[])[];
  readonly rowsEstimate: number;
  readonly isExact: boolean;
}

const sampleRows = 1_000;

/** Opens a sheet again as it was understood before. @throws {WorkbookError} `damaged`; `no-sheet` for one that is gone. */
export async function openSheet<L extends SheetLayout>(
  parts: readonly Part[],
  layout: L,
): Promise<OpenedSheet & { readonly layout: L }> {
  const workbook = await openWorkbook(parts);
  const strings = await readSharedStrings(workbook.sharedStrings);
  return { workbook, strings, part: sheetNamed(workbook, layout.sheet).part, layout };
}

/** @throws {WorkbookError} `foreign`, `damaged`, `empty`; `no-sheet` for a sheet that is not there. */
export async function detectSheet(parts: readonly Part[], choices: SheetChoices): Promise<DetectedSheet> {
  const workbook = await openWorkbook(parts);
  const strings = await readSharedStrings(workbook.sharedStrings);
  const sheets = choices.sheet === undefined ? workbook.sheets : [sheetNamed(workbook, choices.sheet)];
  for (const { name, part } of sheets) {
    const beginning = await readBeginning({ workbook, strings, part });
    const [first] = beginning.rows;
    if (first !== undefined) return detected({ workbook, strings, part, name }, first, beginning, choices);
  }
  throw new WorkbookError('empty', `the sheet ${JSON.stringify(sheets[0]!.name)} is empty`);
}

interface Beginning {
  readonly rows: readonly { readonly number: number; readonly cells: readonly string[] }[];
  /** What was read of the sheet for them. */
  readonly bytes: number;
  readonly isWhole: boolean;
}

async function readBeginning(sheet: Omit<OpenedSheet, 'layout'>): Promise<Beginning> {
  const rows: { number: number; cells: string[] }[] = [];
  let bytes = 0;
  const handlers = {
    row: ({ number, cells }: SheetRow) => void rows.push({ number, cells: Array.from(cells, (cell) => cell ?? '') }),
  };
  for await (const bytesSoFar of readSheet(sheet, handlers)) {
    bytes = bytesSoFar;
    if (rows.length > sampleRows) return { rows, bytes, isWhole: false };
  }
  return { rows, bytes, isWhole: true };
}

function detected(
  { name, ...sheet }: Omit<OpenedSheet, 'layout'> & { readonly name: string },
  first: Beginning['rows'][number],
  { rows, bytes, isWhole }: Beginning,
  choices: SheetChoices,
): DetectedSheet {
  const hasHeader = choices.header ?? looksLikeHeader(first.cells);
  const width = hasHeader ? first.cells.length : Math.max(...rows.map(({ cells }) => cells.length));
  const headerRow = hasHeader ? first.number : first.number - 1;
  const columns = Array.from({ length: width }, (_, i) =>
    hasHeader ? (first.cells[i] ?? '').trim() : `column${i + 1}`,
  );
  const rowsSoFar = rows.at(-1)!.number - headerRow;
  return {
    ...sheet,
    layout: { sheet: name, headerRow, hasHeader, columns },
    rows: (hasHeader ? rows.slice(1) : rows).map(({ cells }) => cells),
    rowsEstimate: isWhole ? rowsSoFar : Math.round((rowsSoFar * sheet.part.unpackedBytes) / bytes),
    isExact: isWhole,
  };
}

/** What `feedSheet` calls; a row that the sheet leaves out is empty. */
export interface SheetSink {
  /** @param cells by column of the layout; @param number as the spreadsheet counts. */
  row(cells: readonly (string | undefined)[], formulas: readonly boolean[], number: number): void;
  emptyRow(): void;
}

/** Gives every data row in order to the sink. Yields the bytes of the sheet so far; throws as `readSheet`, and {WorkbookError} `far-row`. */
export async function* feedSheet(sheet: OpenedSheet, sink: SheetSink): AsyncGenerator<number> {
  let next = sheet.layout.headerRow + 1;
  yield* readSheet(sheet, {
    row: ({ number, cells, formulas }) => {
      if (number < next) return;
      if (number - next > workbookLimits.emptyRows) throw afterEmptyRows(number);
      for (; next < number; next++) sink.emptyRow();
      next += 1;
      sink.row(cells, formulas, number);
    },
  });
}

function afterEmptyRows(row: number): WorkbookError {
  const { emptyRows: limit } = workbookLimits;
  return new WorkbookError('far-row', `row ${row} stands after more than ${limit} empty rows`, { row, limit });
}

function sheetNamed(workbook: Workbook, name: string): Workbook['sheets'][number] {
  const sheet = workbook.sheets.find((candidate) => candidate.name === name);
  if (sheet !== undefined) return sheet;
  const names = workbook.sheets.map((candidate) => JSON.stringify(candidate.name)).join(', ');
  throw new WorkbookError('no-sheet', `no visible sheet ${JSON.stringify(name)}. It has ${names}`);
}
