/** The discrete Laplace distribution, exactly (arXiv 2004.00010, algorithm 2). */
import { bernoulliExp } from './bernoulli.ts';
import type { RandomIntegers } from './random-integers.ts';
import { type Ratio, ratio } from './ratio.ts';

const one = ratio(1n);

/**
 * @param scale t/s: an integer y comes with probability proportional to e^(−|y|·s/t), which on a count that one person changes by 1
 *   is s/t-differentially private.
 */
export function discreteLaplace({ numerator: t, denominator: s }: Ratio, random: RandomIntegers): bigint {
  if (t <= 0n) throw new RangeError('expected a scale above 0');
  for (;;) {
    const u = random.below(t);
    if (!bernoulliExp(ratio(u, t), random)) continue;
    let v = 0n;
    while (bernoulliExp(one, random)) v += 1n;
    const magnitude = (u + t * v) / s;
    const isNegative = random.below(2n) === 1n;
    // Else 0 would come twice as often as it should.
    if (isNegative && magnitude === 0n) continue;
    return isNegative ? -magnitude : magnitude;
  }
}
