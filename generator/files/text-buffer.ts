/** Text as bytes in one growing row of a fixed buffer: what the hot loops write into, without a string or an object per value. */
export class TextBuffer {
  readonly bytes: Buffer;
  length = 0;

  /** @param capacity in bytes; the writer sees to it that no more is appended. */
  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  text(value: Uint8Array): void {
    // A loop beats `set` for the few bytes of a cell.
    for (let i = 0; i < value.length; i++) this.bytes[this.length + i] = value[i]!;
    this.length += value.length;
  }

  /** ASCII text of a string: for digests, which come as strings. */
  latin1(value: string): void {
    this.length += this.bytes.write(value, this.length, 'latin1');
  }

  append(other: TextBuffer): void {
    for (let i = 0; i < other.length; i++) this.bytes[this.length + i] = other.bytes[i]!;
    this.length += other.length;
  }

  /** A non-negative integer below 2^53 in decimal, with zeros before it up to `width`. */
  decimal(value: number, width = 1): void {
    if (value >= 1_000_000_000) {
      const high = Math.floor(value / 1_000_000);
      this.decimal(high, Math.max(1, width - 6));
      this.decimal(value - high * 1_000_000, 6);
      return;
    }
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    if (digits < width) digits = width;
    let rest = value | 0;
    for (let i = this.length + digits - 1; i >= this.length; i--) {
      const tenth = (rest / 10) | 0;
      this.bytes[i] = 48 + rest - tenth * 10;
      rest = tenth;
    }
    this.length += digits;
  }

  /** The lowest `digits` hexadecimal digits of a 32-bit integer. */
  hex(value: number, digits: number, letters: 'lower' | 'upper' = 'lower'): void {
    const ten = letters === 'lower' ? 87 : 55;
    for (let shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      const digit = (value >>> shift) & 15;
      this.bytes[this.length++] = digit < 10 ? 48 + digit : ten + digit;
    }
  }

  clear(): void {
    this.length = 0;
  }

  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

export const ascii = {
  lineFeed: 10,
  carriageReturn: 13,
  space: 32,
  quote: 34,
  apostrophe: 39,
  bracketOpen: 40,
  bracketClose: 41,
  plus: 43,
  comma: 44,
  hyphen: 45,
  dot: 46,
  slash: 47,
  zero: 48,
  one: 49,
  colon: 58,
  semicolon: 59,
  equals: 61,
  at: 64,
  bar: 124,
} as const;
