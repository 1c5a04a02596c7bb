/**
 * Arithmetic of GF(p), p = 2^255 − 19, two elements at a time, one in each 64-bit lane: what writes the instructions for it.
 *
 * An element is five limbs of 51 bits, each a double that holds a whole number of either sign. Two doubles are multiplied exactly by two
 * fused multiply-adds: the first leaves the upper bits of the product in the mantissa of a constant, the second the rest. (Emmart, Zheng,
 * Weems: Faster modular exponentiation using double precision floating point arithmetic on the GPU, ARITH 2018.) The mantissas are then
 * added up as integers, where nothing is rounded.
 *
 * Bounds are kept with every value while code is written, as the largest magnitude of a limb whatever the input; what could leave the range
 * in which it is exact is not written, but refused.
 */
import { prime } from './field-constants.ts';
import { f64x2, type I32, i16x8, i64x2, type V128, v128 } from './instructions.ts';
import type { FunctionWriter, Variable } from './module-writer.ts';

/** A limb's bits. */
const radixBits = 51;
const radix = 2 ** radixBits;
const limbCount = 5;
/** Bytes of an element, or of two in their lanes, in memory. */
export const elementPairBytes = 16 * limbCount;

/** Five limbs, and the largest magnitude that any of them has. */
export interface Element {
  readonly limbs: readonly V128[];
  readonly bound: number;
}

/** Sums of products by weight 2^(51·k), as integers modulo 2^64. */
export interface Columns {
  readonly columns: readonly V128[];
  /** What stands in each beside its value: the bits of the constants that took the products in. */
  readonly offsets: readonly bigint[];
  /** The largest magnitude of a value. */
  readonly bound: number;
}

/** All ones in the lanes for which something holds, 0 in the others. */
export type Mask = V128;

/** Takes the upper half of a product: from 2^103 to 2^104 a double's last bit is worth 2^51. So a product has to be below 2^102. */
const upperTaker = 1.5 * 2 ** 103;
/** Takes the rest, at most 2^50 of either sign: from 2^52 to 2^53 a double's last bit is worth 1. */
const lowerTaker = 1.5 * 2 ** 52;
/** Added to columns before they are carried, which makes all of them positive: a column's value has to be below it. */
const columnBias = 2 ** 61;
/** What an element that has just been carried has at most, whatever it was made of. */
export const carriedBound = 2 ** 50 + 2 ** 15;

const register = new DataView(new ArrayBuffer(8));
/** How a double stands in memory. */
function bitsOf(double: number): bigint {
  register.setFloat64(0, double);
  return register.getBigUint64(0);
}
const lowOnes = (1n << BigInt(radixBits)) - 1n;
/** Limb i of a number below 2^255. */
const limbOf = (number: bigint, i: number): bigint => (number >> BigInt(radixBits * i)) & lowOnes;

function hold(bound: number, limit: number, what: string): void {
  if (!(bound <= limit)) throw new RangeError(`${what} of 2^${Math.log2(bound)} does not fit 2^${Math.log2(limit)}`);
}

export class FieldWriter {
  readonly #code: FunctionWriter;
  readonly #upper: Variable;

  constructor(code: FunctionWriter) {
    this.#code = code;
    this.#upper = code.variable();
  }

  /** The same in both lanes. @param value from 0 to p − 1. */
  constant(value: bigint): Element {
    const limbs: V128[] = [];
    // Rounded up, each limb is from −2^50 to 2^50, and what goes over the top comes back 19 times.
    const half = Array.from({ length: limbCount }, (_, i) => 1n << BigInt(radixBits * i + radixBits - 1));
    const shifted = value + half.reduce((sum, each) => sum + each);
    for (let i = 0; i < limbCount; i++) {
      const limb = limbOf(shifted, i) - (lowOnes + 1n) / 2n + (i === 0 ? 19n * (shifted >> 255n) : 0n);
      limbs.push(this.#code.constant(bitsOf(Number(limb))));
    }
    return { limbs, bound: carriedBound };
  }

  /** Reads an element that was carried. */
  load(address: I32, offset: number): Element {
    const limbs = Array.from({ length: limbCount }, (_, i) => this.#code.keep(v128.load(address, offset + 16 * i)));
    return { limbs, bound: carriedBound };
  }

  /** Keeps an element in memory, which has to be a carried one. */
  store(address: I32, offset: number, { limbs, bound }: Element): void {
    hold(bound, carriedBound, 'an element in memory');
    for (const [i, limb] of limbs.entries()) this.#code.do(v128.store(address, offset + 16 * i, limb));
  }

  /** a + b: a factor, to be multiplied or reduced. */
  add(a: Element, b: Element): Element {
    return { limbs: this.#each((i) => f64x2.add(a.limbs[i]!, b.limbs[i]!)), bound: a.bound + b.bound };
  }

  /** a − b: a factor, to be multiplied or reduced. */
  subtract(a: Element, b: Element): Element {
    return { limbs: this.#each((i) => f64x2.sub(a.limbs[i]!, b.limbs[i]!)), bound: a.bound + b.bound };
  }

  /** −a. */
  negate(a: Element): Element {
    return this.negateIf(this.#code.constant(-1n), a);
  }

  /** −a in the lanes of the mask, a in the others. */
  negateIf(mask: Mask, a: Element): Element {
    const sign = this.#code.keep(v128.and(mask, this.#code.constant(1n << 63n)));
    return { limbs: this.#each((i) => v128.xor(a.limbs[i]!, sign)), bound: a.bound };
  }

  /** a in the lanes of the mask, b in the others. */
  select(mask: Mask, a: Element, b: Element): Element {
    const limbs = this.#each((i) => v128.select(mask, a.limbs[i]!, b.limbs[i]!));
    return { limbs, bound: Math.max(a.bound, b.bound) };
  }

  /** a in the lanes of the mask, 0 in the others. */
  masked(mask: Mask, a: Element): Element {
    return { limbs: this.#each((i) => v128.and(mask, a.limbs[i]!)), bound: a.bound };
  }

  /** Of two that are masked so that one of them is 0, the other. */
  merge(a: Element, b: Element): Element {
    const limbs = this.#each((i) => v128.or(a.limbs[i]!, b.limbs[i]!));
    return { limbs, bound: Math.max(a.bound, b.bound) };
  }

  /** a·b, not carried yet. */
  product(a: Element, b: Element): Columns {
    return this.#convolve(a.bound * b.bound, (column) => {
      const terms: [V128, V128][] = [];
      for (let i = Math.max(0, column - 4); i <= Math.min(4, column); i++)
        terms.push([a.limbs[i]!, b.limbs[column - i]!]);
      return terms;
    });
  }

  /** a², not carried yet: each product of two different limbs once, with one of them doubled. */
  square(a: Element): Columns {
    const doubled = this.add(a, a).limbs;
    return this.#convolve(2 * a.bound * a.bound, (column) => {
      const terms: [V128, V128][] = [];
      for (let i = Math.max(0, column - 4); 2 * i <= column; i++)
        terms.push([a.limbs[i]!, 2 * i === column ? a.limbs[i]! : doubled[column - i]!]);
      return terms;
    });
  }

  /** a·b. */
  times(a: Element, b: Element): Element {
    return this.carry(this.product(a, b));
  }

  /** a². */
  squared(a: Element): Element {
    return this.carry(this.square(a));
  }

  addColumns(a: Columns, b: Columns): Columns {
    const columns = this.#each((k) => i64x2.add(a.columns[k]!, b.columns[k]!));
    return { columns, offsets: a.offsets.map((offset, k) => offset + b.offsets[k]!), bound: a.bound + b.bound };
  }

  subtractColumns(a: Columns, b: Columns): Columns {
    const columns = this.#each((k) => i64x2.sub(a.columns[k]!, b.columns[k]!));
    return { columns, offsets: a.offsets.map((offset, k) => offset - b.offsets[k]!), bound: a.bound + b.bound };
  }

  /**
   * Columns to limbs: of each the lowest 51 bits, as a number from −2^50 to 2^50, and what the column below carries into it. The carries are
   * so small (below 2^11, times 19 over the top) that one step is enough.
   */
  carry({ columns, offsets, bound }: Columns): Element {
    hold(bound + radix / 2, columnBias, 'a column');
    const code = this.#code;
    const shifted = offsets.map((offset, k) =>
      code.keep(i64x2.add(columns[k]!, code.constant(BigInt(columnBias) + BigInt(radix / 2) - offset))),
    );
    const over = shifted.map((column) => code.keep(i64x2.shiftRight(column, radixBits)));
    const limbs = this.#each((k) => {
      const low = v128.or(v128.and(shifted[k]!, code.constant(lowOnes)), code.constant(bitsOf(2 ** 52)));
      // Below 2^16: 16 bits of a lane are multiplied, the others are 0.
      const into = k === 0 ? i16x8.multiply(over[4]!, code.constant(19n)) : over[k - 1]!;
      const excess = 2 ** 52 + radix / 2 + (k === 0 ? 19 : 1) * (columnBias / radix);
      return f64x2.sub(i64x2.add(low, into), code.constant(bitsOf(excess)));
    });
    return { limbs, bound: radix / 2 + 19 * (bound / radix + 2) };
  }

  /** The same element with limbs as a carried one has them. */
  reduce({ limbs, bound }: Element): Element {
    hold(bound, 2 ** 52, 'a limb');
    const code = this.#code;
    const taker = code.constant(bitsOf(1.5 * 2 ** (52 + radixBits)));
    const over = limbs.map((limb) => code.keep(f64x2.sub(f64x2.add(limb, taker), taker)));
    // Powers of 2 and 19 times them: exact, however the engine rounds.
    const reduced = this.#each((i) =>
      f64x2.multiplyAdd(
        over[(i + 4) % 5]!,
        code.constant(bitsOf((i === 0 ? 19 : 1) / radix)),
        f64x2.sub(limbs[i]!, over[i]!),
      ),
    );
    return { limbs: reduced, bound: radix / 2 + 19 * (bound / radix + 1) };
  }

  /**
   * The limbs of the one representation below p, as integers. From the largest limbs that there are, the value with 2p added is positive and
   * below 2^257, so two chains of carries leave it below 2^255, and then p is taken off at most once: when adding 19 carries over bit 255.
   */
  canonical(a: Element): readonly V128[] {
    const code = this.#code;
    const { limbs } = a.bound > carriedBound ? this.reduce(a) : a;
    const taker = code.constant(bitsOf(lowerTaker));
    let positive: readonly V128[] = this.#each((i) =>
      i64x2.add(f64x2.add(limbs[i]!, taker), code.constant(2n * limbOf(prime, i) - bitsOf(lowerTaker))),
    );
    for (let chain = 0; chain < 2; chain++) {
      const { rest, over } = this.#chain(positive);
      positive = [code.keep(i64x2.add(rest[0]!, i16x8.multiply(over, code.constant(19n)))), ...rest.slice(1)];
    }
    const excess = this.#overPrime(positive);
    const first = i64x2.add(positive[0]!, i16x8.multiply(excess, code.constant(19n)));
    return this.#chain([code.keep(first), ...positive.slice(1)]).rest;
  }

  isZero(a: Element): Mask {
    const any = this.canonical(a).reduce((sum, limb) => v128.or(sum, limb));
    return this.#code.keep(i64x2.equal(any, this.#code.constant(0n)));
  }

  /** RFC 9496 §3.1: the least significant bit of the canonical encoding. */
  isNegative(a: Element): Mask {
    const lowestBit = v128.and(this.canonical(a)[0]!, this.#code.constant(1n));
    return this.#code.keep(i64x2.sub(this.#code.constant(0n), lowestBit));
  }

  /** CT_ABS of RFC 9496 §3.1. */
  absolute(a: Element): Element {
    return this.negateIf(this.isNegative(a), a);
  }

  /**
   * Reads 32 bytes of two rows, little-endian.
   * @returns the element of the lower 255 bits, and where these bytes are its encoding and it is not negative.
   */
  decode(first: { address: I32; offset: number }, second: { address: I32; offset: number }) {
    const code = this.#code;
    const words = [0, 16].flatMap((half) => {
      const rows = [first, second].map(({ address, offset }) => code.keep(v128.load(address, offset + half)));
      return [code.keep(v128.lowLanes(rows[0]!, rows[1]!)), code.keep(v128.highLanes(rows[0]!, rows[1]!))];
    });
    const limbs = this.#each((i) => {
      const [word, bit] = [Math.floor((radixBits * i) / 64), (radixBits * i) % 64];
      const low = bit === 0 ? words[word]! : i64x2.shiftRight(words[word]!, bit);
      const both = bit + radixBits > 64 ? v128.or(low, i64x2.shiftLeft(words[word + 1]!, 64 - bit)) : low;
      return v128.and(both, code.constant(lowOnes));
    });
    const isOver = v128.or(this.#overPrime(limbs), i64x2.shiftRight(words[3]!, 63));
    const isEncoding = i64x2.equal(v128.or(isOver, v128.and(limbs[0]!, code.constant(1n))), code.constant(0n));
    const toDouble = code.constant(bitsOf(2 ** 52));
    const doubles = this.#each((i) => f64x2.sub(v128.or(limbs[i]!, toDouble), toDouble));
    return { element: this.reduce({ limbs: doubles, bound: radix }), isEncoding: code.keep(isEncoding) };
  }

  /** Writes the canonical encodings of both lanes, 32 bytes each, one behind the other. */
  encode(address: I32, offset: number, a: Element): void {
    const code = this.#code;
    const limbs = this.canonical(a);
    const words = [0, 1, 2, 3].map((word) => {
      // Limb `word` ends in this word, and the next begins in it.
      const low = word === 0 ? limbs[0]! : i64x2.shiftRight(limbs[word]!, 13 * word);
      return code.keep(v128.or(low, i64x2.shiftLeft(limbs[word + 1]!, radixBits - 13 * word)));
    });
    for (const half of [0, 2]) {
      const to = offset + 8 * half;
      code.do(v128.store(address, to, v128.lowLanes(words[half]!, words[half + 1]!)));
      code.do(v128.store(address, to + 32, v128.highLanes(words[half]!, words[half + 1]!)));
    }
  }

  /** The products of each column, split, and those of the columns from 2^255 on folded down: 2^255 = 19. */
  #convolve(bound: number, termsOf: (column: number) => readonly (readonly [V128, V128])[]): Columns {
    hold(bound, 2 ** 102 - radix, 'a product');
    const code = this.#code;
    const upper = code.constant(bitsOf(upperTaker));
    // What is left of both constants when the upper half is taken off: exact, as both are multiples of 2^51.
    const both = code.constant(bitsOf(upperTaker + lowerTaker));
    const sums: (Variable | undefined)[] = Array(2 * limbCount).fill(undefined);
    const offsets: bigint[] = Array(2 * limbCount).fill(0n);
    const accumulate = (column: number, value: V128, offset: bigint) => {
      offsets[column]! += offset;
      const sum = sums[column];
      if (sum) {
        sum.set(i64x2.add(sum.value, value));
        return;
      }
      sums[column] = code.variable();
      sums[column].set(value);
    };
    const accumulateColumn = (column: number) => {
      for (const [x, y] of termsOf(column)) {
        this.#upper.set(f64x2.multiplyAdd(x, y, upper));
        accumulate(column + 1, this.#upper.value, bitsOf(upperTaker));
        const rest = f64x2.multiplyAdd(x, y, f64x2.sub(both, this.#upper.value));
        accumulate(column, rest, bitsOf(lowerTaker));
      }
    };
    for (let column = limbCount - 1; column < 2 * limbCount - 1; column++) {
      accumulateColumn(column);
      if (column >= limbCount)
        accumulate(column - limbCount, this.#times19(sums[column]!.value), 19n * offsets[column]!);
    }
    accumulate(limbCount - 1, this.#times19(sums[9]!.value), 19n * offsets[9]!);
    for (let column = 0; column < limbCount - 1; column++) accumulateColumn(column);
    // Column 0 has most: one lower half of its own, and 19 times four lower and five upper ones.
    const columnBound = radix / 2 + 19 * (4 * (radix / 2) + 5 * (bound / radix + 1));
    return {
      columns: sums.slice(0, limbCount).map((sum) => sum!.value),
      offsets: offsets.slice(0, limbCount),
      bound: columnBound,
    };
  }

  /** 4·(4x + x) − x. */
  #times19(x: V128): V128 {
    return i64x2.sub(i64x2.shiftLeft(i64x2.add(i64x2.shiftLeft(x, 2), x), 2), x);
  }

  /** Carries from limb to limb. @returns what is left of each, and what goes over 2^255. */
  #chain(limbs: readonly V128[]): { readonly rest: readonly V128[]; readonly over: V128 } {
    const code = this.#code;
    let over: V128 | undefined;
    const rest = limbs.map((limb) => {
      const sum = over ? code.keep(i64x2.add(limb, over)) : limb;
      over = code.keep(i64x2.shiftRight(sum, radixBits));
      return code.keep(v128.and(sum, code.constant(lowOnes)));
    });
    return { rest, over: over! };
  }

  /** 1 in lanes of which limbs below 2^51 make a number from p on, 0 in the others. */
  #overPrime(limbs: readonly V128[]): V128 {
    let over = this.#code.constant(19n);
    for (const limb of limbs) over = this.#code.keep(i64x2.shiftRight(i64x2.add(limb, over), radixBits));
    return over;
  }

  #each(limb: (i: number) => V128): V128[] {
    return Array.from({ length: limbCount }, (_, i) => this.#code.keep(limb(i)));
  }
}
