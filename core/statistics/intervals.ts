/** 95 % intervals of proportions, of their differences and of ratios, with room for noise that was added on purpose. */
import type { Count } from './count.ts';
import { z95 } from './normal.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `value ± z·√variance`. */
export function around(value: number, variance: number): Interval {
  const half = z95 * Math.sqrt(variance);
  return { low: value - half, high: value + half };
}

/** `value·e^{±z√v}` for a ratio whose logarithm has variance v. */
export function aroundRatio(value: number, logVariance: number): Interval {
  const factor = Math.exp(z95 * Math.sqrt(logVariance));
  return { low: value / factor, high: value * factor };
}

/**
 * Wilson's score interval of a proportion (JASA 22, 1927).
 * @param hits may be noisy and so outside 0 … trials, where it counts as the nearest end.
 * @param trials above 0.
 */
export function wilson(hits: number, trials: number): Interval {
  const p = Math.min(Math.max(hits / trials, 0), 1);
  const square = z95 * z95;
  const centre = p + square / (2 * trials);
  const half = z95 * Math.sqrt((p * (1 - p)) / trials + square / (4 * trials * trials));
  const scale = 1 + square / trials;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

/** Hits among trials in one of two groups. */
export interface Proportion {
  readonly hits: Count;
  readonly trials: Count;
}

/**
 * The difference of two proportions a − b with Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10). Noise in the hits
 * adds s²(1/n² + 1/m²) to the variance: its half-width joins Newcombe's in quadrature.
 */
export function newcombe(a: Proportion, b: Proportion): Interval & { readonly difference: number } {
  const [n, m] = [a.trials.value, b.trials.value];
  const [p, q] = [a.hits.value / n, b.hits.value / m];
  const [ofP, ofQ] = [wilson(a.hits.value, n), wilson(b.hits.value, m)];
  const added = z95 * Math.sqrt(a.hits.noise / (n * n) + b.hits.noise / (m * m));
  const difference = p - q;
  return {
    difference,
    low: difference - Math.hypot(p - ofP.low, ofQ.high - q, added),
    high: difference + Math.hypot(ofP.high - p, q - ofQ.low, added),
  };
}

/** Whether some value lies in all of the intervals: then none of them differs from the others beyond chance. */
export function allOverlap(intervals: readonly Interval[]): boolean {
  return Math.max(...intervals.map(({ low }) => low)) <= Math.min(...intervals.map(({ high }) => high));
}
