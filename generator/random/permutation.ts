/**
 * A keyed bijection on 0 … size − 1 and its inverse, computed, not stored: unbalanced Feistel rounds on the next power of two and cycle walking
 * (Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002). It makes identifiers unique without a set of those already given,
 * and files shuffled without holding their rows. For data, never for secrets.
 */
import { deriveKeys } from '@causeway/core/random';

export class Permutation {
  readonly size: number;
  readonly #rightBits: number;
  readonly #leftMask: number;
  readonly #rightMask: number;
  readonly #keys: Uint32Array;

  /** @param size at most 2^32; `seed` and `stream` as for `Draw`. */
  constructor(size: number, seed: number, stream: string) {
    if (!Number.isInteger(size) || size < 0 || size > 2 ** 32) throw new RangeError(`size: 0 to 2^32, got ${size}`);
    let bits = 2;
    while (2 ** bits < size) bits++;
    this.size = size;
    this.#rightBits = bits >> 1;
    this.#rightMask = 2 ** this.#rightBits - 1;
    this.#leftMask = 2 ** (bits - this.#rightBits) - 1;
    this.#keys = deriveKeys(seed, stream, 8);
  }

  /** @param index an integer in 0 … size − 1. */
  forward(index: number): number {
    const keys = this.#keys;
    let value = index;
    do {
      let left = value >>> this.#rightBits;
      let right = value & this.#rightMask;
      for (let k = 0; k < 8; k += 2) {
        left ^= round(right, keys[k]!) & this.#leftMask;
        right ^= round(left, keys[k + 1]!) & this.#rightMask;
      }
      value = ((left << this.#rightBits) | right) >>> 0;
    } while (value >= this.size);
    return value;
  }

  /** The index whose image is `value`. */
  inverse(image: number): number {
    const keys = this.#keys;
    let value = image;
    do {
      let left = value >>> this.#rightBits;
      let right = value & this.#rightMask;
      for (let k = 6; k >= 0; k -= 2) {
        right ^= round(left, keys[k + 1]!) & this.#rightMask;
        left ^= round(right, keys[k]!) & this.#leftMask;
      }
      value = ((left << this.#rightBits) | right) >>> 0;
    } while (value >= this.size);
    return value;
  }
}

function round(half: number, key: number): number {
  const x = Math.imul(half ^ key, 0x85ebca6b);
  const y = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return y ^ (y >>> 16);
}
