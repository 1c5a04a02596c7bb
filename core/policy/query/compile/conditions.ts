/**
 * Conditions as decision diagrams. SQL has three truth values, so each condition is two diagrams: where it is true and where it is false;
 * elsewhere it is unknown, and WHERE keeps what is true.
 */

import { Diagrams, type Node } from '../diagram/diagram.ts';
import { complementRanges, normalRanges } from '../diagram/ranges.ts';
import { QueryRefused } from '../refusal.ts';
import { type AtomRange, atomCount, atomsEqualTo, boundaryOf, type Domain, yes } from '../rules/domain.ts';
import type { Constant } from '../tree/constant.ts';
import type { ColumnName } from '../tree/name.ts';
import type { Comparison, Predicate } from '../tree/predicate.ts';
import type { Scope, ScopeTable, Variable } from './scope.ts';
import { type Rights, type UseKind, useOfAudience, useOfColumn } from './uses.ts';

export interface Truth {
  readonly isTrue: Node;
  readonly isFalse: Node;
}

export type LeafPredicate = Exclude<Predicate, { kind: 'and' | 'or' | 'not' }>;
/** What a comparison is part of: a filter, or the cases of a group. */
export type LeafUse = Extract<UseKind, 'filter' | 'group'>;

export interface Leaf {
  readonly variable: number;
  readonly isTrue: readonly AtomRange[];
  readonly isFalse: readonly AtomRange[];
}

export const constantsMax = 2048;

/** The variables of a question, numbered, and their conditions. */
export class Conditions {
  readonly variables: readonly Variable[];
  readonly diagrams: Diagrams;
  readonly #scope: Scope;
  readonly #rights: Rights;
  #constants = 0;

  constructor(scope: Scope, rights: Rights) {
    this.#scope = scope;
    this.#rights = rights;
    this.variables = scope.variables();
    this.diagrams = new Diagrams(this.variables.map((variable) => ({ id: variable.id, atomCount: atomsOf(variable) })));
  }

  truth(predicate: Predicate): Truth {
    const { diagrams } = this;
    switch (predicate.kind) {
      case 'and':
      case 'or': {
        const terms = predicate.terms.map((term) => this.truth(term));
        const [trues, falses] = [terms.map(({ isTrue }) => isTrue), terms.map(({ isFalse }) => isFalse)];
        return predicate.kind === 'and'
          ? { isTrue: diagrams.all(trues), isFalse: diagrams.any(falses) }
          : { isTrue: diagrams.any(trues), isFalse: diagrams.all(falses) };
      }
      case 'not': {
        const { isTrue, isFalse } = this.truth(predicate.term);
        return { isTrue: isFalse, isFalse: isTrue };
      }
      default: {
        const { variable, isTrue, isFalse } = this.leaf(predicate, 'filter');
        return { isTrue: this.member(variable, isTrue), isFalse: this.member(variable, isFalse) };
      }
    }
  }

  /** One comparison: the atoms for which it is true, and those for which it is false. */
  leaf(predicate: LeafPredicate, use: LeafUse): Leaf {
    const variable =
      predicate.kind === 'audience' ? this.#audience(predicate, use) : this.variableOf(predicate.name, use);
    const { domain } = this.variables[variable]!;
    const values = { from: 0, to: atomCount(domain) };
    if (predicate.kind === 'missing') {
      const missing = { from: values.to, to: atomsOf(this.variables[variable]!) };
      const [isTrue, isFalse] = predicate.isNegated ? [values, missing] : [missing, values];
      return { variable, isTrue: normalRanges([isTrue]), isFalse: normalRanges([isFalse]) };
    }
    // Unknown for the missing value, which neither set holds.
    const named = predicate.kind === 'audience' ? yes : normalRanges(this.#ranges(predicate, domain));
    const others = complementRanges(named, values.to);
    const isNegated =
      predicate.kind === 'in' ? predicate.isNegated : predicate.kind === 'compare' && predicate.by === '<>';
    return isNegated ? { variable, isTrue: others, isFalse: named } : { variable, isTrue: named, isFalse: others };
  }

  /** The number of the variable that a name stands for. @throws {QueryRefused} where nothing may be asked about it in this way. */
  variableOf(name: ColumnName, use: LeafUse): number {
    const { table, rule } = this.#scope.column(name);
    this.#rights.require(useOfColumn(table.rules, rule, use, name.at));
    if (rule.type === 'place')
      throw new QueryRefused('place-in-question', { column: `${table.rules.name}.${rule.name}`, at: name.at });
    return this.variables.findIndex((variable) => variable.kind === 'column' && variable.rule === rule);
  }

  /** The variable that says whether a table's row is there; undefined for a table that is never absent. */
  presenceOf(table: ScopeTable): number | undefined {
    const found = this.variables.findIndex((variable) => variable.kind === 'presence' && variable.table === table);
    return found < 0 ? undefined : found;
  }

  /** The condition that a variable has one of these atoms; the one past its values stands for the missing value. */
  member(variable: number, ranges: readonly AtomRange[]): Node {
    const { diagrams } = this;
    const { domain, table, kind } = this.variables[variable]!;
    const presence = this.presenceOf(table);
    if (presence === undefined || kind === 'presence') return diagrams.member(variable, ranges);
    // A row that is there has a value or lacks it; one that is absent lacks it: whoever has a value is present.
    const count = atomCount(domain);
    const values = ranges.map(({ from, to }) => ({ from, to: Math.min(to, count) }));
    const missing = ranges.some(({ to }) => to > count) ? [{ from: count, to: count + 1 }] : [];
    const isPresent = diagrams.member(presence, yes);
    return diagrams.or(diagrams.and(diagrams.member(variable, values), isPresent), diagrams.member(variable, missing));
  }

  /** The condition that a variable has a value. */
  hasValue(variable: number): Node {
    return this.member(variable, [{ from: 0, to: atomCount(this.variables[variable]!.domain) }]);
  }

  #audience({ audience, at }: Extract<Predicate, { kind: 'audience' }>, use: LeafUse): number {
    const { table, rule } = this.#scope.audience(audience, at);
    this.#rights.require(useOfAudience(table.rules, rule, use, at));
    return this.variables.findIndex((variable) => variable.kind === 'audience' && variable.rule === rule);
  }

  /** The atoms that a comparison names, before any negation. */
  #ranges(predicate: Extract<Predicate, { kind: 'compare' | 'between' | 'in' }>, domain: Domain): readonly AtomRange[] {
    switch (predicate.kind) {
      case 'compare':
        this.#count(1, predicate.constant);
        return [compared(domain, predicate.by, predicate.constant)];
      case 'between': {
        const { low, high } = predicate;
        this.#count(2, low);
        return [{ from: boundaryOf(domain, low, 'before'), to: boundaryOf(domain, high, 'after') }];
      }
      case 'in':
        this.#count(predicate.constants.length, predicate.constants[0]);
        return predicate.constants.map((constant) => atomsEqualTo(domain, constant));
    }
  }

  #count(constants: number, first: Constant | undefined): void {
    this.#constants += constants;
    if (this.#constants > constantsMax) throw new QueryRefused('too-many-constants', { at: first?.at });
  }
}

/** The atoms of a variable, that of the missing value among them. */
export function atomsOf({ domain, isNullable }: Variable): number {
  return atomCount(domain) + (isNullable ? 1 : 0);
}

function compared(domain: Domain, by: Comparison, constant: Constant): AtomRange {
  switch (by) {
    case '=':
    case '<>':
      return atomsEqualTo(domain, constant);
    case '<':
      return { from: 0, to: boundaryOf(domain, constant, 'before') };
    case '<=':
      return { from: 0, to: boundaryOf(domain, constant, 'after') };
    case '>':
      return { from: boundaryOf(domain, constant, 'after'), to: atomCount(domain) };
    case '>=':
      return { from: boundaryOf(domain, constant, 'before'), to: atomCount(domain) };
  }
}
