/** DuckDB's chunks as packed numbers: no value becomes an object on its way out. */
import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

/** A VARCHAR column as DuckDB holds it: 16 bytes a text, some of them pointers. Valid and NULL-free as for `columnWords`. */
export function columnTexts(chunk: DuckDBDataChunk, column: number): Uint8Array {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  return duckdb.vector_get_data(vector, 16 * chunk.rowCount);
}

/**
 * A column of fixed width as 32-bit words: one per row of a UINTEGER column, two (low, high) per row of a UBIGINT column, four of a HUGEINT, the lowest first.
 * A view of DuckDB's memory, valid as long as the chunk; NULLs are not told apart, so let there be none.
 */
export function columnWords(chunk: DuckDBDataChunk, column: number, wordsPerRow: 1 | 2 | 4): Uint32Array {
  const wordCount = chunk.rowCount * wordsPerRow;
  const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, column), 4 * wordCount);
  return new Uint32Array(data.buffer, data.byteOffset, wordCount);
}

/** A DOUBLE column; a view, and NULL-free, as for `columnWords`. */
export function columnDoubles(chunk: DuckDBDataChunk, column: number): Float64Array {
  const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, column), 8 * chunk.rowCount);
  return new Float64Array(data.buffer, data.byteOffset, chunk.rowCount);
}
