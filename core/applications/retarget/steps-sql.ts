/** How many people are left after each step, in one pass over the people. */
import { predicateSql, type RuleSource } from '../select/index.ts';
import { type Retargeting, retargetSteps } from './steps.ts';

/** @returns a SELECT of `step`, from 1, and `people`: those who are left after it. */
export function retargetSql(retargeting: Retargeting, source: RuleSource): string {
  const count = retargetSteps(retargeting).length;
  const people = `SELECT failed, count(*) AS people FROM (${failedSql(retargeting, source)}) GROUP BY ALL`;
  return `WITH causeway_failed AS MATERIALIZED (${people})
    SELECT step, CAST(coalesce(sum(people) FILTER (failed > step), 0) AS BIGINT) AS people
    FROM range(1, ${count + 1}) AS t(step) LEFT JOIN causeway_failed ON true GROUP BY step ORDER BY step`;
}

/** Who is left after each step; the first one is cell 0. @returns a SELECT of `cell`, `person` and `amount`. */
export function retargetMembersSql(retargeting: Retargeting, source: RuleSource): string {
  return `SELECT unnest(range(failed - 1)) AS cell, person, 1 AS amount FROM (${failedSql(retargeting, source)})`;
}

/** @returns a SELECT of `person` and `failed`: the first step that they fail, from 1; one more than there are for those who pass them all. */
function failedSql(retargeting: Retargeting, source: RuleSource): string {
  const steps = retargetSteps(retargeting).map(({ rule }) => predicateSql(rule, source));
  const failed = steps.map((step, i) => `WHEN NOT ${step} THEN ${i + 1}`);
  return `SELECT person, CASE ${failed.join(' ')} ELSE ${steps.length + 1} END AS failed FROM ${source.people} AS p`;
}
