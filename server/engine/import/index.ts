/**
 * Brings a file of the owner's into the node: read, normalised, counted, and written as one Parquet file. Either all of it is there
 * at the end, or nothing.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '../database.ts';
import { fileSha256 } from '../dataset.ts';
import { fail, requireSpace } from '../disk.ts';
import { DataError } from '../errors.ts';
import { isUncertainUtf8 } from '../read/encoding.ts';
import { detectText, firstRowNumber, type Layout, type TextLayout } from '../read/layout.ts';
import { asUnreadable, describeParquet, parquetRelation } from '../read/parquet.ts';
import { fileChanged, hashSource, openSource, requireUnchanged, type Source, sameIdentity } from '../read/source.ts';
import { openContent, type TextBytes } from '../read/unpack.ts';
import type { TaskContext } from '../task.ts';
import { badJsonRows, type CleanFile, cleanRelation, jsonRelation, normaliseChunk } from './chunk.ts';
import { ChunkFiles } from './chunk-files.ts';
import { attributeProfile, type ColumnProfile, idProfile } from './column-profile.ts';
import { type Selection, selectColumns } from './columns.ts';
import { countDistinct } from './distinct.ts';
import { feedText } from './feed.ts';
import { requireDeclaredForm } from './hash-check.ts';
import { mergeParts, rowGroupRows } from './merge.ts';
import { Statistics } from './statistics.ts';
import type { AttributeReport, IdReport, ImportInput, ImportReport } from './types.ts';

export type { AttributeType } from './attribute-type.ts';
export type { ColumnProfile } from './column-profile.ts';
export type { AttributeReport, Grade, IdReport, ImportInput, ImportReport, Tally } from './types.ts';

/**
 * Imports the chosen columns of a file into `folder/rows.parquet`: `row` (UINTEGER, the data row's number from 0), one VARCHAR column
 * per identifier with its canonical text or NULL, one column per attribute.
 * @throws {DataError} with the file, the row, the column and the remedy.
 */
export async function importDataset(input: ImportInput, context: TaskContext): Promise<ImportReport> {
  const source = await openSource(input.path);
  let database: Database | undefined;
  try {
    if (input.identity !== undefined && !sameIdentity(input.identity, source.identity)) {
      throw fileChanged(input.path, 'it is not the one that was inspected');
    }
    const content = await openContent(source);
    await context.disk.makeFolder(input.folder).catch((error) => fail(context.disk, error, input.folder, 'making it'));
    const open = (files: readonly string[]) => Database.open(context, { files, folders: [input.folder] });
    let parts: Parts;
    switch (content.kind) {
      case 'text':
        database = await open([]);
        parts = await readText(database, source, content.text, input, context);
        break;
      case 'parquet':
        database = await open([source.resolvedPath]);
        parts = await readParquet(database, source, input, context);
        break;
      case 'workbook':
        throw new DataError('unknown-format', 'not yet');
    }
    await requireUnchanged(source);
    return await finish(database, source, parts, input, context);
  } finally {
    database?.close();
    await source.close();
  }
}

/** Everything read and normalised, not yet one file. */
interface Parts {
  readonly files: readonly string[];
  readonly layout: Layout;
  readonly selection: Selection;
  readonly statistics: Statistics;
  readonly rowCount: number;
  readonly rowGroupRows: number;
  readonly sha256: string;
}

async function readText(
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
  const statistics = new Statistics({ ids: selection.ids.length, attributes: selection.attributes.length });
  const groupRows = rowGroupRows(selection.indexes.length, file.bytesPerRow);
  const files: string[] = [];
  const firstRow = firstRowNumber(layout);
  const chunks = new ChunkFiles(context, async (chunk, index) => {
    const part = join(context.folder, `part-${index}.parquet`);
    const relation =
      layout.format === 'jsonl'
        ? await jsonChunk(database, chunk, selection, layout, source.path)
        : cleanRelation(chunk, selection.indexes.length);
    await normaliseChunk(database, { relation, part, selection, rowGroupRows: groupRows }, statistics);
    files.push(part);
    if (index === 0)
      requireForms(selection, statistics, chunk.rowsSoFar, { path: source.path, firstRowNumber: firstRow });
  });
  try {
    const sha256 = await feedText({ ...file, columns: selection.indexes }, chunks, context);
    await chunks.finish();
    const rowCount = chunks.rows.rowCount;
    requireForms(selection, statistics, rowCount, { path: source.path, firstRowNumber: firstRow });
    return { files, layout, selection, statistics, rowCount, rowGroupRows: groupRows, sha256 };
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

async function readParquet(
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
  return { files: [part], layout, selection, statistics, rowCount, rowGroupRows: groupRows, sha256 };
}

async function finish(
  database: Database,
  source: Source,
  parts: Parts,
  input: ImportInput,
  context: TaskContext,
): Promise<ImportReport> {
  const { layout, selection, statistics, rowCount } = parts;
  const tell = (stage: 'writing' | 'profiling', done: number) =>
    context.onProgress({ stage, done, total: rowCount, unit: 'rows', rows: rowCount });
  tell('writing', 0);
  const types = selection.attributes.map((_, i) => statistics.type(i));
  const path = await mergeParts(database, { ...parts, parts: parts.files, types, folder: input.folder }, context);
  tell('profiling', 0);
  const first = firstRowNumber(layout);
  const ids: IdReport[] = [];
  const stored = [...selection.ids, ...selection.attributes].map(({ storedAs }) => storedAs);
  for (const [i, { column, storedAs, profileText }] of selection.ids.entries()) {
    const others = stored.filter((name) => name !== storedAs);
    const counts = await countDistinct(database, path, storedAs, others);
    ids.push({
      column,
      storedAs,
      profile: profileText,
      ...counts,
      changed: statistics.changed(i, first),
      refused: statistics.refused(i, first),
    });
  }
  const attributes: AttributeReport[] = selection.attributes.map(({ column, storedAs, grade }, i) => {
    return { column, storedAs, grade, type: types[i]!, filled: statistics.filled(i), formulas: 0 };
  });
  const profile: ColumnProfile[] = ids.map((id) => idProfile(id, rowCount));
  for (const attribute of attributes) profile.push(await attributeProfile(database, path, attribute, rowCount));
  tell('profiling', rowCount);
  return {
    rowCount,
    firstRowNumber: first,
    reading: { path: source.path, identity: source.identity, sha256: parts.sha256, layout, rowCount },
    ids,
    attributes,
    profile,
    parquet: { path, bytes: (await stat(path)).size, sha256: await fileSha256(path) },
  };
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
