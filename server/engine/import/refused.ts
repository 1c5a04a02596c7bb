/** Which rows of an import were refused and why, as a list beside the dataset: numbers and reasons, never what stood in a row. */
import { type Database, parquetTable, sqlText } from '../database.ts';

/** More are no list that somebody works through; how many there are in all, the report says. */
export const refusedRowsMax = 100_000;

/** A line of the list: the row as a person counts them in the file, the place of the id column in the report, and the reason. */
export interface RefusedRow {
  readonly row: number;
  readonly id: number;
  readonly reason: string;
}

/** Writes the first {@link refusedRowsMax} refusals in the order of the file; an empty cell is none. */
export async function writeRefused(
  database: Database,
  of: {
    readonly parts: readonly string[];
    readonly idCount: number;
    readonly firstRowNumber: number;
    readonly path: string;
  },
): Promise<void> {
  const columns = Array.from({ length: of.idCount }, (_, i) => i).map(
    (i) => `SELECT "row" + ${of.firstRowNumber} AS number, ${i} AS id, v${i}_refusal AS reason
      FROM ${parquetTable(of.parts)} WHERE v${i}_refusal IS NOT NULL AND v${i}_refusal <> 'empty'`,
  );
  await database.run(
    `COPY (SELECT * FROM (${columns.join(' UNION ALL ')}) ORDER BY number, id LIMIT ${refusedRowsMax})
     TO ${sqlText(of.path)} (FORMAT csv, HEADER false, USE_TMP_FILE false)`,
  );
}

/** @param text of a list as {@link writeRefused} wrote it: every field is a number or a code. */
export function readRefused(text: string): readonly RefusedRow[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [row = '', id = '', reason = ''] = line.split(',');
      return { row: Number(row), id: Number(id), reason };
    });
}
