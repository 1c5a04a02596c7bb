/**
 * All randomness of a side is a function of one 32-byte seed, fresh for each attempt at a run: so what is said again after a crash is the
 * same byte for byte, and an auditor who is given the seed can compute every message again.
 */
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../../bytes/index.ts';
import { ristretto255 } from '../../group/index.ts';
import { KeyedRandom } from '../../privacy/index.ts';

export const seedBytes = 32;

export class RunSeed {
  readonly #seed: Uint8Array;

  constructor(seed: Uint8Array) {
    if (seed.length !== seedBytes) throw new RangeError(`expected a seed of ${seedBytes} bytes, got ${seed.length}`);
    this.#seed = seed;
  }

  /** Bytes without end, under a name. */
  stream(name: string): KeyedRandom {
    return new KeyedRandom({ secret: this.#seed, name: utf8ToBytes(`causeway/v1/join-sum/${name}`) });
  }

  /** A secret scalar, uniform in [1, ℓ − 1], under a name. */
  scalar(name: string): Uint8Array {
    return ristretto255.randomScalar(this.stream(name));
  }

  /** A seed for the kernel's own scalars: see {@link rowScalar}. */
  bytes(name: string): Uint8Array {
    return this.stream(name).bytes(seedBytes);
  }
}

const rowLabel = utf8ToBytes('causeway/v1/join-sum/row');

/**
 * Scalar number `row` of a kernel's seed: 64 bytes of SHA-512(label ‖ seed ‖ row as 8 bytes, big-endian), little-endian, mod ℓ. It is zero
 * with probability 2^-252.
 */
export function rowScalar(seed: Uint8Array, row: number): Uint8Array {
  const input = concatBytes(rowLabel, seed, new Uint8Array(8));
  new DataView(input.buffer).setBigUint64(input.length - 8, BigInt(row));
  return ristretto255.reduceScalar(sha512(input));
}
