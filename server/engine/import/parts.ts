/** Reads a file of any kind into parts: normalised and counted, chunk by chunk, not yet one dataset. */
import { join } from 'node:path';
import type { Database } from '../database.ts';
import { requireSpace } from '../disk.ts';
import { DataError } from '../errors.ts';
import { isUncertainUtf8 } from '../read/encoding.ts';
import { detectText, firstRowNumber, type Layout, type TextLayout } from '../read/layout.ts';
import { asUnreadable, describeParquet, parquetRelation } from '../read/parquet.ts';
import { hashSource, type Source } from '../read/source.ts';
import type { TextBytes } from '../read/unpack.ts';
import { detectSheet } from '../read/workbook.ts';
import type { ZipEntry } from '../read/zip.ts';
import type { TaskContext } from '../task.ts';
import { badJsonRows, type CleanFile, cleanRelation, jsonRelation, normaliseChunk } from './chunk.ts';
import { ChunkFiles } from './chunk-files.ts';
import { type Selection, selectColumns } from './columns.ts';
import { feedText, type RowsSink } from './feed.ts';
import { type FedWorkbook, feedWorkbook } from './feed-workbook.ts';
import { requireDeclaredForm } from './hash-check.ts';
import { rowGroupRows } from './merge.ts';
import { Statistics } from './statistics.ts';
import type { ImportInput } from './types.ts';

/** Everything read and normalised, not yet one file. */
export interface Parts {
  readonly files: readonly string[];
  readonly layout: Layout;
  readonly selection: Selection;
  readonly statistics: Statistics;
  readonly rowCount: number;
  readonly rowGroupRows: number;
  readonly sha256: string;
  /** Per attribute; of workbooks only. */
  readonly formulaCounts: readonly number[];
}

export async function readText(
  database: Database,
  source: Source,
  text: TextBytes,
  input: ImportInput,
  context: TaskContext,
): Promise<Parts> {
  const detected = await detectText(text, source.path, input.choices ?? {});
  const bytesPerRow = text.bytesEstimate / Math.max(1, detected.rowsEstimate);
  const read = (layout: TextLayout) => readTextAs(database, { source, text, layout, bytesPerRow }, input, context);
  await requireImportSpace(text.bytesEstimate, input, context);
  try {
    return await read(detected.layout);
  } catch (error) {
    // Plain ASCII at first, something else later: GB18030 is the other encoding that such files come in.
    if (!isUncertainUtf8(error, detected.layout.encoding)) throw error;
    const layout: TextLayout = { ...detected.layout, encoding: { encoding: 'gb18030', markBytes: 0, certain: true } };
    return read(layout).catch((second) => {
      throw second instanceof DataError && second.code === 'bad-encoding' ? error : second;
    });
  }
}

async function readTextAs(
  database: Database,
  file: {
    readonly source: Source;
    readonly text: TextBytes;
    readonly layout: TextLayout;
    readonly bytesPerRow: number;
  },
  input: ImportInput,
  context: TaskContext,
): Promise<Parts> {
  const { source, layout } = file;
  const selection = selectColumns(input, layout.columns);
  const columnCount = selection.indexes.length;
  const relation = (chunk: CleanFile) =>
    layout.format === 'jsonl'
      ? jsonChunk(database, chunk, selection, layout, source.path)
      : cleanRelation(chunk, columnCount);
  return readChunks(
    database,
    { path: source.path, layout, selection, relation, bytesPerRow: file.bytesPerRow },
    context,
    async (sink) => {
      return { sha256: await feedText({ ...file, columns: selection.indexes }, sink, context), formulaCounts: [] };
    },
  );
}

export async function readWorkbook(
  database: Database,
  source: Source,
  entries: readonly ZipEntry[],
  input: ImportInput,
  context: TaskContext,
): Promise<Parts> {
  const { path } = source;
  const sheet = await detectSheet(entries, path, input.choices ?? {});
  const selection = selectColumns(input, sheet.layout.columns);
  await requireImportSpace(sheet.part.unpackedBytes, input, context);
  const relation = (chunk: CleanFile) => cleanRelation(chunk, selection.indexes.length);
  const bytesPerRow = sheet.part.unpackedBytes / Math.max(1, sheet.rowsEstimate);
  return readChunks(database, { path, layout: sheet.layout, selection, relation, bytesPerRow }, context, (sink) =>
    feedWorkbook({ source, sheet, selection }, sink, context),
  );
}

/** Feeds clean rows to DuckDB chunk by chunk. */
async function readChunks(
  database: Database,
  table: {
    readonly path: string;
    readonly layout: Layout;
    readonly selection: Selection;
    readonly relation: (chunk: CleanFile) => string | Promise<string>;
    readonly bytesPerRow: number;
  },
  context: TaskContext,
  feed: (sink: RowsSink) => Promise<FedWorkbook>,
): Promise<Parts> {
  const { path, layout, selection } = table;
  const statistics = new Statistics({ ids: selection.ids.length, attributes: selection.attributes.length });
  const groupRows = rowGroupRows(selection.indexes.length, table.bytesPerRow);
  const files: string[] = [];
  const file = { path, firstRowNumber: firstRowNumber(layout) };
  const chunks = new ChunkFiles(context, async (chunk, index) => {
    const part = join(context.folder, `part-${index}.parquet`);
    const relation = await table.relation(chunk);
    await normaliseChunk(database, { relation, part, selection, rowGroupRows: groupRows }, statistics);
    files.push(part);
    if (index === 0) requireForms(selection, statistics, chunk.rowsSoFar, file);
  });
  try {
    const { sha256, formulaCounts } = await feed(chunks);
    await chunks.finish();
    const { rowCount } = chunks.rows;
    requireForms(selection, statistics, rowCount, file);
    return { files, layout, selection, statistics, rowCount, rowGroupRows: groupRows, sha256, formulaCounts };
  } catch (error) {
    await chunks.abandon();
    throw error;
  }
}

async function jsonChunk(
  database: Database,
  chunk: CleanFile,
  selection: Selection,
  layout: TextLayout,
  path: string,
): Promise<string> {
  const [[bad] = []] = await database.rows(badJsonRows(chunk));
  if (bad !== null && bad !== undefined) {
    const row = Number(bad) + 1;
    throw new DataError('bad-row', `${path}: line ${row} is not a JSON object. Correct that line and try again.`, {
      path,
      row,
    });
  }
  return jsonRelation(
    chunk,
    Array.from(selection.indexes, (index) => layout.columns[index]!),
  );
}

export async function readParquet(
  database: Database,
  source: Source,
  input: ImportInput,
  context: TaskContext,
): Promise<Parts> {
  const { path } = source;
  const { layout, types, rowCount } = await describeParquet(database, source);
  const selection = selectColumns(input, layout.columns);
  for (const { column, index } of selection.ids) {
    if (!/^(VARCHAR|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|UUID|ENUM)/.test(types[index]!)) {
      throw new DataError(
        'wrong-form',
        `${path}, column ${JSON.stringify(column)}: its type is ${types[index]}; an identifier must be text. Write the column as text.`,
        { path, column },
      );
    }
  }
  await requireImportSpace(source.identity.bytes * 3, input, context);
  const sha256 = await hashSource(source, (done) =>
    context.onProgress({ stage: 'reading', done, total: source.identity.bytes, unit: 'bytes', rows: 0 }),
  );
  const statistics = new Statistics({ ids: selection.ids.length, attributes: selection.attributes.length });
  const part = join(context.folder, 'part-0.parquet');
  const groupRows = rowGroupRows(selection.indexes.length, source.identity.bytes / rowCount);
  const relation = parquetRelation(
    source.resolvedPath,
    Array.from(selection.indexes, (index) => layout.columns[index]!),
  );
  await normaliseChunk(database, { relation, part, selection, rowGroupRows: groupRows }, statistics).catch((error) => {
    throw asUnreadable(error, path);
  });
  requireForms(selection, statistics, rowCount, { path, firstRowNumber: 1 });
  return { files: [part], layout, selection, statistics, rowCount, rowGroupRows: groupRows, sha256, formulaCounts: [] };
}

function requireForms(
  selection: Selection,
  statistics: Statistics,
  rowCount: number,
  file: { readonly path: string; readonly firstRowNumber: number },
): void {
  for (const [index, id] of selection.ids.entries()) requireDeclaredForm({ ...file, id, index }, statistics, rowCount);
}

/** Two chunks, the parts and the merged file: the parts are compressed to about half, and so is the file. */
async function requireImportSpace(bytes: number, input: ImportInput, context: TaskContext): Promise<void> {
  await requireSpace(context.disk, context.folder, Math.ceil(Math.min(2 * bytes, 192 * 1024 * 1024) + 0.7 * bytes));
  await requireSpace(context.disk, input.folder, Math.ceil(0.7 * bytes));
}
