import type { RandomSource } from './source.ts';

/**
 * A uniformly random order of `count` things, by Fisher–Yates; a draw below `bound` takes the high bits of a 53-bit number, with a bias below
 * 2^-30.
 */
export function randomPermutation(count: number, random: RandomSource): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const view = new DataView(random.bytes(count * 8).buffer);
  for (let i = count - 1; i > 0; i--) {
    const uniform = (view.getUint32(8 * i) * 2 ** 21 + (view.getUint32(8 * i + 4) >>> 11)) / 2 ** 53;
    const j = Math.floor(uniform * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
