/** Bytes that do not have the form that their reader expects: peer-controlled input, so the reader ends the run. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly code: 'truncated' | 'trailing-bytes' | 'limit-exceeded' | 'malformed';

  constructor(code: DecodeError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Writes a message field by field; integers are big-endian. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  u8(value: number): this {
    this.#reserve(1)[this.#length++] = value;
    return this;
  }

  u16(value: number): this {
    return this.u8(value >>> 8).u8(value & 255);
  }

  u32(value: number): this {
    const bytes = this.#reserve(4);
    new DataView(bytes.buffer).setUint32(this.#length, value);
    this.#length += 4;
    return this;
  }

  /** A non-negative safe integer in 8 bytes. */
  u64(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`expected a non-negative safe integer, got ${value}`);
    return this.u32(Math.floor(value / 2 ** 32)).u32(value % 2 ** 32);
  }

  /** Bytes of a length that both sides know. */
  raw(value: Uint8Array): this {
    this.#reserve(value.length).set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A 4-byte length, then the bytes. */
  prefixed(value: Uint8Array): this {
    return this.u32(value.length).raw(value);
  }

  /** @returns what was written. The writer is empty then. */
  finish(): Uint8Array {
    const [bytes, length] = [this.#bytes, this.#length];
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    // A long message fills the memory that it was written to; a short one would hold much more than it needs.
    return length > bytes.length / 2 ? bytes.subarray(0, length) : bytes.slice(0, length);
  }

  #reserve(count: number): Uint8Array {
    if (this.#length + count > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}

/** Reads a peer's message field by field; every length is checked before anything is allocated. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  u8(): number {
    return this.#take(1)[0]!;
  }

  u32(): number {
    const bytes = this.#take(4);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  }

  /** @throws {DecodeError} `limit-exceeded` past 2^53 − 1. */
  u64(): number {
    const value = this.u32() * 2 ** 32 + this.u32();
    if (!Number.isSafeInteger(value)) throw new DecodeError('limit-exceeded', 'an integer is larger than 2^53 - 1');
    return value;
  }

  /** @returns a view of the next `length` bytes, not a copy. */
  raw(length: number): Uint8Array {
    return this.#take(length);
  }

  prefixed(limit: { bytesMax: number }): Uint8Array {
    const length = this.u32();
    if (length > limit.bytesMax) {
      throw new DecodeError('limit-exceeded', `a field of ${length} bytes is over its limit of ${limit.bytesMax}`);
    }
    return this.#take(length);
  }

  /** @returns a view of all that is left. */
  rest(): Uint8Array {
    return this.#take(this.#bytes.length - this.#offset);
  }

  /** @throws {DecodeError} `trailing-bytes` unless all was read. */
  end(): void {
    const left = this.#bytes.length - this.#offset;
    if (left > 0) throw new DecodeError('trailing-bytes', `${left} bytes after the end of the message`);
  }

  #take(count: number): Uint8Array {
    if (this.#offset + count > this.#bytes.length) {
      throw new DecodeError('truncated', `the message ends ${this.#offset + count - this.#bytes.length} bytes early`);
    }
    const taken = this.#bytes.subarray(this.#offset, this.#offset + count);
    this.#offset += count;
    return taken;
  }
}
