/** All transitions that there could be between a few units, so that which of them occur says nothing. */
import type { TransitionTable } from './markov.ts';

/** Room for a unit and one more, as in the states of `markov.ts`. */
const unitBase = 2 ** 16;
const toOrder = -1;
const toNothing = -2;

/** Transitions in a fixed order, without counts. @param order r: a state is the last r units, fewer at the beginning of a path. */
export function denseTransitions(unitCount: number, order: 1 | 2 | 3): Omit<TransitionTable, 'counts'> {
  const states = [0];
  const numbers = new Map([[0, 0]]);
  for (let length = 1, from = 0; length <= order; length++) {
    const until = states.length;
    for (let s = from; s < until; s++) {
      for (let unit = 0; unit < unitCount; unit++) {
        const key = states[s]! * unitBase + unit + 1;
        numbers.set(key, states.length);
        states.push(key);
      }
    }
    from = until;
  }
  const [source, target]: [number[], number[]] = [[], []];
  const add = (from: number, to: number) => {
    source.push(from);
    target.push(to);
  };
  for (const [s, key] of states.entries()) {
    for (let unit = 0; unit < unitCount; unit++) {
      add(s, numbers.get((key % unitBase ** (order - 1)) * unitBase + unit + 1)!);
    }
    // A path has at least one touch.
    if (s === 0) continue;
    add(s, toOrder);
    add(s, toNothing);
  }
  return { states: Float64Array.from(states), from: Int32Array.from(source), to: Int32Array.from(target) };
}

/** How many transitions `denseTransitions` has. */
export function denseTransitionCount(unitCount: number, order: 1 | 2 | 3): number {
  const states = Array.from({ length: order }, (_, i) => unitCount ** (i + 1)).reduce((sum, count) => sum + count, 0);
  return unitCount + states * (unitCount + 2);
}

/**
 * Counts of what occurred, in the order of `denseTransitions`.
 * @param unitOf the dense number of each of the table's units; undefined for one that is not among them, which no transition may have.
 */
export function denseCounts(
  table: TransitionTable,
  dense: Omit<TransitionTable, 'counts'>,
  unitOf: readonly (number | undefined)[],
): Float64Array {
  const place = new Map(Array.from(dense.states, (key, s) => [key, s] as const));
  const stateOf = Array.from(table.states, (key) => place.get(translated(key, unitOf)));
  const at = new Map(Array.from(dense.from, (from, t) => [pair(from, dense.to[t]!), t] as const));
  const counts = new Float64Array(dense.from.length);
  for (const [t, from] of table.from.entries()) {
    const to = table.to[t]! < 0 ? table.to[t]! : stateOf[table.to[t]!];
    const found = stateOf[from] === undefined || to === undefined ? undefined : at.get(pair(stateOf[from]!, to));
    if (found === undefined) throw new RangeError('units: a transition has one that is not declared');
    counts[found]! += table.counts[t]!;
  }
  return counts;
}

function pair(from: number, to: number): number {
  return from * 2 ** 26 + to + 2;
}

function translated(key: number, unitOf: readonly (number | undefined)[]): number {
  let result = 0;
  for (let rest = key, scale = 1; rest > 0; rest = Math.floor(rest / unitBase), scale *= unitBase) {
    const unit = unitOf[(rest % unitBase) - 1];
    if (unit === undefined) return Number.NaN;
    result += (unit + 1) * scale;
  }
  return result;
}
