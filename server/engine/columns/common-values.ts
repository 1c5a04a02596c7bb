/** The values of an attribute that enough people have: what its owner may publish for others to choose from. No count of any value leaves. */
import { parquetTable, sqlName, sqlText } from '../database.ts';
import { openDataset, requireAttributes } from '../dataset.ts';
import type { TaskContext } from '../task.ts';

export interface CommonInput {
  /** A dataset file that `importDataset` wrote. */
  readonly parquet: string;
  /** An attribute by its name in the file. */
  readonly column: string;
  /** Values of fewer people are left out. Rows with an identifier in common are one person, and rows without any are nobody. */
  readonly minimumPeople: number;
  readonly valuesMax: number;
  /** Characters; longer values are left out. */
  readonly lengthMax: number;
}

export interface CommonReport {
  /** In no order that tells anything: by their text. At most `valuesMax`. */
  readonly values: readonly string[];
  /** Whether more than `valuesMax` values have enough people. */
  readonly hasMore: boolean;
  /** Rows that have a value, and those of them that have one of the list. */
  readonly filledRows: number;
  readonly listedRows: number;
}

/** @throws {DataError} `missing-column`; of the file. */
export async function commonValues(input: CommonInput, context: TaskContext): Promise<CommonReport> {
  const { parquet, column, minimumPeople, valuesMax, lengthMax } = input;
  const dataset = await openDataset(input, context);
  try {
    const { database, description, path } = dataset;
    requireAttributes(description, [column], parquet);
    const text = `CAST(${sqlName(column)} AS VARCHAR)`;
    const from = `${parquetTable(path)} WHERE ${text} <> ''`;
    const ids = description.ids.map(({ name }) => sqlName(name));
    const isSomebody = `(${ids.map((id) => `${id} IS NOT NULL`).join(' OR ')})`;
    // Under each kind of identifier there are at most as many people as it tells apart, with a row that has none of the kind as one of its own:
    // fifty cookies of one telephone number are one person.
    const people = ids.map(
      (id) =>
        `SELECT value, count(*) AS people FROM (
           SELECT DISTINCT ${text} AS value, ${id}, CASE WHEN ${id} IS NULL THEN "row" END
           FROM ${from} AND length(${text}) <= ${lengthMax} AND ${isSomebody}
         ) GROUP BY value`,
    );
    const found = await database.rows(
      `SELECT value FROM (${people.join(' UNION ALL ')}) GROUP BY value HAVING min(people) >= ${minimumPeople}
       ORDER BY value LIMIT ${valuesMax + 1}`,
    );
    const values = found.slice(0, valuesMax).map(([value]) => String(value));
    const isListed = values.length === 0 ? 'false' : `${text} IN (${values.map(sqlText).join(', ')})`;
    const [[filled, listed] = []] = await database.rows(`SELECT count(*), count(*) FILTER (${isListed}) FROM ${from}`);
    return {
      values,
      hasMore: found.length > valuesMax,
      filledRows: Number(filled),
      listedRows: Number(listed),
    };
  } finally {
    dataset.close();
  }
}
