/** Rules of a request, held against the tags and audiences that the catalogue has; what they read is remembered like any other use. */
import type { TableRules } from '../../policy/query/index.ts';
import { sqlIdentifier } from '../../sql/index.ts';
import {
  checkRule,
  type EventCondition,
  type PlaceCondition,
  type Rule,
  type RuleContext,
  type RuleSource,
  type TagKind,
} from '../select/index.ts';
import { type Reader, requireDeclared } from './reader.ts';
import { ReportRefused } from './refusal.ts';
import { peopleSql, personRows, type Sources } from './sources.ts';

/** @param table of the people that are counted: its tags bear their own names, and those of joined tables the table's before it. */
export function ruleContext(table: TableRules, reader: Reader): RuleContext {
  const tags: [string, TagKind][] = [];
  for (const { name, table: of, column } of tagColumns(table, reader)) {
    const type = of.columns.find((rule) => rule.name === column)?.type;
    if (type === 'category') tags.push([name, 'category']);
    if (type === 'integer' || type === 'money') tags.push([name, 'number']);
    if (type === 'place') tags.push([name, 'place']);
  }
  return {
    tags: Object.fromEntries(tags),
    audiences: Object.fromEntries(reader.listNames.map((name) => [name, 'list' as const])),
  };
}

interface TagColumn {
  /** In rules. */
  readonly name: string;
  readonly table: TableRules;
  readonly column: string;
}

/** A name that the counted people's own table has stands for its column. */
function tagColumns(table: TableRules, reader: Reader): readonly TagColumn[] {
  const own = table.columns.map(({ name }) => ({ name, table, column: name }));
  const joined = reader.joinedTables.flatMap((each) =>
    each.columns.map(({ name }) => ({ name: `${each.name}.${name}`, table: each, column: name })),
  );
  return [...own, ...joined.filter(({ name }) => !own.some((tag) => tag.name === name))];
}

/** @throws {RuleError} */
export function resolveRule(document: unknown, table: TableRules, reader: Reader): Rule {
  const rule = checkRule(document, ruleContext(table, reader));
  readRule(rule, table, reader);
  return rule;
}

export function readRule(rule: Rule, table: TableRules, reader: Reader): void {
  if ('all' in rule) for (const each of rule.all) readRule(each, table, reader);
  else if ('any' in rule) for (const each of rule.any) readRule(each, table, reader);
  else if ('not' in rule) readRule(rule.not, table, reader);
  else if ('audience' in rule) reader.audience(rule.audience);
  else if ('event' in rule) {
    if (reader.eventTables.length === 0) throw new ReportRefused('unknown-table', 'events');
    reader.eventValues('channel', rule.event.channels);
    reader.eventValues('campaign', rule.event.campaigns);
    if (rule.event.value !== undefined) readWorth(rule.event.value, rule.event.kind, reader);
  } else if ('place' in rule) readPlace(rule, table, reader);
  else {
    const tag = tagOf(rule.tag, table, reader);
    const column = reader.column(tag.table, tag.column, {
      types: ['category', 'integer', 'money'],
      uses: ['filter'],
    });
    const at = `${tag.table.name}.${tag.column}`;
    if (column.type === 'category') requireDeclared('in' in rule ? rule.in : [], column.values, at);
    else if ('from' in rule || 'to' in rule) requireOnGrid(rule, column, at);
  }
}

/** What events come to: their value has to be open to conditions, and bounds lie on its grid, so that a sum tells no finer than a single one may. */
function readWorth(
  { currency, from, to }: NonNullable<EventCondition['value']>,
  kind: EventCondition['kind'],
  reader: Reader,
): void {
  const isOn = (limit: number, grid: number) => limit % grid === 0;
  for (const { grid, at } of reader.eventWorth(kind, currency)) {
    if ((from !== undefined && !isOn(from, grid)) || (to !== undefined && !isOn(to + 1, grid)))
      throw new ReportRefused('off-grid', at);
  }
}

function tagOf(tag: string, table: TableRules, reader: Reader): TagColumn {
  const found = tagColumns(table, reader).find(({ name }) => name === tag);
  if (found === undefined) throw new ReportRefused('unknown-column', `${table.name}.${tag}`);
  return found;
}

/** A circle that is small enough is one person's home. */
function readPlace(condition: PlaceCondition, table: TableRules, reader: Reader): void {
  const tag = tagOf(condition.place, table, reader);
  const { radiusMin } = reader.column(tag.table, tag.column, { types: ['place'], uses: ['filter'] });
  if (condition.withinMetres < radiusMin) {
    throw new ReportRefused('circle-too-small', `${tag.table.name}.${tag.column}: ${radiusMin} m`);
  }
  reader.within(tag.table, tag.column, condition);
}

/** Limits of a range lie where the column's owner lets numbers be told apart. */
function requireOnGrid(
  range: { readonly from?: number | undefined; readonly to?: number | undefined },
  { min, max, grid }: { readonly min: number; readonly max: number; readonly grid: number },
  at: string,
): void {
  const { from = min, to = max } = range;
  const isLimit = (value: number) => Number.isInteger(value) && value >= min && (value - min) % grid === 0;
  if (!isLimit(from) || !(to === max || isLimit(to + 1)) || to > max) throw new ReportRefused('off-grid', at);
}

/** The columns that rules name. */
export function tagsOf(rule: Rule): readonly string[] {
  if ('all' in rule) return rule.all.flatMap(tagsOf);
  if ('any' in rule) return rule.any.flatMap(tagsOf);
  if ('not' in rule) return tagsOf(rule.not);
  if ('place' in rule) return [rule.place];
  return 'tag' in rule ? [rule.tag] : [];
}

export function ruleSource(
  of: { readonly table: TableRules; readonly tags: readonly string[]; readonly asOf: number; readonly reader: Reader },
  sources: Sources,
  events: string,
): RuleSource {
  const { table, reader, asOf } = of;
  const { audiences, listedTables, tables } = reader;
  const lists = [
    ...[...audiences.keys()].map((audience) => [audience, peopleSql({ audience }, tables, sources)] as const),
    ...[...listedTables].map((table) => [table, peopleSql({ table }, tables, sources)] as const),
  ];
  const places = (condition: PlaceCondition) => {
    const tag = tagOf(condition.place, table, reader);
    return sqlIdentifier(reader.within(tag.table, tag.column, condition).name);
  };
  return { people: taggedRows(of, sources), events, lists: Object.fromEntries(lists), places, asOf };
}

/** The counted people's rows, with the tags of joined tables where these have the person. */
function taggedRows(
  { table, tags, reader }: { readonly table: TableRules; readonly tags: readonly string[]; readonly reader: Reader },
  sources: Sources,
): string {
  const named = tagColumns(table, reader).filter(({ name }) => tags.includes(name));
  const columnsOf = (of: TableRules) => named.filter((tag) => tag.table === of);
  const own = personRows(
    table,
    columnsOf(table).map(({ column }) => column),
    sources,
  );
  const joined = reader.joinedTables.filter((each) => each !== table && columnsOf(each).length > 0);
  if (joined.length === 0) return own;
  const cells = joined.flatMap((each, i) =>
    columnsOf(each).map(({ name, column }) => `j${i}.${sqlIdentifier(column)} AS ${sqlIdentifier(name)}`),
  );
  const joins = joined.map((each, i) => {
    const columns = columnsOf(each).map(({ column }) => column);
    return `LEFT JOIN ${personRows(each, columns, sources)} j${i} ON j${i}.person = b.person`;
  });
  return `(SELECT b.*, ${cells.join(', ')} FROM ${own} b ${joins.join(' ')})`;
}
