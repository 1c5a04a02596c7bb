/** Uniform integers by rejection: no modulus, so no bias, and no floating point. */
import type { RandomSource } from '../random/index.ts';
import { words64 } from './words64.ts';

const wordBits = 64n;

export class RandomIntegers {
  readonly #words: Generator<bigint, never, void>;
  /** Bits that were drawn and not used yet. */
  #pool = 0n;
  #poolBits = 0n;

  constructor(source: RandomSource) {
    this.#words = words64(source);
  }

  /** @returns an integer uniform in [0, bound). @param bound at least 1. */
  below(bound: bigint): bigint {
    const bits = bitLength(bound - 1n);
    for (;;) {
      const value = this.#take(bits);
      if (value < bound) return value;
    }
  }

  #take(bits: bigint): bigint {
    while (this.#poolBits < bits) {
      this.#pool |= this.#words.next().value << this.#poolBits;
      this.#poolBits += wordBits;
    }
    const value = this.#pool & ((1n << bits) - 1n);
    this.#pool >>= bits;
    this.#poolBits -= bits;
    return value;
  }
}

function bitLength(value: bigint): bigint {
  let bits = 0n;
  for (let rest = value; rest > 0n; rest >>= 1n) bits += 1n;
  return bits;
}
