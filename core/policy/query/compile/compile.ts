/**
 * From a statement's tree to what is computed, what it costs and how it is shown, or to the reason why not. No data is read, and a refusal
 * costs nothing.
 */
import { always } from '../diagram/diagram.ts';
import type { Plan } from '../plan.ts';
import { QueryRefused } from '../refusal.ts';
import type { Catalogue } from '../rules/catalogue.ts';
import type { Output } from '../tree/output.ts';
import { readStatement } from '../tree/statement.ts';
import { assemble } from './assemble.ts';
import { Conditions } from './conditions.ts';
import { type Dimension, dimensionOf, type Label } from './dimension.ts';
import { type Expression, ExpressionReader, figuresOf } from './expressions.ts';
import { placeOfGroup, resolveGroups, resolveShown, type Shown } from './presentation.ts';
import { Scope } from './scope.ts';
import { type Asker, Rights, type Use, useOfColumn } from './uses.ts';
import type { Vector } from './vectors.ts';

export interface CompiledQuery {
  readonly plan: Plan;
  readonly vectors: readonly Vector[];
  /** Of each question the vectors that count its persons, one for each owner whose rows may be absent: all have to reach the minimum. */
  readonly witnesses: readonly (readonly number[])[];
  /** The cells of the answer's rows, with a label along each dimension. */
  readonly rows: readonly { readonly cell: number; readonly labels: readonly Label[] }[];
  readonly outputs: readonly { readonly name: string; readonly expression: Expression<number> }[];
  readonly shown: Shown;
  /** Fewest persons behind a figure. */
  readonly k: number;
  /** Whose people the answer is about, and whose budgets it is charged to; in order, each once. */
  readonly subjects: readonly { readonly owner: string; readonly subjects: string }[];
  readonly asker: Asker;
  /** Everything that was met on the way, in the order in which it was met. */
  readonly uses: readonly Use[];
  /** SHA-256 in hexadecimal: the same for every way of asking for the same numbers for the same receivers. */
  readonly queryKey: string;
}

/**
 * @param of.tree what DuckDB's `json_serialize_sql` gave for the statement.
 * @throws {QueryRefused} with the first rule that says no.
 */
export function compileQuery(of: {
  readonly tree: string;
  readonly catalogue: Catalogue;
  readonly asker: Asker;
}): CompiledQuery {
  const { catalogue, asker } = of;
  const statement = readStatement(of.tree);
  const rights = new Rights(asker);
  const scope = new Scope(statement.from, catalogue);
  const use = scope.tables.length > 1 ? 'join' : 'table';
  for (const { rules, person, at } of scope.tables) rights.require(useOfColumn(rules, person, use, at));
  const conditions = new Conditions(scope, rights);
  const where = statement.where === undefined ? always : conditions.truth(statement.where).isTrue;
  const groups = resolveGroups(statement, scope);
  const { dimensions, places } = inOrder(groups.map((group) => dimensionOf(group, conditions)));
  const dimensionAt = (term: Parameters<typeof placeOfGroup>[0]) => places[placeOfGroup(term, groups, scope)]!;
  const reader = new ExpressionReader({ scope, conditions, rights, where, dimensionAt });
  const wanted = statement.outputs.map(({ term }) => reader.read(term));
  if (!wanted.some((expression) => figuresOf(expression).next().done !== true)) throw new QueryRefused('no-figure');
  const { expressions, ...answer } = assemble({ catalogue, asker, scope, conditions, dimensions, where, wanted });
  return {
    ...answer,
    outputs: expressions.map((expression, i) => ({ name: nameOf(statement.outputs[i]!, i), expression })),
    shown: resolveShown(statement, scope),
    asker,
    uses: rights.uses,
  };
}

/** Dimensions in an order that no statement changes, each once; and where each of those that were given now stands. */
function inOrder(given: readonly Dimension[]): { dimensions: readonly Dimension[]; places: readonly number[] } {
  const named = given.map((dimension) => ({
    dimension,
    name: JSON.stringify([dimension.variable, dimension.cells.map(({ ranges }) => ranges)]),
  }));
  const byName = new Map(named.map(({ name, dimension }) => [name, dimension]));
  const names = [...byName.keys()].sort(
    (a, b) => byName.get(a)!.variable - byName.get(b)!.variable || (a < b ? -1 : 1),
  );
  return {
    dimensions: names.map((name) => byName.get(name)!),
    places: named.map(({ name }) => names.indexOf(name)),
  };
}

function nameOf({ alias, term }: Output, place: number): string {
  if (alias !== undefined) return alias;
  if (term.kind === 'group' && term.term.kind === 'column') return term.term.name.column;
  return `column${place + 1}`;
}
