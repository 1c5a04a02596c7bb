/**
 * A checked rule as DuckDB SQL. Every value is a quoted literal and every column a quoted name; there is no pattern matching, so no pattern can take
 * for ever. A condition on what is not known is false, and its negation true.
 */
import { sqlIdentifier, sqlString } from '../../sql/index.ts';
import { kindCode } from '../events/index.ts';
import type { EventCondition, PlaceCondition, Rule } from './rule.ts';

const daySeconds = 86_400;

export interface RuleSource {
  /** What stands after FROM: people, one row each, with `person` and a column for each tag. */
  readonly people: string;
  /** What stands after FROM: events once each. */
  readonly events: string;
  /** Lists of people by name: what stands after FROM, with `person`. */
  readonly lists: Readonly<Record<string, string>>;
  /** What stands after FROM, with `place`: the numbers of all places of the people that a condition holds of (`core/geo`). */
  readonly places?: (condition: PlaceCondition) => string;
  /** The date of the selection, Unix seconds; later events are not seen. */
  readonly asOf: number;
}

/** @returns a SELECT of `person`. */
export function selectSql(rule: Rule, source: RuleSource): string {
  return `SELECT person FROM ${source.people} AS p WHERE ${predicateSql(rule, source)}`;
}

/**
 * @returns a Boolean expression, never NULL, over a row of `people` that is called `p`.
 * @throws {RangeError} for a list, or places, that the source does not have.
 */
export function predicateSql(rule: Rule, source: Omit<RuleSource, 'people'>): string {
  if ('all' in rule) return `(${rule.all.map((each) => predicateSql(each, source)).join(' AND ')})`;
  if ('any' in rule) return `(${rule.any.map((each) => predicateSql(each, source)).join(' OR ')})`;
  if ('not' in rule) return `(NOT ${predicateSql(rule.not, source)})`;
  if ('event' in rule) return eventSql(rule.event, source);
  if ('place' in rule) {
    if (source.places === undefined) throw new RangeError('places: none are there');
    return `coalesce(p.${sqlIdentifier(rule.place)} IN (SELECT place FROM ${source.places(rule)}), false)`;
  }
  if ('audience' in rule) {
    const list = Object.hasOwn(source.lists, rule.audience) ? source.lists[rule.audience] : undefined;
    if (list === undefined) throw new RangeError(`lists: there is no ${rule.audience}`);
    return `(p.person IN (SELECT person FROM ${list}))`;
  }
  const column = `p.${sqlIdentifier(rule.tag)}`;
  if ('in' in rule) return `coalesce(${column} IN (${rule.in.map(sqlString).join(', ')}), false)`;
  const bounds = [
    ...(rule.from === undefined ? [] : [`${column} >= ${numberSql(rule.from)}`]),
    ...(rule.to === undefined ? [] : [`${column} <= ${numberSql(rule.to)}`]),
  ];
  return `coalesce(${bounds.join(' AND ')}, false)`;
}

function eventSql(condition: EventCondition, { events, asOf }: Pick<RuleSource, 'events' | 'asOf'>): string {
  const { times, lastDaysAgo, withinDays, value } = condition;
  const where = [
    `kind = ${kindCode(condition.kind)}`,
    `"at" BETWEEN ${asOf - withinDays * daySeconds} AND ${asOf}`,
    ...among('channel', condition.channels),
    ...among('campaign', condition.campaigns),
  ];
  const having = (conditions: readonly string[]) =>
    `(SELECT person FROM ${events} WHERE ${where.join(' AND ')} GROUP BY person${conditions.length === 0 ? '' : ` HAVING ${conditions.join(' AND ')}`})`;
  const last = [
    ...(lastDaysAgo?.from === undefined ? [] : [`max("at") <= ${asOf - lastDaysAgo.from * daySeconds}`]),
    ...(lastDaysAgo?.to === undefined ? [] : [`max("at") >= ${asOf - lastDaysAgo.to * daySeconds}`]),
  ];
  const worth =
    value === undefined ? '' : `sum(CASE WHEN currency = ${sqlString(value.currency)} THEN value ELSE 0 END)`;
  const worths = [
    ...(value?.from === undefined ? [] : [`${worth} >= ${value.from}`]),
    ...(value?.to === undefined ? [] : [`${worth} <= ${value.to}`]),
  ];
  const [from, to] = [times?.from ?? (times === undefined ? 1 : 0), times?.to];
  const within = [...(from > 1 ? [`count(*) >= ${from}`] : []), ...(to === undefined ? [] : [`count(*) <= ${to}`])];
  // Nobody who has no such event is in any group: those whom "none" is enough for are the ones who have not too many.
  if (from === 0 && lastDaysAgo === undefined && value === undefined) {
    return to === undefined ? 'true' : `(p.person NOT IN ${having([`count(*) > ${to}`])})`;
  }
  return `(p.person IN ${having([...within, ...last, ...worths])})`;
}

function among(column: string, values: readonly string[] | undefined): readonly string[] {
  return values === undefined ? [] : [`${sqlIdentifier(column)} IN (${values.map(sqlString).join(', ')})`];
}

/** As a DOUBLE, whatever the number's own text would be taken for. */
function numberSql(value: number): string {
  return `CAST(${value} AS DOUBLE)`;
}
