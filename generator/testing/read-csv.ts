import { DuckDBInstance } from '@duckdb/node-api';

/**
 * Reads a CSV with a reader that knows nothing of the generator.
 * @returns each row as an object by column; an empty cell is ''.
 */
export async function readCsv(path: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT * FROM read_csv(?, header = true, delim = ',', quote = '"', escape = '"', all_varchar = true, strict_mode = true)`,
      [path],
    );
    const columns = reader.columnNames();
    return reader.getRows().map((row) => Object.fromEntries(row.map((cell, i) => [columns[i]!, `${cell ?? ''}`])));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
