import { readFile } from 'node:fs/promises';
import { DuckDBDataChunk, UINTEGER } from '@duckdb/node-api';
import type { Database } from '../database.ts';
import { systemError } from '../errors.ts';

const chunkRows = 2048;

/** Makes the temporary table `pairs("row", number)` of a file of such pairs, 32-bit, little-endian. */
export async function loadPairs(database: Database, path: string): Promise<void> {
  const bytes = await readFile(path).catch((error) => {
    throw systemError(error, path, 'reading it');
  });
  const words = new Uint32Array(Uint8Array.from(bytes).buffer);
  await database.run('CREATE TEMP TABLE pairs ("row" UINTEGER, number UINTEGER)');
  const appender = await database.connection.createAppender('pairs', null, 'temp');
  for (let from = 0; from < words.length; from += 2 * chunkRows) {
    const part = words.subarray(from, from + 2 * chunkRows);
    const count = part.length / 2;
    const chunk = DuckDBDataChunk.create([UINTEGER, UINTEGER], count);
    for (const column of [0, 1]) {
      chunk.setColumnValues(
        column,
        Array.from({ length: count }, (_, i) => part[2 * i + column]!),
      );
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
