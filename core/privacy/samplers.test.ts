import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../random/index.ts';
import {
  bernoulli,
  bernoulliExp,
  ceilingRoot,
  discreteGaussian,
  discreteLaplace,
  integerRoot,
  KeyedRandom,
  RandomIntegers,
  type Ratio,
  ratio,
} from './index.ts';
import { chiSquare, chiSquareTail } from './testing/chi-square.ts';

const draws = 100_000;
const seeded = (seed: string) => new RandomIntegers(new SeededRandom(seed));

/** P(y) of the discrete Gaussian, from its definition. */
function gaussianMass(variance: number): (y: number) => number {
  const weight = (y: number) => Math.exp((-y * y) / (2 * variance));
  let total = 1;
  for (let y = 1; y < 20 * Math.sqrt(variance) + 20; y++) total += 2 * weight(y);
  return (y) => weight(y) / total;
}

/** P(y) of the discrete Laplace distribution of that scale. */
function laplaceMass(scale: number): (y: number) => number {
  const decay = Math.exp(-1 / scale);
  return (y) => ((1 - decay) / (1 + decay)) * decay ** Math.abs(y);
}

/** p of the draws against a mass function, in cells of `width` integers from −reach to reach and the two tails. */
function goodness(draw: () => bigint, mass: (y: number) => number, cells: { reach: number; width: number }): number {
  const { reach, width } = cells;
  const count = Math.ceil((2 * reach + 1) / width);
  const observed = new Array<number>(count + 2).fill(0);
  const expected = new Array<number>(count + 2).fill(0);
  const cellOf = (y: number) => (y < -reach ? 0 : y > reach ? count + 1 : 1 + Math.floor((y + reach) / width));
  for (let i = 0; i < draws; i++) observed[cellOf(Number(draw()))]! += 1;
  for (let y = -20 * reach; y <= 20 * reach; y++) expected[cellOf(y)]! += mass(y);
  return chiSquareTail(chiSquare(observed, expected), count + 1);
}

describe('the known values of the mass functions', () => {
  it('N(0, 5) and Lap(2) have the probabilities that the samplers are held to', () => {
    const gaussian = gaussianMass(5);
    expect(gaussian(0)).toBeCloseTo(0.178412, 6);
    expect(gaussian(1)).toBeCloseTo(0.161434, 6);
    expect([-4, -3, -2, -1, 0, 1, 2, 3, 4].reduce((sum, y) => sum + gaussian(y), 0)).toBeCloseTo(0.957584, 6);
    expect(laplaceMass(2)(0)).toBeCloseTo(0.244919, 6);
  });

  it('the tail of χ² is that of the tables', () => {
    expect(chiSquareTail(3.841459, 1)).toBeCloseTo(0.05, 6);
    expect(chiSquareTail(23.6848, 14)).toBeCloseTo(0.05, 5);
    expect(chiSquareTail(51.1786, 24)).toBeCloseTo(0.001, 5);
  });
});

describe('[F71] noise has its distribution: χ² with p > 0.001 over 100,000 draws', () => {
  it.each<[string, Ratio, { reach: number; width: number }]>([
    ['1/2', ratio(1n, 2n), { reach: 2, width: 1 }],
    ['5', ratio(5n), { reach: 6, width: 1 }],
    ['100', ratio(100n), { reach: 30, width: 3 }],
    ['100/3', ratio(100n, 3n), { reach: 16, width: 2 }],
    ['111,803²', ratio(111_803n ** 2n), { reach: 300_000, width: 25_000 }],
  ])('the discrete Gaussian of variance %s', (name, variance, cells) => {
    const random = seeded(`gaussian ${name}`);
    const mass = gaussianMass(Number(variance.numerator) / Number(variance.denominator));
    expect(goodness(() => discreteGaussian(variance, random), mass, cells)).toBeGreaterThan(0.001);
  });

  it.each<[string, Ratio, { reach: number; width: number }]>([
    ['1/3', ratio(1n, 3n), { reach: 1, width: 1 }],
    ['2', ratio(2n), { reach: 10, width: 1 }],
    ['7/2', ratio(7n, 2n), { reach: 15, width: 1 }],
    ['200', ratio(200n), { reach: 1000, width: 100 }],
  ])('the discrete Laplace of scale %s', (name, scale, cells) => {
    const random = seeded(`laplace ${name}`);
    const mass = laplaceMass(Number(scale.numerator) / Number(scale.denominator));
    expect(goodness(() => discreteLaplace(scale, random), mass, cells)).toBeGreaterThan(0.001);
  });

  it('a variance that is off by a twentieth is caught', () => {
    const random = seeded('canary');
    const mass = gaussianMass(105);
    expect(goodness(() => discreteGaussian(ratio(100n), random), mass, { reach: 30, width: 3 })).toBeLessThan(0.001);
  });

  it.each<[Ratio, number]>([
    [ratio(0n), 1],
    [ratio(1n, 7n), Math.exp(-1 / 7)],
    [ratio(1n), Math.exp(-1)],
    [ratio(5n, 2n), Math.exp(-2.5)],
  ])('a coin of e^−γ', (gamma, probability) => {
    const random = seeded('coin');
    let heads = 0;
    for (let i = 0; i < draws; i++) heads += bernoulliExp(gamma, random) ? 1 : 0;
    if (probability === 1) expect(heads).toBe(draws);
    else {
      const seen = [heads, draws - heads];
      expect(chiSquareTail(chiSquare(seen, [probability, 1 - probability]), 1)).toBeGreaterThan(0.001);
    }
  });

  it.each([7n, 21n, 7n << 61n, 21n << 90n])('an integer below %d is uniform', (bound) => {
    const random = seeded('uniform');
    const observed = new Array<number>(7).fill(0);
    for (let i = 0; i < 7000; i++) observed[Number((random.below(bound) * 7n) / bound)]! += 1;
    const expected = observed.map(() => 1 / 7);
    expect(chiSquareTail(chiSquare(observed, expected), 6)).toBeGreaterThan(0.001);
  });

  it('there is one integer below 1, and a coin of probability 0 or 1 always falls the same way', () => {
    const random = seeded('certain');
    expect(random.below(1n)).toBe(0n);
    expect([bernoulli(ratio(0n, 9n), random), bernoulli(ratio(9n, 9n), random)]).toEqual([false, true]);
  });
});

describe('keyed noise', () => {
  const secret = new Uint8Array(32).fill(7);
  const named = (name: string) => new KeyedRandom({ secret, name: new TextEncoder().encode(name) });
  const noise = (name: string) => discreteGaussian(ratio(10_000n), new RandomIntegers(named(name)));

  it('[F70] is the same for the same number, and unrelated for another', () => {
    expect(noise('a')).toBe(noise('a'));
    const spread = new Set(Array.from({ length: 50 }, (_, i) => noise(`number ${i}`)));
    expect(spread.size).toBeGreaterThan(40);
  });

  it('does not depend on how many bytes are asked for at a time', () => {
    const whole = named('a').bytes(100);
    const parts = named('a');
    expect([...parts.bytes(1), ...parts.bytes(31), ...parts.bytes(32), ...parts.bytes(36)]).toEqual([...whole]);
  });

  it('refuses a short secret', () => {
    expect(() => new KeyedRandom({ secret: new Uint8Array(31), name: secret })).toThrow(RangeError);
  });
});

describe('whole numbers', () => {
  it('roots are exact, on both sides of a square', () => {
    for (const root of [0n, 1n, 2n, 3n, 111_803n, (1n << 80n) + 1n]) {
      expect(integerRoot(root * root)).toBe(root);
      if (root > 1n) expect(integerRoot(root * root - 1n)).toBe(root - 1n);
      expect(ceilingRoot(ratio(root * root))).toBe(root);
      expect(ceilingRoot(ratio(root * root * 4n + 1n, 4n))).toBe(root + 1n);
    }
  });

  /** What must not stand in a sampler: an integer that is not a BigInt, and everything that makes or takes a double. */
  const floating =
    /(?<![\w.$])\d[\d_]*(?![\w])|\d\.\d|\bnumber\b|\bNumber\b|\bMath\b|\bparse(Float|Int)\b|\bInfinity\b/;
  const code = (source: string) => source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|'[^'\n]*'/gm, '');

  it.each(['random-integers', 'ratio', 'bernoulli', 'laplace', 'gaussian'])(
    '[F71] are all that the samplers calculate with: %s.ts',
    (name) => {
      const source = code(readFileSync(new URL(`./${name}.ts`, import.meta.url), 'utf8'));
      expect(source.length).toBeGreaterThan(200);
      expect(source.split('\n').filter((line) => floating.test(line))).toEqual([]);
    },
  );

  it.each(['const x = 1;', 'y * 0.5', 'Math.exp(y)', 'Number(y)', 'y as number', 'a[0]'])(
    'a canary is caught: %s',
    (line) => {
      expect(floating.test(code(line))).toBe(true);
    },
  );
});
