/** People who opted out: the rows of a dataset that carry an identifier of theirs, whatever form both are in. */
import { lift, liftSql, parseProfile } from '@causeway/core/identifiers';
import { type Database, parquetTable, sqlName } from '../database.ts';
import { intactFile } from '../dataset.ts';

/** An identifier column, by its name in the stored dataset. */
export interface IdColumn {
  readonly column: string;
  readonly profile: string;
}

/** A list, and the columns in which it can be compared. */
export interface OptOuts {
  readonly parquet: string;
  /** The hash that the import reported: a list that was damaged would let people through. */
  readonly sha256: string;
  readonly pairs: readonly {
    readonly own: IdColumn;
    readonly other: IdColumn;
    /** The profile that both are brought to. */
    readonly common: string;
  }[];
}

/** The files that a task reads beside its dataset. @throws {DataError} `not-found`, `stored-data-damaged`. */
export function optOutFiles(lists: readonly OptOuts[]): Promise<string[]> {
  return Promise.all(lists.map(intactFile));
}

/**
 * Makes the temporary table `opted_out("row")`. The database has the functions that a lift may call.
 * @param path the dataset. @param files of {@link optOutFiles}.
 */
export async function findOptedOut(
  database: Database,
  path: string,
  lists: readonly OptOuts[],
  files: readonly string[],
): Promise<void> {
  const isListed = lists.flatMap(({ pairs }, i) =>
    pairs.map(({ own, other, common }) => {
      const theirs = `SELECT ${lifted(other, common)} AS value FROM ${parquetTable(files[i]!)}`;
      return `coalesce(${lifted(own, common)} IN (SELECT value FROM (${theirs}) WHERE value IS NOT NULL), false)`;
    }),
  );
  const condition = isListed.length === 0 ? 'false' : isListed.join(' OR ');
  await database.run(`CREATE TEMP TABLE opted_out AS SELECT "row" FROM ${parquetTable(path)} WHERE ${condition}`);
}

function lifted({ column, profile }: IdColumn, common: string): string {
  const steps = lift(parseProfile(profile), parseProfile(common));
  if (steps === null) throw new RangeError(`${profile} cannot be brought to ${common}`);
  return liftSql(steps, sqlName(column));
}
