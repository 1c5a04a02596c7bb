/** A workbook's sheet as the engine reads it: core's reader, and what a person is told of a file that it does not take. */
import type { Sentence } from '@causeway/core/identifiers';
import {
  type DetectedSheet as Detected,
  detectSheet as detect,
  feedSheet as feed,
  type OpenedSheet as Opened,
  openSheet as open,
  type Part,
  type SheetSink,
  type Workbook,
  WorkbookError,
} from '@causeway/core/workbook';
import { DataError } from '../errors.ts';
import { noRows, type ReadChoices, type WorkbookLayout } from './layout.ts';

export interface OpenedSheet extends Opened {
  readonly path: string;
  readonly layout: WorkbookLayout;
}

export interface DetectedSheet extends OpenedSheet, Pick<Detected, 'rows' | 'rowsEstimate' | 'isExact'> {
  readonly layout: WorkbookLayout;
  readonly warnings: readonly Sentence[];
}

/** Opens a sheet again as it was understood before. @throws {DataError} `workbook-damaged`, `missing-column` for a sheet that is gone. */
export async function openSheet(parts: readonly Part[], path: string, layout: WorkbookLayout): Promise<OpenedSheet> {
  return told(path, async () => ({ path, ...(await open(parts, layout)) }));
}

/** @throws {DataError} `empty`, `unknown-format`, `workbook-damaged`; `missing-column` for a sheet that is not there. */
export async function detectSheet(parts: readonly Part[], path: string, choices: ReadChoices): Promise<DetectedSheet> {
  const sheet = await told(path, () => detect(parts, choices));
  const layout: WorkbookLayout = { format: 'xlsx', ...sheet.layout };
  return { path, ...sheet, layout, warnings: warnings(sheet.workbook, layout.sheet) };
}

/** Gives every data row in order to the sink. Yields the bytes of the sheet so far. @throws {DataError} `workbook-damaged`, `row-too-large`, `bad-row`. */
export async function* feedSheet(sheet: OpenedSheet, sink: SheetSink): AsyncGenerator<number> {
  try {
    yield* feed(sheet, sink);
  } catch (error) {
    throw inWords(error, sheet.path);
  }
}

async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inWords(error, path);
  }
}

function inWords(error: unknown, path: string): unknown {
  if (!(error instanceof WorkbookError)) return error;
  const { message, details } = error;
  const said = (code: DataError['code'], sentence: string) =>
    new DataError(code, sentence, { path, ...details }, { cause: error });
  switch (error.code) {
    case 'foreign':
      return said(
        'unknown-format',
        `${path} is ${message}, which is not read. Save the sheet as .xlsx or as CSV in UTF-8.`,
      );
    case 'damaged':
      return said(
        'workbook-damaged',
        `${path}: the workbook is damaged: ${message}. Open it in Excel or WPS and save it again.`,
      );
    case 'too-much-text':
      return said('row-too-large', `${path}: ${message}. Save the sheet as CSV in UTF-8.`);
    case 'empty':
      return noRows(path, message);
    case 'no-sheet':
      return said('missing-column', `${path} has ${message}.`);
    case 'far-row':
      return said('bad-row', `${path}: ${message}. Delete it if it is there by accident.`);
  }
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
