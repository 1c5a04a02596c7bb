/** The questions of a statement: one for each condition, with the figures that are wanted of it and the cells in which there can be any. */
import { type Node, never } from '../diagram/diagram.ts';
import { cellNumber, type Measure, type PlanDimension } from '../plan.ts';
import { QueryRefused } from '../refusal.ts';
import { yes } from '../rules/domain.ts';
import type { Conditions } from './conditions.ts';
import { cellsMax, type Dimension } from './dimension.ts';
import type { ScopeTable } from './scope.ts';

export interface LiveCell {
  readonly number: number;
  readonly parts: readonly number[];
  /** The question's condition and the cell together. */
  readonly node: Node;
}

export interface BookedQuestion {
  readonly condition: Node;
  /** Groups of one person that its owners let count, at most. */
  readonly groupsMax: number;
  readonly cells: readonly LiveCell[];
  readonly measures: Measure[];
  /** The questions whose count of persons has to reach the minimum in a cell, before anything of this one is shown there. */
  readonly witnesses: readonly number[];
}

/** Where a figure is found: the question, and the measure in it. */
export interface FigurePlace {
  readonly question: number;
  readonly measure: number;
}

export class QuestionBook {
  readonly questions: BookedQuestion[] = [];
  readonly #conditions: Conditions;
  readonly #dimensions: readonly Dimension[];
  readonly #shapes: readonly Pick<PlanDimension, 'cellCount'>[];
  readonly #optional: readonly ScopeTable[];

  /** @param optional the tables that are joined from the left and used: each owner has to have data of enough persons in every cell. */
  constructor(conditions: Conditions, dimensions: readonly Dimension[], optional: readonly ScopeTable[]) {
    this.#conditions = conditions;
    this.#dimensions = dimensions;
    this.#shapes = dimensions.map(({ cells }) => ({ cellCount: cells.length }));
    this.#optional = optional;
  }

  /** @throws {QueryRefused} `no-row-matches` where nothing can ever fulfil the condition. */
  figure(of: { readonly condition: Node; readonly groupsMax: number; readonly measure: Measure }): FigurePlace {
    const { measure } = of;
    const question = this.#question(of.condition, of.groupsMax);
    const { measures } = this.questions[question]!;
    const text = JSON.stringify(measure);
    const known = measures.findIndex((other) => JSON.stringify(other) === text);
    return { question, measure: known >= 0 ? known : measures.push(measure) - 1 };
  }

  /** Every question counts its persons first. */
  #question(condition: Node, groupsMax: number): number {
    const known = this.questions.findIndex((other) => other.condition === condition && other.groupsMax === groupsMax);
    if (known >= 0) return known;
    const presences = this.#optional.map((table) => {
      const present = this.#conditions.member(this.#conditions.presenceOf(table)!, yes);
      return this.#conditions.diagrams.and(condition, present);
    });
    const cells = this.#liveCells(condition).filter(({ node }) => presences.every((both) => this.#meet(node, both)));
    if (cells.length === 0) throw new QueryRefused('no-row-matches');
    const number = this.questions.length;
    const witnesses = [number];
    this.questions.push({ condition, groupsMax, cells, measures: [{ kind: 'persons' }], witnesses });
    for (const both of presences) if (both !== condition) witnesses.push(this.#question(both, groupsMax));
    return number;
  }

  #meet(a: Node, b: Node): boolean {
    return this.#conditions.diagrams.and(a, b) !== never;
  }

  /** Cells in which the condition can hold. What is ruled out by the question itself is no information, and costs nothing. */
  #liveCells(condition: Node): readonly LiveCell[] {
    const { diagrams } = this.#conditions;
    let found: { parts: readonly number[]; node: Node }[] = condition === never ? [] : [{ parts: [], node: condition }];
    for (const { variable, cells } of this.#dimensions) {
      const members = cells.map(({ ranges }) => this.#conditions.member(variable, ranges));
      const next: typeof found = [];
      for (const { parts, node } of found) {
        members.forEach((member, cell) => {
          const both = diagrams.and(node, member);
          if (both !== never) next.push({ parts: [...parts, cell], node: both });
        });
        if (next.length > cellsMax) throw new QueryRefused('too-many-cells');
      }
      found = next;
    }
    return found.map(({ parts, node }) => ({
      parts,
      node,
      number: cellNumber(parts, this.#shapes as readonly PlanDimension[]),
    }));
  }
}
