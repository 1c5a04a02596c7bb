import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../bytes/index.ts';
import type { RandomSource } from './source.ts';

/** SHA-256 in counter mode over a seed: reproducible, for tests and simulations; never for a real run. */
export class SeededRandom implements RandomSource {
  readonly #seed: Uint8Array;
  #counter = 0;
  #pool = new Uint8Array(0);

  constructor(seed: string) {
    this.#seed = utf8ToBytes(seed);
  }

  bytes(count: number): Uint8Array {
    const out = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      if (this.#pool.length === 0) this.#pool = sha256(concatBytes(this.#seed, utf8ToBytes(`/${this.#counter++}`)));
      const taken = this.#pool.subarray(0, count - filled);
      out.set(taken, filled);
      filled += taken.length;
      this.#pool = this.#pool.subarray(taken.length);
    }
    return out;
  }

  /** @returns an integer uniform in [0, bound), for a bound up to 2^32; the bias is below 2^-20. */
  below(bound: number): number {
    const view = new DataView(this.bytes(8).buffer);
    return Math.floor((view.getUint32(0) * 2 ** 20 + (view.getUint32(4) >>> 12)) / (2 ** 52 / bound));
  }

  /** @returns true with the given probability. */
  chance(probability: number): boolean {
    return this.below(2 ** 32) < probability * 2 ** 32;
  }
}
