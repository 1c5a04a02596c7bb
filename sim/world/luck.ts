import { utf8ToBytes } from '@causeway/core/bytes';
import { sha256 } from '@causeway/core/crypto';

/**
 * Chance for faults and delays: sfc32 (Chris Doty-Humphrey, PractRand), seeded with a hash of a name. Fast, and fit for nothing secret; what
 * the product itself draws comes from `SeededRandom`.
 */
export class Luck {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(name: string) {
    const seed = new DataView(sha256(utf8ToBytes(name)).buffer);
    this.#a = seed.getUint32(0);
    this.#b = seed.getUint32(4);
    this.#c = seed.getUint32(8);
    this.#counter = 1;
    for (let i = 0; i < 12; i++) this.#next();
  }

  /** @returns a number in [0, 1). */
  share(): number {
    return this.#next() / 2 ** 32;
  }

  /** @returns an integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.share() * bound);
  }

  /** @returns true with the given probability. */
  chance(probability: number): boolean {
    return this.share() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }
}
