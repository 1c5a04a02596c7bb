/**
 * Events with the reason why each is invalid, as DuckDB SQL. It runs beside the logs, where user agents and addresses are: neither is among the
 * columns that leave their owner. User agents are judged once each.
 */
import { sqlIdentifier, sqlString } from '../../sql/index.ts';
import { eventColumns, kindCode } from '../events/index.ts';
import { agentPatterns } from './agents.ts';
import type { CrawlerList } from './crawler-list.ts';
import type { InvalidReason } from './reasons.ts';
import type { RateLimit, TrafficSettings } from './settings.ts';

export interface TrafficSource {
  /** What stands after FROM: events once each, with the columns below beside those of `eventColumns`. */
  readonly events: string;
  /** Names of columns that the log has; rules about the others are left out. Empty cells of `address` and `device` are of nobody. */
  readonly agent?: string;
  readonly address?: string;
  readonly device?: string;
}

/** Alternatives in one regular expression: a program of moderate size is fast. */
const patternsAtOnce = 200;
const columns = Object.keys(eventColumns).map(sqlIdentifier).join(', ');

/** @returns a SELECT of the event columns and `reason`: a code of `invalidReasons`, or NULL for a valid event. Orders and refunds are valid. */
export function judgedEventsSql(source: TrafficSource, settings: TrafficSettings, crawlers: CrawlerList): string {
  const { agent, address, device, events } = source;
  const text = (name: string | undefined) =>
    name === undefined ? 'CAST(NULL AS VARCHAR)' : `CAST(${sqlIdentifier(name)} AS VARCHAR)`;
  const given = `SELECT ${columns}, ${agent === undefined ? 'NULL' : `coalesce(${text(agent)}, '')`} AS causeway_agent,
    nullif(${text(address)}, '') AS causeway_address, nullif(${text(device)}, '') AS causeway_device FROM ${events}`;
  const agents = `SELECT causeway_agent, ${agentSql(crawlers)} AS verdict
    FROM (SELECT DISTINCT causeway_agent FROM given WHERE causeway_agent IS NOT NULL)`;
  const visitors = `SELECT DISTINCT person FROM given JOIN agents USING (causeway_agent) WHERE verdict IS NOT NULL`;
  const reasons: readonly (readonly [InvalidReason, string])[] = [
    ['listed-crawler', "verdict = 'listed-crawler'"],
    ['not-a-browser', "verdict = 'not-a-browser'"],
    ['automatic-visitor', 'person IN (SELECT person FROM visitors)'],
    ...(['address', 'device', 'person'] as const).flatMap((by) => rateReason(by, settings.rates)),
    ['duplicate-click', duplicateClick],
    ...sequenceReason(settings),
  ];
  const cases = reasons.map(([reason, condition]) => `WHEN ${condition} THEN ${sqlString(reason)}`);
  return `WITH given AS MATERIALIZED (${given}), agents AS MATERIALIZED (${agents}), visitors AS MATERIALIZED (${visitors})
    SELECT ${columns}, CASE WHEN kind >= ${kindCode('order')} THEN NULL ${cases.join(' ')} END AS reason
    FROM given LEFT JOIN agents USING (causeway_agent)`;
}

/** @param judged what stands after FROM: `judgedEventsSql` in parentheses, or a table made of it. */
export function validEventsSql(judged: string): string {
  return `SELECT ${columns} FROM ${judged} WHERE reason IS NULL`;
}

/**
 * @param sampleSize events of each reason and kind whose ids are given, for whoever wants to appeal: the same ones each time.
 * @returns a SELECT of `kind`, `reason` (NULL: valid), `events` and `sample`.
 */
export function trafficCountsSql(judged: string, sampleSize: number): string {
  return `SELECT kind, reason, count(*) AS events, arg_min(event_id, hash(event_id), ${sampleSize}) AS sample
    FROM ${judged} WHERE kind < ${kindCode('order')} GROUP BY kind, reason ORDER BY kind, reason NULLS FIRST`;
}

function agentSql({ patterns }: CrawlerList): string {
  const found = (text: string, pattern: string) => `regexp_matches(${text}, ${sqlString(pattern)})`;
  const lists = Array.from({ length: Math.ceil(patterns.length / patternsAtOnce) }, (_, i) => {
    const some = patterns.slice(i * patternsAtOnce, (i + 1) * patternsAtOnce);
    return found('causeway_agent', some.map((pattern) => `(?:${pattern})`).join('|'));
  });
  const lower = 'lower(causeway_agent)';
  return `CASE WHEN ${found(lower, agentPatterns.people)} THEN NULL
    ${lists.length === 0 ? '' : `WHEN ${lists.join(' OR ')} THEN 'listed-crawler'`}
    WHEN NOT ${found(lower, agentPatterns.platforms)} OR ${found(lower, agentPatterns.marks)} THEN 'not-a-browser' END`;
}

function rateReason(by: RateLimit['by'], rates: readonly RateLimit[]): (readonly [InvalidReason, string])[] {
  const column = by === 'person' ? 'person' : `causeway_${by}`;
  const conditions = rates
    .filter((rate) => rate.by === by)
    .map(
      ({ kind, perSeconds, max }) =>
        `(kind = ${kindCode(kind)} AND ${column} IS NOT NULL AND count(*) OVER (PARTITION BY ${column}, kind, "at" // ${perSeconds}) > ${max})`,
    );
  return conditions.length === 0 ? [] : [[`${by}-rate`, conditions.join(' OR ')]];
}

const duplicateClick = `kind = ${kindCode('click')} AND row_number() OVER (
    PARTITION BY kind, person, "at", channel, campaign, creative, causeway_address, causeway_device, causeway_agent ORDER BY event_id) > 1`;

function sequenceReason({ clickAfterExposureSeconds }: TrafficSettings): (readonly [InvalidReason, string])[] {
  if (clickAfterExposureSeconds === undefined) return [];
  // In the same second the exposure comes first: its code is the smaller one.
  const last = `max(CASE WHEN kind = ${kindCode('exposure')} THEN "at" END) OVER (
    PARTITION BY person, campaign ORDER BY "at", kind ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  return [
    [
      'impossible-sequence',
      `kind = ${kindCode('click')} AND coalesce("at" - ${last} > ${clickAfterExposureSeconds}, true)`,
    ],
  ];
}
