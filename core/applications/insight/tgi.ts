/**
 * The target group index: the share of a tag in an audience against its share in a base, times 100. Its interval and test rest on the variance of
 * its logarithm (delta method), which is another one where the audience is part of the base.
 */
import { aroundRatio, type Count, type Interval, twoSided } from '../../statistics/index.ts';
import { type Released, reachesMinimum } from '../report/index.ts';

export interface TgiCounts {
  /** People of the audience with the tag; hidden where they are few. */
  readonly withTag: Released;
  readonly audience: Count;
  readonly baseWithTag: Released;
  readonly base: Count;
  /** Whether the audience is counted in the base. */
  readonly inside: boolean;
}

export interface Tgi {
  readonly index: number;
  readonly interval: Interval;
  /** ln(index / 100) in standard deviations. */
  readonly z: number;
  /** Two-sided, of the claim that the audience is like the base. */
  readonly p: number;
}

/** @returns undefined where one of the four counts is hidden or below the minimum: there is not enough data for an index. */
export function tgi(counts: TgiCounts, minimumGroup: number): Tgi | undefined {
  const { withTag: a, audience: n, baseWithTag: b, base: N } = counts;
  if (a === undefined || b === undefined) return undefined;
  if (![a, n, b, N].every((count) => count.value > 0 && reachesMinimum(count, minimumGroup))) return undefined;
  const index = (100 * (a.value / n.value)) / (b.value / N.value);
  const sampling = counts.inside ? varianceInside(a, n, b, N) : varianceApart(a, n, b, N);
  const noise = [a, n, b, N].reduce((sum, count) => sum + count.noise / count.value ** 2, 0);
  const variance = Math.max(sampling, 0) + noise;
  const log = Math.log(index / 100);
  const z = variance === 0 ? 0 : log / Math.sqrt(variance);
  return { index, interval: aroundRatio(index, variance), z, p: twoSided(z) };
}

/** Two samples without a person in common: v = 1/a − 1/n + 1/b − 1/N. */
function varianceApart(a: Count, n: Count, b: Count, N: Count): number {
  return 1 / a.value - 1 / n.value + 1 / b.value - 1 / N.value;
}

/** The audience inside the base, c = b − a and M = N − n: v = (1/a − 1/b)²·n·p_a(1 − p_a) + M·p_c(1 − p_c)/b². */
function varianceInside(a: Count, n: Count, b: Count, N: Count): number {
  const rest = Math.max(N.value - n.value, 0);
  const ofAudience = share(a.value, n.value);
  const ofRest = share(b.value - a.value, rest);
  return (
    (1 / a.value - 1 / b.value) ** 2 * n.value * ofAudience * (1 - ofAudience) +
    (rest * ofRest * (1 - ofRest)) / b.value ** 2
  );
}

/** Between 0 and 1, noisy counts too. */
function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(Math.max(part / whole, 0), 1);
}
