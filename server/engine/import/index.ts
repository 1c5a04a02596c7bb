/**
 * Brings a file of the owner's into the node: read, normalised, counted, and written as one Parquet file. Either all of it is there
 * at the end, or nothing.
 */
import { stat } from 'node:fs/promises';
import { Database } from '../database.ts';
import { fileSha256 } from '../dataset.ts';
import { fail, partialName, publishFile } from '../disk.ts';
import { datasetPath, refusedPath } from '../outputs.ts';
import { firstRowNumber } from '../read/layout.ts';
import { fileChanged, openSource, requireUnchanged, type Source, sameIdentity } from '../read/source.ts';
import { openContent } from '../read/unpack.ts';
import type { TaskContext } from '../task.ts';
import type { AttributeType } from './attribute-type.ts';
import { attributeProfile, type ColumnProfile, idProfile } from './column-profile.ts';
import { measureDensity } from './density.ts';
import { countDistinct } from './distinct.ts';
import { mergeParts } from './merge.ts';
import { type Parts, readParquet, readText, readWorkbook } from './parts.ts';
import { writeRefused } from './refused.ts';
import type { IdReport, ImportInput, ImportReport } from './types.ts';

export type { AttributeType } from './attribute-type.ts';
export type { ColumnProfile } from './column-profile.ts';
export type { Density } from './density.ts';
export type { AttributeReport, Grade, IdReport, ImportInput, ImportReport, Tally } from './types.ts';

/**
 * Imports the chosen columns of a file into `folder/rows.parquet`: `row` (UINTEGER, the data row's number from 0), one VARCHAR column
 * per identifier with its canonical text or NULL, one column per attribute; and beside it the list of refused rows.
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

/** Makes one file of the parts, looks at it as a whole, and only then gives it its name. */
async function finish(
  database: Database,
  source: Source,
  parts: Parts,
  input: ImportInput,
  context: TaskContext,
): Promise<ImportReport> {
  const { layout, selection, rowCount } = parts;
  const { disk, taskId } = context;
  const path = datasetPath(input.folder);
  const partial = partialName(path, taskId);
  const refused = refusedPath(input.folder);
  const partialRefused = partialName(refused, taskId);
  const tell = (stage: 'writing' | 'profiling', done: number) =>
    context.onProgress({ stage, done, total: rowCount, unit: 'rows', rows: rowCount });
  try {
    tell('writing', 0);
    const types = selection.attributes.map((_, i) => parts.statistics.type(i));
    await mergeParts(database, { ...parts, parts: parts.files, types, partial });
    await writeRefused(database, {
      parts: parts.files,
      idCount: selection.ids.length,
      firstRowNumber: firstRowNumber(layout),
      path: partialRefused,
    });
    for (const part of parts.files) await disk.remove(part);
    tell('profiling', 0);
    const { ids, attributes, profile } = await describeColumns(database, parts, types, partial, context);
    const parquet = { path, bytes: (await stat(partial)).size, sha256: await fileSha256(partial) };
    await publishFile(disk, partialRefused, refused);
    await publishFile(disk, partial, path);
    tell('profiling', rowCount);
    return {
      rowCount,
      firstRowNumber: firstRowNumber(layout),
      reading: { path: source.path, identity: source.identity, sha256: parts.sha256, layout, rowCount },
      ids,
      attributes,
      profile,
      parquet,
    };
  } catch (error) {
    await disk.remove(partialRefused);
    await disk.remove(refused);
    await disk.remove(partial);
    throw error;
  }
}

async function describeColumns(
  database: Database,
  { layout, selection, statistics, rowCount, formulaCounts }: Parts,
  types: readonly AttributeType[],
  parquet: string,
  context: TaskContext,
): Promise<Pick<ImportReport, 'ids' | 'attributes' | 'profile'>> {
  const first = firstRowNumber(layout);
  const ids: IdReport[] = [];
  const stored = [...selection.ids, ...selection.attributes].map(({ storedAs }) => storedAs);
  for (const [i, { column, storedAs, profileText }] of selection.ids.entries()) {
    const others = stored.filter((name) => name !== storedAs);
    const counts = await countDistinct(database, { parquet, rowCount, column: storedAs, others }, context);
    const density = await measureDensity(database, { parquet, column: storedAs, profile: profileText });
    const changed = statistics.changed(i, first);
    const refused = statistics.refused(i, first);
    const measured = density === undefined ? {} : { density };
    ids.push({ column, storedAs, profile: profileText, ...counts, ...measured, changed, refused });
  }
  const attributes = selection.attributes.map(({ column, storedAs, grade }, i) => {
    return { column, storedAs, grade, type: types[i]!, filled: statistics.filled(i), formulas: formulaCounts[i] ?? 0 };
  });
  const profile: ColumnProfile[] = ids.map((id) => idProfile(id, rowCount));
  for (const attribute of attributes) profile.push(await attributeProfile(database, parquet, attribute, rowCount));
  return { ids, attributes, profile };
}
