import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../random/index.ts';
import {
  discreteGaussian,
  discreteLaplace,
  epsilonOf,
  gaussianCost,
  gaussianVariance,
  laplaceCost,
  RandomIntegers,
  type Ratio,
  ratio,
} from './index.ts';

describe('the account in zCDP', () => {
  it('a count costs 0.005 under σ = 10, and a vector by the square of its sensitivity', () => {
    expect(gaussianVariance({ squaredSensitivity: 1n, rho: 5000 })).toEqual(ratio(100n));
    expect(gaussianCost({ squaredSensitivity: 1n, variance: ratio(100n) })).toBe(5000);
    expect(gaussianCost({ squaredSensitivity: 3n, variance: ratio(100n) })).toBe(15_000);
    expect(gaussianCost({ squaredSensitivity: 4n * 500n ** 2n, variance: ratio(100n * 500n ** 2n) })).toBe(20_000);
    expect(laplaceCost(ratio(1n, 10n))).toBe(5000);
  });

  it('what a variance was made for is what it costs, and rounding is against the one who asks', () => {
    for (let rho = 1; rho < 400; rho += 7) {
      for (const squaredSensitivity of [1n, 3n, 10n ** 18n]) {
        expect(gaussianCost({ squaredSensitivity, variance: gaussianVariance({ squaredSensitivity, rho }) })).toBe(rho);
      }
    }
    expect(gaussianCost({ squaredSensitivity: 1n, variance: ratio(10n ** 15n) })).toBe(1);
    expect(laplaceCost(ratio(1n, 10_000n))).toBe(1);
  });

  it('a floor is kept, and makes the answer cheaper', () => {
    const floor = ratio(400n);
    const variance = gaussianVariance({ squaredSensitivity: 1n, rho: 5000, floor });
    expect(variance).toEqual(floor);
    expect(gaussianCost({ squaredSensitivity: 1n, variance })).toBe(1250);
    expect(gaussianVariance({ squaredSensitivity: 1n, rho: 5000, floor: ratio(99n) })).not.toEqual(ratio(99n));
  });

  it.each([
    [5000, 0.43],
    [20_000, 0.9],
    [100_000, 2.14],
    [250_000, 3.54],
    [500_000, 5.22],
  ])('%d millionths of ρ are shown as ε = %d at δ = 10⁻⁶', (rho, epsilon) => {
    expect(epsilonOf(rho)).toBeCloseTo(epsilon, 2);
  });

  it('ε grows with ρ, is 0 for nothing, and is below the simple conversion', () => {
    let last = epsilonOf(0);
    expect(last).toBe(0);
    for (const rho of [1, 10, 100, 1e4, 1e6, 1e8]) {
      const epsilon = epsilonOf(rho);
      expect(epsilon).toBeGreaterThan(last);
      expect(epsilon).toBeLessThan(rho / 1e6 + 2 * Math.sqrt((rho / 1e6) * Math.log(1e6)));
      last = epsilon;
    }
  });
});

/**
 * The stochastic test of Google's differential-privacy library, with its numbers: 50 pairs of data sets, 10,000 samples of each, and at
 * most one comparison in twenty may fail at α = 0.05.
 */
describe('[F71] neighbours: what comes of one person more or less is within the bound', () => {
  const pairs = 50;
  const samples = 10_000;
  const timeout = { timeout: 240_000 };
  /** The α = 0.05 quantile of the normal distribution. */
  const z = 1.6449;

  /** A set of three clipped values, and the same without the last person. */
  function pair(random: RandomIntegers, clip: bigint): readonly [bigint, bigint] {
    const rest = random.below(clip + 1n) + random.below(clip + 1n);
    return [rest + random.below(clip + 1n), rest];
  }

  function histogram(sum: bigint, noise: () => bigint): ReadonlyMap<bigint, number> {
    const counts = new Map<bigint, number>();
    for (let i = 0; i < samples; i++) {
      const y = sum + noise();
      counts.set(y, (counts.get(y) ?? 0) + 1);
    }
    return counts;
  }

  /** Whether any value comes too often for ε: of the n that both histograms have of it, the first's share is at most e^ε/(1+e^ε). */
  function exceeds(a: ReadonlyMap<bigint, number>, b: ReadonlyMap<bigint, number>, epsilon: number): boolean {
    const share = Math.exp(epsilon) / (1 + Math.exp(epsilon));
    const values = [...a].filter(([y, count]) => count + (b.get(y) ?? 0) >= 100);
    // Bonferroni over the values: the quantile of the normal distribution at α / n, by its tail bound.
    const quantile = Math.sqrt(2 * Math.log(values.length / 0.05));
    return values.some(([y, count]) => {
      const both = count + (b.get(y) ?? 0);
      return count > both * share + quantile * Math.sqrt(both * share * (1 - share));
    });
  }

  /** Whether P(S) > e^ε·P′(S) + δ for some half line S, which is the worst set for a Gaussian. */
  function leaks(
    a: ReadonlyMap<bigint, number>,
    b: ReadonlyMap<bigint, number>,
    epsilon: number,
    delta: number,
  ): boolean {
    const values = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => (x < y ? 1 : -1));
    const factor = Math.exp(epsilon);
    let [above, aboveOther] = [0, 0];
    for (const y of values) {
      above += (a.get(y) ?? 0) / samples;
      aboveOther += (b.get(y) ?? 0) / samples;
      const spread = Math.sqrt((above * (1 - above) + factor ** 2 * aboveOther * (1 - aboveOther)) / samples);
      if (above - factor * aboveOther > delta + 2 * z * spread) return true;
    }
    return false;
  }

  function laplaceFailures(scale: Ratio, epsilon: number, clip: bigint): number {
    const random = new RandomIntegers(new SeededRandom('laplace neighbours'));
    let failures = 0;
    for (let i = 0; i < pairs; i++) {
      const [one, other] = pair(random, clip);
      const a = histogram(one, () => discreteLaplace(scale, random));
      const b = histogram(other, () => discreteLaplace(scale, random));
      if (exceeds(a, b, epsilon) || exceeds(b, a, epsilon)) failures++;
    }
    return failures;
  }

  it('a sum clipped at 3 under Laplace noise of scale 6 is 1/2-differentially private', timeout, () => {
    expect(laplaceFailures(ratio(6n), 0.5, 3n)).toBeLessThanOrEqual(0.05 * pairs);
  });

  it('a canary is caught: noise of half the scale', timeout, () => {
    expect(laplaceFailures(ratio(3n), 0.5, 3n)).toBeGreaterThan(0.2 * pairs);
  });

  function gaussianFailures(variance: Ratio, rho: number, clip: bigint): number {
    const random = new RandomIntegers(new SeededRandom('gaussian neighbours'));
    const delta = 0.01;
    const epsilon = epsilonOf(rho, delta);
    let failures = 0;
    for (let i = 0; i < pairs; i++) {
      const [one, other] = pair(random, clip);
      const a = histogram(one, () => discreteGaussian(variance, random));
      const b = histogram(other, () => discreteGaussian(variance, random));
      if (leaks(a, b, epsilon, delta)) failures++;
    }
    return failures;
  }

  it('a sum clipped at 3 under the Gaussian noise of ρ = 0.1 keeps the (ε, δ) that is shown', timeout, () => {
    const variance = gaussianVariance({ squaredSensitivity: 9n, rho: 100_000 });
    expect(gaussianFailures(variance, 100_000, 3n)).toBeLessThanOrEqual(0.05 * pairs);
  });

  it('a canary is caught: a quarter of the variance', timeout, () => {
    const variance = gaussianVariance({ squaredSensitivity: 9n, rho: 400_000 });
    expect(gaussianFailures(variance, 100_000, 3n)).toBeGreaterThan(0.2 * pairs);
  });
});
