/** Looks into Parquet files, and makes some, with a DuckDB of the test's own. */
import { DuckDBInstance } from '@duckdb/node-api';

/** @returns the query's rows as plain JSON values: numbers beyond 53 bits, dates and lists as text. */
export async function query(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
