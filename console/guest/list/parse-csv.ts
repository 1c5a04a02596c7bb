/**
 * Delimited text (RFC 4180) as rows of cells. A record ends at LF, CRLF or CR outside of quotes; a field that begins with a quote ends at
 * the next single quote. All rows have as many cells as the first, since a row that has not was read wrong.
 */
import { looksLikeHeader } from '@causeway/core/table';
import { ListError } from './list-error.ts';
import type { Table } from './table.ts';

const delimiters = [',', '\t', ';', '|'] as const;

/** @throws {ListError} `no-rows`, `uneven`, `open-quote`. */
export function parseCsv(text: string): Table {
  const records = split(text, delimiterOf(text));
  // Empty lines at the end are no rows; one in between is a row without values, so that row numbers keep in step with a spreadsheet.
  while (records.length > 0 && isEmpty(records.at(-1)!)) records.pop();
  const [first] = records;
  if (!first) throw new ListError('no-rows');
  const uneven = records.findIndex((row) => row.length !== first.length && !isEmpty(row));
  if (uneven >= 0) throw new ListError('uneven', uneven + 1);
  const hasHeader = looksLikeHeader(first);
  const rows = hasHeader ? records.slice(1) : records;
  if (rows.length === 0) throw new ListError('no-rows');
  return {
    header: hasHeader ? first : first.map((_, i) => `column${i + 1}`),
    hasHeader,
    rows: rows.map((row) => (row.length === first.length ? row : first.map(() => ''))),
    formulas: new Map(),
  };
}

/** The one that stands most often in the first line, outside of quotes. */
function delimiterOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const line = (end < 0 ? text : text.slice(0, end)).replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => line.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

function split(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    const field = text[at] === '"' ? quoted(text, at, records.length + 1) : plain(text, at, delimiter);
    record.push(field.value);
    at = field.end;
    if (text[at] === delimiter) {
      at += 1;
      // A delimiter at the very end has an empty field behind it.
      if (at === text.length) record.push('');
      continue;
    }
    records.push(record);
    record = [];
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
  }
  if (record.length > 0) records.push(record);
  return records;
}

interface Field {
  readonly value: string;
  /** Of the delimiter or line end behind it. */
  readonly end: number;
}

function plain(text: string, from: number, delimiter: string): Field {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: text.slice(from, end), end };
}

function quoted(text: string, from: number, row: number): Field {
  for (let quote = text.indexOf('"', from + 1); ; quote = text.indexOf('"', quote + 2)) {
    if (quote < 0) throw new ListError('open-quote', row);
    if (text[quote + 1] === '"') continue;
    return { value: text.slice(from + 1, quote).replaceAll('""', '"'), end: quote + 1 };
  }
}

function isEmpty(record: readonly string[]): boolean {
  return record.length === 1 && record[0] === '';
}
