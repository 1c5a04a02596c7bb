/**
 * DuckDB for one task: an instance of its own, in memory, that may touch the task's files and no others. Its configuration is
 * locked before any text that a user or a partner influenced reaches it [F65].
 */
import { join } from 'node:path';
import { sqlIdentifier as sqlName, sqlString as sqlText } from '@causeway/core/sql';
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBResult,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api';
import { fail } from './disk.ts';
import { DataError } from './errors.ts';
import type { TaskContext } from './task.ts';

/** What Node itself, the scanner's buffers and the allocator's slack take beside DuckDB's own memory, which its limit does not cap. */
const reservedBytes = 224 * 1024 * 1024;
const leastBytes = 96 * 1024 * 1024;
/** Of the rest, what DuckDB counts; what it takes without counting (file buffers, freed but not returned) was up to half as much again. */
const countedShare = 0.65;

export class Database {
  readonly connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  readonly #context: TaskContext;
  readonly #interrupt: () => void;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, context: TaskContext) {
    this.#instance = instance;
    this.connection = connection;
    this.#context = context;
    this.#interrupt = () => connection.interrupt();
    context.signal.addEventListener('abort', this.#interrupt);
  }

  /**
   * @param access the files that may be read, and the folders in which files may be read and written beside the task's own.
   * @param options.withoutOptimizers DuckDB's optimizers that this task's SQL does better without, by name.
   */
  static async open(
    context: TaskContext,
    access: { readonly files?: readonly string[]; readonly folders?: readonly string[] },
    options: { readonly withoutOptimizers?: readonly string[] } = {},
  ): Promise<Database> {
    const memoryBytes = Math.max(leastBytes, Math.floor((context.memoryLimitBytes - reservedBytes) * countedShare));
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(context.threads),
      memory_limit: `${memoryBytes}B`,
      temp_directory: join(context.folder, 'spill'),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      preserve_insertion_order: 'true',
    });
    const connection = await instance.connect();
    const database = new Database(instance, connection, context);
    await database.run(`SET allowed_paths = ${textList(access.files ?? [])}`);
    await database.run(`SET allowed_directories = ${textList([context.folder, ...(access.folders ?? [])])}`);
    await database.run(`SET disabled_optimizers = ${sqlText((options.withoutOptimizers ?? []).join(','))}`);
    await database.run('SET enable_external_access = false');
    await database.run('SET lock_configuration = true');
    return database;
  }

  async run(sql: string): Promise<void> {
    await this.#guarded(() => this.connection.run(sql));
  }

  /** A result of a few rows, as plain values. @param values of the parameters $1, $2 …: a text, or a list of texts. */
  async rows(
    sql: string,
    values: readonly (string | readonly string[])[] = [],
  ): Promise<readonly (readonly DuckDBValue[])[]> {
    const { list, types } = parameters(values);
    return this.#guarded(async () => (await this.connection.runAndReadAll(sql, list, types)).getRows());
  }

  /** A result of any size, chunk by chunk, in the order of the query. */
  async *chunks(
    sql: string,
    values: readonly (string | readonly string[])[] = [],
  ): AsyncGenerator<NonNullable<Awaited<ReturnType<DuckDBResult['fetchChunk']>>>> {
    const { list, types } = parameters(values);
    const result = await this.#guarded(() => this.connection.stream(sql, list, types));
    for (;;) {
      const chunk = await this.#guarded(() => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk;
    }
  }

  close(): void {
    this.#context.signal.removeEventListener('abort', this.#interrupt);
    this.connection.closeSync();
    this.#instance.closeSync();
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#context.signal.aborted) throw cancelled();
    try {
      return await work();
    } catch (error) {
      throw await this.#named(error);
    }
  }

  /** DuckDB's messages repeat values of the data, so none of their text is passed on: only what kind of error it was. */
  async #named(error: unknown): Promise<unknown> {
    if (error instanceof DataError || !(error instanceof Error)) return error;
    if (this.#context.signal.aborted) return cancelled();
    const { message } = error;
    const { folder } = this.#context;
    if (/No space left on device|max_temp_directory_size|Disk quota exceeded/i.test(message)) {
      const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      return fail(this.#context.disk, full, join(folder, 'spill'), 'working').catch((named: unknown) => named);
    }
    if (/^Out of Memory Error|bad_alloc|Failed to allocate/i.test(message))
      return outOfMemory(this.#context.memoryLimitBytes, error);
    if (/Input\/output error/i.test(message)) {
      return new DataError(
        'disk-failed',
        `${folder}: the disk reported an error. Check the disk; nothing was left half written.`,
        { path: folder },
      );
    }
    if (/Too many open files/i.test(message)) {
      return new DataError(
        'too-many-open-files',
        'Too many files are open. Raise the limit (ulimit -n) and try again.',
      );
    }
    const kind = /^[A-Za-z/ ]{3,40}Error/.exec(message)?.[0] ?? 'an error without a name';
    return new DataError(
      'engine-failed',
      `The data engine failed: ${kind}. Nothing was kept; please report this.`,
      {},
      { cause: error },
    );
  }
}

function parameters(values: readonly (string | readonly string[])[]) {
  return {
    list: values.map((value) => (typeof value === 'string' ? value : listValue([...value]))),
    types: values.map((value) => (typeof value === 'string' ? VARCHAR : LIST(VARCHAR))),
  };
}

export function cancelled(): DataError {
  return new DataError('cancelled', 'Cancelled. Temporary data was erased; nothing was kept.');
}

export function outOfMemory(limitBytes: number, cause?: unknown): DataError {
  return new DataError(
    'out-of-memory',
    `This task does not fit the data engine's memory limit of ${limitBytes} bytes. Raise the limit, or choose fewer columns; nothing was kept.`,
    { limit: limitBytes },
    { cause },
  );
}

export { sqlName, sqlText };

/**
 * A Parquet file, or several in order, as a table. A folder of the owner's that is called `city=上海` adds no column.
 * @param options.rowNumber adds `file_row_number`, from 0.
 */
export function parquetTable(
  path: string | readonly string[],
  options: { readonly rowNumber?: boolean; readonly binaryIsText?: boolean } = {},
): string {
  const files = typeof path === 'string' ? sqlText(path) : textList(path);
  const rowNumber = options.rowNumber ? ', file_row_number = true' : '';
  const binary = options.binaryIsText ? ', binary_as_string = true' : '';
  return `read_parquet(${files}, hive_partitioning = false${rowNumber}${binary})`;
}

export function textList(texts: readonly string[]): string {
  return `[${texts.map(sqlText).join(', ')}]`;
}
