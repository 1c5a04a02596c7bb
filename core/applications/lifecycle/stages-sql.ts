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
  return `SELECT from_stage, to_stage, count(*) AS people FROM (${flowRows(model, source, earlier)}) GROUP BY from_stage, to_stage
    ORDER BY from_stage NULLS LAST, to_stage NULLS LAST`;
}

/** Whom each flow is about: cells row by row, from each stage and from outside to each stage and outside. */
export function flowMembersSql(model: StageModel, source: RuleSource, earlier: number): string {
  const place = (stage: string) => `coalesce(CAST(${stage} AS BIGINT), ${model.stages.length})`;
  return `SELECT ${place('from_stage')} * ${model.stages.length + 1} + ${place('to_stage')} AS cell, person, 1 AS amount
    FROM (${flowRows(model, source, earlier)})`;
}

function flowRows(model: StageModel, source: RuleSource, earlier: number): string {
  const before = stageSql(model, { ...source, asOf: earlier });
  return `SELECT * FROM (SELECT person, ${before} AS from_stage, ${stageSql(model, source)} AS to_stage FROM ${source.people} AS p)
    WHERE from_stage IS NOT NULL OR to_stage IS NOT NULL`;
}

/**
 * @param dates Unix seconds, ascending; the last one is the date of the report.
 * @returns a SELECT of `stage`, `dates` (how many of them in a row, the last included, at this stage) and `people`.
 */
export function agingSql(model: StageModel, source: Omit<RuleSource, 'asOf'>, dates: readonly number[]): string {
  return `SELECT stage, dates, count(*) AS people FROM (${agingRows(model, source, dates)}) GROUP BY ALL ORDER BY stage, dates`;
}

/** Whom each number is about: cells row by row, of each stage for one date, two in a row and so on. */
export function agingMembersSql(model: StageModel, source: Omit<RuleSource, 'asOf'>, dates: readonly number[]): string {
  return `SELECT CAST(stage AS BIGINT) * ${dates.length} + dates - 1 AS cell, person, 1 AS amount FROM (${agingRows(model, source, dates)})`;
}

function agingRows(model: StageModel, source: Omit<RuleSource, 'asOf'>, dates: readonly number[]): string {
  const latestFirst = dates.toReversed();
  const columns = latestFirst.map((asOf, i) => `${stageSql(model, { ...source, asOf })} AS s${i}`);
  // The first date at which the stage was another one ends the row of dates.
  const ends = latestFirst.slice(1).map((_, i) => `WHEN s${i + 1} IS DISTINCT FROM s0 THEN ${i + 1}`);
  const length = ends.length === 0 ? '1' : `CASE ${ends.join(' ')} ELSE ${dates.length} END`;
  return `SELECT person, s0 AS stage, ${length} AS dates FROM (SELECT person, ${columns.join(', ')} FROM ${source.people} AS p) WHERE s0 IS NOT NULL`;
}
