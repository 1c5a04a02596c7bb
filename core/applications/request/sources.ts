/** The rows of a report as SQL, from tables whose form the catalogue says. Values that no rule declares are none. */
import type { Sources, TableRules } from '../../policy/query/index.ts';
import { sqlIdentifier, sqlString } from '../../sql/index.ts';
import { eventKinds, kindCode, uniqueEventsSql, unitsMax } from '../events/index.ts';
import { hasColumn } from './reader.ts';
import type { People } from './request.ts';

export type { Sources };

/** @param columns of the table, under their own names; a category's undeclared values are NULL. @returns what stands after FROM. */
export function personRows(table: TableRules, columns: readonly string[], sources: Sources): string {
  const cells = [...new Set(columns)].map((name) => `${cellSql(table, name)} AS ${sqlIdentifier(name)}`);
  const person = sqlIdentifier(table.person);
  return `(SELECT ${[`${person} AS person`, ...cells].join(', ')} FROM ${sources.table(table.name)} WHERE ${person} IS NOT NULL)`;
}

/** @returns what stands after FROM: `person`, one row each. */
export function peopleSql(people: People, tables: ReadonlyMap<string, TableRules>, sources: Sources): string {
  if ('audience' in people) return `(SELECT DISTINCT person FROM ${sources.audience(people.audience)})`;
  const table = tables.get(people.table)!;
  const { where } = people;
  const rows = personRows(table, where === undefined ? [] : [where.column], sources);
  if (where === undefined) return rows;
  return `(SELECT person FROM ${rows} WHERE ${sqlIdentifier(where.column)} IN (${where.in.map(sqlString).join(', ')}))`;
}

/**
 * Events of all tables, once each. An id counts within its table, and the number of an order within its owner's tables.
 * @returns a SELECT of the columns of `eventColumns`.
 */
export function eventsSql(tables: readonly TableRules[], sources: Sources): string {
  const isOne = tables.length === 1;
  const each = tables.map((table) => uniqueEventsSql(`(${eventRows(table, sources, isOne)})`));
  return each.map((sql) => `SELECT * FROM (${sql})`).join(' UNION ALL ');
}

/**
 * A log's events, once each, with columns that are for nobody but its owner.
 * @returns a SELECT of the columns of `eventColumns` and of `more`.
 */
export function loggedEventsSql(table: TableRules, more: readonly string[], sources: Sources): string {
  return `SELECT * FROM (${eventRows(table, sources, true, more)}) QUALIFY row_number() OVER (PARTITION BY kind, event_id ORDER BY "at") = 1`;
}

function eventRows(table: TableRules, sources: Sources, isOne: boolean, more: readonly string[] = []): string {
  const column = (name: string) => sqlIdentifier(name);
  const kind = `CAST(CASE ${column('kind')} ${eventKinds.map((name) => `WHEN ${sqlString(name)} THEN ${kindCode(name)}`).join(' ')} END AS UTINYINT)`;
  const text = (name: string) => (hasColumn(table, name) ? `coalesce(${cellSql(table, name)}, '')` : "''");
  const amount = (name: string) =>
    hasColumn(table, name)
      ? `CAST(least(greatest(coalesce(${column(name)}, 0), 0), ${unitsMax}) AS BIGINT)`
      : '0::BIGINT';
  const hasBoth = hasColumn(table, 'event_id') && hasColumn(table, 'order_ref');
  // One table keeps its ids as they are, unless one stands beside a text; those of several are told apart.
  const id = (name: string, of: string) =>
    !hasColumn(table, name)
      ? `'row ' || lpad(CAST(row_number() OVER () AS VARCHAR), 12, '0')`
      : isOne
        ? hasBoth
          ? column(name)
          : `CAST(${column(name)} AS VARCHAR)`
        : `${sqlString(`${of}:`)} || coalesce(CAST(${column(name)} AS VARCHAR), '')`;
  const person = column(table.person);
  return `SELECT * FROM (SELECT ${person} AS person, ${column('at')} AS "at", 0::SMALLINT AS zone, ${kind} AS kind,
    ${text('channel')} AS channel, ${text('campaign')} AS campaign, ${text('creative')} AS creative, ${amount('cost')} AS cost,
    ${amount('value')} AS value, ${currencySql(table)} AS currency, ${id('event_id', table.name)} AS event_id, ${id('order_ref', table.owner)} AS order_ref${more.map((name) => `, ${column(name)}`).join('')}
    FROM ${sources.table(table.name)} WHERE ${person} IS NOT NULL AND ${column('at')} IS NOT NULL)
    WHERE kind IS NOT NULL AND (kind >= ${kindCode('order')} OR channel <> '')`;
}

/** A column of its own, or the one currency that the amounts are declared in. */
function currencySql(table: TableRules): string {
  if (hasColumn(table, 'currency')) return `coalesce(${cellSql(table, 'currency')}, '')`;
  const rule = table.columns.find(({ name }) => name === 'value') ?? table.columns.find(({ name }) => name === 'cost');
  return rule?.type === 'money' ? sqlString(rule.currency) : "''";
}

function cellSql(table: TableRules, name: string): string {
  const column = sqlIdentifier(name);
  const rule = table.columns.find((each) => each.name === name);
  if (rule?.type !== 'category') return column;
  const text = `CAST(${column} AS VARCHAR)`;
  return `CASE WHEN ${text} IN (${rule.values.map(sqlString).join(', ')}) THEN ${text} END`;
}
