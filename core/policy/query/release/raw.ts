/** What the engine gives back: true numbers. They stay where the data is. */
import type { CompiledQuery } from '../compile/compile.ts';
import type { ReleasedSet } from '../guard/difference.ts';
import type { PersonSet } from '../guard/person-set.ts';
import { isWhole } from '../plan.ts';

export interface RawAnswer {
  /** In the order of the plan's questions. */
  readonly questions: readonly RawQuestion[];
}

export interface RawQuestion {
  /** A cell's number, then each measure that has a number for every cell; cells without persons are left out. */
  readonly cells: readonly RawCell[];
  /** Each measure of the whole table. */
  readonly whole: readonly string[];
}

export interface RawCell {
  readonly cell: number;
  /** Decimal. */
  readonly values: readonly string[];
}

/** What an exact answer is guarded with beside its numbers. */
export interface RawGuard {
  /** In the order of the plan's questions. */
  readonly questions: readonly {
    readonly persons: ReadonlyMap<number, PersonSet>;
    /** Of each cell, for each of `amountMeasures`. */
    readonly contributions: ReadonlyMap<number, readonly Contribution[]>;
  }[];
  /** All people of each of the room's tables, and of the joined ones: how many there are is known, so they count as released from the start. */
  readonly known: readonly ReleasedSet[];
}

/** What the persons of a cell add to a measure. */
export interface Contribution {
  /** The largest amount of a person, and all amounts together, without their signs. */
  readonly largest: bigint;
  readonly total: bigint;
  /** The amount that most persons have, and how many have another. */
  readonly usual: bigint;
  readonly apart: number;
  /** What each person adds, as `markOf`. */
  readonly marks: PersonSet;
}

/** The true numbers of each vector, in the order of its cells. A declared cell without persons is 0: that it is missing tells nothing. */
export function trueNumbers({ plan, vectors }: CompiledQuery, raw: RawAnswer): readonly (readonly bigint[])[] {
  return vectors.map(({ question, measure, cells }) => {
    const { measures } = plan.questions[question]!;
    const { cells: found, whole } = raw.questions[question]!;
    const isOfTable = isWhole(measures[measure]!);
    const place = measures.slice(0, measure).filter((other) => isWhole(other) === isOfTable).length;
    if (isOfTable) return [BigInt(whole[place]!)];
    const byCell = new Map(found.map(({ cell, values }) => [cell, BigInt(values[place]!)]));
    return cells.map((cell) => byCell.get(cell) ?? 0n);
  });
}
