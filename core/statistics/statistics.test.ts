import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draw } from '../random/index.ts';
import {
  allOverlap,
  apportion,
  around,
  aroundRatio,
  benjaminiHochberg,
  chiSquareTail,
  difference,
  exact,
  holm,
  logGamma,
  newcombe,
  noisy,
  normalQuantile,
  normalTail,
  percentileInterval,
  poisson,
  sum,
  twoSided,
  upperGamma,
  wilson,
} from './index.ts';

describe('numbers with noise', () => {
  it('add their variances, whether they are added or subtracted', () => {
    expect(sum([exact(5), noisy(7, 100), noisy(-2, 50)])).toEqual({ value: 10, noise: 150 });
    expect(difference(noisy(7, 100), exact(9))).toEqual({ value: -2, noise: 100 });
  });

  it('that are not finite are refused', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => exact(bad)).toThrow(RangeError);
    expect(() => noisy(1, -1)).toThrow(RangeError);
    expect(() => noisy(1, Number.NaN)).toThrow(RangeError);
  });
});

describe('distributions', () => {
  it('the gamma function is the factorial, and √π at a half', () => {
    let factorial = 1;
    for (let n = 1; n < 20; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 12);
      factorial *= n;
    }
    expect(Math.exp(logGamma(0.5)) ** 2).toBeCloseTo(Math.PI, 12);
  });

  it('the upper incomplete gamma function of a whole number is a Poisson sum', () => {
    for (const [a, x] of [
      [1, 0.3],
      [3, 2],
      [5, 12],
      [20, 18],
      [50, 80],
    ] as const) {
      let term = Math.exp(-x);
      let tail = term;
      for (let k = 1; k < a; k++) tail += term *= x / k;
      expect(upperGamma(a, x)).toBeCloseTo(tail, 12);
    }
    expect(upperGamma(2, 0)).toBe(1);
  });

  // Abramowitz and Stegun, tables 26.1 and 26.8.
  it('tails are those of the printed tables', () => {
    expect(normalTail(0)).toBeCloseTo(0.5, 14);
    expect(normalTail(1.96)).toBeCloseTo(0.0249978951, 9);
    expect(normalTail(-1)).toBeCloseTo(0.8413447461, 9);
    expect(twoSided(3)).toBeCloseTo(0.0026997961, 9);
    expect(chiSquareTail(3.841458821, 1)).toBeCloseTo(0.05, 9);
    expect(chiSquareTail(18.307038053, 10)).toBeCloseTo(0.05, 9);
    expect(chiSquareTail(10.8275661707, 1)).toBeCloseTo(0.001, 9);
  });

  it('the quantile undoes the tail, far out too', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    for (const z of [-7, -3.3, -1.2, -0.4, 0, 0.1, 0.9, 2.5, 6, 8]) {
      const p = normalTail(-z);
      expect(normalQuantile(p)).toBeCloseTo(z, z > 5 ? 1 : 10);
    }
    for (const p of [0, 1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});

describe('tests of many things at once', () => {
  it('Benjamini–Hochberg at 5 %: p = 0.001, 0.012, 0.030, 0.200 keeps the first three', () => {
    const { kept, thresholds } = benjaminiHochberg([0.03, 0.2, 0.001, 0.012]);
    expect(kept).toEqual([true, false, true, true]);
    expect(thresholds.map((each) => Number(each.toFixed(6)))).toEqual([0.0375, 0.05, 0.0125, 0.025]);
  });

  it('Benjamini–Hochberg keeps a p-value over its own threshold when a later one passes', () => {
    expect(benjaminiHochberg([0.03, 0.04, 0.045, 0.049]).kept).toEqual([true, true, true, true]);
  });

  it('Holm stops at the first that fails', () => {
    const { kept, thresholds } = holm([0.03, 0.2, 0.001, 0.012]);
    expect(kept).toEqual([false, false, true, true]);
    expect(thresholds.map((each) => Number(each.toFixed(6)))).toEqual([0.025, 0.05, 0.0125, 0.016667]);
    expect(holm([0.02, 0.02]).kept).toEqual([true, true]);
  });

  it('Holm keeps nothing that Benjamini–Hochberg drops, and both nothing of nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (pValues) => {
        const bh = benjaminiHochberg(pValues).kept;
        for (const [i, kept] of holm(pValues).kept.entries()) if (kept) expect(bh[i]).toBe(true);
      }),
    );
    expect(holm([]).kept).toEqual([]);
  });
});

describe('intervals', () => {
  // Newcombe 1998, table II, example (a): 56/70 − 48/80, method 10.
  it('of a difference are those of the paper', () => {
    const {
      difference: d,
      low,
      high,
    } = newcombe({ hits: exact(56), trials: exact(70) }, { hits: exact(48), trials: exact(80) });
    expect([d, low, high].map((each) => each.toFixed(4))).toEqual(['0.2000', '0.0524', '0.3339']);
  });

  it('of nothing out of some and of all of them stay within 0 and 1', () => {
    expect(wilson(0, 10)).toEqual({ low: 0, high: expect.closeTo(0.2775, 4) });
    expect(wilson(10, 10)).toEqual({ low: expect.closeTo(0.7225, 4), high: 1 });
    expect(wilson(-3, 10)).toEqual(wilson(0, 10));
  });

  it('hold what they are about', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(1000), fc.nat(1000), (n, a, b) => {
        const [x, y] = [Math.min(a, n), Math.min(b, n)];
        const {
          difference: d,
          low,
          high,
        } = newcombe({ hits: noisy(x, 4), trials: exact(n) }, { hits: exact(y), trials: exact(n) });
        expect(low).toBeLessThanOrEqual(d);
        expect(high).toBeGreaterThanOrEqual(d);
      }),
    );
    expect(around(10, 4)).toEqual({ low: 10 - 3.92, high: 10 + 3.92 });
    expect(aroundRatio(2, 0)).toEqual({ low: 2, high: 2 });
  });

  it('overlap all together, or not', () => {
    expect(
      allOverlap([
        { low: 0, high: 2 },
        { low: 1, high: 3 },
        { low: 1.5, high: 9 },
      ]),
    ).toBe(true);
    expect(
      allOverlap([
        { low: 0, high: 2 },
        { low: 1, high: 5 },
        { low: 3, high: 9 },
      ]),
    ).toBe(false);
  });
});

describe('resampling', () => {
  it.each([0.5, 3, 9.9, 10, 37, 4000])(
    'Poisson draws of mean %f have the mass function: chi-square, p > 0.001',
    (mean) => {
      const draw = new Draw(5, 'poisson').at(Math.round(mean * 10));
      const count = 20_000;
      const spread = Math.ceil(4 * Math.sqrt(mean)) + 4;
      const from = Math.max(0, Math.floor(mean) - spread);
      const seen = new Array<number>(2 * spread + 2).fill(0);
      for (let i = 0; i < count; i++) seen[Math.min(Math.max(poisson(mean, draw) - from, 0), seen.length - 1)]!++;
      const mass = seen.map((_, i) => Math.exp((from + i) * Math.log(mean) - mean - logGamma(from + i + 1)));
      // Cells with few expected draws, the two open ends among them, are one cell.
      let [statistic, degrees, restSeen, restMass] = [0, 0, 0, 1];
      for (const [i, p] of mass.entries()) {
        if (p * count < 20 || i === 0 || i === seen.length - 1) {
          restSeen += seen[i]!;
          continue;
        }
        restMass -= p;
        statistic += (seen[i]! - p * count) ** 2 / (p * count);
        degrees++;
      }
      statistic += (restSeen - restMass * count) ** 2 / (restMass * count);
      expect(degrees).toBeGreaterThan(2);
      expect(chiSquareTail(statistic, degrees)).toBeGreaterThan(0.001);
    },
  );

  it('nothing is drawn of nothing', () => expect(poisson(0, new Draw(1, 'x'))).toBe(0));

  it('the middle of the replicates leaves one in forty out at each end', () => {
    expect(percentileInterval(Float64Array.from({ length: 200 }, (_, i) => 199 - i))).toEqual({ low: 5, high: 195 });
    expect(percentileInterval(Float64Array.of(3))).toEqual({ low: 3, high: 3 });
  });
});

describe('shares of a whole', () => {
  it('are whole, add up exactly, and are off by less than one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000_000, max: 1_000_000_000_000 }),
        fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (total, weights) => {
          const scale = weights.reduce((a, b) => a + b, 0);
          fc.pre(scale > 1e-6);
          const parts = apportion(total, weights);
          expect(parts.every(Number.isInteger)).toBe(true);
          expect(parts.reduce((a, b) => a + b, 0)).toBe(total);
          for (const [i, part] of parts.entries())
            expect(Math.abs(part - (total * weights[i]!) / scale)).toBeLessThan(1.01);
        },
      ),
    );
  });

  it('go to the largest fractions first, and among equals to the earlier', () => {
    expect(apportion(1_000_000, [1, 1, 1])).toEqual([333_334, 333_333, 333_333]);
    expect(apportion(10, [0.1, 0.55, 0.35])).toEqual([1, 6, 3]);
    expect(() => apportion(1, [])).toThrow(RangeError);
    expect(() => apportion(1, [0, 0])).toThrow(RangeError);
  });
});
