/** ristretto255 in vectors of WebAssembly, written by ourselves: two rows at a time. */

export { RowMultiplier } from './row-multiplier.ts';
