/** Looks at a file without taking anything from it: what it is, what its columns look like, what to look out for. */
import { detectText, firstRowNumber, type Layout, type ReadChoices } from '../read/layout.ts';
import { type FileIdentity, openSource } from '../read/source.ts';
import { openContent } from '../read/unpack.ts';
import type { TaskContext } from '../task.ts';
import { type ColumnReport, reportColumn } from './column.ts';

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
  /** About the file as a whole. */
  readonly warnings: readonly string[];
}

/** @throws {DataError} for a file that could not be imported at all. */
export async function inspect(input: InspectInput, _context: TaskContext): Promise<FileReport> {
  const source = await openSource(input.path);
  try {
    const content = await openContent(source);
    if (content.kind !== 'text') throw new Error('not yet');
    const { layout, rows, rowsEstimate, isExact } = await detectText(content.text, source.path, input.choices ?? {});
    return {
      path: source.path,
      identity: source.identity,
      layout,
      firstRowNumber: firstRowNumber(layout),
      rows: { count: rowsEstimate, isExact },
      columns: layout.columns.map((name, i) => reportColumn(name, rows, i, layout.columns)),
      warnings: [],
    };
  } finally {
    await source.close();
  }
}
