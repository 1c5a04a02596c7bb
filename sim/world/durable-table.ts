import { DatabaseFailure } from './database-failure.ts';
import type { Luck } from './luck.ts';
import type { Process } from './process.ts';

const commitMsMax = 2;

/** A table of a node's database: a row is there for good once it was committed, and a crash may come before its writer hears of it. */
export class DurableTable<Row> {
  readonly #luck: Luck;
  readonly #rows = new Map<string, Row>();
  #failureCount = 0;

  constructor(luck: Luck) {
    this.#luck = luck;
  }

  /** What is committed, without asking the database: for checks. */
  get rows(): ReadonlyMap<string, Row> {
    return this.#rows;
  }

  /** Makes the next {@link putOnce} fail. */
  fail(failureCount: number): void {
    this.#failureCount = failureCount;
  }

  async get(key: string, process: Process): Promise<Row | undefined> {
    await this.#take(process);
    return this.#rows.get(key);
  }

  async put(key: string, row: Row, process: Process): Promise<void> {
    await this.#take(process);
    this.#rows.set(key, row);
    await this.#take(process);
  }

  /** Keeps a row where there is none yet. @returns the row that is there, and whether it is new. */
  async putOnce(key: string, row: Row, process: Process): Promise<{ readonly row: Row; readonly isNew: boolean }> {
    await this.#take(process);
    if (this.#failureCount > 0) {
      this.#failureCount -= 1;
      throw new DatabaseFailure('the simulated database failed');
    }
    const kept = this.#rows.get(key);
    if (kept === undefined) this.#rows.set(key, row);
    await this.#take(process);
    return { row: kept ?? row, isNew: kept === undefined };
  }

  async #take(process: Process): Promise<void> {
    await process.pause(process.alive ? this.#luck.share() * commitMsMax : 0);
  }
}
