/**
 * What the catalogue may show of a column. Nothing about fewer than 50 rows is shown, nor can it be worked out from what is:
 * categories under the minimum are only counted, and where what they hold together is under it too, the smallest shown one goes
 * with them [F68]. Counts are rounded to tens. Of personal and sensitive columns, and of identifiers, no value is shown.
 */
import type { DuckDBListValue } from '@duckdb/node-api';
import { type Database, parquetTable, sqlName } from '../database.ts';
import type { AttributeType } from './attribute-type.ts';
import type { AttributeReport, Grade, IdReport } from './types.ts';

export const groupRowsMin = 50;
const categoriesMax = 20;
/** Five per cent of the rows at either end are at least the minimum group. */
const quantileRowsMin = groupRowsMin * 20;

export interface ColumnProfile {
  readonly column: string;
  readonly kind: 'id' | AttributeType;
  readonly grade: Grade;
  /** Rows with a value, in whole percent; null where either side would be a small group. */
  readonly filledPercent: number | null;
  /** About how many different values, to two digits; null where it is not shown. */
  readonly distinctAbout: number | null;
  /** The most frequent values, most frequent first. */
  readonly categories: readonly { readonly value: string; readonly rows: number }[];
  /** Of numbers: what 5, 25, 50, 75 and 95 per cent of the rows do not exceed, to two digits. */
  readonly quantiles: readonly number[] | null;
}

export function idProfile(id: IdReport, rowCount: number): ColumnProfile {
  return {
    column: id.column,
    kind: 'id',
    grade: 'personal',
    filledPercent: percent(id.accepted, rowCount),
    distinctAbout: id.distinct < groupRowsMin ? null : twoDigits(id.distinct),
    categories: [],
    quantiles: null,
  };
}

/** @param parquet the dataset's file, whatever its name yet. */
export async function attributeProfile(
  database: Database,
  parquet: string,
  attribute: AttributeReport,
  rowCount: number,
): Promise<ColumnProfile> {
  const { column, type, grade, filled } = attribute;
  const base = {
    column,
    kind: type,
    grade,
    filledPercent: percent(filled, rowCount),
    distinctAbout: null,
    categories: [],
    quantiles: null,
  };
  if (grade === 'personal' || grade === 'sensitive' || filled < groupRowsMin) return base;
  const name = sqlName(attribute.storedAs);
  const from = parquetTable(parquet);
  const [[distinct] = []] = await database.rows(`SELECT approx_count_distinct(${name}) FROM ${from}`);
  const distinctAbout = twoDigits(Number(distinct));
  if ((type === 'integer' || type === 'decimal') && Number(distinct) > categoriesMax) {
    return {
      ...base,
      distinctAbout,
      quantiles: filled < quantileRowsMin ? null : await quantiles(database, from, name),
    };
  }
  if (Number(distinct) > filled / groupRowsMin) return { ...base, distinctAbout };
  const counted = await database.rows(
    `SELECT CAST(${name} AS VARCHAR), count(*) FROM ${from}
     WHERE ${name} IN (SELECT unnest(approx_top_k(${name}, ${categoriesMax + 1})) FROM ${from}) GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT ${categoriesMax}`,
  );
  const categories = counted.map(([value, rows]) => ({ value: String(value).slice(0, 100), rows: Number(rows) }));
  return { ...base, distinctAbout, categories: shownCategories(categories, rowCount) };
}

/** @param categories most frequent first, each value once; @param rowCount rows in all, those without a value included. */
export function shownCategories(
  categories: readonly { readonly value: string; readonly rows: number }[],
  rowCount: number,
): readonly { readonly value: string; readonly rows: number }[] {
  const shown = categories.filter(({ rows }) => rows >= groupRowsMin);
  let hidden = rowCount - shown.reduce((sum, { rows }) => sum + rows, 0);
  while (hidden > 0 && hidden < groupRowsMin && shown.length > 0) hidden += shown.pop()!.rows;
  return shown.map(({ value, rows }) => ({ value, rows: Math.round(rows / 10) * 10 }));
}

async function quantiles(database: Database, from: string, name: string): Promise<readonly number[]> {
  const [[list] = []] = await database.rows(
    `SELECT approx_quantile(${name}, [0.05, 0.25, 0.5, 0.75, 0.95]) FROM ${from}`,
  );
  return (list as DuckDBListValue).items.map((value) => twoDigits(Number(value)));
}

function percent(part: number, all: number): number | null {
  const small = (count: number) => count > 0 && count < groupRowsMin;
  if (all < groupRowsMin || small(part) || small(all - part)) return null;
  return Math.round((100 * part) / all);
}

function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}
