/** Coins whose probability is exact: rational, or e to a rational power (Canonne, Kamath, Steinke, arXiv 2004.00010, algorithm 1). */
import type { RandomIntegers } from './random-integers.ts';
import { type Ratio, ratio } from './ratio.ts';

const one = ratio(1n);

/** @returns true with probability a/b. @param probability at most 1. */
export function bernoulli({ numerator, denominator }: Ratio, random: RandomIntegers): boolean {
  return random.below(denominator) < numerator;
}

/** @returns true with probability e^−γ, for any γ of 0 or more. */
export function bernoulliExp(gamma: Ratio, random: RandomIntegers): boolean {
  const whole = gamma.numerator / gamma.denominator;
  for (let i = 0n; i < whole; i += 1n) if (!bernoulliExpUnit(one, random)) return false;
  return bernoulliExpUnit(ratio(gamma.numerator % gamma.denominator, gamma.denominator), random);
}

/** γ of at most 1: the count K of coins with probabilities γ, γ/2, γ/3 … up to the first that fails is odd with probability e^−γ. */
function bernoulliExpUnit({ numerator, denominator }: Ratio, random: RandomIntegers): boolean {
  let k = 1n;
  while (bernoulli(ratio(numerator, denominator * k), random)) k += 1n;
  return k % 2n === 1n;
}
