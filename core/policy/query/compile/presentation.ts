/** Names of outputs, groups among them, and what HAVING and ORDER BY refer to. */
import { QueryRefused } from '../refusal.ts';
import { foldName } from '../rules/catalogue.ts';
import type { Constant } from '../tree/constant.ts';
import type { GroupTerm } from '../tree/group.ts';
import type { ColumnName } from '../tree/name.ts';
import type { Output, OutputTerm } from '../tree/output.ts';
import type { Comparison } from '../tree/predicate.ts';
import type { Having, Order, OutputPlace, Statement } from '../tree/statement.ts';
import type { Scope } from './scope.ts';

export interface Shown {
  /** What is kept of the released rows, by an output's place. */
  readonly having: { readonly output: number; readonly by: Comparison; readonly value: number | string } | undefined;
  readonly order: readonly { readonly output: number; readonly isDescending: boolean; readonly nullsFirst: boolean }[];
  readonly limit: number | undefined;
}

/** The groups of GROUP BY: each an expression, the place of an output, or an output's name where no column has it. */
export function resolveGroups({ groups, outputs }: Statement, scope: Scope): readonly GroupTerm[] {
  return groups.map((group) => {
    if (group.kind === 'place') return groupAt(group, outputs);
    if (group.kind !== 'column' || group.name.table !== undefined) return group;
    const named = outputNamed(group.name, outputs);
    if (named === undefined || isColumn(group.name, scope)) return group;
    return groupAt({ kind: 'place', place: named + 1, at: group.at }, outputs);
  });
}

/** @throws {QueryRefused} `row-level` or `not-grouped` for what GROUP BY does not name. */
export function placeOfGroup(term: GroupTerm, groups: readonly GroupTerm[], scope: Scope): number {
  const found = groups.findIndex((group) => isSame(group, term, scope));
  if (found >= 0) return found;
  throw new QueryRefused(groups.length === 0 ? 'row-level' : 'not-grouped', { at: term.at });
}

/** @throws {QueryRefused} for what is not one of the outputs: nothing else is released, so nothing else can choose rows. */
export function resolveShown({ having, order, limit, outputs }: Statement, scope: Scope): Shown {
  return {
    having: having && resolveHaving(having, outputs, scope),
    order: order.map((by) => resolveOrder(by, outputs, scope)),
    limit,
  };
}

function resolveHaving({ term, by, constant, at }: Having, outputs: readonly Output[], scope: Scope): Shown['having'] {
  const output = outputOf(term, outputs, scope);
  if (output === undefined) throw new QueryRefused('having-not-released', { at });
  return { output, by, value: comparedTo(constant) };
}

function resolveOrder(
  { term, isDescending, nullsFirst }: Order,
  outputs: readonly Output[],
  scope: Scope,
): Shown['order'][number] {
  const output = term.kind === 'place' ? placeIn(term, outputs) : outputOf(term, outputs, scope);
  if (output === undefined) throw new QueryRefused('order-not-released', { at: term.at });
  return { output, isDescending, nullsFirst };
}

function outputOf(term: OutputTerm, outputs: readonly Output[], scope: Scope): number | undefined {
  if (term.kind === 'group' && term.term.kind === 'column' && term.term.name.table === undefined) {
    const named = outputNamed(term.term.name, outputs);
    if (named !== undefined) return named;
  }
  const found = outputs.findIndex((output) => isSame(output.term, term, scope));
  return found < 0 ? undefined : found;
}

function placeIn({ place, at }: OutputPlace, outputs: readonly Output[]): number {
  if (place > outputs.length) throw new QueryRefused('output-place', { at });
  return place - 1;
}

function groupAt(place: OutputPlace, outputs: readonly Output[]): GroupTerm {
  const { term } = outputs[placeIn(place, outputs)]!;
  if (term.kind !== 'group') throw new QueryRefused('group-shape', { at: place.at });
  return term.term;
}

function outputNamed(name: ColumnName, outputs: readonly Output[]): number | undefined {
  const found = outputs.findIndex(({ alias }) => alias !== undefined && foldName(alias) === foldName(name.column));
  return found < 0 ? undefined : found;
}

function isColumn(name: ColumnName, scope: Scope): boolean {
  return scope.tables.some(({ rules }) =>
    rules.columns.some((column) => foldName(column.name) === foldName(name.column)),
  );
}

/** Two expressions of one form about the same columns. */
function isSame(a: GroupTerm | OutputTerm, b: GroupTerm | OutputTerm, scope: Scope): boolean {
  return formOf(a, scope) === formOf(b, scope);
}

function formOf(term: unknown, scope: Scope): string {
  return JSON.stringify(term, (key, value) => {
    if (key === 'at') return undefined;
    if (typeof value === 'bigint') return String(value);
    const isName = typeof value === 'object' && value !== null && 'column' in value && 'table' in value;
    if (!isName) return value;
    const { table, rule } = scope.column(value as ColumnName);
    return [table.rules.name, rule.name];
  });
}

function comparedTo(constant: Constant): number | string {
  if (constant.type === 'number') return Number(constant.unscaled) / 10 ** constant.scale;
  if (constant.type === 'text') return constant.text;
  throw new QueryRefused('having-shape', { at: constant.at });
}
