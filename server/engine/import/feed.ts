/** Reads the rows of a text file as `CleanRows`, checking on the way that it is the file and the form that was announced. */
import type { RecordView } from '@causeway/core/table';
import { cancelled } from '../database.ts';
import { DataError } from '../errors.ts';
import { DelimitedScanner } from '../read/delimited.ts';
import { decodeToUtf8 } from '../read/encoding.ts';
import { linesDialect, noRows, type TextLayout } from '../read/layout.ts';
import type { Source } from '../read/source.ts';
import type { TextBytes } from '../read/unpack.ts';
import type { TaskContext } from '../task.ts';
import type { CleanRows } from './clean-rows.ts';

/** Where clean rows go whenever some have come together. */
export interface RowsSink {
  readonly rows: CleanRows;
  /** Takes what waits in `rows`, if it is worth it. */
  flush(): Promise<void>;
}

/**
 * Feeds the chosen columns of every data row; of JSON Lines, each whole line as the one column.
 * @returns the SHA-256 of the file as it lies on the disk.
 * @throws {DataError} for the first faulty row, a text that is not in its encoding, or a file without data rows.
 */
export async function feedText(
  file: {
    readonly source: Source;
    readonly text: TextBytes;
    readonly layout: TextLayout;
    readonly columns: Int32Array;
  },
  sink: RowsSink,
  context: Pick<TaskContext, 'signal' | 'onProgress'>,
): Promise<string> {
  const { source, text, layout } = file;
  const { path } = source;
  const { rows } = sink;
  const columns = layout.format === 'jsonl' ? Int32Array.of(0) : file.columns;
  const firstData = layout.format === 'jsonl' ? 0 : layout.headerRecord + 1;
  const scanner = new DelimitedScanner({
    path,
    dialect: layout.format === 'jsonl' ? linesDialect : layout.dialect,
    startOffset: layout.encoding.markBytes,
    sink: {
      record: (record: RecordView, index: number) => {
        if (index >= firstData) rows.record(record, columns);
        else requireColumnCount(record.fieldCount, layout.columns.length, path);
      },
      emptyLine: (index: number) => {
        if (index >= firstData) rows.emptyRow(columns.length);
      },
    },
  });
  const total = source.identity.bytes;
  const reader = text.read((bytesRead) => {
    context.onProgress({ stage: 'reading', done: bytesRead, total, unit: 'bytes', rows: rows.rowCount });
  });
  for await (const chunk of decodeToUtf8(reader.chunks, layout.encoding, path)) {
    if (context.signal.aborted) throw cancelled();
    scanner.write(chunk);
    await sink.flush();
  }
  scanner.end();
  await sink.flush();
  if (rows.rowCount === 0) throw noRows(path, 'there is nothing after its header');
  if (layout.format === 'delimited') requireColumnCount(scanner.columnCount, layout.columns.length, path);
  return reader.digest();
}

function requireColumnCount(found: number, expected: number, path: string): void {
  if (found === expected) return;
  throw new DataError(
    'file-changed',
    `${path}: the file changed during reading (it has ${found} columns, not ${expected}). Start again.`,
    { path },
  );
}
