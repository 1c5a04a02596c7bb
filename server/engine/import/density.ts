/**
 * How densely a column of telephone numbers covers its number segments [F26]. A segment is the 10,000 numbers that differ in their last
 * four digits: of a Chinese mobile, those with the same first seven. What share is too much is for `core/policy` to say.
 */
import { parseProfile } from '@causeway/core/identifiers';
import { type Database, parquetTable, sqlName } from '../database.ts';

/** Whole percent of the densest segment, or why there is no figure. */
export type Density = number | 'not-measurable';

const segmentNumbers = 10_000;
/** So many distinct numbers take about 50 MiB while they are counted. */
const batchNumbersDefault = 2_000_000;

/**
 * Measures a column of the dataset. Only distinct numbers count, however often they are repeated.
 * @param of.parquet the dataset's file, whatever its name yet; @param of.column the identifier's name there.
 * @param batchNumbers distinct numbers that are counted at once, at most but for one segment: memory does not grow with the list.
 * @returns the percentage rounded up: 0 for a column without numbers; undefined for identifiers without segments.
 */
export async function measureDensity(
  database: Database,
  of: { readonly parquet: string; readonly column: string; readonly profile: string },
  batchNumbers: number = batchNumbersDefault,
): Promise<Density | undefined> {
  const { type, digests } = parseProfile(of.profile);
  if (type !== 'phone') return undefined;
  if (digests.length > 0) return 'not-measurable';
  const name = sqlName(of.column);
  // As numbers, whose tables DuckDB spills within its limit; of texts it did not. In a SELECT of its own: a dataset may have a column `number`.
  const numbers = `(SELECT number, number // ${segmentNumbers} AS segment
                    FROM (SELECT CAST(ltrim(${name}, '+') AS UBIGINT) AS number
                          FROM ${parquetTable(of.parquet)} WHERE ${name} IS NOT NULL))`;
  // Fullest first, repetitions included: a segment cannot have more distinct numbers than rows.
  await database.run(
    `CREATE OR REPLACE TEMP TABLE segments AS
     SELECT segment, bound, (sum(bound) OVER (ORDER BY bound DESC, segment ROWS UNBOUNDED PRECEDING) - 1) // ${batchNumbers} AS batch
     FROM (SELECT segment, least(count(*), ${segmentNumbers}) AS bound FROM ${numbers} GROUP BY segment)
     WHERE bound >= ${segmentNumbers / 100}`,
  );
  const [[some] = []] = await database.rows(`SELECT count(${name}) > 0 FROM ${parquetTable(of.parquet)}`);
  let densest = some ? 1 : 0;
  for (const [batch, bound] of await database.rows(
    'SELECT batch, max(bound) FROM segments GROUP BY batch ORDER BY batch',
  )) {
    if (Number(bound) <= densest) break;
    const [[most] = []] = await database.rows(
      `SELECT max(held) FROM (SELECT count(DISTINCT number) AS held FROM ${numbers}
       WHERE segment IN (SELECT segment FROM segments WHERE batch = ${batch}) GROUP BY segment)`,
    );
    densest = Math.max(densest, Number(most));
  }
  return Math.ceil((100 * densest) / segmentNumbers);
}
