/** Stages at dates, and what people did between them, where all events are in one place. */
import { predicateSql, type RuleSource } from '../select/index.ts';
import type { StageModel } from './model.ts';

/** The number of the stage, from 0, or NULL outside; over a row of people that is called `p`. */
function stageSql({ stages }: StageModel, source: Omit<RuleSource, 'people'>): string {
  const cases = stages.map(({ rule }, i) => `WHEN ${predicateSql(rule, source)} THEN ${i}`).reverse();
  return `CAST(CASE ${cases.join(' ')} END AS TINYINT)`;
}

/**
 * @param source its date is the later one.
 * @returns a SELECT of `from_stage` and `to_stage` (NULL: outside) and `people`; nobody who is outside on both dates.
 */
export function flowsSql(model: StageModel, source: RuleSource, earlier: number): string {
  const before = stageSql(model, { ...source, asOf: earlier });
  return `SELECT from_stage, to_stage, count(*) AS people
    FROM (SELECT ${before} AS from_stage, ${stageSql(model, source)} AS to_stage FROM ${source.people} AS p)
    WHERE from_stage IS NOT NULL OR to_stage IS NOT NULL GROUP BY from_stage, to_stage
    ORDER BY from_stage NULLS LAST, to_stage NULLS LAST`;
}

/**
 * @param dates Unix seconds, ascending; the last one is the date of the report.
 * @returns a SELECT of `stage`, `dates` (how many of them in a row, the last included, at this stage) and `people`.
 */
export function agingSql(model: StageModel, source: Omit<RuleSource, 'asOf'>, dates: readonly number[]): string {
  const latestFirst = dates.toReversed();
  const columns = latestFirst.map((asOf, i) => `${stageSql(model, { ...source, asOf })} AS s${i}`);
  // The first date at which the stage was another one ends the row of dates.
  const ends = latestFirst.slice(1).map((_, i) => `WHEN s${i + 1} IS DISTINCT FROM s0 THEN ${i + 1}`);
  const length = ends.length === 0 ? '1' : `CASE ${ends.join(' ')} ELSE ${dates.length} END`;
  return `SELECT s0 AS stage, ${length} AS dates, count(*) AS people
    FROM (SELECT ${columns.join(', ')} FROM ${source.people} AS p) WHERE s0 IS NOT NULL GROUP BY ALL ORDER BY stage, dates`;
}
