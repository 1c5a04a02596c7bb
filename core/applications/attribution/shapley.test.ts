import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draw } from '../../random/index.ts';
import {
  countOrderSets,
  countPersonSets,
  type Journey,
  journeySets,
  packJourneys,
  permutationsFor,
  rateExact,
  shapleyOrders,
  shapleyRate,
  type UnitSets,
} from './index.ts';

function setsOf(...rows: readonly (readonly [units: readonly number[], persons: number, orders: number])[]): UnitSets {
  return {
    sets: rows.map(([units]) => units),
    persons: Float64Array.from(rows, ([, persons]) => persons),
    orders: Float64Array.from(rows, ([, , orders]) => orders),
  };
}

const known = setsOf([[0], 100, 10], [[1], 100, 4], [[0, 1], 50, 6]);

/** The definition: mean marginal over every order in which the units can come. */
function byDefinition({ sets, orders, persons }: UnitSets, unitCount: number, game: 'orders' | 'rate'): number[] {
  const worth = (units: ReadonlySet<number>) => {
    let [won, people] = [0, 0];
    for (const [s, own] of sets.entries()) {
      if (!own.every((unit) => units.has(unit))) continue;
      won += orders[s]!;
      people += persons[s]!;
    }
    return game === 'orders' ? won : people === 0 ? 0 : won / people;
  };
  const permutations = (rest: readonly number[]): number[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((unit) => permutations(rest.filter((each) => each !== unit)).map((others) => [unit, ...others]));
  const all = permutations(Array.from({ length: unitCount }, (_, i) => i));
  const values = new Array<number>(unitCount).fill(0);
  for (const order of all) {
    const before = new Set<number>();
    for (const unit of order) {
      const without = worth(before);
      before.add(unit);
      values[unit]! += worth(before) - without;
    }
  }
  return values.map((value) => value / all.length);
}

const anySets = fc
  .uniqueArray(fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 12,
    selector: (set) => [...set].sort().join(),
  })
  .chain((sets) =>
    fc.tuple(
      fc.constant(sets.map((set) => [...set].sort((a, b) => a - b))),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: sets.length, maxLength: sets.length }),
      fc.array(fc.nat(50), { minLength: sets.length, maxLength: sets.length }),
    ),
  )
  .map(
    ([sets, persons, orders]): UnitSets => ({
      sets,
      persons: Float64Array.from(persons),
      orders: Float64Array.from(orders),
    }),
  );

describe('[F115] the Shapley value', () => {
  it('of orders: {A} 10, {B} 4, {A, B} 6 → 13 and 7', () => {
    expect(shapleyOrders(known.sets, known.orders, 2)).toEqual([13, 7]);
  });

  it('of rates: v = 0.10, 0.04, 0.08 → 0.07 and 0.01, scaled to 20 orders 17.5 and 2.5', () => {
    const [a, b] = rateExact(known, 2) as [number, number];
    expect([a, b].map((value) => value.toFixed(12))).toEqual(['0.070000000000', '0.010000000000']);
    expect([a, b].map((value) => ((20 * value) / (a + b)).toFixed(9))).toEqual(['17.500000000', '2.500000000']);
  });

  it('of both games is the mean over all orders of coming', () => {
    fc.assert(
      fc.property(anySets, (counts) => {
        const plain = byDefinition(counts, 5, 'orders');
        for (const [unit, value] of shapleyOrders(counts.sets, counts.orders, 5).entries())
          expect(value).toBeCloseTo(plain[unit]!, 9);
        const rates = byDefinition(counts, 5, 'rate');
        for (const [unit, value] of rateExact(counts, 5).entries()) expect(value).toBeCloseTo(rates[unit]!, 9);
      }),
      { numRuns: 40 },
    );
  });

  it('of rates sums to the rate of everybody', () => {
    fc.assert(
      fc.property(anySets, (counts) => {
        const all = counts.orders.reduce((a, b) => a + b, 0) / counts.persons.reduce((a, b) => a + b, 0);
        expect(rateExact(counts, 5).reduce((a, b) => a + b, 0)).toBeCloseTo(all, 9);
      }),
    );
  });

  it('[F74] of sets without people, and of noise below zero, is not NaN', () => {
    expect(rateExact(setsOf([[0], 0, 5], [[1], -3, -2]), 2)).toEqual([0, 0]);
    expect(shapleyOrders([], new Float64Array(0), 2)).toEqual([0, 0]);
    expect(() => rateExact(known, 21)).toThrow(RangeError);
  });
});

describe('the sampled Shapley value', () => {
  it('needs 165,881 permutations for 20 units within 0.01 at 99 %', () => {
    expect(permutationsFor(20, 0.01, 0.01)).toBe(165_881);
  });

  it('is within its bound of the exact one, and says the bound', () => {
    const counts = setsOf(
      ...Array.from({ length: 60 }, (_, i) => {
        const draw = new Draw(2, 'sets').at(i);
        const units = Array.from({ length: 14 }, (_, unit) => unit).filter(() => draw.chance(2_500));
        return [units.length === 0 ? [i % 14] : units, 20 + draw.below(100), draw.below(20)] as const;
      }),
    );
    const sampled = shapleyRate(counts, 14, { error: 0.05, failure: 0.01, seed: 3 });
    expect(sampled.bound).toEqual({ error: 0.05, failure: 0.01, permutations: permutationsFor(14, 0.05, 0.01) });
    for (const [unit, value] of rateExact(counts, 14).entries()) {
      expect(Math.abs(value - sampled.values[unit]!)).toBeLessThan(0.05);
    }
    expect(shapleyRate(counts, 14, { error: 0.05, failure: 0.01, seed: 3 })).toEqual(sampled);
    expect(shapleyRate(known, 2).bound).toBeUndefined();
  });

  it('has a wider bound where people order more than once', () => {
    const often = setsOf(...Array.from({ length: 13 }, (_, unit) => [[unit], 10, 25] as const));
    expect(shapleyRate(often, 13, { error: 0.1, failure: 0.1, seed: 1 }).bound!.error).toBeCloseTo(0.25, 12);
  });
});

describe('sets of journeys', () => {
  const journeys: Journey[] = [
    {
      persons: 3,
      paths: [
        { units: [1, 0, 1], converts: true },
        { units: [2], converts: false },
      ],
    },
    {
      persons: 2,
      paths: [
        { units: [0, 1], converts: true },
        { units: [0], converts: true },
      ],
    },
    { persons: 5, paths: [{ units: [2], converts: false }] },
    { persons: 1, paths: [{ units: [], converts: true }] },
  ];
  const of = (sets: UnitSets['sets'], numbers: Float64Array) =>
    Object.fromEntries(sets.map((set, s) => [set.join(''), numbers[s]!]).filter(([, count]) => count !== 0));

  it('are those of each order’s own path, and those of all that a person touched', () => {
    const sets = journeySets(packJourneys(journeys));
    const weights = Float64Array.from(journeys, ({ persons }) => persons);
    expect(of(sets.sets, countOrderSets(sets, weights))).toEqual({ '01': 5, '0': 2 });
    const people = countPersonSets(sets, weights);
    expect(of(people.sets, people.persons)).toEqual({ '012': 3, '01': 2, '2': 5, '': 1 });
    expect(of(people.sets, people.orders)).toEqual({ '012': 3, '01': 4 });
  });
});
