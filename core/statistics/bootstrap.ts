/** Resampling by Poisson weights, for intervals of what no formula gives. */
import type { Draw } from '../random/index.ts';
import { logGamma } from './gamma.ts';
import type { Interval } from './intervals.ts';

/**
 * A Poisson draw: how often a row, or the `mean` rows of one kind together, come into a resample (Chamandy and others, "Estimating uncertainty
 * for massive data streams", 2012). By inversion below 10, above by transformed rejection (Hörmann's PTRS, 1993).
 */
export function poisson(mean: number, draw: Draw): number {
  if (mean <= 0) return 0;
  if (mean < 10) {
    let left = uniform(draw);
    let mass = massOfNone[mean] ?? Math.exp(-mean);
    let count = 0;
    while (left > mass && mass > 0) {
      left -= mass;
      mass *= mean / ++count;
    }
    return count;
  }
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = uniform(draw) - 0.5;
    const v = uniform(draw);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const accepted = Math.log(v * inverseAlpha) - Math.log(a / (us * us) + b);
    if (accepted <= k * Math.log(mean) - mean - logGamma(k + 1)) return k;
  }
}

/** e⁻ᵐ for the whole means that most rows have. */
const massOfNone = Float64Array.from({ length: 10 }, (_, mean) => Math.exp(-mean));

/** Strictly between 0 and 1. */
function uniform(draw: Draw): number {
  return (draw.u32() + 0.5) / 2 ** 32;
}

/** The middle 95 % of replicates. @param values at least one; sorted in place. */
export function percentileInterval(values: Float64Array): Interval {
  values.sort();
  const at = (share: number) => values[Math.min(values.length - 1, Math.floor(share * values.length))]!;
  return { low: at(0.025), high: at(0.975) };
}
