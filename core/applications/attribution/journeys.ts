/**
 * Journeys of people as packed numbers: for each distinct one how many people made it, and its symbols. A journey is one or more paths; a path is the units
 * of its touches and the mark of how it ended.
 */

export const endedInOrder = 0;
export const endedWithout = 1;
/** A unit u is the symbol u + 2. */
export const firstUnit = 2;

/** Sequences of symbols, one after the other: sequence i is `symbols[starts[i] … starts[i + 1] − 1]`. */
export interface Sequences {
  readonly starts: Int32Array;
  readonly symbols: Uint16Array;
}

export interface Journeys extends Sequences {
  readonly persons: Float64Array;
}

/** Distinct paths, whoever went them; their symbols have the mark at the end. */
export interface CountedPaths extends Sequences {
  readonly counts: Float64Array;
  /** Sums of the orders' values by currency, in units: currency c of path i is `values[i · currencyCount + c]`. */
  readonly values: Float64Array;
  readonly currencyCount: number;
}

/** One path, spelled out. */
export interface Path {
  /** Units from the first touch to the last, repeats kept. */
  readonly units: readonly number[];
  readonly converts: boolean;
}

export interface Journey {
  readonly persons: number;
  readonly paths: readonly Path[];
}

export function packJourneys(list: readonly Journey[]): Journeys {
  const starts = new Int32Array(list.length + 1);
  const symbols: number[] = [];
  for (const [j, { paths }] of list.entries()) {
    for (const { units, converts } of paths) {
      symbols.push(...units.map((unit) => unit + firstUnit), converts ? endedInOrder : endedWithout);
    }
    starts[j + 1] = symbols.length;
  }
  return { persons: Float64Array.from(list, ({ persons }) => persons), starts, symbols: Uint16Array.from(symbols) };
}

/** The paths of one sequence. */
export function pathsOf({ starts, symbols }: Sequences, sequence: number): Path[] {
  const paths: Path[] = [];
  let units: number[] = [];
  for (let i = starts[sequence]!; i < starts[sequence + 1]!; i++) {
    const symbol = symbols[i]!;
    if (symbol >= firstUnit) units.push(symbol - firstUnit);
    else {
      paths.push({ units, converts: symbol === endedInOrder });
      units = [];
    }
  }
  return paths;
}
