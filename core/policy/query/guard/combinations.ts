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
  const known = taken(of.known, (figures) => there.isSafe(figures, k));
  return new Set(taken(of.wanted, (figures) => possible.isSafe(figures, k) && there.isSafe([...known, ...figures], k)));
}

/** Takes each that fits with those before it. */
function taken(wanted: readonly number[], isSafe: (figures: readonly number[]) => boolean): readonly number[] {
  const told: number[] = [];
  for (let rest = wanted; rest.length > 0; ) {
    const fits = (count: number) => isSafe([...told, ...rest.slice(0, count)]);
    const count = fits(rest.length) ? rest.length : longest(rest.length, fits);
    told.push(...rest.slice(0, count));
    rest = rest.slice(count + 1);
  }
  return told;
}

/** The greatest number below `end` that fits, where all numbers below a one that fits do; 0 always does. */
function longest(end: number, fits: (count: number) => boolean): number {
  let [low, high] = [0, end - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
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

  isSafe(figures: readonly number[], k: number): boolean {
    const rows = this.#independent(figures);
    const left = new Map(this.#kinds.flatMap((kind) => (kind.people === 0 ? [] : [[kind, kind.people] as const])));
    for (let people = 0; people < k; ) {
      const basis = basisOf(rows, left);
      if (basis === undefined) return false;
      const least = Math.min(k - people, ...basis.map((kind) => left.get(kind)!));
      for (const kind of basis) left.set(kind, left.get(kind)! - least);
      people += basis.length === 0 ? k : least;
    }
    return true;
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

/** Kinds with people left that no combination of the figures misses all of, the largest first; undefined where there are none such. */
function basisOf(figures: readonly number[], left: ReadonlyMap<Kind, number>): readonly Kind[] | undefined {
  const places = new Map(figures.map((figure, place) => [figure, place]));
  const kinds = [...left].filter(([, people]) => people > 0).sort(([, a], [, b]) => b - a);
  const columns = kinds.map(([kind]) => ({ kind, ...columnOf(kind, places) }));
  // Each a combination that misses all kinds that were chosen.
  const rest = figures.map((_, place) => Float64Array.from(figures, (_, i) => (i === place ? 1 : 0)));
  const basis: Kind[] = [];
  for (const [i, combination] of rest.entries()) {
    const hit = columns.find((column) => weightOf(combination, column) !== 0);
    if (hit === undefined) return undefined;
    basis.push(hit.kind);
    const inverse = invert(weightOf(combination, hit));
    for (const other of rest.slice(i + 1)) {
      const weight = weightOf(other, hit);
      if (weight !== 0) subtractMultiple(other, combination, (weight * inverse) % prime);
    }
  }
  return basis;
}

interface Column {
  readonly places: readonly number[];
  readonly amounts: readonly number[];
}

function columnOf({ figures, amounts }: Kind, placeOf: ReadonlyMap<number, number>): Column {
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
