/**
 * Where randomness comes from. Secrets are made from a source that is passed in, so that published vectors run and a seed reproduces a
 * simulation; data and statistics draw from a seed.
 */

export { Draw, deriveKeys } from './draw.ts';
export { randomPermutation } from './permutation.ts';
export { SeededRandom } from './seeded.ts';
export type { RandomSource } from './source.ts';
