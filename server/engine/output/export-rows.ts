/** An audience as a CSV file: chosen rows and columns of a dataset. */
import { parquetTable, sqlName } from '../database.ts';
import { intactFile, missingColumn, openDataset } from '../dataset.ts';
import { writeFileWhole } from '../disk.ts';
import { registerFunctions } from '../functions.ts';
import { loadRows, readRowList } from '../row-list.ts';
import type { TaskContext } from '../task.ts';
import { textColumn, writeCsvHeader, writeCsvRows } from './csv.ts';
import { requireMinimum } from './minimum.ts';
import { findOptedOut, type OptOuts, optOutFiles } from './opt-outs.ts';

export interface ExportInput {
  readonly parquet: string;
  /** The hash that the import reported; checked before anything is written. */
  readonly sha256?: string;
  /** A file of row numbers: 32-bit, little-endian, ascending. */
  readonly rows: string;
  /** By their names in the dataset, in the order wanted. */
  readonly columns: readonly string[];
  readonly optOuts?: readonly OptOuts[];
  /** Columns that a run has put beside the own ones: a file with `row` and `c0`, `c1`, …. */
  readonly beside?: {
    readonly parquet: string;
    /** What they are called, and whether they hold anybody's text, which a spreadsheet could take for a formula. */
    readonly columns: readonly { readonly name: string; readonly isText: boolean }[];
  };
  /** With fewer rows nothing is written. */
  readonly minimumRows: number;
  readonly to: string;
}

export interface ExportReport {
  readonly rowCount: number;
  readonly bytes: number;
  /** Cells that a spreadsheet would have taken for a formula, written with an apostrophe before them. */
  readonly escapedCellCount: number;
  /** Rows of people who opted out: they are not in the file. */
  readonly optedOutCount: number;
}

/**
 * Writes the rows in their order to `to`, whole or not at all.
 * @throws {DataError} `missing-column`, `below-minimum`, `stored-data-damaged`, of the disk.
 */
export async function exportRows(input: ExportInput, context: TaskContext): Promise<ExportReport> {
  if (input.columns.length === 0) throw new TypeError('columns: expected at least one');
  const { optOuts = [], beside } = input;
  const files = await optOutFiles(optOuts);
  const more = beside && (await intactFile(beside));
  const dataset = await openDataset(input, context, more === undefined ? files : [...files, more]);
  try {
    const { database, description, path, rowCount } = dataset;
    const isText = new Map([
      ...description.ids.map(({ name }) => [name, true] as const),
      ...description.attributes.map(({ name, type }) => [name, type === 'text'] as const),
    ]);
    const own = input.columns.map((name) => {
      const text = isText.get(name);
      if (text === undefined) throw missingColumn(input.parquet, name, [...isText.keys()]);
      return textColumn(name, text);
    });
    const given = (beside?.columns ?? []).map(({ name, isText: escaped }, i) => ({
      ...textColumn(`beside ${i}`, escaped),
      name,
    }));
    const columns = [...own, ...given];
    const values = given.map((_, i) => `, d.c${i} AS ${sqlName(`beside ${i}`)}`).join('');
    const join = more === undefined ? '' : `LEFT JOIN ${parquetTable(more)} d USING ("row")`;
    registerFunctions(database);
    await findOptedOut(database, path, optOuts, files);
    const writer = await writeFileWhole(context.disk, input.to, context.taskId);
    try {
      await writeCsvHeader(columns, writer);
      let count = 0;
      let escapedCellCount = 0;
      let optedOutCount = 0;
      // Block by block: `row` ascends in the file, so each block reads its own part of it, and no large sort is needed.
      for await (const rows of readRowList(input.rows, rowCount)) {
        await loadRows(database, [rows]);
        const [[optedOut = 0n] = []] = await database.rows(
          'SELECT count(*) FROM wanted SEMI JOIN opted_out USING ("row")',
        );
        optedOutCount += Number(optedOut);
        count += rows.length - Number(optedOut);
        const range = `"row" BETWEEN ${rows[0]} AND ${rows[rows.length - 1]}`;
        const from = `(SELECT t.*${values} FROM ${parquetTable(path)} t ${join} SEMI JOIN wanted USING ("row") ANTI JOIN opted_out USING ("row") WHERE ${range})`;
        escapedCellCount += await writeCsvRows(database, { columns, from, order: '"row"' }, writer, context);
        context.onProgress({
          stage: 'writing',
          done: rows[rows.length - 1]! + 1,
          total: rowCount,
          unit: 'rows',
          rows: count,
        });
      }
      requireMinimum(count, input.minimumRows, 'rows');
      await writer.finish();
      return { rowCount: count, bytes: writer.length, escapedCellCount, optedOutCount };
    } catch (error) {
      await writer.discard();
      throw error;
    }
  } finally {
    dataset.close();
  }
}
