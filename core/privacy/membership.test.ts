/**
 * Whether one person is in an audience, guessed from the released size: the guesser knows everybody else, and has seen as many sizes with the
 * person and without as it likes (Shokri, Stronati, Song, Shmatikov, "Membership Inference Attacks Against Machine Learning Models", 2017).
 */
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../random/index.ts';
import { discreteGaussian, gaussianVariance, type MicroRho, RandomIntegers } from './index.ts';

const samples = 40_000;
const others = 160n;

/** Sizes as they would be released, by how often each came. */
function released(size: bigint, rho: MicroRho, random: RandomIntegers): ReadonlyMap<bigint, number> {
  const variance = gaussianVariance({ squaredSensitivity: 1n, rho });
  const counts = new Map<bigint, number>();
  for (let i = 0; i < samples; i++) {
    const shown = size + discreteGaussian(variance, random);
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return counts;
}

/** The area under the curve of the best guesser, which says "in" from some size on: 0.5 is a coin, 1 is knowing. */
function areaUnderCurve(within: ReadonlyMap<bigint, number>, without: ReadonlyMap<bigint, number>): number {
  let [below, area] = [0, 0];
  for (const size of [...new Set([...within.keys(), ...without.keys()])].sort((a, b) => (a < b ? -1 : 1))) {
    const equal = without.get(size) ?? 0;
    area += (within.get(size) ?? 0) * (below + equal / 2);
    below += equal;
  }
  return area / samples ** 2;
}

const guessed = (rho: MicroRho) => {
  const random = new RandomIntegers(new SeededRandom('membership'));
  return areaUnderCurve(released(others + 1n, rho, random), released(others, rho, random));
};

describe('[F75] membership in an audience', () => {
  it('is guessed from its released size with an area under the curve of at most 0.55', () => {
    expect(guessed(10_000)).toBeLessThanOrEqual(0.55);
  });

  it('canary: with a hundred times the budget the same guesser knows it often', () => {
    expect(guessed(1_000_000)).toBeGreaterThan(0.7);
  });
});
