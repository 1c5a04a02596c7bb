/**
 * Columns of an owner's rows for a partner that holds the same matched identifiers: one line for each identifier in the agreed order, a JSON array of text or
 * null. What is no text in the dataset is written as the dataset would be exported.
 */
import { parquetTable, sqlName } from '../database.ts';
import { missingColumn, openDataset } from '../dataset.ts';
import { writeFileWhole } from '../disk.ts';
import { DataError } from '../errors.ts';
import type { TaskContext } from '../task.ts';
import { loadPairs } from './pairs.ts';

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
    const attributes = description.attributes.map(({ name }) => name);
    const missing = input.columns.find((name) => !attributes.includes(name));
    if (missing !== undefined) throw missingColumn(input.parquet, missing, attributes);
    await loadPairs(database, input.pairs);
    const texts = input.columns.map((name, i) => `CAST(${sqlName(name)} AS VARCHAR) AS c${i}`);
    // Of several rows with one identifier the first speaks for it.
    await database.run(`CREATE TEMP TABLE given AS SELECT first.number, ${texts.join(', ')}
      FROM (SELECT number, min("row") AS "row" FROM pairs GROUP BY number) first JOIN ${parquetTable(path)} USING ("row")`);
    for (const [i, name] of input.columns.entries()) {
      const [[long] = []] = await database.rows(
        `SELECT count(*) FROM given WHERE length(c${i}) > ${input.valueCharactersMax}`,
      );
      if (Number(long) === 0) continue;
      throw new DataError(
        'value-not-allowed',
        `Column ${JSON.stringify(name)}: ${Number(long)} values are longer than ${input.valueCharactersMax} characters. Nothing was delivered.`,
        { column: name },
      );
    }
    const cells = input.columns.map((_, i) => `c${i}`).join(', ');
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
