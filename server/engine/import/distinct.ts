/**
 * How many different identifiers a column holds, and how they repeat [F9], in memory that does not grow with the rows: identifiers are
 * sent, as 64 bits of a hash, into partitions small enough to be counted one after the other.
 *
 * Two different identifiers are taken for one with probability n²/2^65: at a hundred million rows, one import in 3,700 is off by one.
 * DuckDB's own GROUP BY over as many texts did not keep to its memory limit.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, parquetTable, sqlName } from '../database.ts';
import { type FileWriter, fail, writeScratchFile } from '../disk.ts';
import type { TaskContext } from '../task.ts';
import { columnWords } from '../words.ts';
import { RepeatCounter } from './repeat-counter.ts';

export interface DistinctCounts {
  readonly accepted: number;
  readonly distinct: number;
  readonly repeated: number;
  readonly conflicting: number;
}

/** Four words: the identifier's hash and that of the row's other columns. */
const entryWords = 4;
const partitionRows = 1024 * 1024;
const partitionsMax = 256;
const bufferedRows = 4_096;
/** DuckDB gives at most so many rows at once. */
const vectorRows = 2_048;

/** @param column the identifier's name in the dataset `parquet`; @param others the names of all its other columns. */
export async function countDistinct(
  database: Database,
  table: {
    readonly parquet: string;
    readonly rowCount: number;
    readonly column: string;
    readonly others: readonly string[];
  },
  context: TaskContext,
): Promise<DistinctCounts> {
  const name = sqlName(table.column);
  const rest = table.others.length === 0 ? '0' : `hash(${table.others.map(sqlName).join(', ')})`;
  const partitions = new Partitions(table.rowCount, context);
  const query = `SELECT hash(${name}), CAST(${rest} AS UBIGINT) FROM ${parquetTable(table.parquet)} WHERE ${name} IS NOT NULL`;
  try {
    for await (const chunk of database.chunks(query)) {
      partitions.add(columnWords(chunk, 0, 2), columnWords(chunk, 1, 2));
      await partitions.flush();
    }
    return await partitions.count();
  } finally {
    await partitions.remove();
  }
}

interface Partition {
  readonly words: Uint32Array;
  filledRows: number;
  file: FileWriter | undefined;
}

class Partitions {
  readonly #context: TaskContext;
  readonly #partitions: readonly Partition[];
  #accepted = 0;

  constructor(rowCount: number, context: TaskContext) {
    this.#context = context;
    let count = 1;
    while (count < partitionsMax && rowCount > count * partitionRows) count *= 2;
    // A single partition stays in memory whole.
    const rows = (count === 1 ? rowCount : bufferedRows) + vectorRows;
    this.#partitions = Array.from({ length: count }, () => ({
      words: new Uint32Array(entryWords * rows),
      filledRows: 0,
      file: undefined,
    }));
  }

  /** @param ids, others 64-bit numbers, low word first. */
  add(ids: Uint32Array, others: Uint32Array): void {
    const mask = this.#partitions.length - 1;
    for (let i = 0; i < ids.length; i += 2) {
      const partition = this.#partitions[ids[i + 1]! & mask]!;
      const at = entryWords * partition.filledRows;
      partition.words[at] = ids[i]!;
      partition.words[at + 1] = ids[i + 1]!;
      partition.words[at + 2] = others[i]!;
      partition.words[at + 3] = others[i + 1]!;
      partition.filledRows += 1;
    }
    this.#accepted += ids.length / 2;
  }

  async flush(): Promise<void> {
    if (this.#partitions.length === 1) return;
    for (const [index, partition] of this.#partitions.entries()) {
      if (partition.filledRows < bufferedRows) continue;
      partition.file ??= await writeScratchFile(this.#context.disk, this.#path(index));
      await partition.file.write(bytesOf(partition));
      partition.filledRows = 0;
    }
  }

  async count(): Promise<DistinctCounts> {
    const counter = new RepeatCounter();
    for (const [index, partition] of this.#partitions.entries()) counter.add(await this.#entries(index, partition));
    const { distinct, repeated, conflicting } = counter;
    return { accepted: this.#accepted, distinct, repeated, conflicting };
  }

  async remove(): Promise<void> {
    for (const { file } of this.#partitions) await file?.discard();
  }

  async #entries(index: number, partition: Partition): Promise<Uint32Array> {
    const rest = partition.words.subarray(0, entryWords * partition.filledRows);
    if (partition.file === undefined) return rest;
    await partition.file.finish();
    const path = this.#path(index);
    const words = new Uint32Array(partition.file.length / 4 + rest.length);
    const bytes = new Uint8Array(words.buffer, 0, partition.file.length);
    try {
      const file = await open(path, 'r');
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, done);
        if (bytesRead === 0) throw Object.assign(new Error('cut short'), { code: 'EIO' });
        done += bytesRead;
      }
      await file.close();
    } catch (error) {
      await fail(this.#context.disk, error, path, 'reading it');
    }
    words.set(rest, partition.file.length / 4);
    return words;
  }

  #path(index: number): string {
    return join(this.#context.folder, `distinct-${index}.bin`);
  }
}

function bytesOf({ words, filledRows }: Partition): Uint8Array {
  return new Uint8Array(words.buffer, 0, 4 * entryWords * filledRows);
}
