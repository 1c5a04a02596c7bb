/** The chosen rows of a workbook's sheet as CSV, all columns of its header. */
import { cancelled } from '../database.ts';
import { writeFileWhole } from '../disk.ts';
import type { WorkbookLayout } from '../read/layout.ts';
import { fileChanged, hashSource, requireUnchanged, type Source } from '../read/source.ts';
import { feedSheet, openSheet } from '../read/workbook.ts';
import type { ZipEntry } from '../read/zip.ts';
import type { RowSet } from '../row-list.ts';
import type { TaskContext } from '../task.ts';
import type { CopyReport } from './copy-rows.ts';
import { csvLine, escapeFormula, isFormula } from './csv.ts';

const writeLength = 1024 * 1024;

export async function copyWorkbookRows(
  source: Source,
  entries: readonly ZipEntry[],
  job: { readonly layout: WorkbookLayout; readonly sha256: string; readonly wanted: RowSet; readonly to: string },
  context: TaskContext,
): Promise<CopyReport> {
  if ((await hashSource(source)) !== job.sha256)
    throw fileChanged(source.path, 'its hash differs from what was imported');
  const { layout } = job;
  const sheet = await openSheet(entries, source.path, layout);
  const writer = await writeFileWhole(context.disk, job.to, context.taskId);
  try {
    let row = 0;
    let rowCount = 0;
    let escapedCellCount = 0;
    let text = `\ufeff${layout.hasHeader ? csvLine(layout.columns.map(escapeFormula)) : ''}`;
    const sink = {
      row: (cells: readonly (string | undefined)[]) => {
        if (job.wanted.has(row)) {
          const line = layout.columns.map((_, i) => cells[i] ?? '');
          escapedCellCount += line.filter(isFormula).length;
          text += csvLine(line.map(escapeFormula));
          rowCount += 1;
        }
        row += 1;
      },
      emptyRow: () => {
        row += 1;
      },
    };
    for await (const done of feedSheet(sheet, sink)) {
      if (context.signal.aborted) throw cancelled();
      context.onProgress({ stage: 'writing', done, total: sheet.part.unpackedBytes, unit: 'bytes', rows: row });
      if (text.length < writeLength) continue;
      await writer.write(Buffer.from(text));
      text = '';
    }
    await writer.write(Buffer.from(text));
    await requireUnchanged(source);
    await writer.finish();
    return { rowCount, bytes: writer.length, escapedCellCount };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}
