/**
 * Delimited text (RFC 4180, and what real files make of it) split into records and fields. This scanner is the one authority on
 * which row has which number: everything after it, DuckDB included, sees only what it passed on.
 *
 * Its grammar is deterministic, so that two readings agree: a record ends at LF, CRLF or CR outside of quotes; a field that begins
 * with a quote ends at the next single quote, which only a delimiter or the record's end may follow; a quote anywhere else is a
 * character. An empty line is a row without values, so that row numbers keep in step with a spreadsheet; empty lines at the end are
 * no rows. All records have as many fields as the first.
 */
import { tableLimits as limits } from './limits.ts';
import { RowError, type RowFault } from './row-error.ts';

export interface Dialect {
  /** One ASCII byte; `none` for text whose lines are the records. */
  readonly delimiter: number | 'none';
  readonly quote: 'double' | 'none';
}

/** How a field was written. A quoted field's bounds exclude its quotes; `escaped` has doubled quotes inside. */
export const fieldForm = { plain: 0, quoted: 1, escaped: 2 } as const;

/** The record at hand, valid until the next: bounds into `bytes`, field after field. */
export interface RecordView {
  readonly bytes: Uint8Array;
  /** With its line end. */
  readonly start: number;
  readonly end: number;
  readonly fieldCount: number;
  readonly fieldStarts: Int32Array;
  readonly fieldEnds: Int32Array;
  readonly fieldForms: Uint8Array;
}

export interface RecordSink {
  /** @param index counts all records from 0, the header included. */
  record(record: RecordView, index: number): void;
  /** An empty line that other records follow. */
  emptyLine(index: number): void;
}

export interface ScanOptions {
  readonly dialect: Dialect;
  readonly sink: RecordSink;
  /** Where the text begins in the file, in units, for byte offsets in messages. */
  readonly startOffset?: number;
  /** How many bytes of the file one scanned byte stands for (`shape.ts`). */
  readonly unitBytes?: number;
}

/** What is looked at in one go, so that a long text is not held twice. */
const partBytes = 4 * 1024 * 1024;

export class DelimitedScanner {
  readonly #sink: RecordSink;
  readonly #quote: number;
  readonly #unitBytes: number;
  /** 0 for content, 1 delimiter, 2 LF, 3 CR. */
  readonly #classes = new Uint8Array(256);
  readonly #record = {
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    fieldCount: 0,
    fieldStarts: new Int32Array(limits.columns + 1),
    fieldEnds: new Int32Array(limits.columns + 1),
    fieldForms: new Uint8Array(limits.columns + 1),
  };

  #window = new Uint8Array(64 * 1024);
  #filled = 0;
  /** What the window must hold before it is worth looking again for the end of a long record. */
  #wanted = 0;
  #windowOffset: number;
  #index = 0;
  #emptyLines = 0;
  #columnCount = 0;

  constructor(options: ScanOptions) {
    const { dialect, sink, startOffset = 0, unitBytes = 1 } = options;
    this.#sink = sink;
    this.#quote = dialect.quote === 'double' ? 0x22 : -1;
    this.#windowOffset = startOffset;
    this.#unitBytes = unitBytes;
    if (dialect.delimiter !== 'none') this.#classes[dialect.delimiter] = 1;
    this.#classes[0x0a] = 2;
    this.#classes[0x0d] = 3;
  }

  /** Records passed on so far: the header and empty lines are among them. */
  get recordCount(): number {
    return this.#index;
  }

  /** Where the bytes at `RecordView.start` 0 stand in the text, in scanned bytes; between writes, where the first incomplete record begins. */
  get windowOffset(): number {
    return this.#windowOffset;
  }

  /** Fields per record, once the first was seen. */
  get columnCount(): number {
    return this.#columnCount;
  }

  /** @throws {RowError} */
  write(chunk: Uint8Array): void {
    for (let done = 0; done < chunk.length; ) {
      const part = chunk.subarray(done, done + partBytes);
      this.#append(part);
      done += part.length;
      if (this.#filled >= this.#wanted) this.#scan(false);
    }
  }

  /** Ends the text: the last record needs no line end. Throws as `write`. */
  end(): void {
    this.#scan(true);
  }

  #append(part: Uint8Array): void {
    if (this.#filled + part.length > this.#window.length) {
      const grown = new Uint8Array(Math.max(2 * this.#window.length, this.#filled + part.length));
      grown.set(this.#window.subarray(0, this.#filled));
      this.#window = grown;
    }
    this.#window.set(part, this.#filled);
    this.#filled += part.length;
  }

  #scan(final: boolean): void {
    this.#record.bytes = this.#window;
    let start = 0;
    while (start < this.#filled) {
      const end = this.#nextRecord(start, final);
      if (end < 0) break;
      this.#pass(start, end);
      start = end;
    }
    const left = this.#filled - start;
    if (left > limits.rowBytes) throw this.#tooLarge(start);
    this.#window.copyWithin(0, start, this.#filled);
    this.#filled = left;
    this.#windowOffset += start;
    this.#wanted = 2 * left;
  }

  /** Fills the record's bounds from `start`. @returns where the next one begins, or −1 where this one is not complete. */
  #nextRecord(start: number, final: boolean): number {
    const bytes = this.#window;
    const classes = this.#classes;
    const filled = this.#filled;
    const quote = this.#quote;
    const { fieldStarts, fieldEnds, fieldForms } = this.#record;
    let at = start;
    for (let field = 0; ; field++) {
      if (field === limits.columns)
        throw this.#fault('too-many-columns', `has more than ${limits.columns} columns (limit)`, start, limits.columns);
      if (quote >= 0 && at < filled && bytes[at] === quote) {
        at = this.#quotedField(at, field, final);
        if (at < 0) return -1;
      } else {
        fieldStarts[field] = at;
        while (at < filled && classes[bytes[at]!] === 0) at++;
        fieldEnds[field] = at;
        fieldForms[field] = fieldForm.plain;
      }
      if (at === filled) {
        if (!final) return -1;
        this.#record.fieldCount = field + 1;
        return at;
      }
      const end = classes[bytes[at]!]!;
      at += 1;
      if (end === 1) continue;
      this.#record.fieldCount = field + 1;
      if (end === 2) return at;
      if (at === filled) return final ? at : -1;
      return bytes[at] === 0x0a ? at + 1 : at;
    }
  }

  /** @returns the place after the closing quote, or −1 where the field is not complete. */
  #quotedField(open: number, field: number, final: boolean): number {
    const bytes = this.#window;
    const filled = this.#filled;
    const quote = this.#quote;
    const { fieldStarts, fieldEnds, fieldForms } = this.#record;
    let form: number = fieldForm.quoted;
    for (let at = open + 1; ; at++) {
      while (at < filled && bytes[at] !== quote) at++;
      const next = at + 1;
      if (next >= filled && !final) return -1;
      if (at === filled) throw this.#fault('open-quote', 'its last quote is not closed', open);
      if (next < filled && bytes[next] === quote) {
        form = fieldForm.escaped;
        at = next;
        continue;
      }
      if (next < filled && this.#classes[bytes[next]!] === 0) {
        throw this.#fault('open-quote', 'text follows a closing quote; a quote inside a value must be doubled', next);
      }
      fieldStarts[field] = open + 1;
      fieldEnds[field] = at;
      fieldForms[field] = form;
      return next;
    }
  }

  #pass(start: number, end: number): void {
    const record = this.#record;
    if (end - start > limits.rowBytes) throw this.#tooLarge(start);
    const isEmpty =
      record.fieldCount === 1 &&
      record.fieldForms[0] === fieldForm.plain &&
      record.fieldStarts[0] === record.fieldEnds[0];
    if (isEmpty) {
      this.#emptyLines += 1;
      return;
    }
    if (this.#emptyLines > limits.emptyRows)
      throw this.#fault('far-row', `more than ${limits.emptyRows} empty lines are before it`, start);
    for (; this.#emptyLines > 0; this.#emptyLines--) this.#sink.emptyLine(this.#next());
    if (this.#columnCount === 0) this.#columnCount = record.fieldCount;
    if (record.fieldCount !== this.#columnCount) {
      throw this.#fault('uneven', `it has ${record.fieldCount} columns, the first row has ${this.#columnCount}`, start);
    }
    record.start = start;
    record.end = end;
    this.#sink.record(record, this.#next());
  }

  #next(): number {
    if (this.#index > limits.rows)
      throw this.#fault('too-many-rows', `has more than ${limits.rows} rows`, 0, limits.rows);
    return this.#index++;
  }

  #tooLarge(start: number): RowError {
    return this.#fault(
      'too-large',
      `is longer than ${limits.rowBytes} bytes (limit). Perhaps a quote before it is never closed`,
      start,
      limits.rowBytes,
    );
  }

  #fault(code: RowFault, why: string, at: number, limit?: number): RowError {
    return new RowError(code, why, {
      row: this.#index + this.#emptyLines + 1,
      byteOffset: (this.#windowOffset + at) * this.#unitBytes,
      ...(limit === undefined ? {} : { limit }),
    });
  }
}
