/** Parquet files of others, read by DuckDB: their columns as text, as every other format gives them. */
import { type Database, parquetTable, sqlName } from '../database.ts';
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
    const described = await database.rows(`DESCRIBE SELECT * FROM ${foreignTable(file.resolvedPath)}`);
    const [[count] = []] = await database.rows(`SELECT count(*) FROM ${foreignTable(file.resolvedPath)}`);
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
  const taken = described.map(([name]) => String(name)).find((name) => name.toLowerCase() === 'file_row_number');
  if (taken !== undefined) {
    throw new DataError(
      'ambiguous-column',
      `${path} has a column ${JSON.stringify(taken)}, a name that reading needs. Rename it.`,
      { path, column: taken },
    );
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
  return `SELECT CAST(file_row_number AS UINTEGER) AS row, ${cells.join(', ')} FROM ${foreignTable(resolvedPath, { rowNumber: true })}`;
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

/** The file as a table. Older writers leave out that their text is text. */
export function foreignTable(resolvedPath: string, options: { readonly rowNumber?: boolean } = {}): string {
  return parquetTable(resolvedPath, { ...options, binaryIsText: true });
}
