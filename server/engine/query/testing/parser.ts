/** One DuckDB that parses many statements, as `serialiseQuery` parses one. */
import { DuckDBInstance } from '@duckdb/node-api';

export interface Parser {
  tree(text: string): Promise<string>;
  version(): Promise<string>;
  close(): void;
}

export async function openParser(): Promise<Parser> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const statement = await connection.prepare('SELECT json_serialize_sql($1::VARCHAR)');
  return {
    tree: async (text) => {
      statement.bindVarchar(1, text);
      return String((await statement.runAndReadAll()).getRows()[0]![0]);
    },
    version: async () => String((await connection.runAndReadAll('SELECT version()')).getRows()[0]![0]),
    close: () => {
      statement.destroySync();
      connection.closeSync();
      instance.closeSync();
    },
  };
}
