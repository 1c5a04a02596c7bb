import { type Selectable, sql, type UpdateObject } from 'kysely';
import type { Database } from './database.ts';
import { follow } from './follow.ts';
import type { Tables } from './tables.ts';

export type OperationRow = Readonly<Selectable<Tables['operations']>>;

const ended: readonly OperationRow['status'][] = ['finished', 'failed', 'cancelled'];
export const operationHasEnded = (row: { readonly status: OperationRow['status'] }): boolean =>
  ended.includes(row.status);

/** Long work of this node alone, such as an import. It lives in one process: what a restart finds unfinished has failed. */
export class Operations {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async start(operation: {
    id: string;
    kind: string;
    target: string;
    startedBy: string;
    atMs: number;
  }): Promise<OperationRow> {
    const { atMs, ...row } = operation;
    return this.#db
      .insertInto('operations')
      .values({
        ...row,
        status: 'running',
        stage: 'started',
        progress: 0,
        startedAtMs: atMs,
        result: 'null',
        error: 'null',
        sequence: 1,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async find(id: string): Promise<OperationRow | undefined> {
    return this.#db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Newest first, at most 100. */
  async recent(): Promise<readonly OperationRow[]> {
    return this.#db
      .selectFrom('operations')
      .selectAll()
      .orderBy('startedAtMs', 'desc')
      .orderBy('id', 'desc')
      .limit(100)
      .execute();
  }

  /** @returns the operation: look whether it is `cancelling`; nothing when it has ended. */
  async report(
    id: string,
    progress: {
      readonly stage?: string;
      readonly progress?: number;
      readonly ratePerSecond?: number | null;
      readonly etaSeconds?: number | null;
    },
  ): Promise<OperationRow | undefined> {
    return this.#change(id, progress);
  }

  /** @returns the operation as it is now; nothing when it had ended before. */
  async end(
    id: string,
    end: {
      readonly status: 'finished' | 'failed' | 'cancelled';
      readonly atMs: number;
      readonly result?: unknown;
      /** A problem document. */
      readonly error?: unknown;
    },
  ): Promise<OperationRow | undefined> {
    return this.#change(id, {
      status: end.status,
      stage: end.status,
      finishedAtMs: end.atMs,
      ratePerSecond: null,
      etaSeconds: null,
      ...(end.status === 'finished' ? { progress: 1 } : {}),
      ...(end.result === undefined ? {} : { result: JSON.stringify(end.result) }),
      ...(end.error === undefined ? {} : { error: JSON.stringify(end.error) }),
    });
  }

  async requestCancel(id: string): Promise<OperationRow | undefined> {
    return this.#change(id, { status: 'cancelling' });
  }

  /** At the start of a node: no process runs what is still marked as running. @returns those. */
  async failUnfinished(atMs: number, error: unknown): Promise<readonly OperationRow[]> {
    return this.#db
      .updateTable('operations')
      .set({
        status: 'failed',
        stage: 'failed',
        error: JSON.stringify(error),
        finishedAtMs: atMs,
        sequence: sql`sequence + 1`,
      })
      .where('status', 'not in', ended)
      .returningAll()
      .execute();
  }

  /** The operation now and each time it changes, until it has ended. */
  watch(
    id: string,
    options: { readonly after?: number | undefined; readonly signal: AbortSignal },
  ): AsyncGenerator<OperationRow> {
    return follow({ ...options, read: () => this.find(id), hasEnded: operationHasEnded });
  }

  async #change(id: string, change: UpdateObject<Tables, 'operations'>): Promise<OperationRow | undefined> {
    return this.#db
      .updateTable('operations')
      .set({ ...change, sequence: sql`sequence + 1` })
      .where('id', '=', id)
      .where('status', 'not in', ended)
      .returningAll()
      .executeTakeFirst();
  }
}
