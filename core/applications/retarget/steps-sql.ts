/** How many people are left after each step, in one pass over the people. */
import { predicateSql, type RuleSource } from '../select/index.ts';
import { type Retargeting, retargetSteps } from './steps.ts';

/** @returns a SELECT of `step`, from 1, and `people`: those who are left after it. */
export function retargetSql(retargeting: Retargeting, source: RuleSource): string {
  const steps = retargetSteps(retargeting).map(({ rule }) => predicateSql(rule, source));
  // The first step that a person fails; one more than there are for those who pass them all.
  const failed = steps.map((step, i) => `WHEN NOT ${step} THEN ${i + 1}`);
  const people = `SELECT CASE ${failed.join(' ')} ELSE ${steps.length + 1} END AS failed, count(*) AS people FROM ${source.people} AS p GROUP BY ALL`;
  return `WITH causeway_failed AS MATERIALIZED (${people})
    SELECT step, CAST(coalesce(sum(people) FILTER (failed > step), 0) AS BIGINT) AS people
    FROM range(1, ${steps.length + 1}) AS t(step) LEFT JOIN causeway_failed ON true GROUP BY step ORDER BY step`;
}
