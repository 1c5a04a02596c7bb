/** A sheet of an Excel workbook as a table, by the reader that nodes have: the same cells for the same file. */
import { detectSheet, feedSheet, isWorkbook, type Part, WorkbookError } from '@causeway/core/workbook';
import { ListError, type ListErrorCode } from './list-error.ts';
import type { ReadFile } from './table.ts';
import { zipParts } from './zip-parts.ts';

/**
 * @param options.textMax characters of the table, a delimiter for each cell included: a list that is no larger as a workbook than it may be as text.
 * @throws {ListError} `workbook-foreign`, `workbook-damaged`, `archive-hostile`, `no-rows`, `too-large`, `far-row`.
 */
export async function readWorkbook(
  file: Blob,
  options: { readonly sheet?: string; readonly textMax: number },
): Promise<ReadFile> {
  const parts = await zipParts(file);
  if (!isWorkbook(parts)) throw new ListError('workbook-foreign');
  try {
    return await readSheet(parts, options);
  } catch (error) {
    throw error instanceof WorkbookError ? listError(error) : error;
  }
}

async function readSheet(
  parts: readonly Part[],
  { textMax, ...choices }: { readonly sheet?: string; readonly textMax: number },
): Promise<ReadFile> {
  const detected = await detectSheet(parts, choices);
  const { layout, workbook } = detected;
  const { columns, hasHeader } = layout;
  const none = columns.map(() => '');
  const rows: (readonly string[])[] = [];
  const formulas = new Map<number, number>();
  let textLength = 0;
  const sink = {
    row: (cells: readonly (string | undefined)[], isFormula: readonly boolean[], number: number) => {
      const row = columns.map((_, i) => cells[i] ?? '');
      for (const cell of row) textLength += cell.length + 1;
      if (textLength > textMax) throw new ListError('too-large');
      for (const [i, found] of isFormula.entries()) if (found && !formulas.has(i)) formulas.set(i, number);
      rows.push(row);
    },
    emptyRow: () => void rows.push(none),
  };
  for await (const _ of feedSheet(detected, sink));
  if (rows.length === 0) throw new ListError('no-rows');
  return {
    table: { header: columns, hasHeader, rows, formulas },
    sheet: layout.sheet,
    sheets: workbook.sheets.map(({ name }) => name),
  };
}

const codes: Readonly<Record<WorkbookError['code'], ListErrorCode>> = {
  foreign: 'workbook-foreign',
  damaged: 'workbook-damaged',
  'too-much-text': 'too-large',
  empty: 'no-rows',
  'no-sheet': 'workbook-damaged',
  'far-row': 'far-row',
};

function listError(error: WorkbookError): ListError {
  return Object.assign(new ListError(codes[error.code], error.details.row), { cause: error });
}
