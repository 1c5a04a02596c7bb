/**
 * The Shapley value of a unit (Shapley 1953): its mean contribution over all orders in which the units could have come. Two games. Orders: a set of units
 * is worth the orders whose units all belong to it; then each order is shared out equally among its distinct units, however many there are. Rate:
 * a set is worth orders per person among people whose units all belong to it.
 */
import { Draw } from '../../random/index.ts';
import { endedInOrder, firstUnit, type Journeys } from './journeys.ts';
import { PairIndex } from './pair-index.ts';

/** People and orders by the set of units that they touched; exact, or as they were released. */
export interface UnitSets {
  /** Sorted units of each set. */
  readonly sets: readonly (readonly number[])[];
  readonly orders: Float64Array;
  readonly persons: Float64Array;
}

/** Orders by the units of their path, and people, with their orders, by all the units that they touched. */
export interface JourneySets {
  readonly sets: readonly (readonly number[])[];
  /** Set of each order of journey j: `orderSet[starts[j] … starts[j + 1] − 1]`. */
  readonly starts: Int32Array;
  readonly orderSet: Int32Array;
  readonly personSet: Int32Array;
}

export function journeySets({ persons, starts, symbols }: Journeys): JourneySets {
  const sets = new SetIndex();
  const orderStarts = new Int32Array(persons.length + 1);
  const orderSet: number[] = [];
  const personSet = new Int32Array(persons.length);
  const [path, all]: [number[], number[]] = [[], []];
  for (let j = 0; j < persons.length; j++) {
    path.length = 0;
    all.length = 0;
    for (let i = starts[j]!; i < starts[j + 1]!; i++) {
      const symbol = symbols[i]!;
      if (symbol >= firstUnit) {
        insert(path, symbol - firstUnit);
        insert(all, symbol - firstUnit);
        continue;
      }
      if (symbol === endedInOrder && path.length > 0) orderSet.push(sets.of(path));
      path.length = 0;
    }
    orderStarts[j + 1] = orderSet.length;
    personSet[j] = sets.of(all);
  }
  return { sets: sets.sets, starts: orderStarts, orderSet: Int32Array.from(orderSet), personSet };
}

/** Numbers sets of units in the order in which they come. */
class SetIndex {
  readonly sets: (readonly number[])[] = [];
  readonly #nodes = new PairIndex();
  /** By node of the tree of sorted units, from the root 0: the set's number and one more. */
  readonly #numbers: number[] = [];

  /** @param units sorted, each once; copied where they are new. */
  of(units: readonly number[]): number {
    let node = 0;
    for (const unit of units) node = this.#nodes.of(node, unit) + 1;
    const known = this.#numbers[node];
    if (known !== undefined && known > 0) return known - 1;
    this.sets.push([...units]);
    this.#numbers[node] = this.sets.length;
    return this.sets.length - 1;
  }
}

/** Puts a unit into a sorted list that does not have it yet. */
function insert(units: number[], unit: number): void {
  let at = units.length;
  while (at > 0 && units[at - 1]! > unit) at--;
  if (at === 0 || units[at - 1] !== unit) units.splice(at, 0, unit);
}

/** Orders by the set of their own path. @param persons of each journey, or weights of a resample. */
export function countOrderSets({ sets, starts, orderSet }: JourneySets, persons: Float64Array): Float64Array {
  const orders = new Float64Array(sets.length);
  for (let j = 0; j < persons.length; j++) {
    for (let i = starts[j]!; i < starts[j + 1]!; i++) orders[orderSet[i]!]! += persons[j]!;
  }
  return orders;
}

/** People and their orders by the set of all that they touched. */
export function countPersonSets({ sets, starts, personSet }: JourneySets, persons: Float64Array): UnitSets {
  const counts = { sets, orders: new Float64Array(sets.length), persons: new Float64Array(sets.length) };
  for (let j = 0; j < persons.length; j++) {
    counts.persons[personSet[j]!]! += persons[j]!;
    counts.orders[personSet[j]!]! += persons[j]! * (starts[j + 1]! - starts[j]!);
  }
  return counts;
}

/** The orders game in closed form, for any number of units. */
export function shapleyOrders(sets: UnitSets['sets'], orders: Float64Array, unitCount: number): number[] {
  const values = new Array<number>(unitCount).fill(0);
  for (const [s, units] of sets.entries()) for (const unit of units) values[unit]! += orders[s]! / units.length;
  return values;
}

/** Up to so many units the rate game is computed exactly unless a sample is asked for; the same way works to 20. */
export const exactUnitsMax = 12;

export interface SampleBound {
  /** With probability 1 − `failure` no unit's value is off by more than `error` orders per person. */
  readonly error: number;
  readonly failure: number;
  readonly permutations: number;
}

export interface ShapleyRate {
  readonly values: readonly number[];
  /** Where permutations were sampled. */
  readonly bound?: SampleBound;
}

/** @param sampling how near a sample has to come; used above {@link exactUnitsMax} units. */
export function shapleyRate(
  counts: UnitSets,
  unitCount: number,
  sampling: { readonly error: number; readonly failure: number; readonly seed: number } = {
    error: 0.01,
    failure: 0.01,
    seed: 1,
  },
): ShapleyRate {
  if (unitCount <= exactUnitsMax) return { values: rateExact(counts, unitCount) };
  const { error, failure } = sampling;
  const permutations = permutationsFor(unitCount, error, failure);
  // The worth of a set is a mean of rates of sets: no marginal is beyond the highest of them, which is above 1 where people order more than once.
  const highest = counts.sets.reduce((high, _, s) => Math.max(high, rate(counts.orders[s]!, counts.persons[s]!)), 1);
  return {
    values: rateSampled(counts, unitCount, permutations, sampling.seed),
    bound: { error: error * highest, failure, permutations },
  };
}

/** m ≥ (2/ε²)·ln(2n/δ): Hoeffding's inequality for marginals in [−1, 1], over all n units at once. */
export function permutationsFor(unitCount: number, error: number, failure: number): number {
  return Math.ceil((2 / error ** 2) * Math.log((2 * unitCount) / failure));
}

/**
 * Every subset once: sums over subsets by unit, then φ_c = Σ_S |S|!(n − 1 − |S|)!/n! · (v(S ∪ c) − v(S)).
 * @throws {RangeError} for more than 20 units.
 */
export function rateExact({ sets, orders, persons }: UnitSets, unitCount: number): number[] {
  if (unitCount > 20) throw new RangeError(`units: expected at most 20, got ${unitCount}`);
  const size = 2 ** unitCount;
  const [won, people] = [new Float64Array(size), new Float64Array(size)];
  for (const [s, units] of sets.entries()) {
    const mask = units.reduce((bits, unit) => bits | (1 << unit), 0);
    won[mask]! += orders[s]!;
    people[mask]! += persons[s]!;
  }
  for (let unit = 0; unit < unitCount; unit++) {
    const bit = 1 << unit;
    for (let mask = 0; mask < size; mask++) {
      if ((mask & bit) === 0) continue;
      won[mask]! += won[mask ^ bit]!;
      people[mask]! += people[mask ^ bit]!;
    }
  }
  const weights = subsetWeights(unitCount);
  const values = new Array<number>(unitCount).fill(0);
  const worth = (mask: number) => rate(won[mask]!, people[mask]!);
  for (let mask = 0; mask < size; mask++) {
    const [without, weight] = [worth(mask), weights[bitCount(mask)]!];
    for (let unit = 0; unit < unitCount; unit++) {
      const bit = 1 << unit;
      if ((mask & bit) === 0) values[unit]! += weight * (worth(mask | bit) - without);
    }
  }
  return values;
}

/** Of no people nothing is worth anything; noisy counts may be negative, a rate may not. */
function rate(orders: number, persons: number): number {
  return persons <= 0 ? 0 : Math.max(orders / persons, 0);
}

/** |S|!(n − 1 − |S|)!/n! by |S|. */
function subsetWeights(unitCount: number): number[] {
  const weights = [1 / unitCount];
  for (let size = 1; size < unitCount; size++) weights.push((weights[size - 1]! * size) / (unitCount - size));
  return weights;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** In a permutation a set is complete when the last of its units has come: sums up to there are the worth of every beginning. */
function rateSampled(
  { sets, orders, persons }: UnitSets,
  unitCount: number,
  permutations: number,
  seed: number,
): number[] {
  const draw = new Draw(seed, 'shapley');
  const order = Int32Array.from({ length: unitCount }, (_, i) => i);
  const place = new Int32Array(unitCount);
  const [won, people] = [new Float64Array(unitCount), new Float64Array(unitCount)];
  const values = new Array<number>(unitCount).fill(0);
  draw.at(0);
  for (let m = 0; m < permutations; m++) {
    for (let i = unitCount - 1; i > 0; i--) {
      const j = draw.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (let i = 0; i < unitCount; i++) place[order[i]!] = i;
    won.fill(0);
    people.fill(0);
    for (let s = 0; s < sets.length; s++) {
      const units = sets[s]!;
      let last = 0;
      for (let k = 0; k < units.length; k++) last = Math.max(last, place[units[k]!]!);
      won[last]! += orders[s]!;
      people[last]! += persons[s]!;
    }
    let [before, allWon, allPeople] = [0, 0, 0];
    for (let i = 0; i < unitCount; i++) {
      allWon += won[i]!;
      allPeople += people[i]!;
      const after = rate(allWon, allPeople);
      values[order[i]!]! += after - before;
      before = after;
    }
  }
  return values.map((value) => value / permutations);
}
