/**
 * Attributes of a dataset as numbers, row by row: the place of each segment's value in an agreed list, and values in agreed units. No text
 * leaves DuckDB.
 */
import { dirname } from 'node:path';
import { parquetTable, sqlName, sqlText } from '../database.ts';
import { openDataset, requireAttributes } from '../dataset.ts';
import { requireSpace, writeFileWhole } from '../disk.ts';
import { DataError } from '../errors.ts';
import type { TaskContext } from '../task.ts';
import { columnDoubles, columnWords } from '../words.ts';

export interface ColumnsInput {
  /** A dataset file that `importDataset` wrote. */
  readonly parquet: string;
  /** The hash that the import reported; checked before anything is read. */
  readonly sha256?: string;
  /** Attribute columns by their names in the dataset, each with the values that count. */
  readonly segments: readonly { readonly column: string; readonly values: readonly string[] }[];
  /** Attribute columns whose values are numbers: taken times 10^decimals, rounded; what is no number counts as 0. */
  readonly numbers: readonly { readonly column: string; readonly decimals: number }[];
  readonly to: { readonly codes: string; readonly numbers: string };
}

export interface ColumnsReport {
  readonly rowCount: number;
}

/** The code of a value that is in no list, or missing. */
export const noCode = 0xffff;

/**
 * Writes for each row of the dataset a 16-bit code of each segment to `to.codes` and a double of each number to `to.numbers`,
 * little-endian, in row order.
 * @throws {DataError} `missing-column`; of the disk.
 */
export async function extractColumns(input: ColumnsInput, context: TaskContext): Promise<ColumnsReport> {
  const dataset = await openDataset(input, context);
  try {
    const { database, description, path, rowCount } = dataset;
    const wanted = [...input.segments, ...input.numbers].map(({ column }) => column);
    requireAttributes(description, wanted, input.parquet);
    const [codeBytes, numberBytes] = [2 * input.segments.length, 8 * input.numbers.length];
    await requireSpace(context.disk, dirname(input.to.codes), rowCount * (codeBytes + numberBytes));
    const codes = input.segments.map(({ column, values }) => {
      const list = `[${values.map(sqlText).join(', ')}]`;
      const place = `list_position(${list}, CAST(${sqlName(column)} AS VARCHAR))`;
      return `CAST(coalesce(${place} - 1, ${noCode}) AS UINTEGER)`;
    });
    const numbers = input.numbers.map(({ column, decimals }) => {
      const value = `round(TRY_CAST(CAST(${sqlName(column)} AS VARCHAR) AS DOUBLE) * ${10 ** decimals})`;
      return `CAST(CASE WHEN isfinite(${value}) AND abs(${value}) < 1e15 THEN ${value} ELSE 0 END AS DOUBLE)`;
    });
    const sql = `SELECT "row", ${[...codes, ...numbers].join(', ')} FROM ${parquetTable(path)}`;
    await write(database.chunks(sql), { input, rowCount, context });
    return { rowCount };
  } finally {
    dataset.close();
  }
}

async function write(
  chunks: AsyncIterable<Parameters<typeof columnWords>[0]>,
  { input, rowCount, context }: { input: ColumnsInput; rowCount: number; context: TaskContext },
): Promise<void> {
  const codesFile = await writeFileWhole(context.disk, input.to.codes, context.taskId);
  const numbersFile = await writeFileWhole(context.disk, input.to.numbers, context.taskId).catch(async (error) => {
    await codesFile.discard();
    throw error;
  });
  const [segmentCount, numberCount] = [input.segments.length, input.numbers.length];
  try {
    let next = 0;
    for await (const chunk of chunks) {
      const rows = columnWords(chunk, 0, 1);
      const codes = new Uint16Array(rows.length * segmentCount);
      const numbers = new Float64Array(rows.length * numberCount);
      for (let s = 0; s < segmentCount; s++) {
        const words = columnWords(chunk, 1 + s, 1);
        for (let i = 0; i < rows.length; i++) codes[i * segmentCount + s] = words[i]!;
      }
      for (let n = 0; n < numberCount; n++) {
        const doubles = columnDoubles(chunk, 1 + segmentCount + n);
        for (let i = 0; i < rows.length; i++) numbers[i * numberCount + n] = doubles[i]!;
      }
      for (const row of rows) if (row !== next++) throw lostOrder();
      await codesFile.write(new Uint8Array(codes.buffer));
      await numbersFile.write(new Uint8Array(numbers.buffer));
      context.onProgress({ stage: 'writing', done: next, total: rowCount, unit: 'rows', rows: next });
    }
    if (next !== rowCount) throw lostOrder();
    await codesFile.finish();
    await numbersFile.finish();
  } catch (error) {
    await codesFile.discard();
    await numbersFile.discard();
    throw error;
  }
}

function lostOrder(): DataError {
  return new DataError(
    'engine-failed',
    'The data engine lost the order of the rows. Nothing was kept; please report this.',
  );
}
