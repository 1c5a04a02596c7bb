/**
 * What noise costs: zero-concentrated differential privacy (Bun, Steinke, arXiv 1605.02658), whose ρ adds up over all that is released
 * of the same people. A neighbour is the same data with one person more or less.
 *
 * ρ is kept in whole millionths, always rounded up, so that no sum of costs is ever below the truth.
 */
import { ceiling, compareRatios, type Ratio, ratio, reduced } from './ratio.ts';

/** Millionths of ρ: a safe integer of 0 or more. */
export type MicroRho = number;

const micro = 1_000_000n;

/**
 * The cost of a vector with discrete Gaussian noise on each number: Δ²/2σ² (arXiv 2004.00010, theorem 4).
 * @param squaredSensitivity Δ²: by how much one person can move the vector, in the square of its ℓ₂ length.
 */
export function gaussianCost(of: { readonly squaredSensitivity: bigint; readonly variance: Ratio }): MicroRho {
  const { numerator, denominator } = of.variance;
  return toMicroRho(ratio(of.squaredSensitivity * denominator * micro, 2n * numerator));
}

/** The cost of one number under ε-differentially private Laplace noise: ε²/2. */
export function laplaceCost(epsilon: Ratio): MicroRho {
  const { numerator, denominator } = epsilon;
  return toMicroRho(ratio(numerator * numerator * micro, 2n * denominator * denominator));
}

/**
 * The variance that makes a vector cost `rho`, or the floor where that is larger; in lowest terms.
 * @param floor a least variance.
 */
export function gaussianVariance(of: {
  readonly squaredSensitivity: bigint;
  readonly rho: MicroRho;
  readonly floor?: Ratio;
}): Ratio {
  if (!Number.isSafeInteger(of.rho) || of.rho < 1) throw new RangeError('rho: expected millionths, 1 or more');
  const variance = ratio(of.squaredSensitivity * micro, 2n * BigInt(of.rho));
  return reduced(of.floor !== undefined && compareRatios(of.floor, variance) > 0n ? of.floor : variance);
}

function toMicroRho(value: Ratio): MicroRho {
  const rounded = Number(ceiling(value));
  if (!Number.isSafeInteger(rounded)) throw new RangeError('the cost is beyond any budget');
  return rounded;
}
