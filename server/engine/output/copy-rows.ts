/**
 * The chosen rows of a file, as they were: bytes, order and header untouched where the file is text; as CSV in UTF-8 where it is a
 * workbook or Parquet.
 */
import { dirname } from 'node:path';
import { requireSpace } from '../disk.ts';
import type { TextLayout } from '../read/layout.ts';
import type { Reading } from '../read/reading.ts';
import { fileChanged, openSource, type Source } from '../read/source.ts';
import { openContent } from '../read/unpack.ts';
import { readRowSet } from '../row-list.ts';
import type { TaskContext } from '../task.ts';
import { copyParquetRows } from './copy-parquet.ts';
import { copyTextRows } from './copy-text.ts';
import { copyWorkbookRows } from './copy-workbook.ts';

export interface CopyInput {
  readonly path: string;
  /** How the import read the file. */
  readonly reading: Reading;
  /** A file of row numbers: 32-bit, little-endian, ascending. */
  readonly rows: string;
  readonly to: string;
}

export interface CopyReport {
  readonly rowCount: number;
  readonly bytes: number;
  /** Cells that a spreadsheet would have taken for a formula, written with an apostrophe before them; 0 where rows are copied as they are. */
  readonly escapedCellCount: number;
}

/**
 * Writes the header, if the file has one, and the chosen rows to `to`, whole or not at all.
 * @throws {DataError} `file-changed` unless the file is byte for byte what the import read.
 */
export async function copyRows(input: CopyInput, context: TaskContext): Promise<CopyReport> {
  const { reading, to } = input;
  const source = await openSource(input.path);
  try {
    if (source.identity.bytes !== reading.identity.bytes)
      throw fileChanged(input.path, 'its size differs from what was imported');
    const wanted = await readRowSet(input.rows, reading.rowCount);
    const share = wanted.count / reading.rowCount;
    await requireSpace(context.disk, dirname(to), Math.ceil(source.identity.bytes * share));
    const content = await openContent(source);
    switch (content.kind) {
      case 'text':
        return await copyTextRows(
          source,
          content.text,
          { reading, layout: textLayout(reading, source), wanted, to },
          context,
        );
      case 'parquet':
        return await copyParquetRows(source, input, context);
      case 'workbook':
        if (reading.layout.format !== 'xlsx') throw changedFormat(reading, source);
        return await copyWorkbookRows(
          source,
          content.entries,
          { layout: reading.layout, sha256: reading.sha256, wanted, to },
          context,
        );
    }
  } finally {
    await source.close();
  }
}

function textLayout({ layout }: Reading, source: Source): TextLayout {
  if (layout.format === 'delimited' || layout.format === 'jsonl') return layout;
  throw changedFormat({ layout }, source);
}

function changedFormat({ layout }: Pick<Reading, 'layout'>, source: Source): Error {
  return fileChanged(source.path, `it was ${layout.format}`);
}
