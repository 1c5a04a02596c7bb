/** The discrete Gaussian distribution, exactly (arXiv 2004.00010, algorithm 3). */
import { bernoulliExp } from './bernoulli.ts';
import { discreteLaplace } from './laplace.ts';
import type { RandomIntegers } from './random-integers.ts';
import { integerRoot, type Ratio, ratio } from './ratio.ts';

/**
 * How long a draw takes depends on what is drawn: all noise of an answer is drawn before any of the answer is sent.
 * @param variance σ²: an integer y comes with probability proportional to e^(−y²/2σ²).
 */
export function discreteGaussian({ numerator: n, denominator: d }: Ratio, random: RandomIntegers): bigint {
  if (n <= 0n) throw new RangeError('expected a variance above 0');
  const t = integerRoot(n / d) + 1n;
  const scale = ratio(t);
  for (;;) {
    const y = discreteLaplace(scale, random);
    const magnitude = y < 0n ? -y : y;
    // (|y| − σ²/t)² / 2σ² with σ² = n/d, over one denominator.
    const distance = magnitude * t * d - n;
    if (bernoulliExp(ratio(distance * distance, 2n * n * t * t * d), random)) return y;
  }
}
