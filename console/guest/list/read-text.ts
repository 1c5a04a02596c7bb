/**
 * Delimited text as a table, with the guesses, the decoding and the scanner that nodes have: the same rows for the same file, and an identifier is
 * never read as mojibake.
 */
import {
  columnName,
  DelimitedScanner,
  type DetectedEncoding,
  decodeToUtf8,
  detectDialect,
  detectEncoding,
  EncodingError,
  fieldText,
  looksLikeHeader,
  type RecordSink,
  type RecordView,
  RowError,
  type RowFault,
} from '@causeway/core/table';
import { ListError, type ListErrorCode } from './list-error.ts';
import type { Table } from './table.ts';

const pieceBytes = 4 * 1024 * 1024;

/** @throws {ListError} `encoding`, `no-rows`, `uneven`, `open-quote`, `far-row`, `too-many-columns`. */
export async function readText(file: Blob): Promise<Table> {
  const head = await bytesOf(file.slice(0, pieceBytes));
  const whole = head.length === file.size;
  const encoding = detectEncoding(head, { whole, isUtf8 });
  if (encoding === 'binary' || encoding === 'unknown') throw new ListError('encoding');
  try {
    return await readAs(encoding, file, { head, whole });
  } catch (error) {
    // Plain ASCII at first, something else later: GB18030 is the other encoding that such files come in.
    const mayBeChinese = error instanceof EncodingError && encoding.encoding === 'utf-8' && !encoding.certain;
    if (!mayBeChinese) throw listError(error);
  }
  return readAs({ encoding: 'gb18030', markBytes: 0, certain: true }, file, { head, whole }).catch((error) => {
    throw listError(error);
  });
}

async function readAs(
  encoding: DetectedEncoding,
  file: Blob,
  { head, whole }: { readonly head: Uint8Array; readonly whole: boolean },
): Promise<Table> {
  const rows = new Rows();
  let scanner: DelimitedScanner | undefined;
  for await (const text of decodeToUtf8(pieces(file, head), encoding, isUtf8)) {
    // The first piece shows the dialect.
    scanner ??= new DelimitedScanner({ dialect: detectDialect(text, {}, { whole }), sink: rows });
    scanner.write(text);
  }
  scanner?.end();
  return rows.table();
}

/** Gathers rows; the first record is the header, or tells how many columns there are. */
class Rows implements RecordSink {
  readonly #rows: (readonly string[])[] = [];
  #header: readonly string[] | undefined;
  #hasHeader = false;
  #emptyBefore = 0;

  record(record: RecordView): void {
    const cells = Array.from({ length: record.fieldCount }, (_, field) => fieldText(record, field));
    if (this.#header === undefined) this.#begin(cells);
    else this.#rows.push(cells);
  }

  emptyLine(): void {
    if (this.#header === undefined) this.#emptyBefore += 1;
    else this.#rows.push(this.#header.map(() => ''));
  }

  /** @throws {ListError} `no-rows` */
  table(): Table {
    if (this.#header === undefined || this.#rows.length === 0) throw new ListError('no-rows');
    return { header: this.#header, hasHeader: this.#hasHeader, rows: this.#rows, formulas: new Map() };
  }

  #begin(cells: readonly string[]): void {
    this.#hasHeader = looksLikeHeader(cells);
    this.#header = this.#hasHeader ? cells.map(columnName) : cells.map((_, i) => `column${i + 1}`);
    if (this.#hasHeader) return;
    for (; this.#emptyBefore > 0; this.#emptyBefore--) this.emptyLine();
    this.#rows.push(cells);
  }
}

async function* pieces(file: Blob, head: Uint8Array): AsyncGenerator<Uint8Array> {
  yield head;
  for (let at = head.length; at < file.size; at += pieceBytes) yield bytesOf(file.slice(at, at + pieceBytes));
}

async function bytesOf(piece: Blob): Promise<Uint8Array> {
  return new Uint8Array(await piece.arrayBuffer());
}

const strict = new TextDecoder('utf-8', { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const codes: Readonly<Record<RowFault, ListErrorCode>> = {
  uneven: 'uneven',
  'open-quote': 'open-quote',
  // A quote that is never closed takes all that follows into its row.
  'too-large': 'open-quote',
  'far-row': 'far-row',
  'too-many-columns': 'too-many-columns',
  'too-many-rows': 'too-large',
};

function listError(cause: unknown): unknown {
  if (cause instanceof RowError) return Object.assign(new ListError(codes[cause.code], cause.place.row), { cause });
  return cause instanceof EncodingError ? Object.assign(new ListError('encoding'), { cause }) : cause;
}
