/** Rules of a request, held against the tags and audiences that the catalogue has; what they read is remembered like any other use. */
import type { TableRules } from '../../policy/query/index.ts';
import { checkRule, type Rule, type RuleContext, type RuleSource, type TagKind } from '../select/index.ts';
import { type Reader, requireDeclared } from './reader.ts';
import { ReportRefused } from './refusal.ts';
import { peopleSql, personRows, type Sources } from './sources.ts';

export function ruleContext(table: TableRules, reader: Reader): RuleContext {
  const tags: [string, TagKind][] = [];
  for (const { name, type } of table.columns) {
    if (type === 'category') tags.push([name, 'category']);
    if (type === 'integer' || type === 'money') tags.push([name, 'number']);
  }
  return {
    tags: Object.fromEntries(tags),
    audiences: Object.fromEntries(reader.audienceNames.map((name) => [name, 'list' as const])),
  };
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
    reader.eventValues('channel', rule.event.channels);
    reader.eventValues('campaign', rule.event.campaigns);
  } else {
    const column = reader.column(table, rule.tag, { types: ['category', 'integer', 'money'], uses: ['filter'] });
    const at = `${table.name}.${rule.tag}`;
    if (column.type === 'category') requireDeclared('in' in rule ? rule.in : [], column.values, at);
    else if ('from' in rule || 'to' in rule) requireOnGrid(rule, column, at);
  }
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
  return 'tag' in rule ? [rule.tag] : [];
}

export function ruleSource(
  of: { readonly table: TableRules; readonly tags: readonly string[]; readonly asOf: number; readonly reader: Reader },
  sources: Sources,
  events: string,
): RuleSource {
  const lists = [...of.reader.audiences.keys()].map(
    (audience) => [audience, peopleSql({ audience }, of.reader.tables, sources)] as const,
  );
  return {
    people: personRows(of.table, of.tags, sources),
    events,
    lists: Object.fromEntries(lists),
    asOf: of.asOf,
  };
}
