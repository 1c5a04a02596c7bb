/** The cells of a reach report where all exposures are in one place. */
import { sqlString } from '../../sql/index.ts';
import { exact } from '../../statistics/index.ts';
import { kindCode } from '../events/index.ts';
import type { ReachShape } from './plan.ts';
import type { ReachCells } from './report.ts';

export interface ReachSource extends Omit<ReachShape, 'target'> {
  /** What stands after FROM: events once each, without invalid traffic. A medium is a channel. */
  readonly events: string;
  /** From this instant, before that one, in Unix seconds. */
  readonly period: { readonly from: number; readonly until: number };
  /** What stands after FROM: the target group, with `person`, one row each. */
  readonly target?: string;
}

/** A person's media are the bits of one integer; one more stands for channels that are not declared. */
const mediaMax = 61;

/**
 * @returns a SELECT of `part`, `cell`, `other`, `people` and `impressions`: every declared cell, empty ones too.
 * @throws {RangeError} for more than 61 media.
 */
export function reachSql(source: ReachSource): string {
  const { media, binCount, target } = source;
  const grouped = `SELECT bin, media, in_target, count(*) AS people, sum(impressions) AS impressions FROM (${personSql(source)}) GROUP BY ALL`;
  const cell = (part: string, where: string, names: readonly (string | number)[] = []) => {
    const [name, other] = [0, 1].map((i) => (names[i] === undefined ? 'NULL' : sqlString(String(names[i]))));
    return `SELECT ${sqlString(part)} AS part, ${name} AS cell, ${other} AS other, CAST(coalesce(sum(people), 0) AS BIGINT) AS people,
      CAST(coalesce(sum(impressions), 0) AS BIGINT) AS impressions FROM grouped WHERE ${where}`;
  };
  const cells = [
    cell('all', 'true'),
    ...(target === undefined ? [] : [cell('target', 'in_target')]),
    ...Array.from({ length: binCount }, (_, i) => cell('frequency', `bin = ${i + 1}`, [i + 1])),
    ...media.map((medium, i) => cell('medium', hasMedium(i), [medium])),
    ...media.map((medium, i) => cell('others', hasOther(i, media.length), [medium])),
    ...media.flatMap((a, i) =>
      media.slice(i + 1).map((b, j) => cell('pair', `${hasMedium(i)} AND ${hasMedium(i + 1 + j)}`, [a, b])),
    ),
  ];
  return `WITH grouped AS MATERIALIZED (${grouped}) ${cells.join(' UNION ALL ')}`;
}

/** Whom each number is about. @returns by part, a SELECT of `cell`, `person` and `amount`; impressions are parts of their own. */
export function reachMembersSql(
  source: ReachSource,
): Readonly<
  Record<'all' | 'impressions' | 'target' | 'target impressions' | 'frequency' | 'medium' | 'others' | 'pair', string>
> {
  const { media } = source;
  const of = (cell: string, where: string, amount = '1') =>
    `SELECT ${cell} AS cell, person, ${amount} AS amount FROM (${personSql(source)}) WHERE ${where}`;
  const each = (conditions: readonly string[]) =>
    conditions.length === 0 ? of('0', 'false') : conditions.map((where, i) => of(String(i), where)).join(' UNION ALL ');
  const pairs = media.flatMap((_, i) =>
    media.slice(i + 1).map((__, j) => `${hasMedium(i)} AND ${hasMedium(i + 1 + j)}`),
  );
  return {
    all: of('0', 'true'),
    impressions: of('0', 'true', 'impressions'),
    target: of('0', 'in_target'),
    'target impressions': of('0', 'in_target', 'impressions'),
    frequency: of('bin - 1', 'true'),
    medium: each(media.map((_, i) => hasMedium(i))),
    others: each(media.map((_, i) => hasOther(i, media.length))),
    pair: each(pairs),
  };
}

/** @returns a SELECT of `person`, `bin`, `media`, `in_target` and `impressions`: everybody who was reached. */
function personSql({ events, period, media, binCount, impressionsMax, target }: ReachSource): string {
  if (media.length > mediaMax) throw new RangeError(`media: expected at most ${mediaMax}, got ${media.length}`);
  const bits = media.map((medium, i) => `WHEN ${sqlString(medium)} THEN ${2n ** BigInt(i)}`);
  const undeclared = 2n ** BigInt(media.length);
  const bit = bits.length === 0 ? `${undeclared}` : `CASE channel ${bits.join(' ')} ELSE ${undeclared} END`;
  const inTarget = target === undefined ? 'false' : `person IN (SELECT person FROM ${target})`;
  return `SELECT person, least(times, ${binCount}) AS bin, media, ${inTarget} AS in_target, least(times, ${impressionsMax}) AS impressions
    FROM (SELECT person, count(*) AS times, bit_or(CAST(${bit} AS BIGINT)) AS media FROM ${events}
    WHERE kind = ${kindCode('exposure')} AND "at" >= ${period.from} AND "at" < ${period.until} GROUP BY person)`;
}

function hasMedium(i: number): string {
  return `media & ${2n ** BigInt(i)} <> 0`;
}

/** Any channel but one of `count` media, undeclared ones too. */
function hasOther(i: number, count: number): string {
  return `media & ${(2n ** BigInt(count + 1) - 1n) ^ (2n ** BigInt(i))} <> 0`;
}

/** A row of `reachSql`. */
interface ReachRow {
  readonly part: string;
  readonly cell: string | null;
  readonly other: string | null;
  readonly people: number;
  readonly impressions: number;
}

/** The exact cells of one owner's own report, from the rows of `reachSql`. */
export function reachCells(rows: readonly ReachRow[]): ReachCells {
  const of = (part: string) => rows.filter((row) => row.part === part);
  const [all, target] = [of('all')[0]!, of('target')[0]];
  const others = new Map(of('others').map((row) => [row.cell, exact(row.people)]));
  return {
    reach: exact(all.people),
    impressions: exact(all.impressions),
    frequency: of('frequency').map(({ people }) => exact(people)),
    ...(target === undefined
      ? {}
      : { target: { reach: exact(target.people), impressions: exact(target.impressions) } }),
    media: of('medium').map(({ cell, people }) => ({
      medium: cell!,
      reach: exact(people),
      others: others.get(cell),
    })),
    pairs: of('pair').map(({ cell, other, people }) => ({ media: [cell!, other!], both: exact(people) })),
  };
}
