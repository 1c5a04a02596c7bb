/**
 * What of an identifier column goes into a match: for each row with an identifier, 16 bytes that are bound to the match's context,
 * and the row's number. The values themselves never leave DuckDB.
 */

import { dirname } from 'node:path';
import { IdentifierError, lift, liftSql, parseProfile } from '@causeway/core/identifiers';
import { type Database, parquetTable, sqlName } from '../database.ts';
import { missingColumn, openDataset } from '../dataset.ts';
import { requireSpace, writeFileWhole } from '../disk.ts';
import { DataError } from '../errors.ts';
import { registerFunctions } from '../functions.ts';
import { type RowSet, readRowSet } from '../row-list.ts';
import type { TaskContext } from '../task.ts';
import { columnWords } from '../words.ts';
import { type KeyColumns, keyColumns } from './key-columns.ts';
import { PackedKeys } from './packed-keys.ts';

export interface ExtractInput {
  /** A dataset file that `importDataset` wrote. */
  readonly parquet: string;
  /** The hash that the import reported; checked before anything is extracted. */
  readonly sha256?: string;
  /** An identifier column, by its name in the dataset. */
  readonly column: string;
  /** The profile of the form that both sides agreed on, as text. */
  readonly liftTo: string;
  /** Binds the keys to one match: lower-case hexadecimal. */
  readonly contextHex: string;
  /** A file of row numbers (32-bit, little-endian, ascending) to leave out. */
  readonly exclude?: string;
  readonly to: { readonly keys: string; readonly rows: string };
}

export interface ExtractReport {
  /** Keys written, and row numbers; in row order. */
  readonly keyCount: number;
  /** Rows left out because `exclude` names them. */
  readonly excludedCount: number;
  /** Rows with an identifier that has no counterpart in the agreed form. */
  readonly withoutCounterpartCount: number;
}

export const keyBytes = 16;

/**
 * Writes the first 16 bytes of SHA-256 over `contextHex:value` per row to `to.keys`, and the row's number as 4 bytes, little-endian, to
 * `to.rows`, both in row order. Memory is flat whatever the size.
 * @throws {DataError} `missing-column`; `bad-profile` where the column cannot be brought to the agreed form; of the disk.
 */
export async function extractKeys(input: ExtractInput, context: TaskContext): Promise<ExtractReport> {
  if (!/^([0-9a-f]{2}){1,128}$/.test(input.contextHex))
    throw new TypeError('contextHex: expected lower-case hexadecimal of 1 to 128 bytes');
  const dataset = await openDataset(input, context);
  try {
    const { database, rowCount, description } = dataset;
    const id = description.ids.find(({ name }) => name === input.column);
    if (id === undefined)
      throw missingColumn(
        input.parquet,
        input.column,
        description.ids.map(({ name }) => name),
      );
    const steps = liftSteps(id.profile, input);
    if (steps.some((step) => step.kind === 'digest' && step.digest === 'sm3')) registerFunctions(database);
    const excluded = input.exclude === undefined ? undefined : await readRowSet(input.exclude, rowCount);
    await requireSpace(context.disk, dirname(input.to.keys), rowCount * (keyBytes + 4));
    const from = `SELECT "row", ${liftSql(steps, 'id')} AS value FROM (
      SELECT "row", ${sqlName(id.name)} AS id FROM ${parquetTable(dataset.path)}) WHERE id IS NOT NULL`;
    const columns = keyColumns(`${input.contextHex}:`, context.hashTexts);
    const chunks = dataset.database.chunks(columns.query(`SELECT "row", value FROM (${from}) WHERE value IS NOT NULL`));
    const counts = await writeKeys({ chunks, columns }, excluded, rowCount, input, context);
    if (!steps.some(({ kind }) => kind === 'form')) return { ...counts, withoutCounterpartCount: 0 };
    const [[lost] = []] = await database.rows(`SELECT count(*) FROM (${from}) WHERE value IS NULL`);
    return { ...counts, withoutCounterpartCount: Number(lost) };
  } finally {
    dataset.close();
  }
}

async function writeKeys(
  { chunks, columns }: { readonly chunks: ReturnType<Database['chunks']>; readonly columns: KeyColumns },
  excluded: RowSet | undefined,
  rowCount: number,
  input: ExtractInput,
  context: TaskContext,
): Promise<{ keyCount: number; excludedCount: number }> {
  const keys = await writeFileWhole(context.disk, input.to.keys, context.taskId);
  const rows = await writeFileWhole(context.disk, input.to.rows, context.taskId).catch(async (error) => {
    await keys.discard();
    throw error;
  });
  try {
    const packed = new PackedKeys(excluded);
    const flush = async () => {
      await keys.write(packed.keys());
      await rows.write(packed.rows());
      packed.reset();
    };
    for await (const chunk of chunks) {
      packed.add(columnWords(chunk, 0, 1), await columns.keys(chunk));
      if (packed.isFull) await flush();
      context.onProgress({
        stage: 'writing',
        done: packed.lastRow + 1,
        total: rowCount,
        unit: 'rows',
        rows: packed.keyCount,
      });
    }
    await flush();
    await keys.finish();
    await rows.finish();
    return { keyCount: packed.keyCount, excludedCount: packed.excludedCount };
  } catch (error) {
    await keys.discard();
    await rows.discard();
    throw error;
  }
}

function liftSteps(profile: string, input: ExtractInput) {
  const { parquet, column, liftTo } = input;
  try {
    const steps = lift(parseProfile(profile), parseProfile(liftTo));
    if (steps !== null) return steps;
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    throw new DataError(
      'bad-profile',
      `${parquet}, column ${JSON.stringify(column)}: ${error.message}.`,
      { column },
      { cause: error },
    );
  }
  throw new DataError(
    'bad-profile',
    `${parquet}, column ${JSON.stringify(column)}: its profile ${profile} cannot be brought to ${liftTo}.`,
    { column },
  );
}
