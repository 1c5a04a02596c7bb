/** How a file was read: found once, shown to the person, and followed to the letter by every later reading. */
import {
  columnName,
  type DetectedEncoding,
  type Dialect,
  detectDialect,
  type Encoding,
  looksLikeHeader,
  type Sample,
  sampleRecords,
} from '@causeway/core/table';
import type { SheetLayout } from '@causeway/core/workbook';
import { DataError } from '../errors.ts';
import { rowFault } from './delimited.ts';
import { decodeToUtf8, detectEncoding } from './encoding.ts';
import type { TextBytes, Wrapping } from './unpack.ts';

/** What the person may fix instead of having it detected. */
export interface ReadChoices {
  readonly encoding?: Encoding;
  /** One ASCII character; `none` where each line is one value. */
  readonly delimiter?: string;
  readonly quote?: Dialect['quote'];
  /** Whether the first record names the columns. */
  readonly header?: boolean;
  /** The sheet of a workbook; the first visible one with rows else. */
  readonly sheet?: string;
}

export interface DelimitedLayout {
  readonly format: 'delimited';
  readonly wrapping: Wrapping;
  readonly encoding: DetectedEncoding;
  readonly dialect: Dialect;
  /** The index of the record that names the columns; −1 where none does. */
  readonly headerRecord: number;
  readonly columns: readonly string[];
}

export interface JsonLinesLayout {
  readonly format: 'jsonl';
  readonly wrapping: Wrapping;
  readonly encoding: DetectedEncoding;
  /** The keys of the first lines, in order of appearance. */
  readonly columns: readonly string[];
}

export interface WorkbookLayout extends SheetLayout {
  readonly format: 'xlsx';
}

export interface ParquetLayout {
  readonly format: 'parquet';
  readonly columns: readonly string[];
}

export type TextLayout = DelimitedLayout | JsonLinesLayout;
export type Layout = TextLayout | WorkbookLayout | ParquetLayout;

/** The number that a person sees beside the first data row: a header is row 1, so the data begins at row 2. */
export function firstRowNumber(layout: Layout): number {
  switch (layout.format) {
    case 'delimited':
      return layout.headerRecord + 2;
    case 'xlsx':
      return layout.headerRow + 1;
    case 'jsonl':
    case 'parquet':
      return 1;
  }
}

/** Each line whole: what JSON Lines are, a JSON text has no raw line end inside. */
export const linesDialect: Dialect = { delimiter: 'none', quote: 'none' };

export interface DetectedText<L extends TextLayout = TextLayout> {
  readonly layout: L;
  /** The first data records, for guesses and for people: as many cells as columns, or none for an empty line. */
  readonly rows: readonly (readonly string[])[];
  /** Rows in the whole file, by the sample's bytes per row; exact where the sample is all. */
  readonly rowsEstimate: number;
  readonly isExact: boolean;
}

/** @throws {DataError} `unknown-encoding`, `unknown-format`, `empty`, or the fault of the first record. */
export async function detectText(text: TextBytes, path: string, choices: ReadChoices): Promise<DetectedText> {
  const encoding = chosenEncoding(text, path, choices);
  const sample = await utf8Head(text, encoding, path);
  const first = firstSign(sample);
  if (first === 0x7b && choices.delimiter === undefined && isJsonLine(sample))
    return detectJsonLines(text, encoding, sample);
  if (first === 0x5b && isJsonArray(sample)) {
    throw new DataError(
      'unknown-format',
      `${path} is one JSON array. Write it as JSON Lines: one object per line, nothing between them.`,
      { path },
    );
  }
  return detectDelimited(text, encoding, sample, path, choices);
}

function detectDelimited(
  text: TextBytes,
  encoding: DetectedEncoding,
  sample: Uint8Array,
  path: string,
  choices: ReadChoices,
): DetectedText<DelimitedLayout> {
  const dialect = detectDialect(sample, chosenDialect(choices), { whole: text.headIsAll });
  const sampled = sampleRecords(sample, dialect, { whole: text.headIsAll });
  const { records, fault } = sampled;
  const firstRecord = records.findIndex(({ length }) => length > 0);
  if (firstRecord < 0) {
    if (fault !== undefined) throw rowFault(fault, path);
    throw noRows(path, text.headIsAll ? 'it has no header and no data rows' : 'it begins with nothing but empty lines');
  }
  const first = records[firstRecord]!;
  const hasHeader = choices.header ?? looksLikeHeader(first);
  const headerRecord = hasHeader ? firstRecord : -1;
  const columns = hasHeader ? first.map(columnName) : first.map((_, i) => `column${i + 1}`);
  const rows = records.slice(headerRecord + 1);
  return {
    layout: { format: 'delimited', wrapping: text.wrapping, encoding, dialect, headerRecord, columns },
    rows,
    ...estimateRows(text, sampled, headerRecord + 1),
  };
}

function detectJsonLines(
  text: TextBytes,
  encoding: DetectedEncoding,
  sample: Uint8Array,
): DetectedText<JsonLinesLayout> {
  const sampled = sampleRecords(sample, linesDialect, { whole: text.headIsAll });
  const objects = sampled.records.map(([line]) => parseObject(line ?? ''));
  const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const rows = objects.map((object) => columns.map((column) => jsonText(object[column])));
  return {
    layout: { format: 'jsonl', wrapping: text.wrapping, encoding, columns },
    rows,
    ...estimateRows(text, sampled, 0),
  };
}

/** @param before records before the first data row. */
function estimateRows(text: TextBytes, sampled: Sample, before: number): { rowsEstimate: number; isExact: boolean } {
  const rowCount = sampled.recordCount - before;
  if (text.headIsAll && sampled.fault === undefined) return { rowsEstimate: rowCount, isExact: true };
  return { rowsEstimate: Math.round((text.bytesEstimate * rowCount) / Math.max(1, sampled.bytes)), isExact: false };
}

function chosenEncoding(text: TextBytes, path: string, choices: ReadChoices): DetectedEncoding {
  if (choices.encoding === undefined) return detectEncoding(text.head, path, { whole: text.headIsAll });
  const marks = { 'utf-8': 'efbbbf', 'utf-16le': 'fffe', 'utf-16be': 'feff', gb18030: '84319533' };
  const mark = Buffer.from(marks[choices.encoding], 'hex');
  const marked = mark.equals(Buffer.from(text.head.subarray(0, mark.length)));
  return { encoding: choices.encoding, markBytes: marked ? mark.length : 0, certain: true };
}

function chosenDialect(choices: ReadChoices): { delimiter?: number | 'none'; quote?: Dialect['quote'] } {
  const { delimiter, quote } = choices;
  if (delimiter !== undefined && delimiter !== 'none' && !/^[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x7f]$/.test(delimiter)) {
    throw new TypeError('delimiter: expected one ASCII character that is neither a quote nor a line end, or "none"');
  }
  return {
    ...(delimiter === undefined ? {} : { delimiter: delimiter === 'none' ? delimiter : delimiter.charCodeAt(0) }),
    ...(quote === undefined ? {} : { quote }),
  };
}

/** The head as UTF-8; a character cut off at its end is left out. */
async function utf8Head(text: TextBytes, encoding: DetectedEncoding, path: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of decodeToUtf8(once(text.head), encoding, path)) parts.push(Uint8Array.from(part));
  } catch (error) {
    // The end of a head that is not all may be the middle of a character; an invalid byte elsewhere is met again in the full reading.
    if (text.headIsAll || parts.length === 0) throw error;
  }
  return Buffer.concat(parts);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function firstSign(sample: Uint8Array): number | undefined {
  return sample.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
}

function isJsonLine(sample: Uint8Array): boolean {
  const line = firstLine(sample);
  return line !== '' && parseJson(line) instanceof Object;
}

/** A CSV may begin with a bracket too; a JSON array's first line is a bracket alone, or parses, or goes on with an object. */
function isJsonArray(sample: Uint8Array): boolean {
  const line = firstLine(sample);
  return line === '[' || /^\[\s*\{/.test(line) || Array.isArray(parseJson(line));
}

function firstLine(sample: Uint8Array): string {
  const text = Buffer.from(sample.buffer, sample.byteOffset, Math.min(sample.length, 1024 * 1024))
    .toString('utf8')
    .trimStart();
  return text.slice(0, /[\r\n]|$/.exec(text)!.index).trim();
}

function parseObject(line: string): Record<string, unknown> {
  const value = parseJson(line);
  return value instanceof Object && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function jsonText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function noRows(path: string, why: string): DataError {
  return new DataError('empty', `${path} has no data rows: ${why}. Nothing was read.`, { path });
}
