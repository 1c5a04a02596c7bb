/** An audience as a destination takes it: its identifiers in the destination's form, each person once, without those who opted out. */
import { join } from 'node:path';
import { type DestinationField, exportSql, parseProfile } from '@causeway/core/identifiers';
import { type Database, parquetTable, sqlName, sqlText } from '../database.ts';
import { openDataset } from '../dataset.ts';
import { writeFileWhole } from '../disk.ts';
import { registerFunctions } from '../functions.ts';
import { loadRows, readRowList } from '../row-list.ts';
import type { TaskContext } from '../task.ts';
import { appendFile, csvLine } from './csv.ts';
import { requireMinimum } from './minimum.ts';
import { findOptedOut, type IdColumn, type OptOuts, optOutFiles } from './opt-outs.ts';

export interface ActivateInput {
  readonly parquet: string;
  readonly sha256?: string;
  /** A file of row numbers: 32-bit, little-endian, ascending. */
  readonly rows: string;
  readonly layout: 'list' | 'table';
  readonly columns: readonly (IdColumn & { readonly field: DestinationField })[];
  readonly optOuts: readonly OptOuts[];
  /** With fewer lines nothing is written. */
  readonly minimumRows: number;
  readonly to: string;
}

export interface ActivateReport {
  /** Lines of the file, without its header. */
  readonly rowCount: number;
  readonly bytes: number;
  /** Rows of the audience that are on a list of those who opted out. */
  readonly optedOutCount: number;
  /** Rows that have no identifier which the destination takes. */
  readonly withoutIdCount: number;
}

/**
 * Writes `to`, whole or not at all. The lines are in the order of their own text, which says nothing about the rows.
 * @throws {DataError} `below-minimum`, `stored-data-damaged`, of the disk.
 */
export async function activate(input: ActivateInput, context: TaskContext): Promise<ActivateReport> {
  const files = await optOutFiles(input.optOuts);
  const dataset = await openDataset(input, context, files);
  try {
    const { database, path, rowCount } = dataset;
    registerFunctions(database);
    await findOptedOut(database, path, input.optOuts, files);
    await loadRows(database, readRowList(input.rows, rowCount));
    const [[optedOut = 0n] = []] = await database.rows('SELECT count(*) FROM wanted SEMI JOIN opted_out USING ("row")');
    const kept = '(SELECT "row" FROM wanted ANTI JOIN opted_out USING ("row"))';
    const from = `(SELECT t.* FROM ${parquetTable(path)} t SEMI JOIN ${kept} USING ("row"))`;
    const cells = input.columns.map((column, i) => `${cell(column)} AS c${i}`);
    const isThere = input.columns.map((_, i) => `c${i} IS NOT NULL`).join(' OR ');
    await database.run(`CREATE TEMP TABLE lines AS SELECT ${cells.join(', ')} FROM ${from}`);
    const [[withoutId = 0n] = []] = await database.rows(`SELECT count(*) FROM lines WHERE NOT (${isThere})`);
    const distinct = `(SELECT DISTINCT * FROM lines WHERE ${isThere})`;
    const [[lineCount = 0n] = []] = await database.rows(`SELECT count(*) FROM ${distinct}`);
    requireMinimum(Number(lineCount), input.minimumRows, 'identifiers');
    const bytes = await write(database, distinct, input, context);
    return {
      rowCount: Number(lineCount),
      bytes,
      optedOutCount: Number(optedOut),
      withoutIdCount: Number(withoutId),
    };
  } finally {
    dataset.close();
  }
}

function cell({ column, profile, field }: ActivateInput['columns'][number]): string {
  const sql = exportSql(field, parseProfile(profile), sqlName(column));
  if (sql === null) throw new RangeError(`${profile} cannot be brought to what the destination takes`);
  return sql;
}

async function write(database: Database, from: string, input: ActivateInput, context: TaskContext): Promise<number> {
  const body = join(context.folder, 'lines.csv');
  // An identifier holds no quote, comma or line break, so a list is one plain text a line.
  await database.run(
    `COPY (SELECT * FROM ${from} ORDER BY ALL) TO ${sqlText(body)} (FORMAT csv, HEADER false, QUOTE '"', ESCAPE '"')`,
  );
  const writer = await writeFileWhole(context.disk, input.to, context.taskId);
  try {
    if (input.layout === 'table') {
      await writer.write(Buffer.from(csvLine(input.columns.map(({ field }) => field.code || field.type))));
    }
    await appendFile(body, writer, context);
    await writer.finish();
    return writer.length;
  } catch (error) {
    await writer.discard();
    throw error;
  }
}
