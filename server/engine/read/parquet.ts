/** Parquet files of others, read by DuckDB: their columns as text, as every other format gives them. */
import { type Database, sqlName, sqlText } from '../database.ts';
import { DataError } from '../errors.ts';
import { noRows, type ParquetLayout } from './layout.ts';
import { limits } from './limits.ts';

export interface DescribedParquet {
  readonly layout: ParquetLayout;
  /** DuckDB's name of each column's type. */
  readonly types: readonly string[];
  readonly rowCount: number;
}

/** @throws {DataError} `unknown-format` for a damaged or foreign file; `empty`, `too-many-columns`, `too-many-rows`. */
export async function describeParquet(
  database: Database,
  file: { readonly path: string; readonly resolvedPath: string },
): Promise<DescribedParquet> {
  const { path } = file;
  const read = async () => {
    const described = await database.rows(`DESCRIBE SELECT * FROM ${parquetTable(file.resolvedPath)}`);
    const [[count] = []] = await database.rows(`SELECT count(*) FROM ${parquetTable(file.resolvedPath)}`);
    return { described, rowCount: Number(count) };
  };
  const { described, rowCount } = await read().catch((error) => {
    throw asUnreadable(error, path);
  });
  if (described.length > limits.columns) {
    throw new DataError('too-many-columns', `${path} has more than ${limits.columns} columns (limit).`, {
      path,
      limit: limits.columns,
    });
  }
  if (rowCount > limits.rows) {
    throw new DataError('too-many-rows', `${path} has more than ${limits.rows} rows. Split the file.`, {
      path,
      limit: limits.rows,
    });
  }
  if (rowCount === 0) throw noRows(path, 'the table in it is empty');
  return {
    layout: { format: 'parquet', columns: described.map(([name]) => String(name)) },
    types: described.map(([, type]) => String(type)),
    rowCount,
  };
}

/** SQL for `row` and the chosen columns as `c0`, `c1`, … in text; an empty text is NULL, as in the other formats. */
export function parquetRelation(resolvedPath: string, columns: readonly string[]): string {
  const cells = columns.map((column, i) => `nullif(CAST(${sqlName(column)} AS VARCHAR), '') AS c${i}`);
  return `SELECT CAST(file_row_number AS UINTEGER) AS row, ${cells.join(', ')} FROM ${parquetTable(resolvedPath, { rowNumber: true })}`;
}

/** What DuckDB says of somebody's file is about the file, not about us. */
export function asUnreadable(error: unknown, path: string): unknown {
  if (!(error instanceof DataError) || error.code !== 'engine-failed') return error;
  return new DataError(
    'unknown-format',
    `${path} cannot be read as Parquet: it is damaged, encrypted or cut short. Write it again.`,
    { path },
    { cause: error },
  );
}

/** Older writers leave out that their text is text. */
export function parquetTable(resolvedPath: string, options?: { readonly rowNumber: boolean }): string {
  const rowNumber = options?.rowNumber ? ', file_row_number = true' : '';
  return `read_parquet(${sqlText(resolvedPath)}, binary_as_string = true${rowNumber})`;
}
