/** What the outputs are made of: labels of groups, figures, and arithmetic on them. Names are looked up and uses checked here. */
import type { Node } from '../diagram/diagram.ts';
import { QueryRefused } from '../refusal.ts';
import type { ColumnRule } from '../rules/catalogue.ts';
import { yes } from '../rules/domain.ts';
import type { GroupTerm } from '../tree/group.ts';
import type { ColumnName } from '../tree/name.ts';
import type { Operator, OutputTerm } from '../tree/output.ts';
import type { Predicate } from '../tree/predicate.ts';
import type { Conditions } from './conditions.ts';
import type { Scope, ScopeTable } from './scope.ts';
import { type Rights, useOfColumn } from './uses.ts';

/** `Figure` says where a figure comes from: first what is wanted, in the end its place among the vectors. */
export type Expression<Figure> =
  | { readonly kind: 'label'; readonly dimension: number }
  | { readonly kind: 'figure'; readonly figure: Figure }
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'arithmetic';
      readonly operator: Operator;
      readonly left: Expression<Figure>;
      readonly right: Expression<Figure>;
    };

export type Wanted = { readonly condition: Node } & (
  | { readonly kind: 'persons' | 'rows'; readonly column?: WantedColumn }
  | { readonly kind: 'sum' | 'squares'; readonly column: WantedColumn }
);

export interface WantedColumn {
  readonly table: ScopeTable;
  readonly rule: NumberRule;
}

export type NumberRule = Extract<ColumnRule, { type: 'integer' | 'money' }>;

export class ExpressionReader {
  readonly #scope: Scope;
  readonly #conditions: Conditions;
  readonly #rights: Rights;
  readonly #where: Node;
  readonly #dimensionAt: (term: GroupTerm) => number;

  /** @param dimensionAt the place of a group among those of GROUP BY; it refuses one that is not there. */
  constructor(of: {
    readonly scope: Scope;
    readonly conditions: Conditions;
    readonly rights: Rights;
    readonly where: Node;
    readonly dimensionAt: (term: GroupTerm) => number;
  }) {
    this.#scope = of.scope;
    this.#conditions = of.conditions;
    this.#rights = of.rights;
    this.#where = of.where;
    this.#dimensionAt = of.dimensionAt;
  }

  read(term: OutputTerm): Expression<Wanted> {
    switch (term.kind) {
      case 'group':
        return { kind: 'label', dimension: this.#dimensionAt(term.term) };
      case 'number':
        return { kind: 'number', value: Number(term.unscaled) / 10 ** term.scale };
      case 'arithmetic':
        return {
          kind: 'arithmetic',
          operator: term.operator,
          left: this.read(term.left),
          right: this.read(term.right),
        };
      case 'rows':
        this.#requireCount(term.at);
        return figure({ kind: this.#rowsKind, condition: this.#condition(term.filter) });
      case 'persons':
        this.#requireCount(term.at);
        return figure({ kind: 'persons', condition: this.#personCondition(term) });
      case 'sum':
        return this.#overValues(term, (sum) => sum);
      case 'mean':
        return this.#overValues(term, (sum, rows) => quotient(sum, rows));
      case 'variance':
        return this.#overValues(term, (sum, rows, squares) => {
          const mean = quotient(sum, rows);
          const product = { kind: 'arithmetic', operator: '*', left: mean, right: mean } as const;
          return { kind: 'arithmetic', operator: '-', left: quotient(squares, rows), right: product };
        });
    }
  }

  /** Sums go over the rows that have a value, so that those who have none do not fill a group. */
  #overValues(
    term: Extract<OutputTerm, { kind: 'sum' | 'mean' | 'variance' }>,
    combine: (sum: Expression<Wanted>, rows: Expression<Wanted>, squares: Expression<Wanted>) => Expression<Wanted>,
  ): Expression<Wanted> {
    const { table, rule } = this.#scope.column(term.name);
    if (rule.type !== 'integer' && rule.type !== 'money') throw new QueryRefused('not-a-number', { at: term.name.at });
    this.#rights.require(useOfColumn(table.rules, rule, term.kind, term.at));
    const variable = this.#conditions.variables.findIndex((other) => other.kind === 'column' && other.rule === rule);
    const condition = this.#conditions.diagrams.and(this.#condition(term.filter), this.#conditions.hasValue(variable));
    const over = { condition, column: { table, rule } };
    return combine(
      figure({ kind: 'sum', ...over }),
      figure({ kind: this.#rowsKind, ...over }),
      figure({ kind: 'squares', ...over }),
    );
  }

  /** Without events every person has one row, and the two counts are one number. */
  get #rowsKind(): 'rows' | 'persons' {
    return this.#scope.hasEvents ? 'rows' : 'persons';
  }

  #condition(filter: Predicate | undefined): Node {
    if (filter === undefined) return this.#where;
    return this.#conditions.diagrams.and(this.#where, this.#conditions.truth(filter).isTrue);
  }

  /** Persons of a table that is joined from the left are those who have a row in it. */
  #personCondition({ name, filter }: { readonly name: ColumnName; readonly filter: Predicate | undefined }): Node {
    const { table, rule } = this.#scope.column(name);
    if (rule.name !== table.rules.person) throw new QueryRefused('count-of-column', { at: name.at });
    const presence = this.#conditions.presenceOf(table);
    const condition = this.#condition(filter);
    return presence === undefined
      ? condition
      : this.#conditions.diagrams.and(condition, this.#conditions.member(presence, yes));
  }

  #requireCount(at: number | undefined): void {
    for (const { rules, person } of this.#scope.tables) this.#rights.require(useOfColumn(rules, person, 'count', at));
  }
}

export function* figuresOf<Figure>(expression: Expression<Figure>): Generator<Figure> {
  if (expression.kind === 'figure') yield expression.figure;
  if (expression.kind !== 'arithmetic') return;
  yield* figuresOf(expression.left);
  yield* figuresOf(expression.right);
}

/** The same expression with each figure put in another way. */
export function mapFigures<From, To>(expression: Expression<From>, map: (figure: From) => To): Expression<To> {
  switch (expression.kind) {
    case 'figure':
      return { kind: 'figure', figure: map(expression.figure) };
    case 'arithmetic': {
      const [left, right] = [mapFigures(expression.left, map), mapFigures(expression.right, map)];
      return { ...expression, left, right };
    }
    default:
      return expression;
  }
}

function figure(wanted: Wanted): Expression<Wanted> {
  return { kind: 'figure', figure: wanted };
}

function quotient(left: Expression<Wanted>, right: Expression<Wanted>): Expression<Wanted> {
  return { kind: 'arithmetic', operator: '/', left, right };
}
