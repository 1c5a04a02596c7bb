/** A workbook's sheet as a table: its header, its first rows, and then all its rows. */
import type { Sentence } from '@causeway/core/identifiers';
import { DataError } from '../../errors.ts';
import { looksLikeHeader } from '../dialect.ts';
import { noRows, type ReadChoices, type WorkbookLayout } from '../layout.ts';
import { limits } from '../limits.ts';
import type { ZipEntry } from '../zip.ts';
import { readSharedStrings, type SharedStrings } from './shared-strings.ts';
import { readSheet, type SheetRow } from './sheet.ts';
import { openWorkbook, type Workbook } from './workbook.ts';

export interface OpenedSheet {
  readonly path: string;
  readonly workbook: Workbook;
  readonly strings: SharedStrings;
  readonly entry: ZipEntry;
  readonly layout: WorkbookLayout;
}

export interface DetectedSheet extends OpenedSheet {
  /** The first data rows. */
  readonly rows: readonly (readonly string[])[];
  readonly rowsEstimate: number;
  readonly isExact: boolean;
  readonly warnings: readonly Sentence[];
}

const sampleRows = 1_000;

/** Opens a sheet again as it was understood before. @throws {DataError} `workbook-damaged`, `missing-column` for a sheet that is gone. */
export async function openSheet(
  entries: readonly ZipEntry[],
  path: string,
  layout: WorkbookLayout,
): Promise<OpenedSheet> {
  const workbook = await openWorkbook(entries, path);
  const strings = await readSharedStrings(workbook.sharedStrings, path);
  return { path, workbook, strings, entry: chosenSheet(workbook, path, layout.sheet).entry, layout };
}

/** @throws {DataError} `empty`, `workbook-damaged`; `missing-column` for a sheet that is not there. */
export async function detectSheet(
  entries: readonly ZipEntry[],
  path: string,
  choices: ReadChoices,
): Promise<DetectedSheet> {
  const workbook = await openWorkbook(entries, path);
  const strings = await readSharedStrings(workbook.sharedStrings, path);
  const { name, entry } = chosenSheet(workbook, path, choices.sheet);
  const sample: { number: number; cells: string[] }[] = [];
  let bytes = 0;
  let isWhole = true;
  const handlers = {
    row: ({ number, cells }: SheetRow) => void sample.push({ number, cells: Array.from(cells, (cell) => cell ?? '') }),
  };
  for await (const bytesSoFar of readSheet({ entry, workbook, strings, path }, handlers)) {
    bytes = bytesSoFar;
    isWhole = sample.length <= sampleRows;
    if (!isWhole) break;
  }
  const [first] = sample;
  if (first === undefined) throw noRows(path, `the sheet ${JSON.stringify(name)} is empty`);
  const hasHeader = choices.header ?? looksLikeHeader(first.cells);
  const width = hasHeader ? first.cells.length : Math.max(...sample.map(({ cells }) => cells.length));
  const headerRow = hasHeader ? first.number : first.number - 1;
  const layout: WorkbookLayout = {
    format: 'xlsx',
    sheet: name,
    headerRow,
    columns: Array.from({ length: width }, (_, i) => (hasHeader ? (first.cells[i] ?? '').trim() : `column${i + 1}`)),
  };
  const data = hasHeader ? sample.slice(1) : sample;
  const last = sample.at(-1)!.number;
  return {
    path,
    workbook,
    strings,
    entry,
    layout,
    rows: data.map(({ cells }) => cells),
    rowsEstimate: isWhole ? last - headerRow : Math.round(((last - headerRow) * entry.unpackedBytes) / bytes),
    isExact: isWhole,
    warnings: warnings(workbook, name),
  };
}

/** What `feedSheet` calls; a row that the sheet leaves out is empty. */
export interface SheetSink {
  /** @param cells by column of the layout; @param number as the spreadsheet counts. */
  row(cells: readonly (string | undefined)[], formulas: readonly boolean[], number: number): void;
  emptyRow(): void;
}

/** Gives every data row in order to the sink. Yields the bytes of the sheet so far; throws as `readSheet`. */
export async function* feedSheet(sheet: OpenedSheet, sink: SheetSink): AsyncGenerator<number> {
  let next = sheet.layout.headerRow + 1;
  yield* readSheet(sheet, {
    row: ({ number, cells, formulas }) => {
      if (number < next) return;
      if (number - next > limits.emptyRows) throw afterEmptyRows(sheet.path, number);
      for (; next < number; next++) sink.emptyRow();
      next += 1;
      sink.row(cells, formulas, number);
    },
  });
}

function afterEmptyRows(path: string, row: number): DataError {
  return new DataError(
    'bad-row',
    `${path}: row ${row} stands after more than ${limits.emptyRows} empty rows. Delete it if it is there by accident.`,
    {
      path,
      row,
      limit: limits.emptyRows,
    },
  );
}

function chosenSheet(workbook: Workbook, path: string, name: string | undefined): { name: string; entry: ZipEntry } {
  const sheet = name === undefined ? workbook.sheets[0] : workbook.sheets.find((candidate) => candidate.name === name);
  if (sheet !== undefined) return sheet;
  const names = workbook.sheets.map((candidate) => JSON.stringify(candidate.name)).join(', ');
  throw new DataError('missing-column', `${path} has no visible sheet ${JSON.stringify(name)}. It has ${names}.`, {
    path,
  });
}

function warnings(workbook: Workbook, chosen: string): Sentence[] {
  const found: Sentence[] = [];
  const { length } = workbook.sheets;
  if (length > 1) {
    found.push({
      en: `only the sheet ${JSON.stringify(chosen)} is read; the workbook has ${length}`,
      zh: `只读取工作表 ${JSON.stringify(chosen)}；该文件共有 ${length} 个工作表`,
    });
  }
  if (workbook.hasMacros) found.push({ en: 'the workbook has macros; they are not run', zh: '文件含宏；不会运行' });
  if (workbook.hasExternalLinks) {
    found.push({ en: 'the workbook refers to other files; they are not opened', zh: '文件引用其他文件；不会打开' });
  }
  return found;
}
