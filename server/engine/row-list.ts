/**
 * Row numbers in a file: 32-bit, little-endian, ascending, each once; how matches and exclusions travel between tasks.
 */
import { open } from 'node:fs/promises';
import { DuckDBDataChunk, type DuckDBUIntegerVector, UINTEGER } from '@duckdb/node-api';
import type { Database } from './database.ts';
import { DataError, systemError } from './errors.ts';

const blockRows = 256 * 1024;
const vectorRows = 2_048;

/**
 * Reads a list block by block; a block is overwritten by the next.
 * @param rowCount how many rows there are to choose from.
 * @throws {DataError} `stored-data-damaged` unless the numbers ascend and are below `rowCount`.
 */
export async function* readRowList(path: string, rowCount: number): AsyncGenerator<Uint32Array> {
  let next = 0;
  for await (const rows of readNumbers(path)) {
    for (const row of rows) {
      if (row < next || row >= rowCount) throw damagedList(path, 'its row numbers do not ascend within the table');
      next = row + 1;
    }
    yield rows;
  }
}

/** Reads 32-bit numbers, little-endian, block by block, each an even number of them but for the last; a block is overwritten by the next. */
async function* readNumbers(path: string): AsyncGenerator<Uint32Array> {
  const file = await open(path, 'r').catch((error) => {
    throw systemError(error, path, 'opening it');
  });
  try {
    const bytes = new Uint8Array(4 * blockRows);
    const numbers = new Uint32Array(bytes.buffer);
    for (let held = 0; ; ) {
      const { bytesRead } = await file.read(bytes, held, bytes.length - held);
      held += bytesRead;
      if (bytesRead > 0 && held < bytes.length) continue;
      if (held % 4 !== 0) throw damagedList(path, 'its length is no multiple of four');
      if (held > 0) yield numbers.subarray(0, held / 4);
      if (bytesRead === 0) return;
      held = 0;
    }
  } finally {
    await file.close();
  }
}

/** The rows of a list as one bit each: 12.5 MB for a hundred million. */
export interface RowSet {
  has(row: number): boolean;
  readonly count: number;
}

/** Throws as `readRowList`. */
export async function readRowSet(path: string, rowCount: number): Promise<RowSet> {
  const bits = new Uint8Array(Math.ceil(rowCount / 8));
  let count = 0;
  for await (const rows of readRowList(path, rowCount)) {
    for (const row of rows) bits[row >>> 3]! |= 1 << (row & 7);
    count += rows.length;
  }
  return { count, has: (row) => (bits[row >>> 3]! & (1 << (row & 7))) !== 0 };
}

/** Puts row numbers into the temporary table `wanted(row)`, in place of what it had. */
export async function loadRows(
  database: Database,
  lists: Iterable<Uint32Array> | AsyncIterable<Uint32Array>,
): Promise<number> {
  await database.run('CREATE OR REPLACE TEMP TABLE wanted ("row" UINTEGER)');
  return append(database, { table: 'wanted', width: 1 }, lists);
}

/** Makes the temporary table `pairs("row", number)` of a file of such pairs: 32-bit, little-endian, in any order. @returns how many there are. */
export async function loadPairs(database: Database, path: string): Promise<number> {
  await database.run('CREATE TEMP TABLE pairs ("row" UINTEGER, number UINTEGER)');
  return append(database, { table: 'pairs', width: 2 }, readNumbers(path));
}

/** Appends rows of `width` numbers each, packed. @returns how many rows. */
async function append(
  database: Database,
  { table, width }: { readonly table: string; readonly width: number },
  lists: Iterable<Uint32Array> | AsyncIterable<Uint32Array>,
): Promise<number> {
  const appender = await database.connection.createAppender(table, null, 'temp');
  const types = Array.from({ length: width }, () => UINTEGER);
  let count = 0;
  for await (const numbers of lists) {
    for (let from = 0; from < numbers.length; from += width * vectorRows) {
      const part = numbers.subarray(from, from + width * vectorRows);
      const rows = part.length / width;
      const chunk = DuckDBDataChunk.create(types, rows);
      for (let column = 0; column < width; column++) {
        const vector = chunk.getColumnVector(column) as DuckDBUIntegerVector;
        for (let i = 0; i < rows; i++) vector.setItem(i, part[width * i + column]!);
        vector.flush();
      }
      appender.appendDataChunk(chunk);
    }
    count += numbers.length / width;
  }
  appender.closeSync();
  return count;
}

function damagedList(path: string, why: string): DataError {
  return new DataError(
    'stored-data-damaged',
    `${path} is not a list of row numbers: ${why}. Run the step that made it again.`,
    { path },
  );
}
