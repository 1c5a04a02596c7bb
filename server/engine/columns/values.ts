/** The values that an attribute has in a dataset, the most frequent first: what its owner chooses segments from. */
import { parquetTable, sqlName } from '../database.ts';
import { openDataset, requireAttributes } from '../dataset.ts';
import type { TaskContext } from '../task.ts';

export interface ValuesInput {
  /** A dataset file that `importDataset` wrote. */
  readonly parquet: string;
  /** An attribute by its name in the dataset. */
  readonly column: string;
  /** Values of fewer rows are left out, and nothing says that there are any but `isWhole`. */
  readonly minimumRows: number;
  readonly valuesMax: number;
}

export interface ValuesReport {
  readonly values: readonly { readonly value: string; readonly rows: number }[];
  /** Whether the column has no other value; rows without one do not count. */
  readonly isWhole: boolean;
}

/** @throws {DataError} `missing-column`; of the file. */
export async function columnValues(input: ValuesInput, context: TaskContext): Promise<ValuesReport> {
  const { parquet, column, minimumRows, valuesMax } = input;
  const dataset = await openDataset(input, context);
  try {
    const { database, description, path } = dataset;
    requireAttributes(description, [column], parquet);
    const text = `CAST(${sqlName(column)} AS VARCHAR)`;
    const rows = await database.rows(
      `SELECT ${text} AS value, count(*) AS n FROM ${parquetTable(path)} WHERE ${text} <> '' GROUP BY 1
       ORDER BY n DESC, value LIMIT ${valuesMax + 1}`,
    );
    const frequent = rows.filter(([, n]) => Number(n) >= minimumRows).slice(0, valuesMax);
    const values = frequent.map(([value, n]) => ({ value: String(value), rows: Number(n) }));
    // One value more was read than is told, and values are read by how frequent they are: what is left out has shown itself.
    return { values, isWhole: values.length === rows.length };
  } finally {
    dataset.close();
  }
}
