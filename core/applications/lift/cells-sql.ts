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
export function liftSql(source: LiftSource): string {
  return `SELECT arm, count(*) AS people, count(value) AS buyers, CAST(coalesce(sum(value), 0) AS HUGEINT) AS value,
    CAST(coalesce(sum(value * value), 0) AS HUGEINT) AS squares FROM (${personSql(source)}) GROUP BY arm ORDER BY arm`;
}

/** Whom each number is about; cell 0 is of the treated. @returns by column of `liftSql`, a SELECT of `cell`, `person` and `amount`. */
export function liftMembersSql(
  source: LiftSource,
): Readonly<Record<'people' | 'buyers' | 'value' | 'squares', string>> {
  const of = (where: string, amount: string) =>
    `SELECT CASE arm WHEN 'treated' THEN 0 ELSE 1 END AS cell, person, ${amount} AS amount FROM (${personSql(source)}) WHERE ${where}`;
  const bought = 'value IS NOT NULL';
  return {
    people: of('true', '1'),
    buyers: of(bought, '1'),
    value: of(bought, 'value'),
    squares: of(bought, 'value * value'),
  };
}

/** @returns a SELECT of `person`, `arm` and `value`, NULL of whoever did not buy. */
function personSql({ groups, events, period, currency, valueMax }: LiftSource): string {
  const [order, refund] = [kindCode('order'), kindCode('refund')];
  const orders = `SELECT person, order_ref, CASE WHEN currency = ${sqlString(currency)} THEN value ELSE 0 END AS value FROM ${events}
    WHERE kind = ${order} AND "at" >= ${period.from} AND "at" < ${period.until}`;
  const refunds = `SELECT order_ref, sum(value) AS value FROM ${events}
    WHERE kind = ${refund} AND currency = ${sqlString(currency)} GROUP BY order_ref`;
  const perPerson = `SELECT o.person, greatest(least(sum(o.value - coalesce(r.value, 0)), ${valueMax}), 0) AS value
    FROM (${orders}) AS o LEFT JOIN (${refunds}) AS r ON r.order_ref = o.order_ref GROUP BY o.person`;
  return `SELECT g.person, g.arm, p.value FROM ${groups} AS g LEFT JOIN (${perPerson}) AS p ON p.person = g.person`;
}
