/**
 * Brings a file of the owner's into the node: read, normalised, counted, and written as one Parquet file. Either all of it is there
 * at the end, or nothing.
 */
import { stat } from 'node:fs/promises';
import { Database } from '../database.ts';
import { fileSha256 } from '../dataset.ts';
import { fail } from '../disk.ts';
import { firstRowNumber } from '../read/layout.ts';
import { fileChanged, openSource, requireUnchanged, type Source, sameIdentity } from '../read/source.ts';
import { openContent } from '../read/unpack.ts';
import type { TaskContext } from '../task.ts';
import { attributeProfile, type ColumnProfile, idProfile } from './column-profile.ts';
import { countDistinct } from './distinct.ts';
import { mergeParts } from './merge.ts';
import { type Parts, readParquet, readText, readWorkbook } from './parts.ts';
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
        database = await open([]);
        parts = await readWorkbook(database, source, content.entries, input, context);
        break;
    }
    await requireUnchanged(source);
    return await finish(database, source, parts, input, context);
  } finally {
    database?.close();
    await source.close();
  }
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
    return {
      column,
      storedAs,
      grade,
      type: types[i]!,
      filled: statistics.filled(i),
      formulas: parts.formulaCounts[i] ?? 0,
    };
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
