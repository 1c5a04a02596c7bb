/**
 * Values that this node has made for each identifier of a list, such as ids or labels, brought to the own rows: packed bytes become Base64 in a Parquet file
 * with the row's number.
 */
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { base64Characters, writeBase64 } from '@causeway/core/bytes';
import { Database, sqlText } from '../database.ts';
import { partialName, publishFile, writeScratchFile } from '../disk.ts';
import { DataError, systemError } from '../errors.ts';
import { loadPairs } from '../row-list.ts';
import type { TaskContext } from '../task.ts';

/** A file of values, one behind the other, and the bytes of one. */
export interface PackedValues {
  readonly file: string;
  readonly bytes: number;
}

export interface AttachInput {
  /** A file of numbers of identifiers, 32-bit, little-endian, each once, in whatever order. */
  readonly numbers: string;
  readonly count: number;
  /** One for each column, in the order of `numbers`; null for a column without values. */
  readonly columns: readonly (PackedValues | null)[];
  /** A file of (own row, number of its identifier), 32-bit, little-endian. */
  readonly pairs: string;
  /** Becomes Parquet: `row`, and `c0`, `c1`, … as text. */
  readonly to: string;
}

export interface AttachReport {
  /** Own rows that have values now. */
  readonly rows: number;
}

const rowsPerPiece = 2 ** 16;
const numberCharacters = 10;
const [comma, lineFeed, zero] = [','.charCodeAt(0), '\n'.charCodeAt(0), '0'.charCodeAt(0)];

/** @throws {DataError} `stored-data-damaged` for files that do not fit each other. */
export async function attachValues(input: AttachInput, context: TaskContext): Promise<AttachReport> {
  const { columns, to } = input;
  const lines = join(context.folder, 'values.csv');
  const partial = partialName(to, context.taskId);
  const database = await Database.open(context, { files: [], folders: [dirname(to)] });
  try {
    const pairCount = await loadPairs(database, input.pairs);
    await writeLines(input, lines, context);
    const shown = columns.map((values, i) => (values === null ? `CAST(NULL AS VARCHAR) AS c${i}` : `c${i}`));
    const types = columns.flatMap((values, i) => (values === null ? [] : [`'c${i}': 'VARCHAR'`]));
    const [[rows] = []] = await database.rows(
      `COPY (SELECT "row", ${shown.join(', ')} FROM pairs JOIN read_csv(${sqlText(lines)}, auto_detect = false, header = false, delim = ',', quote = '',
        escape = '', columns = {${["'number': 'UINTEGER'", ...types].join(', ')}}) USING (number) ORDER BY "row") TO ${sqlText(partial)} (FORMAT parquet)`,
    );
    if (Number(rows) !== pairCount) throw damaged('some of its rows have no values');
    await publishFile(context.disk, partial, to);
    return { rows: pairCount };
  } finally {
    database.close();
  }
}

/** Lines of an identifier's number and its values, all of one length: a reader of text is the quickest way into a table. */
async function writeLines({ numbers, count, columns }: AttachInput, to: string, context: TaskContext): Promise<void> {
  const made = columns.filter((values) => values !== null);
  const lineBytes = made.reduce((sum, { bytes }) => sum + 1 + base64Characters(bytes), numberCharacters + 1);
  const lines = new Uint8Array(Math.min(rowsPerPiece, count) * lineBytes).fill(comma);
  const sources = [{ file: numbers, bytes: 4 }, ...made].map((values) => pieces(values, count));
  const writer = await writeScratchFile(context.disk, to);
  try {
    for (let first = 0; ; ) {
      context.signal.throwIfAborted();
      const [named, ...packed] = await Promise.all(sources.map(async (source) => (await source.next()).value));
      if (!named) break;
      const rows = named.length / 4;
      writeNumbers(new Uint32Array(named.buffer, named.byteOffset, rows), lines, lineBytes);
      let column = numberCharacters;
      for (const [i, { bytes }] of made.entries()) {
        for (let row = 0, at = column + 1; row < rows; row++, at += lineBytes)
          writeBase64(packed[i]!, row * bytes, bytes, lines, at);
        column += 1 + base64Characters(bytes);
      }
      for (let row = 1; row <= rows; row++) lines[row * lineBytes - 1] = lineFeed;
      await writer.write(lines.subarray(0, rows * lineBytes));
      first += rows;
      context.onProgress({ stage: 'writing', done: first, total: count, unit: 'rows', rows: first });
    }
    await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  } finally {
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}

function writeNumbers(numbers: Uint32Array, lines: Uint8Array, lineBytes: number): void {
  for (let row = 0; row < numbers.length; row++) {
    for (let rest = numbers[row]!, at = row * lineBytes + numberCharacters - 1; at >= row * lineBytes; at--) {
      lines[at] = zero + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }
}

/** The first `count` values of a file, so many at a time; a piece is overwritten by the next. @throws {DataError} `stored-data-damaged`. */
async function* pieces({ file: path, bytes }: PackedValues, count: number): AsyncGenerator<Uint8Array, undefined> {
  const file = await open(path, 'r').catch((error) => {
    throw systemError(error, path, 'opening it');
  });
  try {
    const buffer = new Uint8Array(Math.min(rowsPerPiece, count) * bytes);
    for (let first = 0; first < count; first += rowsPerPiece) {
      const piece = buffer.subarray(0, Math.min(rowsPerPiece, count - first) * bytes);
      for (let held = 0; held < piece.length; ) {
        const { bytesRead } = await file.read(piece, held, piece.length - held, first * bytes + held);
        if (bytesRead === 0) throw damaged(`${path} ends before the last value`);
        held += bytesRead;
      }
      yield piece;
    }
  } finally {
    await file.close();
  }
}

function damaged(why: string): DataError {
  return new DataError(
    'stored-data-damaged',
    `What was made for this list does not fit it: ${why}. Run the agreement again.`,
  );
}
