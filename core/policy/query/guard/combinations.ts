/**
 * Which figures of an answer may be told together. Whoever has figures can add and subtract them, each as often as they like; what comes out is a sum in which
 * every person counts with a weight. Were all weights 0 but those of a few people, it would be about those few: a hidden group, found as the total less all
 * others, or a frequency that follows from how many people and impressions there are in all.
 *
 * Figures are rows of a matrix over the prime field, kinds of people its columns. A combination misses a kind where its weight is 0, and it cannot miss all
 * kinds of a basis of the column space. So where k bases can be chosen that use no kind more often than it has people, every combination is about at least k
 * people (one direction of Edmonds' matroid base packing, 1965). Bases are chosen greedily, largest kinds first, which may hide more than it has to, never less.
 *
 * Kinds that there could be are columns too, without people where they are in a declared group that is empty: that it is follows from nothing either.
 */
import { invert, prime, subtractMultiple } from './field.ts';
import { type FigureBook, type Kind, sketchLength } from './figure-book.ts';
import { mixed } from './marks.ts';

/**
 * Takes figures in as long as no combination of those that were taken is about fewer than `k` people.
 * @param of.wanted figures, the most important first. @param of.known figures that whoever asks has already, such as how many people there are in all: with those
 * among the combinations, nobody but people who are there counts, for that a rest is empty is no secret where the whole is known.
 * @returns those that may be told.
 */
export function tellableFigures(
  book: FigureBook,
  of: { readonly wanted: readonly number[]; readonly known: readonly number[] },
  k: number,
): ReadonlySet<number> {
  const possible = new Matrix(book, { kinds: book.kinds, figures: of.wanted });
  const there = new Matrix(book, {
    kinds: book.kinds.filter(({ isThere }) => isThere),
    figures: [...of.known, ...of.wanted],
  });
  // Tables that differ by a few people tell about those without any answer.
  const known = safeOnes(of.known, (figures) => there.unsafeOne(figures, k));
  return new Set(
    safeOnes(of.wanted, (figures) => {
      const one = possible.unsafeOne(figures, k) ?? there.unsafeOne([...known, ...figures], k);
      // What is known cannot be held back: then the last that was wanted is.
      return one === undefined || figures.includes(one) ? one : figures.at(-1);
    }),
  );
}

/** Leaves out one after the other until nothing is unsafe. */
function safeOnes(
  wanted: readonly number[],
  unsafeOne: (figures: readonly number[]) => number | undefined,
): readonly number[] {
  let figures = wanted;
  for (;;) {
    const one = unsafeOne(figures);
    if (one === undefined) return figures;
    figures = figures.filter((figure) => figure !== one);
  }
}

class Matrix {
  readonly #kinds: readonly Kind[];
  /** Of each figure, random combinations of all columns: figures are dependent where these are, but for a chance of 1 in `prime`^8. */
  readonly #projections: ReadonlyMap<number, Float64Array>;

  constructor(book: FigureBook, of: { readonly kinds: readonly Kind[]; readonly figures: readonly number[] }) {
    const { kinds, figures } = of;
    this.#kinds = kinds;
    const width = figures.length + sketchLength;
    const projections = new Map(figures.map((figure) => [figure, new Float64Array(width + sketchLength)]));
    kinds.forEach((kind, column) => {
      const factors = Float64Array.from({ length: width }, (_, i) => mixed(mixed(column) + i) % prime);
      kind.figures.forEach((figure, i) => {
        const row = projections.get(figure);
        const amount = kind.amounts[i]!;
        if (row === undefined || amount === 0) return;
        for (let j = 0; j < width; j++) row[j] = (row[j]! + ((amount * factors[j]!) % prime)) % prime;
      });
    });
    for (const [figure, row] of projections) {
      row.set(book.sketches.subarray(figure * sketchLength, (figure + 1) * sketchLength), width);
    }
    this.#projections = projections;
  }

  /** @returns undefined where no combination is about fewer than `k` people; else the last figure of one that may be. */
  unsafeOne(figures: readonly number[], k: number): number | undefined {
    const rows = this.#independent(figures);
    if (rows.length === 0) return undefined;
    const places = new Map(rows.map((figure, place) => [figure, place]));
    const columns = this.#kinds
      .filter(({ people }) => people > 0)
      .map((kind) => ({ left: kind.people, ...columnOf(kind, places) }))
      .filter((column) => column.places.length > 0);
    // So many bases do not fit in: no need to look for them.
    const room = columns.reduce((sum, { left }) => sum + Math.min(left, k), 0);
    if (room < rows.length * k) return rows.at(-1);
    for (let people = 0; people < k; ) {
      const basis = basisOf(rows.length, columns);
      if (!Array.isArray(basis)) return rows[basis.missing]!;
      const least = Math.min(k - people, ...basis.map(({ left }) => left));
      for (const column of basis) column.left -= least;
      people += least;
    }
    return undefined;
  }

  /** Figures of which each adds something to those before it. */
  #independent(figures: readonly number[]): readonly number[] {
    const rows: { readonly pivot: number; readonly row: Float64Array }[] = [];
    return figures.filter((figure) => {
      const row = this.#projections.get(figure)!.slice();
      for (const { pivot, row: above } of rows) if (row[pivot] !== 0) subtractMultiple(row, above, row[pivot]!);
      const pivot = row.findIndex((value) => value !== 0);
      if (pivot < 0) return false;
      const inverse = invert(row[pivot]!);
      for (let i = 0; i < row.length; i++) row[i] = (row[i]! * inverse) % prime;
      rows.push({ pivot, row });
      return true;
    });
  }
}

interface Column {
  readonly places: readonly number[];
  readonly amounts: readonly number[];
  /** People of the kind that no basis has taken yet. */
  left: number;
}

/**
 * Kinds with people left that no combination of the rows misses all of, the largest first.
 * @returns or the row whose combination with rows before it hits none.
 */
function basisOf(rowCount: number, columns: readonly Column[]): Column[] | { readonly missing: number } {
  const open = columns.filter(({ left }) => left > 0).sort((a, b) => b.left - a.left);
  // Each a combination that misses all kinds that were chosen.
  const rest = Array.from({ length: rowCount }, (_, place) => {
    const combination = new Float64Array(rowCount);
    combination[place] = 1;
    return combination;
  });
  const basis: Column[] = [];
  for (const [i, combination] of rest.entries()) {
    const hit = open.find((column) => weightOf(combination, column) !== 0);
    if (hit === undefined) return { missing: i };
    basis.push(hit);
    const inverse = invert(weightOf(combination, hit));
    for (let j = i + 1; j < rowCount; j++) {
      const weight = weightOf(rest[j]!, hit);
      if (weight !== 0) subtractMultiple(rest[j]!, combination, (weight * inverse) % prime);
    }
  }
  return basis;
}

function columnOf({ figures, amounts }: Kind, placeOf: ReadonlyMap<number, number>): Omit<Column, 'left'> {
  const entries = figures.flatMap((figure, i) => {
    const place = placeOf.get(figure);
    return place === undefined ? [] : [[place, amounts[i]!] as const];
  });
  return { places: entries.map(([place]) => place), amounts: entries.map(([, amount]) => amount) };
}

function weightOf(combination: Float64Array, { places, amounts }: Column): number {
  let weight = 0;
  for (let i = 0; i < places.length; i++) weight = (weight + combination[places[i]!]! * amounts[i]!) % prime;
  return weight;
}
