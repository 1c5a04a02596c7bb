/** The first records of a text as strings: what people are shown, and what guesses are made from. Never the hot path. */
import { TextDecoder } from '../bytes/index.ts';
import { DelimitedScanner, type Dialect, fieldForm, type RecordSink, type RecordView } from './delimited.ts';
import { RowError } from './row-error.ts';

export interface Sample {
  /** Records with their fields in full; an empty line is an empty array. */
  readonly records: readonly (readonly string[])[];
  /** All records of the text that can be read, those beyond the sample included. */
  readonly recordCount: number;
  /** Bytes of text that all of them take. */
  readonly bytes: number;
  /** The first record that cannot be read, if there is one within the sample. */
  readonly fault: RowError | undefined;
}

const cellsMax = 200_000;
const recordsMax = 10_000;

/**
 * @param text UTF-8 from the beginning of the file.
 * @param options.whole whether that is all of the text: the last record is complete then.
 */
export function sampleRecords(text: Uint8Array, dialect: Dialect, options: { readonly whole: boolean }): Sample {
  const collector = new Collector();
  const scanner = new DelimitedScanner({ dialect, sink: collector });
  let fault: RowError | undefined;
  try {
    scanner.write(text);
    if (options.whole) scanner.end();
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    fault = error;
  }
  return { records: collector.records, recordCount: collector.recordCount, bytes: collector.bytes, fault };
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** One field as text; `bytes` are UTF-8. */
export function fieldText(record: RecordView, field: number): string {
  const text = decoder.decode(record.bytes.subarray(record.fieldStarts[field]!, record.fieldEnds[field]!));
  return record.fieldForms[field] === fieldForm.escaped ? text.replaceAll('""', '"') : text;
}

class Collector implements RecordSink {
  readonly records: string[][] = [];
  recordCount = 0;
  bytes = 0;
  #cells = 0;

  record(record: RecordView): void {
    this.recordCount += 1;
    this.bytes += record.end - record.start;
    if (this.#isFull(record.fieldCount)) return;
    const fields: string[] = [];
    for (let field = 0; field < record.fieldCount; field++) fields.push(fieldText(record, field));
    this.records.push(fields);
  }

  emptyLine(): void {
    this.recordCount += 1;
    this.bytes += 1;
    if (!this.#isFull(1)) this.records.push([]);
  }

  #isFull(fieldCount: number): boolean {
    this.#cells += fieldCount;
    return (this.#cells > cellsMax && this.records.length >= 3) || this.records.length >= recordsMax;
  }
}
