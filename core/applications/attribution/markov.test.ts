import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draw } from '../../random/index.ts';
import {
  coarsened,
  coarsening,
  countTransitions,
  type Journey,
  journeyTransitions,
  type MarkovResult,
  packJourneys,
  removalEffects,
} from './index.ts';

/** Paths as `AB+` (to an order) or `AB-`, one person each unless told otherwise. */
function journeysOf(...texts: readonly string[]): Journey[] {
  return texts.map((text) => ({
    persons: 1,
    paths: [{ units: [...text.slice(0, -1)].map((letter) => letter.charCodeAt(0) - 65), converts: text.endsWith('+') }],
  }));
}

function solve(journeys: readonly Journey[], order: 1 | 2 | 3, unitCount: number): MarkovResult {
  const weights = Float64Array.from(journeys, ({ persons }) => persons);
  return removalEffects(countTransitions(journeyTransitions(packJourneys(journeys), order), weights), unitCount);
}

/** The same by another way: texts for states, a dense system, Gaussian elimination with pivots. */
function solveDense(journeys: readonly Journey[], order: number, unitCount: number): MarkovResult {
  const conversion = (removed: number | undefined) => {
    const counts = new Map<string, Map<string, number>>();
    const add = (from: string, to: string, weight: number) => {
      const row = counts.get(from) ?? new Map<string, number>();
      counts.set(from, row.set(to, (row.get(to) ?? 0) + weight));
    };
    for (const { persons, paths } of journeys) {
      for (const { units, converts } of paths) {
        if (units.length === 0) continue;
        const states = units.map((_, i) => units.slice(Math.max(0, i + 1 - order), i + 1).join('>'));
        for (const [i, state] of states.entries()) add(i === 0 ? 'start' : states[i - 1]!, state, persons);
        add(states.at(-1)!, converts ? 'order' : 'nothing', persons);
      }
    }
    const states = [...counts.keys()];
    const matrix = states.map((from, i) => {
      const row = counts.get(from)!;
      const all = [...row.values()].reduce((sum, count) => sum + count, 0);
      const line = states.map((to, j) => {
        const gone = removed !== undefined && to.split('>').at(-1) === String(removed);
        return (i === j ? 1 : 0) - (gone ? 0 : (row.get(to) ?? 0) / all);
      });
      return [...line, (row.get('order') ?? 0) / all];
    });
    const n = states.length;
    for (let c = 0; c < n; c++) {
      let pivot = c;
      for (let r = c; r < n; r++) if (Math.abs(matrix[r]![c]!) > Math.abs(matrix[pivot]![c]!)) pivot = r;
      [matrix[c], matrix[pivot]] = [matrix[pivot]!, matrix[c]!];
      for (let r = 0; r < n; r++) {
        if (r === c) continue;
        const factor = matrix[r]![c]! / matrix[c]![c]!;
        for (let k = c; k <= n; k++) matrix[r]![k]! -= factor * matrix[c]![k]!;
      }
    }
    const start = states.indexOf('start');
    return start < 0 ? 0 : matrix[start]![n]! / matrix[start]![start]!;
  };
  const all = conversion(undefined);
  return {
    conversion: all,
    effects: Array.from({ length: unitCount }, (_, unit) => (all === 0 ? 0 : 1 - conversion(unit) / all)),
  };
}

function randomJourneys(seed: number, count: number, unitCount: number): Journey[] {
  return Array.from({ length: count }, (_, j) => {
    const draw = new Draw(seed, 'journeys').at(j);
    const paths = Array.from({ length: 1 + draw.below(2) }, () => ({
      units: Array.from({ length: 1 + draw.below(7) }, () => draw.below(unitCount)),
      converts: draw.chance(3_000),
    }));
    return { persons: 1 + draw.below(20), paths };
  });
}

describe('[F115] the Markov model', () => {
  it('A>B to an order, A to nothing, B to an order: P = 2/3, without A 1/3, without B 0, effects 1/2 and 1', () => {
    const { conversion, effects } = solve(journeysOf('AB+', 'A-', 'B+'), 1, 2);
    expect(conversion).toBeCloseTo(2 / 3, 13);
    expect(effects[0]).toBeCloseTo(1 / 2, 13);
    expect(effects[1]).toBeCloseTo(1, 13);
  });

  it.each([1, 2, 3] as const)('of order %i equals an elimination of the dense system to 1e-9', (order) => {
    for (let seed = 1; seed <= 12; seed++) {
      const journeys = randomJourneys(seed, 5 + 6 * seed, 2 + (seed % 4));
      const got = solve(journeys, order, 6);
      const dense = solveDense(journeys, order, 6);
      expect(got.conversion).toBeCloseTo(dense.conversion, 9);
      for (const [unit, effect] of got.effects.entries())
        expect(effect, `${seed}`).toBeCloseTo(dense.effects[unit]!, 9);
    }
  });

  it('of a lower order follows from the transitions of a higher one', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const journeys = packJourneys(randomJourneys(seed, 40, 4));
      const third = countTransitions(journeyTransitions(journeys, 3), journeys.persons);
      for (const order of [1, 2] as const) {
        const own = removalEffects(countTransitions(journeyTransitions(journeys, order), journeys.persons), 4);
        const derived = removalEffects(coarsened(coarsening(third, order), third.counts), 4);
        for (const [unit, effect] of derived.effects.entries()) expect(effect).toBeCloseTo(own.effects[unit]!, 11);
      }
    }
  });

  it('remembers more in a higher order: what comes after decides, not only what was last', () => {
    const journeys = journeysOf('AC+', 'AC+', 'BC-', 'BC-');
    const first = solve(journeys, 1, 3).effects;
    const second = solve(journeys, 2, 3).effects;
    expect(first[0]).toBeCloseTo(first[1]!, 12);
    expect(second[0]).toBeCloseTo(1, 12);
    expect(second[1]).toBeCloseTo(0, 12);
  });

  it('remembers units of large numbers apart', () => {
    const path = (units: number[], converts: boolean): Journey => ({ persons: 1, paths: [{ units, converts }] });
    const journeys = [path([64_990, 64_991, 64_992], true), path([64_993, 64_991, 64_992], false)];
    const { effects } = solve(journeys, 3, 65_000);
    expect([effects[64_990], effects[64_993], effects[64_992]].map((effect) => effect!.toFixed(9))).toEqual([
      '1.000000000',
      '0.000000000',
      '1.000000000',
    ]);
  });

  it('of slow circles is solved as exactly', () => {
    const long = `${'AB'.repeat(400)}+`;
    const journeys = journeysOf(long, 'A-');
    expect(solve(journeys, 1, 2).conversion).toBeCloseTo(solveDense(journeys, 1, 2).conversion, 9);
  });

  it('[F74] of no paths, of paths without orders, and of noise below zero is nothing, and never NaN', () => {
    expect(solve([], 1, 2)).toEqual({ conversion: 0, effects: [0, 0] });
    expect(solve(journeysOf('AB-', 'A-'), 2, 2)).toEqual({ conversion: 0, effects: [0, 0] });
    const transitions = journeyTransitions(packJourneys(journeysOf('AB+', 'A-', 'B+')), 1);
    const table = countTransitions(transitions, Float64Array.of(1, 1, 1));
    const noisy = removalEffects({ ...table, counts: table.counts.map((count, i) => count - (i % 2) * 5) }, 2);
    expect(noisy.effects.every((effect) => effect >= 0 && effect <= 1)).toBe(true);
    const trapped = {
      states: Float64Array.of(0, 1),
      from: Int32Array.of(0, 1),
      to: Int32Array.of(1, 1),
      counts: Float64Array.of(1, 1),
    };
    expect(removalEffects(trapped, 1)).toEqual({ conversion: 0, effects: [0] });
  });

  it('counts a journey as often as it is weighted', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 6, maxLength: 6 }), (weights) => {
        const journeys = randomJourneys(3, 6, 3);
        const repeated = journeys.flatMap((journey, j) =>
          Array.from({ length: weights[j]! }, () => ({ ...journey, persons: 1 })),
        );
        const got = removalEffects(
          countTransitions(journeyTransitions(packJourneys(journeys), 2), Float64Array.from(weights)),
          3,
        );
        const plain = solve(repeated, 2, 3);
        for (const [unit, effect] of got.effects.entries()) expect(effect).toBeCloseTo(plain.effects[unit]!, 10);
      }),
      { numRuns: 50 },
    );
  });
});
