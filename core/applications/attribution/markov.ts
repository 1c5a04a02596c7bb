/**
 * The Markov model (Anderl, Becker, von Wangenheim and Schumann, "Mapping the customer journey", IJRM 33, 2016), solved exactly instead of simulated.
 * A state is the last r units of a path, fewer at its beginning; a path goes from the start through its states to an order or to nothing. The
 * effect of a unit is the share of orders that would be lost if every step to it led to nothing: 1 − P₋c / P, with P the probability of an order.
 */
import { endedInOrder, firstUnit, type Journeys } from './journeys.ts';
import { PairIndex } from './pair-index.ts';

/** The state before the first touch. */
const start = 0;
/** Ends of a path, as targets of a transition. */
const toOrder = -1;
const toNothing = -2;

/** Transitions between states, with how often each was made. State 0 is the start. */
export interface TransitionTable {
  /** The last units of each state as one number: each and one more, 16 bits, the latest in the lowest; 0 for the start. */
  readonly states: Float64Array;
  readonly from: Int32Array;
  /** A state, or one of the two ends. */
  readonly to: Int32Array;
  readonly counts: Float64Array;
}

/** Whose transitions a journey makes, so that journeys can be counted again with other weights. */
export interface JourneyTransitions {
  readonly table: Omit<TransitionTable, 'counts'>;
  /** Transitions of journey j: `steps[starts[j] … starts[j + 1] − 1]`. */
  readonly starts: Int32Array;
  readonly steps: Int32Array;
}

/** @param order r, how many units a state remembers: 1, 2 or 3. Paths without a touch are not in it. */
export function journeyTransitions({ persons, starts, symbols }: Journeys, order: 1 | 2 | 3): JourneyTransitions {
  const states = new States(order);
  // A state and a symbol decide where a transition leads.
  const transitions = new PairIndex();
  const to: number[] = [];
  const stepStarts = new Int32Array(persons.length + 1);
  const steps = new Int32Array(symbols.length);
  let stepCount = 0;
  for (let j = 0; j < persons.length; j++) {
    states.begin();
    for (let i = starts[j]!; i < starts[j + 1]!; i++) {
      const symbol = symbols[i]!;
      const from = states.current;
      if (symbol >= firstUnit) states.push(symbol - firstUnit);
      else if (from === start) continue;
      const transition = transitions.of(from, symbol);
      if (symbol < firstUnit) {
        to[transition] = symbol === endedInOrder ? toOrder : toNothing;
        states.begin();
      } else {
        to[transition] ??= states.find();
        states.current = to[transition]!;
      }
      steps[stepCount++] = transition;
    }
    stepStarts[j + 1] = stepCount;
  }
  const from = Int32Array.from({ length: transitions.size }, (_, transition) => transitions.first(transition));
  return {
    table: { states: Float64Array.from(states.keys), from, to: Int32Array.from(to) },
    starts: stepStarts,
    steps: steps.subarray(0, stepCount),
  };
}

/** Room for a unit and one more. */
const unitBase = 2 ** 16;

/** The states that occur, by the last units of a path. */
class States {
  readonly keys: number[] = [0];
  current = start;
  readonly #range: number;
  readonly #known = new Map<number, number>([[0, start]]);
  #recent = 0;

  constructor(order: number) {
    this.#range = unitBase ** order;
  }

  /** Begins a path. */
  begin(): void {
    this.current = start;
    this.#recent = 0;
  }

  push(unit: number): void {
    this.#recent = (this.#recent % (this.#range / unitBase)) * unitBase + unit + 1;
  }

  /** The state of the units that were pushed. */
  find(): number {
    return this.of(this.#recent);
  }

  /** The state of a key, of which it keeps as many units as this order remembers. */
  of(key: number): number {
    const own = key % this.#range;
    const known = this.#known.get(own) ?? this.keys.length;
    if (known === this.keys.length) {
      this.#known.set(own, known);
      this.keys.push(own);
    }
    return known;
  }
}

/** What the transitions of a table are in one of a lower order, whatever their counts. */
export interface Coarsening {
  readonly table: Omit<TransitionTable, 'counts'>;
  /** By transition of the finer table. */
  readonly transition: Int32Array;
}

/** The transitions of a lower order: states that have their last units in common are one. */
export function coarsening({ states, from, to }: Omit<TransitionTable, 'counts'>, order: 1 | 2): Coarsening {
  const coarse = new States(order);
  const stateOf = Int32Array.from(states, (key) => coarse.of(key));
  const transitions = new PairIndex();
  const transition = Int32Array.from(from, (source, t) =>
    transitions.of(stateOf[source]!, to[t]! < 0 ? to[t]! : stateOf[to[t]!]!),
  );
  const all = { length: transitions.size };
  return {
    table: {
      states: Float64Array.from(coarse.keys),
      from: Int32Array.from(all, (_, each) => transitions.first(each)),
      to: Int32Array.from(all, (_, each) => transitions.second(each)),
    },
    transition,
  };
}

/** @param counts of the finer table. */
export function coarsened({ table, transition }: Coarsening, counts: Float64Array): TransitionTable {
  const sums = new Float64Array(table.from.length);
  for (let t = 0; t < transition.length; t++) sums[transition[t]!]! += counts[t]!;
  return { ...table, counts: sums };
}

/** Counts the transitions of journeys. @param persons of each journey; whole numbers, or the weights of a resample. */
export function countTransitions({ table, starts, steps }: JourneyTransitions, persons: Float64Array): TransitionTable {
  const counts = new Float64Array(table.from.length);
  for (let j = 0; j < persons.length; j++) {
    const weight = persons[j]!;
    if (weight === 0) continue;
    for (let i = starts[j]!; i < starts[j + 1]!; i++) counts[steps[i]!]! += weight;
  }
  return { ...table, counts };
}

export interface MarkovResult {
  /** The probability that a path ends in an order. */
  readonly conversion: number;
  /** For each unit 1 − P₋c / P; all 0 where nothing converts. */
  readonly effects: readonly number[];
}

/**
 * @param table counts may be noisy; negative ones count as none.
 * @param residualMax by how much a probability may be off its equation.
 * @throws {Error} where the system cannot be solved so far.
 */
export function removalEffects(table: TransitionTable, unitCount: number, residualMax = 1e-13): MarkovResult {
  const system = new System(table, residualMax);
  const all = system.solve(undefined, undefined);
  const conversion = all[start]!;
  const effects = Array.from({ length: unitCount }, (_, unit) =>
    conversion === 0 || !system.has(unit)
      ? 0
      : Math.min(Math.max(1 - system.solve(unit, all)[start]! / conversion, 0), 1),
  );
  return { conversion, effects };
}

const sweepsMax = 200_000;

/** x = Qx + r, rows by state in compressed form: x is the probability of an order from each state. Steps of a state to itself are solved for. */
class System {
  /** −1 for the start. */
  readonly #lastUnit: Int32Array;
  readonly #units: ReadonlySet<number>;
  readonly #rowStart: Int32Array;
  readonly #column: Int32Array;
  readonly #probability: Float64Array;
  readonly #direct: Float64Array;
  readonly #residualMax: number;

  constructor({ states, from, to, counts }: TransitionTable, residualMax: number) {
    this.#residualMax = residualMax;
    const stateCount = states.length;
    this.#lastUnit = Int32Array.from(states, (key) => (key % unitBase) - 1);
    this.#units = new Set(this.#lastUnit);
    // A state that only leads back to itself has none, and never ends in an order.
    const outgoing = new Float64Array(stateCount);
    const inner = new Int32Array(stateCount + 1);
    for (let t = 0; t < from.length; t++) {
      const count = Math.max(counts[t]!, 0);
      if (to[t] === from[t] || count === 0) continue;
      outgoing[from[t]!]! += count;
      if (to[t]! >= 0) inner[from[t]! + 1]!++;
    }
    for (let s = 0; s < stateCount; s++) inner[s + 1]! += inner[s]!;
    this.#rowStart = inner.slice();
    this.#column = new Int32Array(inner[stateCount]!);
    this.#probability = new Float64Array(inner[stateCount]!);
    this.#direct = new Float64Array(stateCount);
    for (let t = 0; t < from.length; t++) {
      const count = Math.max(counts[t]!, 0);
      const [source, target] = [from[t]!, to[t]!];
      if (target === source || count === 0) continue;
      const probability = count / outgoing[source]!;
      if (target === toOrder) this.#direct[source] = probability;
      if (target < 0) continue;
      const at = inner[source]!++;
      this.#column[at] = target;
      this.#probability[at] = probability;
    }
  }

  has(unit: number): boolean {
    return this.#units.has(unit);
  }

  /**
   * Gauss–Seidel. From 0, or from the solution without a removal, it falls or rises to the one solution; later states lead on from earlier ones,
   * so it goes through them backwards.
   * @param removed a unit whose states lead to nothing.
   */
  solve(removed: number | undefined, guess: Float64Array | undefined): Float64Array {
    const lastUnit = this.#lastUnit;
    const x = guess?.slice() ?? new Float64Array(lastUnit.length);
    const kept = new Int32Array(lastUnit.length);
    let keptCount = 0;
    for (let s = lastUnit.length - 1; s >= 0; s--) {
      if (lastUnit[s] === removed) x[s] = 0;
      else kept[keptCount++] = s;
    }
    const states = kept.subarray(0, keptCount);
    const residualMax = this.#residualMax;
    for (let sweep = 0; sweep < sweepsMax; sweep++) {
      if (this.#sweep(states, x, x) <= residualMax && this.#sweep(states, x) <= residualMax) return x;
    }
    throw new Error(`markov: not solved to ${residualMax} in ${sweepsMax} sweeps`);
  }

  /** @param into where the right sides go, if anywhere. @returns by how much they differ from x at most. */
  #sweep(states: Int32Array, x: Float64Array, into?: Float64Array): number {
    const [rowStart, column, probability, direct] = [this.#rowStart, this.#column, this.#probability, this.#direct];
    let change = 0;
    for (let k = 0; k < states.length; k++) {
      const state = states[k]!;
      const end = rowStart[state + 1]!;
      let sum = direct[state]!;
      for (let i = rowStart[state]!; i < end; i++) sum += probability[i]! * x[column[i]!]!;
      change = Math.max(change, Math.abs(sum - x[state]!));
      if (into) into[state] = sum;
    }
    return change;
  }
}
