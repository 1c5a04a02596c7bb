/** Released numbers as the table that was asked for. Nothing here can tell more than they do, and nothing here costs. */
import { ceilingRoot, ratio } from '../../../privacy/index.ts';
import type { Words } from '../../words.ts';
import type { CompiledQuery } from '../compile/compile.ts';
import type { Label } from '../compile/dimension.ts';
import { type Expression, figuresOf } from '../compile/expressions.ts';
import type { Vector } from '../compile/vectors.ts';
import type { Measure } from '../plan.ts';
import { evaluate, type Figure } from './evaluate.ts';
import { nameOf, type ReleasedNumbers } from './numbers.ts';
import { chooseRows } from './rows.ts';

/** Plain JSON. */
export interface Answer {
  readonly columns: readonly AnswerColumn[];
  /** A whole number as a decimal text, what was calculated from several as a double, null where nothing is stated. */
  readonly rows: readonly (readonly Value[])[];
  /** Groups of which nothing is shown; null where there is none. */
  readonly hidden: { readonly groups: number; readonly words: Words; readonly values: readonly Value[] } | null;
  /** How many persons were concerned by limits on what one person adds, of how many. */
  readonly shares: readonly Share[];
  readonly isExact: boolean;
}

export type Value = string | number | null;

export interface AnswerColumn {
  readonly name: string;
  readonly kind: 'label' | 'figure';
  /** Half the width of the 95 % interval that the noise makes; null for a label, an exact figure, and what was calculated from several. */
  readonly halfWidth: number | null;
}

export interface Share {
  readonly kind: 'clipped' | 'cut';
  /** The outputs that it concerns. */
  readonly outputs: readonly string[];
  /** Between 0 and 1, from noisy numbers; null where there is nobody. */
  readonly share: number | null;
}

export function presentAnswer(query: CompiledQuery, released: ReleasedNumbers): Answer {
  const { plan, outputs, shown } = query;
  const numbers = new Numbers(query, released);
  const rows = query.rows.filter(({ cell }) => numbers.isShown(0, cell));
  const values = rows.map(({ cell, labels }) =>
    outputs.map(({ expression }) => evaluate(expression, { labels, figure: (vector) => numbers.at(vector, cell) })),
  );
  return {
    columns: outputs.map(({ name, expression }) => ({ name, ...columnOf(query, expression) })),
    rows: chooseRows(values, shown).map((row) => row.map(plainOf)),
    hidden: hiddenLine(query, released, query.rows.length - rows.length),
    shares: sharesOf(query, numbers),
    isExact: plan.isExact,
  };
}

/** σ of the noise; null for exact numbers. */
export function sigmaOf({ variance }: Vector): number | null {
  return variance === undefined ? null : Math.sqrt(Number(variance.numerator) / Number(variance.denominator));
}

/** z of 95 % of the normal distribution, times σ. */
export function halfWidthOf(vector: Vector): number | null {
  const sigma = sigmaOf(vector);
  return sigma === null ? null : 1.96 * sigma;
}

class Numbers {
  readonly #query: CompiledQuery;
  readonly #byCell: readonly ReadonlyMap<number, Figure>[];

  constructor(query: CompiledQuery, { values }: ReleasedNumbers) {
    this.#query = query;
    this.#byCell = query.vectors.map((vector) => {
      const numbers = values[nameOf(vector)]!;
      return new Map(vector.cells.map((cell, i) => [cell, numbers[i] === null ? null : BigInt(numbers[i]!)]));
    });
  }

  /** A figure, or null where its own group is not shown in this cell. */
  at(vector: number, cell: number): Figure {
    const { question } = this.#query.vectors[vector]!;
    return this.isShown(question, cell) ? (this.#byCell[vector]!.get(cell) ?? null) : null;
  }

  whole(vector: number): Figure {
    return this.#byCell[vector]!.get(0) ?? null;
  }

  /**
   * Exact figures were hidden when they were released. A noisy count has to reach k + ⌈2σ⌉: of a group with k − 1 persons it does so with less than
   * 2.3 %.
   */
  isShown(question: number, cell: number): boolean {
    const { witnesses, vectors, k } = this.#query;
    return witnesses[question]!.every((vector) => {
      const persons = this.#byCell[vector]!.get(cell) ?? null;
      const { variance } = vectors[vector]!;
      if (persons === null || variance === undefined) return persons !== null;
      return persons >= BigInt(k) + ceilingRoot(ratio(4n * variance.numerator, variance.denominator));
    });
  }
}

function columnOf({ vectors }: CompiledQuery, expression: Expression<number>): Omit<AnswerColumn, 'name'> {
  switch (expression.kind) {
    case 'label':
      return { kind: 'label', halfWidth: null };
    case 'figure':
      return { kind: 'figure', halfWidth: halfWidthOf(vectors[expression.figure]!) };
    default:
      return { kind: 'figure', halfWidth: null };
  }
}

function hiddenLine(query: CompiledQuery, { hidden }: ReleasedNumbers, groups: number): Answer['hidden'] {
  if (groups === 0) return null;
  const { k, plan, vectors, outputs } = query;
  const figure = (vector: number): Figure => {
    const value = hidden?.values[nameOf(vectors[vector]!)];
    return value === undefined ? null : BigInt(value);
  };
  const labels: readonly Label[] = plan.dimensions.map(() => null);
  const values = outputs.map(({ expression }) => plainOf(evaluate(expression, { labels, figure })));
  const words = plan.isExact
    ? {
        en: `${groups} groups: fewer than ${k}, or hidden to protect such a group`,
        zh: `${groups} 个分组：少于 ${k} 人，或为保护此类分组而隐藏`,
      }
    : { en: `${groups} groups: not surely ${k} or more`, zh: `${groups} 个分组：不能确定达到 ${k} 人` };
  return { groups, words, values };
}

function sharesOf(query: CompiledQuery, numbers: Numbers): readonly Share[] {
  const { plan, vectors, outputs } = query;
  return vectors.flatMap((vector, i) => {
    const { measures } = plan.questions[vector.question]!;
    const measure = measures[vector.measure]!;
    if (measure.kind !== 'clipped' && measure.kind !== 'cut') return [];
    const isConcerned = (figure: number) => {
      const { question, measure: place } = vectors[figure]!;
      return question === vector.question && (measure.kind === 'cut' || measure.measure === place);
    };
    const concerned = outputs.filter(({ expression }) => [...figuresOf(expression)].some(isConcerned));
    const everyone = everyoneOf(query, vector.question, measures);
    const [part, all] = [numbers.whole(i), numbers.whole(everyone)];
    const share =
      part === null || all === null || all <= 0n ? null : Math.min(1, Math.max(0, Number(part) / Number(all)));
    return [{ kind: measure.kind, outputs: concerned.map(({ name }) => name), share }];
  });
}

/** The count of all persons; without groups it is the count of the one cell. */
function everyoneOf({ vectors }: CompiledQuery, question: number, measures: readonly Measure[]): number {
  const place = measures.findIndex(({ kind }) => kind === 'everyone');
  return vectors.findIndex((vector) => vector.question === question && vector.measure === Math.max(place, 0));
}

function plainOf(value: Figure | string | number): Value {
  return typeof value === 'bigint' ? String(value) : value;
}
