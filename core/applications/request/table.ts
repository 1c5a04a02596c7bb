/** The tables of numbers that a report is made of: their cells are known before any data is read, and so is what one person can do to them. */
import type { Released } from '../report/index.ts';

export interface ReleaseTable {
  readonly name: string;
  readonly cells: number;
  /** Δ²: the square of the ℓ₂ length by which the table moves with one person more or less. */
  readonly squaredSensitivity: bigint;
  /** What one person adds to one cell, at most. */
  readonly most: bigint;
  /**
   * Whether people who lose the rows of one owner alone can be in other cells than before: then as much is added as is taken away. Figures that can only fall
   * with fewer rows, or that are about the rows of one owner, do not move.
   */
  readonly moves: boolean;
  /** The receiver's own numbers: told as they are, to nobody else. */
  readonly isOwn: boolean;
  /** The count of the people whom a cell is about: the cell of the same number, or the first one. */
  readonly people: { readonly table: string; readonly cell: 'same' | 'first' };
}

/** By table, in the order of its cells. */
export type TrueNumbers = Readonly<Record<string, readonly bigint[]>>;
export type ReleasedTables = (table: string) => readonly Released[];

/** A count of people by cells that are apart, or overlap in at most `in` cells a person. */
export function peopleTable(
  name: string,
  cells: number,
  of: { readonly in?: number; readonly moves?: boolean } = {},
): ReleaseTable {
  const people = { table: name, cell: 'same' } as const;
  return {
    name,
    cells,
    squaredSensitivity: BigInt(of.in ?? 1),
    most: 1n,
    moves: of.moves ?? false,
    isOwn: false,
    people,
  };
}

/** Counts that the receiver could make without anybody. */
export function ownTable(name: string, cells: number): ReleaseTable {
  return { ...peopleTable(name, cells), isOwn: true };
}

/** Sums to which a person adds up to `most` in all. */
export function sumTable(
  name: string,
  cells: number,
  of: { readonly most: bigint; readonly people: ReleaseTable['people']; readonly moves?: boolean },
): ReleaseTable {
  const { most, people, moves = false } = of;
  return { name, cells, squaredSensitivity: most ** 2n, most, moves, isOwn: false, people };
}
