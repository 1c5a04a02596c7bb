/** Functions that a lift's SQL may call and DuckDB does not have. They run in JavaScript: right, not fast. */
import { sqlFunctions } from '@causeway/core/identifiers';
import { DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import type { Database } from './database.ts';

export function registerFunctions(database: Database): void {
  for (const { name, apply } of sqlFunctions) {
    database.connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        returnType: VARCHAR,
        parameterTypes: [VARCHAR],
        mainFunction: (_info, input, output) => {
          const column = input.getColumnVector(0);
          for (let i = 0; i < input.rowCount; i++) {
            const text = column.getItem(i);
            output.setItem(i, text === null ? null : apply(String(text)));
          }
          output.flush();
        },
      }),
    );
  }
}
