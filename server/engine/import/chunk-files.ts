/** Cuts the clean rows into files and hands each to DuckDB, one at work while the next one grows. */
import { join } from 'node:path';
import { type FileWriter, fail, writeScratchFile } from '../disk.ts';
import type { TaskContext } from '../task.ts';
import type { CleanFile } from './chunk.ts';
import { CleanRows } from './clean-rows.ts';
import type { RowsSink } from './feed.ts';

/** Large enough for several row groups, small enough that two of them are nothing beside a dataset. */
const chunkBytes = 64 * 1024 * 1024;
const writeBytes = 4 * 1024 * 1024;

export class ChunkFiles implements RowsSink {
  readonly rows = new CleanRows();
  readonly #context: TaskContext;
  readonly #take: (file: CleanFile, index: number) => Promise<void>;
  #writer: FileWriter | undefined;
  #count = 0;
  #longestRowBytes = 0;
  #atWork: Promise<void> = Promise.resolve();
  #failure: unknown;

  /** @param take works on one file, which is removed afterwards; it is never called before its last call ended. */
  constructor(context: TaskContext, take: (file: CleanFile, index: number) => Promise<void>) {
    this.#context = context;
    this.#take = take;
  }

  get count(): number {
    return this.#count;
  }

  async flush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.rows.length < writeBytes) return;
    await this.#write();
    if (this.#writer!.length >= chunkBytes) await this.#hand();
  }

  /** Hands over what is left and waits for all work. */
  async finish(): Promise<void> {
    if (this.rows.length > 0) await this.#write();
    if (this.#writer !== undefined) await this.#hand();
    await this.#atWork;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** After a failure: waits until nothing works on a file any more. */
  async abandon(): Promise<void> {
    await this.#writer?.discard().catch(() => {});
    await this.#atWork;
  }

  async #write(): Promise<void> {
    this.#writer ??= await writeScratchFile(this.#context.disk, this.#path());
    this.#longestRowBytes = Math.max(this.#longestRowBytes, this.rows.longestRow);
    await this.#writer.write(this.rows.take());
  }

  async #hand(): Promise<void> {
    await this.#writer!.finish();
    this.#writer = undefined;
    const file: CleanFile = {
      path: this.#path(),
      longestRowBytes: this.#longestRowBytes,
      rowsSoFar: this.rows.rowCount,
    };
    const index = this.#count;
    this.#count += 1;
    this.#longestRowBytes = 0;
    await this.#atWork;
    if (this.#failure !== undefined) throw this.#failure;
    const { disk } = this.#context;
    this.#atWork = this.#take(file, index)
      .then(() => disk.remove(file.path).catch((error) => fail(disk, error, file.path, 'removing it')))
      .catch((error) => {
        this.#failure = error;
      });
  }

  #path(): string {
    return join(this.#context.folder, `chunk-${this.#count}.csv`);
  }
}
