/**
 * Randomness that is a function of a secret and a name: who asks for the same number twice gets the same noise, and learns nothing by
 * averaging. HMAC-SHA-256 in counter mode (NIST SP 800-108r1 §4.1) under a key of its own for each name.
 */
import { ByteWriter } from '../bytes/index.ts';
import { hmacSha256 } from '../crypto/index.ts';
import type { RandomSource } from '../random/index.ts';

const keyBytesMin = 32;

export class KeyedRandom implements RandomSource {
  readonly #key: Uint8Array;
  #block: Uint8Array = new Uint8Array(0);
  #counter = 0;

  /** @param from.secret at least 32 bytes. @param from.name any bytes; different names give unrelated streams. */
  constructor(from: { readonly secret: Uint8Array; readonly name: Uint8Array }) {
    if (from.secret.length < keyBytesMin) throw new RangeError(`expected a secret of ${keyBytesMin} bytes or more`);
    this.#key = hmacSha256(from.secret, from.name);
  }

  bytes(count: number): Uint8Array {
    const out = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      if (this.#block.length === 0) {
        this.#block = hmacSha256(this.#key, new ByteWriter().u64(this.#counter).finish());
        this.#counter += 1;
      }
      const taken = this.#block.subarray(0, count - filled);
      out.set(taken, filled);
      filled += taken.length;
      this.#block = this.#block.subarray(taken.length);
    }
    return out;
  }
}
