/** The event table → the stream of touches and orders, as DuckDB SQL: one sort of the rows, no join of touches with orders. */
import { sqlIdentifier, sqlString } from '../../sql/index.ts';
import { kindCode } from '../events/index.ts';
import { dimensions } from './journey-batch.ts';
import type { AttributionSettings } from './settings.ts';

export interface AttributionSource {
  /** What stands after FROM: events once each, without invalid traffic. */
  readonly events: string;
  /** What stands after FROM: `person` and `audience`, at most one row each; people without are in the audience ''. */
  readonly audiences?: string;
  /** Currencies in which values are told; orders in others are counted apart. */
  readonly currencies: readonly string[];
}

const [order, refund] = [kindCode('order'), kindCode('refund')];
const keys = dimensions.filter((dimension) => dimension !== 'audience').map(sqlIdentifier);

/** Touches that may count for an order of the period, with their audience. */
function touchesSql({ events, audiences }: AttributionSource, { period, windowSeconds }: AttributionSettings): string {
  const where = `kind < ${order} AND "at" >= ${period.from - windowSeconds} AND "at" < ${period.until}`;
  const columns = `person, "at", kind, event_id, cost, currency, ${keys.join(', ')}`;
  if (audiences === undefined) return `(SELECT ${columns}, '' AS audience FROM ${events} WHERE ${where})`;
  return `(SELECT e.* , coalesce(a.audience, '') AS audience FROM (SELECT ${columns} FROM ${events} WHERE ${where}) AS e
    LEFT JOIN ${audiences} AS a ON a.person = e.person)`;
}

/** @returns a SELECT of `placement` (from 0) and its four names: the list that the stream's numbers point into. */
export function placementsSql(source: AttributionSource, settings: AttributionSettings): string {
  const names = [...keys, 'audience'].join(', ');
  return `SELECT CAST(row_number() OVER (ORDER BY ${names}) - 1 AS UINTEGER) AS placement, ${names}
    FROM (SELECT DISTINCT ${names} FROM ${touchesSql(source, settings)})`;
}

/**
 * @param placements a table made of `placementsSql`.
 * @returns a SELECT of the columns of `JourneyBatch` in their order, sorted. Refunds of any later time lower the value of their order where the
 * currency is the same.
 */
export function streamSql(source: AttributionSource, settings: AttributionSettings, placements: string): string {
  const { events, currencies } = source;
  const { from, until } = settings.period;
  const number = currencies.map((code, i) => `WHEN ${sqlString(code)} THEN ${i}`);
  const currency = `CAST(${number.length === 0 ? '0' : `CASE o.currency ${number.join(' ')} ELSE ${currencies.length} END`} AS UINTEGER)`;
  const same = [...keys, 'audience'].map((key) => `p.${key} = t.${key}`).join(' AND ');
  const touches = `SELECT t.person, CAST(t."at" - ${from} AS INTEGER) AS second, CAST(t.kind AS UINTEGER) AS kind,
    p.placement AS subject, CAST(0 AS DOUBLE) AS value, t.event_id
    FROM ${touchesSql(source, settings)} AS t JOIN ${placements} AS p ON ${same}`;
  const refunds = `SELECT order_ref, currency, sum(value) AS value FROM ${events} WHERE kind = ${refund} GROUP BY order_ref, currency`;
  const orders = `SELECT o.person, CAST(o."at" - ${from} AS INTEGER), CAST(${order} AS UINTEGER), ${currency},
    CAST(o.value - coalesce(r.value, 0) AS DOUBLE), o.event_id
    FROM (SELECT person, "at", value, currency, event_id, order_ref FROM ${events}
      WHERE kind = ${order} AND "at" >= ${from} AND "at" < ${until}) AS o
    LEFT JOIN (${refunds}) AS r ON r.order_ref = o.order_ref AND r.currency = o.currency`;
  return `SELECT person, second, kind, subject, value FROM (${touches} UNION ALL ${orders})
    ORDER BY person, second, kind, event_id`;
}

/**
 * What the touches of the period cost; those before it belong to the period before.
 * @returns a SELECT of `placement`, `currency`, `cost`, `touches`.
 */
export function costsSql(source: AttributionSource, settings: AttributionSettings, placements: string): string {
  const same = [...keys, 'audience'].map((key) => `p.${key} = t.${key}`).join(' AND ');
  return `SELECT p.placement, t.currency, CAST(sum(t.cost) AS HUGEINT) AS cost, count(*) AS touches
    FROM ${touchesSql(source, settings)} AS t JOIN ${placements} AS p ON ${same}
    WHERE t."at" >= ${settings.period.from} GROUP BY p.placement, t.currency ORDER BY p.placement, t.currency`;
}

/** @returns a SELECT of one row: refunds without an order of their number and currency (`unknown`), and orders refunded above their value (`above`). */
export function refundsToldSql({ events }: AttributionSource): string {
  const refunds = `SELECT order_ref, currency, sum(value) AS value, count(*) AS refunds FROM ${events} WHERE kind = ${refund} GROUP BY order_ref, currency`;
  return `SELECT CAST(coalesce(sum(r.refunds) FILTER (o.order_ref IS NULL), 0) AS BIGINT) AS unknown,
    count(*) FILTER (o.order_ref IS NOT NULL AND r.value > o.value) AS above
    FROM (${refunds}) AS r LEFT JOIN (SELECT order_ref, currency, value FROM ${events} WHERE kind = ${order}) AS o
    ON o.order_ref = r.order_ref AND o.currency = r.currency`;
}
