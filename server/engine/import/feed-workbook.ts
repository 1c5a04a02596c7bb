/** Reads the rows of a workbook's sheet as `CleanRows`. An identifier that is a formula stops the import, with its cell [F15]. */
import { columnLetters } from '@causeway/core/workbook';
import { cancelled } from '../database.ts';
import { DataError } from '../errors.ts';
import { noRows } from '../read/layout.ts';
import { hashSource, type Source } from '../read/source.ts';
import { feedSheet, type OpenedSheet } from '../read/workbook.ts';
import type { TaskContext } from '../task.ts';
import type { Selection } from './columns.ts';
import type { RowsSink } from './feed.ts';

export interface FedWorkbook {
  readonly sha256: string;
  /** Per attribute: cells whose stored result was taken instead of a value. */
  readonly formulaCounts: readonly number[];
}

/** @throws {DataError} `formula-in-id`, `empty`, `workbook-damaged`. */
export async function feedWorkbook(
  file: { readonly source: Source; readonly sheet: OpenedSheet; readonly selection: Selection },
  sink: RowsSink,
  context: Pick<TaskContext, 'signal' | 'onProgress'>,
): Promise<FedWorkbook> {
  const { source, sheet, selection } = file;
  const { path } = source;
  const { rows } = sink;
  const { indexes } = selection;
  const idCount = selection.ids.length;
  const formulaCounts = selection.attributes.map(() => 0);
  const sheetSink = {
    row: (cells: readonly (string | undefined)[], formulas: readonly boolean[], number: number) => {
      rows.beginRow();
      for (let i = 0; i < indexes.length; i++) {
        const index = indexes[i]!;
        if (formulas[index]) {
          if (i < idCount) throw formulaInId(path, sheet.layout.sheet, index, number, selection.ids[i]!.column);
          formulaCounts[i - idCount]! += 1;
        }
        const text = Buffer.from(cells[index] ?? '');
        rows.field(text, 0, text.length);
      }
      rows.endRow();
    },
    emptyRow: () => rows.emptyRow(indexes.length),
  };
  const sha256 = await hashSource(source);
  const total = sheet.part.unpackedBytes;
  for await (const done of feedSheet(sheet, sheetSink)) {
    if (context.signal.aborted) throw cancelled();
    await sink.flush();
    context.onProgress({ stage: 'reading', done, total, unit: 'bytes', rows: rows.rowCount });
  }
  await sink.flush();
  if (rows.rowCount === 0)
    throw noRows(path, `the sheet ${JSON.stringify(sheet.layout.sheet)} has nothing after its header`);
  return { sha256, formulaCounts };
}

function formulaInId(path: string, sheet: string, index: number, row: number, column: string): DataError {
  return new DataError(
    'formula-in-id',
    `${path}, sheet ${JSON.stringify(sheet)}, cell ${columnLetters(index)}${row}: an identifier is a formula, and formulas are not computed. Copy the column and paste it as values.`,
    { path, row, column },
  );
}
