/** The cells of a lift where the groups and the orders are in one place. */
import { sqlString } from '../../sql/index.ts';
import { kindCode } from '../events/index.ts';

export interface LiftSource {
  /** What stands after FROM: everybody who was assigned, with `person` and `arm` (`treated` or `control`), one row each. */
  readonly groups: string;
  /** What stands after FROM: events once each. */
  readonly events: string;
  /** Orders from this instant, before that one, in Unix seconds; the same for both arms. */
  readonly period: { readonly from: number; readonly until: number };
  /** Value is that of orders in this currency, less refunds of any later time, at least 0 and at most `valueMax` units a person. */
  readonly currency: string;
  readonly valueMax: number;
}

/** @returns a SELECT of `arm`, `people`, `buyers`, `value` and `squares`: two rows, for everybody who was assigned counts, seen or not. */
export function liftSql({ groups, events, period, currency, valueMax }: LiftSource): string {
  const [order, refund] = [kindCode('order'), kindCode('refund')];
  const orders = `SELECT person, order_ref, CASE WHEN currency = ${sqlString(currency)} THEN value ELSE 0 END AS value FROM ${events}
    WHERE kind = ${order} AND "at" >= ${period.from} AND "at" < ${period.until}`;
  const refunds = `SELECT order_ref, sum(value) AS value FROM ${events}
    WHERE kind = ${refund} AND currency = ${sqlString(currency)} GROUP BY order_ref`;
  const perPerson = `SELECT o.person, greatest(least(sum(o.value - coalesce(r.value, 0)), ${valueMax}), 0) AS value
    FROM (${orders}) AS o LEFT JOIN (${refunds}) AS r ON r.order_ref = o.order_ref GROUP BY o.person`;
  return `SELECT g.arm, count(*) AS people, count(p.person) AS buyers, CAST(coalesce(sum(p.value), 0) AS HUGEINT) AS value,
    CAST(coalesce(sum(p.value * p.value), 0) AS HUGEINT) AS squares
    FROM ${groups} AS g LEFT JOIN (${perPerson}) AS p ON p.person = g.person GROUP BY g.arm ORDER BY g.arm`;
}
