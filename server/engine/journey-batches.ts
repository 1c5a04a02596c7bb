/** The sorted stream of an attribution as packed columns: no value becomes an object on its way out of DuckDB. */
import type { JourneyBatch } from '@causeway/core/applications/attribution';
import type { Database } from './database.ts';
import { columnDoubles, columnWords } from './words.ts';

/**
 * @param sql made by `streamSql`; its columns are in the order of `JourneyBatch` and without NULL.
 * @returns batches of some thousand rows, in the order of the query; each is valid until the next is asked for.
 */
export async function* journeyBatches(database: Database, sql: string): AsyncGenerator<JourneyBatch> {
  for await (const chunk of database.chunks(sql)) {
    const second = columnWords(chunk, 1, 1);
    yield {
      rowCount: chunk.rowCount,
      person: columnWords(chunk, 0, 1),
      second: new Int32Array(second.buffer, second.byteOffset, second.length),
      kind: columnWords(chunk, 2, 1),
      subject: columnWords(chunk, 3, 1),
      value: columnDoubles(chunk, 4),
    };
  }
}
