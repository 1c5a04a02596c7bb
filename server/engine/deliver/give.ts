/**
 * Columns of an owner's rows for a partner that holds the same matched identifiers: one line for each identifier in the agreed order, a JSON array of text or
 * null. What is no text in the dataset is written as the dataset would be exported.
 */
import { parquetTable, sqlName } from '../database.ts';
import { openDataset, requireAttributes } from '../dataset.ts';
import { writeFileWhole } from '../disk.ts';
import { DataError } from '../errors.ts';
import { loadPairs } from '../row-list.ts';
import type { TaskContext } from '../task.ts';

export interface GiveInput {
  readonly parquet: string;
  /** The hash that the import reported. */
  readonly sha256: string;
  /** Attributes, by their names in the dataset. */
  readonly columns: readonly string[];
  /** A file of (row, number of its identifier), 32-bit, little-endian. */
  readonly pairs: string;
  readonly valueCharactersMax: number;
  readonly to: string;
}

export interface GiveReport {
  readonly lines: number;
}

/** @throws {DataError} `missing-column`; `value-not-allowed` for a value that is too long; `stored-data-damaged`. */
export async function giveColumns(input: GiveInput, context: TaskContext): Promise<GiveReport> {
  const dataset = await openDataset(input, context);
  try {
    const { database, description, path } = dataset;
    requireAttributes(description, input.columns, input.parquet);
    await loadPairs(database, input.pairs);
    const texts = input.columns.map((name, i) => `CAST(${sqlName(name)} AS VARCHAR) AS c${i}`);
    // Of several rows with one identifier the first speaks for it.
    await database.run(`CREATE TEMP TABLE given AS SELECT first.number, ${texts.join(', ')}
      FROM (SELECT number, min("row") AS "row" FROM pairs GROUP BY number) first JOIN ${parquetTable(path)} USING ("row")`);
    const cells = input.columns.map((_, i) => `c${i}`).join(', ');
    const lengths = input.columns.map((_, i) => `max(length(c${i}))`).join(', ');
    const [longest = []] = await database.rows(`SELECT ${lengths} FROM given`);
    const long = input.columns.find((_, i) => Number(longest[i] ?? 0) > input.valueCharactersMax);
    if (long !== undefined) {
      throw new DataError(
        'value-not-allowed',
        `Column ${JSON.stringify(long)} has values of more than ${input.valueCharactersMax} characters. Nothing was delivered. Shorten them, or agree on a delivery without this column.`,
        { column: long },
      );
    }
    const writer = await writeFileWhole(context.disk, input.to, context.taskId);
    try {
      let lines = 0;
      for await (const chunk of database.chunks(
        `SELECT CAST(to_json([${cells}]) AS VARCHAR) FROM given ORDER BY number`,
      )) {
        const values = chunk.getColumnValues(0) as string[];
        lines += values.length;
        await writer.write(Buffer.from(values.map((value) => `${value}\n`).join('')));
      }
      await writer.finish();
      return { lines };
    } catch (error) {
      await writer.discard();
      throw error;
    }
  } finally {
    dataset.close();
  }
}
