/** The parts of an import become the dataset: one Parquet file in row order, attributes under their types, self-describing. */
import { type Database, parquetTable, sqlName, sqlText } from '../database.ts';
import { DataError } from '../errors.ts';
import { type AttributeType, typedSql } from './attribute-type.ts';
import type { Selection } from './columns.ts';
import { describeDataset } from './description.ts';

/** A Parquet row group is held in memory while it is written: few rows where they are wide. */
export function rowGroupRows(columnCount: number, bytesPerRow: number): number {
  const fitting = Math.min(4_000_000 / columnCount, (32 * 1024 * 1024) / Math.max(1, bytesPerRow));
  return Math.max(2_048, Math.min(122_880, Math.floor(fitting / 2_048) * 2_048));
}

/**
 * Writes the dataset under a partial name, for `publishFile` to give it its own.
 * @throws {DataError} of the disk; `engine-failed` where a row would be lost or out of order, which is checked.
 */
export async function mergeParts(
  database: Database,
  dataset: {
    readonly parts: readonly string[];
    readonly selection: Selection;
    readonly types: readonly AttributeType[];
    readonly partial: string;
    readonly rowCount: number;
    readonly rowGroupRows: number;
  },
): Promise<void> {
  const { selection, types, rowCount, partial } = dataset;
  const columns = [
    '"row"',
    ...selection.ids.map(({ storedAs }, i) => `v${i} AS ${sqlName(storedAs)}`),
    ...selection.attributes.map(({ storedAs }, i) => `${typedSql(`a${i}`, types[i]!)} AS ${sqlName(storedAs)}`),
  ];
  const description = describeDataset(selection, types);
  await database.run(
    `COPY (SELECT ${columns.join(', ')} FROM ${parquetTable(dataset.parts)}) TO ${sqlText(partial)}
     (FORMAT parquet, USE_TMP_FILE false, COMPRESSION snappy, ROW_GROUP_SIZE ${dataset.rowGroupRows}, KV_METADATA {causeway: ${sqlText(description)}})`,
  );
  const [[rows, misplaced] = []] = await database.rows(
    `SELECT count(*), count(*) FILTER ("row" <> file_row_number) FROM ${parquetTable(partial, { rowNumber: true })}`,
  );
  if (Number(rows) !== rowCount || Number(misplaced) !== 0) {
    throw new DataError(
      'engine-failed',
      `The data engine lost the order of the rows (${rows} of ${rowCount}). Nothing was kept; please report this.`,
    );
  }
}
