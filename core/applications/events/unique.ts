/** Events once each, however often and in whatever order they were delivered. */
import { sqlIdentifier } from '../../sql/index.ts';
import { eventColumns, kindCode } from './event.ts';

const columns = Object.keys(eventColumns).map(sqlIdentifier);

/** What makes two rows deliveries of one event: the number of an order, the id of anything else. */
const identity = `kind, CASE WHEN kind = ${kindCode('order')} THEN order_ref ELSE event_id END`;

/**
 * @param events what stands after FROM: a table or query with the columns of `eventColumns`.
 * @returns a SELECT of those columns. Of deliveries that differ the earliest stays, and among equal times the smallest by all other columns, so
 * that the order of arrival changes nothing.
 */
export function uniqueEventsSql(events: string): string {
  const order = ['"at"', ...columns.filter((column) => column !== '"at"')].join(', ');
  const named = columns.join(', ');
  // Few events are delivered again: the others need not be sorted. A hash that two events share costs time and nothing else.
  const repeated = `SELECT print FROM (SELECT hash(${identity}) AS print FROM ${events}) GROUP BY print HAVING count(*) > 1`;
  return `WITH repeated AS MATERIALIZED (${repeated})
    SELECT ${named} FROM ${events} WHERE hash(${identity}) NOT IN (FROM repeated)
    UNION ALL SELECT * FROM (SELECT ${named} FROM ${events} WHERE hash(${identity}) IN (FROM repeated)
      QUALIFY row_number() OVER (PARTITION BY ${identity} ORDER BY ${order}) = 1)`;
}

/** @returns a SELECT of `kind` and `repeated`: deliveries beyond the first. */
export function repeatedEventsSql(events: string): string {
  return `SELECT kind, count(*) - count(DISTINCT CASE WHEN kind = ${kindCode('order')} THEN order_ref ELSE event_id END) AS repeated
    FROM ${events} GROUP BY kind ORDER BY kind`;
}
