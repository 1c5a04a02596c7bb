/** Noise whose distribution is exact, and the account of what it costs. */

export { gaussianCost, gaussianVariance, laplaceCost, type MicroRho } from './accountant.ts';
export { bernoulli, bernoulliExp } from './bernoulli.ts';
export { epsilonOf, statedDelta } from './epsilon.ts';
export { discreteGaussian } from './gaussian.ts';
export { KeyedRandom } from './keyed-random.ts';
export { discreteLaplace } from './laplace.ts';
export { RandomIntegers } from './random-integers.ts';
export { ceiling, ceilingRoot, compareRatios, integerRoot, type Ratio, ratio, reduced } from './ratio.ts';
