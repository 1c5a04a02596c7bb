/** The statistics that reports share: numbers with their noise, intervals, tests of many things at once, resampling. */
export { apportion } from './apportion.ts';
export { percentileInterval, poisson } from './bootstrap.ts';
export { benjaminiHochberg, type Corrected, holm } from './corrections.ts';
export { type Count, difference, exact, noisy, sum } from './count.ts';
export { logGamma, upperGamma } from './gamma.ts';
export { allOverlap, around, aroundRatio, type Interval, newcombe, type Proportion, wilson } from './intervals.ts';
export { chiSquareTail, normalQuantile, normalTail, twoSided, z95 } from './normal.ts';
