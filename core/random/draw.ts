/**
 * Seeded pseudo-random numbers with random access: every item (a person, a row) has a sequence of its own that can be drawn again at any time,
 * so nothing that was drawn needs to be remembered. xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021)
 * on 32-bit integers only: the same seed gives the same numbers on every machine. For data, never for secrets.
 */

/** 32-bit finaliser of MurmurHash3: a bijection in which every input bit moves every output bit. */
export function mix32(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * Derives 32-bit keys for one purpose.
 * @param seed a non-negative safe integer.
 * @param stream names the purpose: two streams of one seed have nothing in common.
 */
export function deriveKeys(seed: number, stream: string, count: number): Uint32Array {
  let state = mix32((seed >>> 0) ^ 0x9e3779b9);
  state = mix32(state + Math.floor(seed / 2 ** 32));
  for (let i = 0; i < stream.length; i++) state = mix32(Math.imul(state, 31) + stream.charCodeAt(i));
  const keys = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    state = mix32(state + 0x9e3779b9);
    keys[i] = state;
  }
  return keys;
}

export class Draw {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 1;
  readonly #keys: readonly [number, number, number, number];

  /** @param seed a non-negative safe integer; `stream` as in {@link deriveKeys}. */
  constructor(seed: number, stream: string) {
    const [a, b, c, d] = deriveKeys(seed, stream, 4);
    this.#keys = [a!, b!, c!, d!];
  }

  /** A generator that stands at a given state: for the published vectors. */
  static fromState(a: number, b: number, c: number, d: number): Draw {
    const draw = new Draw(0, '');
    draw.#a = a;
    draw.#b = b;
    draw.#c = c;
    draw.#d = d;
    return draw;
  }

  /** Goes to the start of item `index`'s sequence (0 … 2^32 − 1). */
  at(index: number): this {
    const spread = Math.imul(index, 0x9e3779b1);
    this.#a = mix32(this.#keys[0] ^ spread);
    this.#b = mix32(this.#keys[1] ^ spread);
    this.#c = mix32(this.#keys[2] ^ spread);
    // The all-zero state would stay zero for ever.
    this.#d = mix32(this.#keys[3] ^ spread) | 1;
    return this;
  }

  /** @returns an integer in 0 … 2^32 − 1. */
  u32(): number {
    const b = this.#b;
    const fives = Math.imul(b, 5);
    const result = Math.imul((fives << 7) | (fives >>> 25), 9) >>> 0;
    const c = this.#c ^ this.#a;
    const d = this.#d ^ b;
    this.#b = b ^ c;
    this.#a ^= d;
    this.#c = c ^ (b << 9);
    this.#d = (d << 11) | (d >>> 21);
    return result;
  }

  /** @returns an integer in 0 … `limit` − 1, `limit` ≤ 2^21 (so that the product below is exact, hence the same everywhere). */
  below(limit: number): number {
    return Math.floor((this.u32() * limit) / 2 ** 32);
  }

  /** Whether an event of `basisPoints` in 10,000 happens. */
  chance(basisPoints: number): boolean {
    return this.below(10_000) < basisPoints;
  }
}
