/**
 * The vectors of an answer: one measure over all cells of its question. Each has the noise that its owners ask for, the cost of that noise, and a name for
 * each of its numbers.
 */
import { concatBytes } from '../../../bytes/index.ts';
import { sha256 } from '../../../crypto/index.ts';
import { gaussianCost, gaussianVariance, type MicroRho, type Ratio, ratio } from '../../../privacy/index.ts';
import type { Node } from '../diagram/diagram.ts';
import { isWhole, type Measure, type PlanTable, type WholeMeasure } from '../plan.ts';
import { QueryRefused } from '../refusal.ts';
import type { Protection } from '../rules/catalogue.ts';
import { numberKey } from './number-key.ts';
import type { BookedQuestion } from './question-book.ts';

export interface Vector {
  readonly question: number;
  readonly measure: number;
  /** The cells' numbers, ascending; one 0 for a number of the whole table. */
  readonly cells: readonly number[];
  /** Of each number, 32 bytes. */
  readonly keys: readonly Uint8Array[];
  /** Of them all together, 32 bytes: equal vectors have the same numbers in the same order. */
  readonly key: Uint8Array;
  /** Of the noise; undefined where the numbers are exact. */
  readonly variance: Ratio | undefined;
  readonly cost: MicroRho;
}

export const numbersMax = 10_000;

/** What vectors are made from beside a question and its measure. */
export interface VectorSurroundings {
  readonly tables: readonly PlanTable[];
  readonly context: { readonly epoch: Uint8Array; readonly catalogue: Uint8Array };
  readonly digest: (node: Node) => string;
  /** The digest of the question's condition with the cells along those dimensions in which a person has one cell. */
  readonly baseOf: (question: BookedQuestion, parts: readonly number[]) => string;
  /** All dimensions, and those in which one person may have several cells: their digest, and their places. */
  readonly grouping: string;
  readonly eventGrouping: string;
  readonly eventPlaces: readonly number[];
}

export interface VectorOf {
  readonly question: number;
  readonly booked: BookedQuestion;
  readonly measure: number;
  readonly protection: Protection;
  /** Cells of one person that can have rows: at most so many are kept. */
  readonly groups: { readonly kept: number; readonly isCut: boolean };
  /** Whether a person's figures can move to other cells when a table that is joined from the left loses the person. */
  readonly isMovable: boolean;
}

export function vectorOf(of: VectorOf, around: VectorSurroundings): Vector {
  const { question, booked, measure: place, protection } = of;
  const measure = booked.measures[place]!;
  const squaredSensitivity = sensitivityOf(measure, of);
  const variance =
    protection.kind === 'exact'
      ? undefined
      : gaussianVariance({
          squaredSensitivity,
          rho: protection.rho,
          floor: ratio((BigInt(protection.sigmaFloor) * mostOf(measure)) ** 2n),
        });
  const keys = isWhole(measure) ? [wholeKey(of, measure, variance, around)] : cellKeys(of, measure, variance, around);
  return {
    question,
    measure: place,
    cells: isWhole(measure) ? [0] : booked.cells.map(({ number }) => number),
    keys,
    key: sha256(concatBytes(...keys)),
    variance,
    cost: variance === undefined ? 0 : gaussianCost({ squaredSensitivity, variance }),
  };
}

/** @throws {QueryRefused} `too-many-numbers`: all are charged, whatever HAVING and LIMIT hide. */
export function requireNumbers(vectors: readonly Vector[]): void {
  const count = vectors.reduce((sum, { keys }) => sum + keys.length, 0);
  if (count > numbersMax) throw new QueryRefused('too-many-numbers');
}

/** What one person can add to one cell, or take from it. */
function mostOf(measure: Measure): bigint {
  switch (measure.kind) {
    case 'persons':
    case 'everyone':
    case 'cut':
    case 'clipped':
      return 1n;
    case 'rows':
      return BigInt(measure.most);
    case 'sum':
      return BigInt(Math.max(Math.abs(measure.low), Math.abs(measure.high)));
    case 'squares':
      return BigInt(Math.max(Math.abs(measure.low), Math.abs(measure.high))) ** 2n;
  }
}

/**
 * Δ²: of a person that comes or goes, the square of the ℓ₂ length of what changes. Where the person stays but a table joined from the left loses it,
 * the figures of as many other cells change as well: twice that, or four times where figures have signs and may cancel in one cell.
 */
function sensitivityOf(measure: Measure, { groups, isMovable }: VectorOf): bigint {
  if (isWhole(measure)) return 1n;
  const isSigned = measure.kind === 'sum' && measure.low < 0 && measure.high > 0;
  const moves = !isMovable ? 1n : isSigned ? 4n : 2n;
  return moves * BigInt(groups.kept) * mostOf(measure) ** 2n;
}

function cellKeys(
  of: VectorOf,
  measure: Exclude<Measure, WholeMeasure>,
  variance: Ratio | undefined,
  around: VectorSurroundings,
): readonly Uint8Array[] {
  const { booked, groups } = of;
  const { tables, context, digest, baseOf, eventGrouping: grouping, eventPlaces } = around;
  return booked.cells.map(({ node, parts }) => {
    const cells = eventPlaces.map((i) => parts[i]!);
    const cut = groups.isCut ? { groups: groups.kept, base: baseOf(booked, parts), grouping, cells } : undefined;
    return numberKey({ tables, measure, variance, context, condition: digest(node), cut });
  });
}

/** A count of all persons is the count that a question without groups has. */
function wholeKey(
  of: VectorOf,
  measure: WholeMeasure,
  variance: Ratio | undefined,
  around: VectorSurroundings,
): Uint8Array {
  const { booked, groups } = of;
  const { tables, context, digest, grouping } = around;
  const condition = digest(booked.condition);
  const name = { tables, condition, variance, context };
  if (measure.kind === 'everyone') return numberKey({ ...name, measure: { kind: 'persons' }, cut: undefined });
  // Which figures are clipped, and which groups cut, depends on the whole grouping.
  const cut = { groups: groups.isCut ? groups.kept : 0, base: condition, grouping, cells: undefined };
  if (measure.kind !== 'clipped') return numberKey({ ...name, measure, cut });
  return numberKey({ ...name, measure: { kind: 'clipped', of: booked.measures[measure.measure]! }, cut });
}
