/**
 * The selected columns of the rows, as the one simple form in which they are handed to DuckDB: UTF-8, a row number before the
 * fields, US (0x1F) between them, LF after them, quotes only where a value needs them. An empty value is NULL.
 * Bytes in, bytes out: no string is made of any value.
 */
import { fieldForm, type RecordView } from '@causeway/core/table';

export const separator = 0x1f;

const quote = 0x22;
const lineFeed = 0x0a;

/** The bytes that a value cannot hold without quotes. */
const special = new Uint8Array(256);
for (const byte of [separator, quote, lineFeed, 0x0d]) special[byte] = 1;

export class CleanRows {
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;
  #rowStart = 0;
  #longestRow = 0;
  #rowCount = 0;
  /** The next row's number in decimal digits, at the end of the array: counting up in text is cheaper than formatting. */
  readonly #digits = new Uint8Array(10).fill(0x30);
  #digitCount = 1;

  /** Rows since the beginning. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#length;
  }

  /** The longest row among those that wait. */
  get longestRow(): number {
    return this.#longestRow;
  }

  /** Appends the record's fields at `columns`. */
  record(record: RecordView, columns: Int32Array): void {
    this.beginRow();
    for (const column of columns) {
      const start = record.fieldStarts[column]!;
      const end = record.fieldEnds[column]!;
      if (record.fieldForms[column] === fieldForm.plain) this.field(record.bytes, start, end);
      else this.#quotedField(record.bytes, start, end);
    }
    this.endRow();
  }

  /** Appends a row without values. */
  emptyRow(columnCount: number): void {
    this.beginRow();
    for (let i = 0; i < columnCount; i++) this.field(special, 0, 0);
    this.endRow();
  }

  beginRow(): void {
    this.#rowStart = this.#length;
    this.#reserve(this.#digitCount);
    const digits = this.#digits;
    for (let i = digits.length - this.#digitCount; i < digits.length; i++) this.#bytes[this.#length++] = digits[i]!;
    this.#countUp();
  }

  /** Appends a value as it is meant, quoting it where that is needed. */
  field(bytes: Uint8Array, start: number, end: number): void {
    this.#reserve(2 * (end - start) + 3);
    const out = this.#bytes;
    let at = this.#length;
    out[at++] = separator;
    let found = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      found |= special[byte]!;
      out[at++] = byte;
    }
    if (found !== 0) {
      at = this.#length + 1;
      out[at++] = quote;
      for (let i = start; i < end; i++) {
        const byte = bytes[i]!;
        if (byte === quote) out[at++] = quote;
        out[at++] = byte;
      }
      out[at++] = quote;
    }
    this.#length = at;
  }

  endRow(): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = lineFeed;
    this.#rowCount += 1;
    this.#longestRow = Math.max(this.#longestRow, this.#length - this.#rowStart);
  }

  /** @returns what waits, valid until the next row; and starts anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#longestRow = 0;
    return taken;
  }

  /** A value that was in quotes already stays as it was written. */
  #quotedField(bytes: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start + 3);
    const out = this.#bytes;
    let at = this.#length;
    out[at++] = separator;
    out[at++] = quote;
    for (let i = start; i < end; i++) out[at++] = bytes[i]!;
    out[at++] = quote;
    this.#length = at;
  }

  #countUp(): void {
    const digits = this.#digits;
    for (let i = digits.length - 1; i >= 0; i--) {
      if (digits[i] !== 0x39) {
        digits[i] = digits[i]! + 1;
        this.#digitCount = Math.max(this.#digitCount, digits.length - i);
        return;
      }
      digits[i] = 0x30;
    }
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
