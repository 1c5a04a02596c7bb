/** From a text to its match key, in bulk: the first 16 bytes of SHA-256 over context and text. */
import type { RowKernel } from '@causeway/native';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import { sqlText } from '../database.ts';
import { columnTexts, columnWords } from '../words.ts';

export interface KeyColumns {
  /** @param rows SQL that gives `row` and `value`, none of them NULL. @returns SQL whose first column is `row`. */
  query(rows: string): string;
  /** The keys of a chunk of that query: four words each, in the order of their bytes. */
  keys(chunk: DuckDBDataChunk): Promise<Uint32Array>;
}

/**
 * @param prefix what stands before each text in the hash input.
 * @param hashTexts the native library's; without it DuckDB hashes, to hexadecimal and back, at a fifth of the speed.
 */
export function keyColumns(prefix: string, hashTexts: RowKernel['hashTexts']): KeyColumns {
  if (hashTexts === undefined) return hashedInSql(prefix);
  const bytes = Buffer.from(prefix);
  return {
    query: (rows) => rows,
    keys: async (chunk) => wordsOf(await hashTexts(bytes, columnTexts(chunk, 1))),
  };
}

function hashedInSql(prefix: string): KeyColumns {
  return {
    query: (rows) =>
      `SELECT "row", CAST('0x' || substr(h, 1, 16) AS UBIGINT), CAST('0x' || substr(h, 17, 16) AS UBIGINT)
       FROM (SELECT "row", sha256(${sqlText(prefix)} || value) AS h FROM (${rows}))`,
    keys: async (chunk) => {
      const halves = [columnWords(chunk, 1, 2), columnWords(chunk, 2, 2)] as const;
      const words = new Uint32Array(4 * chunk.rowCount);
      for (const [half, numbers] of halves.entries()) {
        for (let i = 0; i < chunk.rowCount; i++) {
          words[4 * i + 2 * half] = numbers[2 * i]!;
          words[4 * i + 2 * half + 1] = numbers[2 * i + 1]!;
        }
      }
      // As numbers their bytes stand in reverse.
      return wordsOf(Buffer.from(words.buffer).swap64());
    },
  };
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
