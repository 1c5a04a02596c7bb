/** Sequential access to files of packed rows, in buffers of a few MiB. */
import type { WorkFile } from './work-folder.ts';

const bufferBytes = 4 * 2 ** 20;

/** Reads `rows` rows from the start of a file, as views of whole rows; each piece is valid until the next one is asked for. */
export async function* readRows(file: WorkFile, rowBytes: number, rows: number): AsyncGenerator<Uint8Array> {
  const rowsPerPiece = Math.max(1, Math.floor(bufferBytes / rowBytes));
  // One buffer for all: a list of a hundred million rows would make garbage of gigabytes.
  const buffer = new Uint8Array(Math.min(rowsPerPiece, rows) * rowBytes);
  for (let at = 0; at < rows; at += rowsPerPiece) {
    yield await file.read(at * rowBytes, Math.min(rowsPerPiece, rows - at) * rowBytes, buffer);
  }
}

/** Appends rows to a file through one buffer. */
export class RowWriter {
  readonly #file: WorkFile;
  /** Grows to its full size only for a list that needs it. */
  #buffer = new Uint8Array(bufferBytes / 64);
  #filled = 0;
  #offset: number;

  constructor(file: WorkFile, offset = 0) {
    this.#file = file;
    this.#offset = offset;
  }

  async write(rows: Uint8Array): Promise<void> {
    for (let done = 0; done < rows.length; ) {
      const taken = rows.subarray(done, done + this.#buffer.length - this.#filled);
      this.#buffer.set(taken, this.#filled);
      this.#filled += taken.length;
      done += taken.length;
      if (this.#filled < this.#buffer.length) continue;
      if (this.#buffer.length < bufferBytes) this.#grow();
      else await this.flush();
    }
  }

  async flush(): Promise<void> {
    if (this.#filled === 0) return;
    await this.#file.write(this.#offset, this.#buffer.subarray(0, this.#filled));
    this.#offset += this.#filled;
    this.#filled = 0;
  }

  #grow(): void {
    const larger = new Uint8Array(this.#buffer.length * 4);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }

  /** Writes what is left and makes the file durable. */
  async finish(): Promise<void> {
    await this.flush();
    await this.#file.sync();
  }
}

/**
 * Packed bytes as 32-bit words: little-endian, as every machine is that the node runs on.
 * @returns a view where the bytes are aligned, else a copy.
 */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(buffer, byteOffset, length / 4);
}

/** Words as packed bytes: a view. */
export function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** A set of numbers below a bound: one bit each. */
export class BitSet {
  readonly #bits: Uint8Array;

  /** @param bound one more than the largest number. @param bits what {@link bytes} gave before; empty if left out. */
  constructor(bound: number, bits?: Uint8Array) {
    const size = Math.ceil(bound / 8);
    if (bits && bits.length !== size) throw new RangeError(`expected ${size} bytes of bits, got ${bits.length}`);
    this.#bits = bits?.slice() ?? new Uint8Array(size);
  }

  add(index: number): void {
    this.#bits[index >>> 3]! |= 1 << (index & 7);
  }

  has(index: number): boolean {
    return (this.#bits[index >>> 3]! & (1 << (index & 7))) !== 0;
  }

  /** How many numbers below the bound are in the set. */
  count(): number {
    let total = 0;
    for (let byte of this.#bits) for (; byte !== 0; byte &= byte - 1) total += 1;
    return total;
  }

  /** Adds all numbers of a set with the same bound. */
  addAll(other: BitSet): void {
    for (let i = 0; i < this.#bits.length; i++) this.#bits[i]! |= other.#bits[i]!;
  }

  /** @returns the numbers that are not in a set with the same bound. */
  without(other: BitSet): BitSet {
    const rest = new BitSet(this.#bits.length * 8);
    for (let i = 0; i < this.#bits.length; i++) rest.#bits[i] = this.#bits[i]! & ~other.#bits[i]!;
    return rest;
  }

  /** The numbers in ascending order, packed in pieces of at most 2^16. */
  *pieces(): Generator<Uint32Array> {
    let piece = new Uint32Array(2 ** 16);
    let filled = 0;
    for (let i = 0; i < this.#bits.length; i++) {
      for (let bits = this.#bits[i]!; bits !== 0; bits &= bits - 1) {
        piece[filled++] = i * 8 + 31 - Math.clz32(bits & -bits);
        if (filled === piece.length) {
          yield piece;
          piece = new Uint32Array(2 ** 16);
          filled = 0;
        }
      }
    }
    if (filled > 0) yield piece.subarray(0, filled);
  }

  get bytes(): Uint8Array {
    return this.#bits;
  }
}
