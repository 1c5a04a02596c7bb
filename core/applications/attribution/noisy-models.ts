/**
 * Markov and rate models from counts that were released with noise. The weights are computed as from true counts; intervals come from drawing the counts
 * again, with the variance of their noise and of people added once more.
 */
import { Draw } from '../../random/index.ts';
import { type Count, type Interval, noisy, normalQuantile, percentileInterval } from '../../statistics/index.ts';
import { removalEffects, type TransitionTable } from './markov.ts';
import { creditsPerOrder } from './settings.ts';
import { shapleyRate, type UnitSets } from './shapley.ts';

/** Released counts of one table. */
export interface NoisyCounts {
  readonly counts: Float64Array;
  /** Of the noise of each. */
  readonly variance: number;
}

export interface NoisyCredit {
  /** Millionths of an order, of all orders with a touch. */
  readonly credits: Count;
  /** In orders: the middle 95 % of the resamples. */
  readonly interval: Interval;
}

export interface NoisyModelOptions {
  readonly unitCount: number;
  /** Orders with a touch. */
  readonly touched: Count;
  /** What one person adds to a count, at most: so much more than Poisson counts vary. */
  readonly personMax: number;
  readonly replicates?: number;
  readonly seed?: number;
}

/** A count that noise alone could have made is none: thousands of empty transitions would otherwise lead somewhere. */
const deviationsMin = 2;

export function markovFromCounts(
  transitions: Omit<TransitionTable, 'counts'>,
  counts: NoisyCounts,
  options: NoisyModelOptions,
): readonly NoisyCredit[] {
  const least = deviationsMin * Math.sqrt(counts.variance);
  const weigh = ([drawn]: readonly Float64Array[]) => {
    const kept = drawn!.map((count) => (count < least ? 0 : count));
    return removalEffects({ ...transitions, counts: kept }, options.unitCount).effects;
  };
  return creditsOf([counts], weigh, options);
}

export function rateFromCounts(
  sets: UnitSets['sets'],
  counts: { readonly orders: NoisyCounts; readonly persons: NoisyCounts },
  options: NoisyModelOptions,
): readonly NoisyCredit[] {
  const weigh = ([orders, persons]: readonly Float64Array[]) =>
    shapleyRate({ sets, orders: orders!, persons: persons! }, options.unitCount).values;
  return creditsOf([counts.orders, counts.persons], weigh, options);
}

function creditsOf(
  tables: readonly NoisyCounts[],
  weigh: (counts: readonly Float64Array[]) => readonly number[],
  { unitCount, touched, personMax, replicates = 200, seed = 1 }: NoisyModelOptions,
): readonly NoisyCredit[] {
  const draw = new Draw(seed, 'noisy models');
  const samples = Array.from({ length: unitCount }, () => new Float64Array(replicates));
  for (let r = 0; r < replicates; r++) {
    draw.at(r);
    const again = (count: number, variance: number) =>
      count + Math.sqrt(variance + personMax * Math.max(count, 0)) * normal(draw);
    const drawn = tables.map(({ counts, variance }) => counts.map((count) => again(count, variance)));
    const orders = Math.max(again(touched.value, touched.noise), 0);
    for (const [unit, share] of sharesOf(weigh(drawn)).entries()) samples[unit]![r] = share * orders;
  }
  const shares = sharesOf(weigh(tables.map(({ counts }) => counts)));
  return shares.map((share, unit) => ({
    credits: noisy(
      Math.round(share * Math.max(touched.value, 0) * creditsPerOrder),
      (share * creditsPerOrder) ** 2 * touched.noise,
    ),
    interval: percentileInterval(samples[unit]!),
  }));
}

/** Parts of 1; a unit whose weight noise made negative has none, and all have none where nothing is worth anything. */
function sharesOf(weights: readonly number[]): readonly number[] {
  const kept = weights.map((weight) => Math.max(weight, 0));
  const sum = kept.reduce((total, weight) => total + weight, 0);
  return kept.map((weight) => (sum > 0 ? weight / sum : 0));
}

function normal(draw: Draw): number {
  return normalQuantile((draw.u32() + 0.5) / 2 ** 32);
}
