/**
 * A set of persons (32-bit numbers) as a compressed bitmap: numbers with the same upper half share a block, which is a sorted list while it is sparse
 * and a bitmap of 8 KiB once that is smaller (Chambi, Lemire, Kaser, Godin: Better bitmap performance with Roaring bitmaps, arXiv 1402.6407).
 */
import { DecodeError } from '../../../bytes/index.ts';

/** Lower halves: ascending, or one bit for each. */
type Block =
  | { readonly kind: 'list'; readonly list: Uint16Array }
  | { readonly kind: 'bits'; readonly bits: Uint32Array; readonly size: number };

const listMax = 4096;
const wordCount = 2048;
const headerBytes = 8;

export class PersonSet {
  readonly size: number;
  /** By upper half, ascending. */
  readonly #blocks: ReadonlyMap<number, Block>;

  private constructor(blocks: ReadonlyMap<number, Block>) {
    this.#blocks = blocks;
    let size = 0;
    for (const block of blocks.values()) size += sizeOf(block);
    this.size = size;
  }

  /** @param persons ascending, each once. @throws {RangeError} otherwise. */
  static from(persons: Uint32Array): PersonSet {
    const blocks = new Map<number, Block>();
    for (let start = 0; start < persons.length; ) {
      const high = persons[start]! >>> 16;
      let end = start + 1;
      for (; end < persons.length && persons[end]! >>> 16 === high; end++) {
        if (persons[end]! <= persons[end - 1]!) throw new RangeError('expected persons in ascending order');
      }
      if (end < persons.length && persons[end]! < persons[start]!)
        throw new RangeError('expected persons in ascending order');
      blocks.set(high, blockOf(Uint16Array.from(persons.subarray(start, end), (person) => person & 0xffff)));
      start = end;
    }
    return new PersonSet(blocks);
  }

  /** Persons in both sets. */
  sharedWith(other: PersonSet): number {
    let shared = 0;
    for (const [high, block] of this.#blocks) {
      const theirs = other.#blocks.get(high);
      if (theirs !== undefined) shared += sharedSize(block, theirs);
    }
    return shared;
  }

  /** Persons in one of the sets and not in the other. */
  differenceTo(other: PersonSet): number {
    return this.size + other.size - 2 * this.sharedWith(other);
  }

  union(other: PersonSet): PersonSet {
    const blocks = new Map<number, Block>();
    const highs = [...new Set([...this.#blocks.keys(), ...other.#blocks.keys()])].sort((a, b) => a - b);
    for (const high of highs) {
      const [mine, theirs] = [this.#blocks.get(high), other.#blocks.get(high)];
      blocks.set(high, mine === undefined ? theirs! : theirs === undefined ? mine : unionOf(mine, theirs));
    }
    return new PersonSet(blocks);
  }

  /** Ascending. */
  toArray(): Uint32Array {
    const persons = new Uint32Array(this.size);
    let count = 0;
    for (const [high, block] of this.#blocks) for (const low of lowsOf(block)) persons[count++] = high * 65_536 + low;
    return persons;
  }

  /** For each block its upper half, its kind and its size, then its lower halves or its bits; least byte first. */
  encode(): Uint8Array {
    const blocks = [...this.#blocks];
    const bytes = new Uint8Array(blocks.reduce((sum, [, block]) => sum + headerBytes + dataBytes(block), 0));
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const [high, block] of blocks) {
      view.setUint16(at, high, true);
      view.setUint16(at + 2, block.kind === 'list' ? 0 : 1, true);
      view.setUint32(at + 4, sizeOf(block), true);
      at += headerBytes;
      if (block.kind === 'list') for (const [i, low] of block.list.entries()) view.setUint16(at + 2 * i, low, true);
      else for (const [i, word] of block.bits.entries()) view.setUint32(at + 4 * i, word, true);
      at += dataBytes(block);
    }
    return bytes;
  }

  /** @throws {DecodeError} for bytes that `encode` does not write. */
  static decode(bytes: Uint8Array): PersonSet {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const blocks = new Map<number, Block>();
    let [at, last] = [0, -1];
    while (at < bytes.length) {
      if (at + headerBytes > bytes.length) throw new DecodeError('truncated', 'a set of persons is cut off');
      const [high, kind, size] = [view.getUint16(at, true), view.getUint16(at + 2, true), view.getUint32(at + 4, true)];
      at += headerBytes;
      const isList = kind === 0;
      const length = isList ? 2 * size : 4 * wordCount;
      if (at + length > bytes.length) throw new DecodeError('truncated', 'a set of persons is cut off');
      const start = at;
      const lows = isList
        ? Uint16Array.from({ length: size }, (_, i) => view.getUint16(start + 2 * i, true))
        : lowsOf({
            kind: 'bits',
            bits: Uint32Array.from({ length: wordCount }, (_, i) => view.getUint32(start + 4 * i, true)),
            size,
          });
      const isRight = high > last && kind <= 1 && size > 0 && lows.length === size && isList === size <= listMax;
      if (!isRight || !isAscending(lows)) throw new DecodeError('malformed', 'a set of persons is damaged');
      blocks.set(high, blockOf(lows));
      at += length;
      last = high;
    }
    return new PersonSet(blocks);
  }
}

function blockOf(lows: Uint16Array): Block {
  if (lows.length <= listMax) return { kind: 'list', list: lows };
  const bits = new Uint32Array(wordCount);
  for (const low of lows) bits[low >>> 5]! |= 1 << (low & 31);
  return { kind: 'bits', bits, size: lows.length };
}

function sizeOf(block: Block): number {
  return block.kind === 'list' ? block.list.length : block.size;
}

function dataBytes(block: Block): number {
  return block.kind === 'list' ? 2 * block.list.length : 4 * wordCount;
}

function lowsOf(block: Block): Uint16Array {
  if (block.kind === 'list') return block.list;
  const lows: number[] = [];
  block.bits.forEach((word, i) => {
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) lows.push(i * 32 + bit);
  });
  return Uint16Array.from(lows);
}

function sharedSize(a: Block, b: Block): number {
  if (a.kind === 'bits' && b.kind === 'bits')
    return a.bits.reduce((sum, word, i) => sum + bitCount(word & b.bits[i]!), 0);
  if (a.kind === 'bits') return sharedSize(b, a);
  if (b.kind === 'bits') return a.list.reduce((sum, low) => sum + ((b.bits[low >>> 5]! >>> (low & 31)) & 1), 0);
  let shared = 0;
  for (let i = 0, j = 0; i < a.list.length && j < b.list.length; ) {
    const difference = a.list[i]! - b.list[j]!;
    if (difference === 0) shared++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return shared;
}

function unionOf(a: Block, b: Block): Block {
  const lows = new Set([...lowsOf(a), ...lowsOf(b)]);
  return blockOf(Uint16Array.from(lows).sort());
}

function bitCount(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function isAscending(lows: Uint16Array): boolean {
  return lows.every((low, i) => i === 0 || low > lows[i - 1]!);
}
