/** How many different identifiers a column holds, and how they repeat [F9]. Exact; DuckDB spills what does not fit in memory. */
import { type Database, parquetTable, sqlName } from '../database.ts';

export interface DistinctCounts {
  readonly accepted: number;
  readonly distinct: number;
  readonly repeated: number;
  readonly conflicting: number;
}

/** @param column the identifier's name in the dataset `parquet`; @param others the names of all its other columns. */
export async function countDistinct(
  database: Database,
  parquet: string,
  column: string,
  others: readonly string[],
): Promise<DistinctCounts> {
  const name = sqlName(column);
  const rest = others.length === 0 ? '0' : `hash(${others.map(sqlName).join(', ')})`;
  const [row = []] = await database.rows(
    `SELECT coalesce(sum(n), 0), count(*), count(*) FILTER (n > 1), count(*) FILTER (n > 1 AND low <> high) FROM (
       SELECT count(*) AS n, min(others) AS low, max(others) AS high FROM (
         SELECT ${name} AS id, ${rest} AS others FROM ${parquetTable(parquet)} WHERE ${name} IS NOT NULL
       ) GROUP BY id)`,
  );
  const [accepted = 0, distinct = 0, repeated = 0, conflicting = 0] = row.map(Number);
  return { accepted, distinct, repeated, conflicting };
}
