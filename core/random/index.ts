/** Where secret randomness comes from. It is always passed in, so that published vectors run and a seed reproduces a simulation. */

export { SeededRandom } from './seeded.ts';
export type { RandomSource } from './source.ts';
