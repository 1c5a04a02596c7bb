import { type Selectable, sql, type UpdateObject } from 'kysely';
import type { Database } from './database.ts';
import { namedStoreError, StoreError } from './error.ts';
import { follow } from './follow.ts';
import { isAfter, type Page, type PageRequest, toPage } from './page.ts';
import type { Tables } from './tables.ts';

export type JobRow = Readonly<Selectable<Tables['jobs']>>;
export type JobStatus = JobRow['status'];

/** What a list has of a job: what can be long is not read, of what it told only the kind and the count of a match. */
export type ListedJobRow = Pick<JobRow, (typeof listedColumns)[number]> & {
  readonly told: 'counts' | 'figures' | null;
  readonly matched: number | null;
};

const listedColumns = [
  ...(['id', 'agreement', 'operation', 'partners', 'startedBy', 'status', 'stage', 'progress', 'etaSeconds'] as const),
  ...(['attempt', 'audience', 'error', 'createdAtMs', 'startedAtMs', 'finishedAtMs'] as const),
];

/** States in which a job does nothing any more. */
export const endedJobs: readonly JobStatus[] = ['finished', 'failed', 'cancelled'];
export const jobHasEnded = (row: { readonly status: JobStatus }): boolean => endedJobs.includes(row.status);

/** What a worker may change while it runs a job. */
export interface JobProgress {
  readonly stage?: string;
  readonly stages?: unknown;
  readonly progress?: number;
  readonly ratePerSecond?: number | null;
  readonly etaSeconds?: number | null;
  readonly kernel?: string;
  readonly counts?: unknown;
}

export interface JobEnd {
  readonly status: 'finished' | 'failed' | 'cancelled';
  readonly atMs: number;
  readonly counts?: unknown;
  readonly audience?: string;
  readonly outcome?: string;
  /** A problem document; required for `failed`. */
  readonly error?: unknown;
}

/**
 * Runs of agreements. A worker takes a job and gets a fence, a number that grows with each taking; its later writes carry the fence
 * and are refused once another worker has taken the job, so that a worker thought dead can do no harm.
 */
export class Jobs {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Makes a job, queued. The same id for the same agreement again is the same job.
   * @returns the job, and whether it is new.
   * @throws {StoreError} `conflict` when the id is another agreement's, or another job of the agreement has not endedJobs.
   */
  async create(job: {
    id: string;
    agreement: string;
    operation: string;
    partners: readonly string[];
    startedBy: string;
    atMs: number;
  }): Promise<{ readonly job: JobRow; readonly created: boolean }> {
    const { atMs, partners, ...row } = job;
    const inserted = await this.#db
      .insertInto('jobs')
      .values({
        ...row,
        partners: [...partners],
        status: 'queued',
        stage: 'queued',
        stages: '[]',
        progress: 0,
        attempt: 0,
        fence: 0,
        counts: 'null',
        error: 'null',
        createdAtMs: atMs,
        sequence: 1,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
      .catch((error) => {
        throw namedStoreError(error);
      });
    if (inserted !== undefined) return { job: inserted, created: true };
    const same = await this.find(job.id);
    if (same !== undefined && same.agreement === job.agreement) return { job: same, created: false };
    throw new StoreError(
      'conflict',
      same === undefined ? 'another run of this agreement has not ended' : 'this job id belongs to another agreement',
      { remedy: 'wait for the running job, or cancel it' },
    );
  }

  async find(id: string): Promise<JobRow | undefined> {
    return this.#db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async list(
    request: PageRequest & { readonly agreement?: string | undefined; readonly status?: JobStatus | undefined },
  ): Promise<Page<ListedJobRow>> {
    let query = this.#db
      .selectFrom('jobs')
      .select(listedColumns)
      .select([
        sql<ListedJobRow['told']>`CASE
          WHEN counts IS NULL OR json_typeof(counts) = 'null' THEN NULL
          WHEN operation <> 'insight' THEN 'counts'
          WHEN counts -> 'figures' IS NOT NULL THEN 'figures' END`.as('told'),
        sql<number | null>`CASE WHEN operation <> 'insight' AND json_typeof(counts) = 'object'
          THEN (counts ->> 'matched')::double precision END`.as('matched'),
      ])
      .where(isAfter(request, { time: 'createdAtMs', id: 'id' }))
      .orderBy('createdAtMs', 'desc')
      .orderBy('id', 'desc')
      .limit(request.limit + 1);
    if (request.agreement !== undefined) query = query.where('agreement', '=', request.agreement);
    if (request.status !== undefined) query = query.where('status', '=', request.status);
    return toPage(await query.execute(), request, (row) => ({ atMs: row.createdAtMs, id: row.id }));
  }

  /** What a start has to look after. */
  async unfinished(): Promise<readonly JobRow[]> {
    return this.#db
      .selectFrom('jobs')
      .selectAll()
      .where('status', 'not in', endedJobs)
      .orderBy('createdAtMs')
      .execute();
  }

  async count(): Promise<{ readonly running: number; readonly queued: number }> {
    const rows = await this.#db
      .selectFrom('jobs')
      .select(['status', (jobs) => jobs.fn.countAll<number>().as('jobs')])
      .where('status', 'not in', endedJobs)
      .groupBy('status')
      .execute();
    const queued = rows.find((row) => row.status === 'queued')?.jobs ?? 0;
    return { queued, running: rows.reduce((sum, row) => sum + row.jobs, 0) - queued };
  }

  /**
   * Takes an unfinished job for a worker; whoever had it before may no longer write.
   * @returns the job with its new fence and attempt; nothing when it has endedJobs.
   */
  async take(id: string, worker: { readonly name: string; readonly atMs: number }): Promise<JobRow | undefined> {
    return this.#db
      .updateTable('jobs')
      .set({
        worker: worker.name,
        seenAtMs: worker.atMs,
        startedAtMs: sql`COALESCE(started_at_ms, ${worker.atMs})`,
        status: sql`CASE WHEN status = 'cancelling' THEN status ELSE 'running' END`,
        fence: sql`fence + 1`,
        attempt: sql`attempt + 1`,
        sequence: sql`sequence + 1`,
      })
      .where('id', '=', id)
      .where('status', 'not in', endedJobs)
      .returningAll()
      .executeTakeFirst();
  }

  /** Says that the worker lives, and how far it is. @returns the job: look whether it is `cancelling`. @throws {StoreError} `stale-fence`. */
  async report(
    held: { readonly id: string; readonly fence: number; readonly atMs: number },
    progress: JobProgress = {},
  ): Promise<JobRow> {
    const { stages, counts, ...plain } = progress;
    const changed = Object.keys(progress).length > 0;
    return this.#write(held, {
      ...plain,
      ...(stages === undefined ? {} : { stages: JSON.stringify(stages) }),
      ...(counts === undefined ? {} : { counts: JSON.stringify(counts) }),
      seenAtMs: held.atMs,
      ...(changed ? { sequence: sql<number>`sequence + 1` } : {}),
    });
  }

  /** @throws {StoreError} `stale-fence` when another worker has taken it, or it has endedJobs. */
  async end(held: { readonly id: string; readonly fence: number }, end: JobEnd): Promise<JobRow> {
    return this.#write(held, {
      status: end.status,
      stage: end.status,
      finishedAtMs: end.atMs,
      ratePerSecond: null,
      etaSeconds: null,
      ...(end.status === 'finished' ? { progress: 1 } : {}),
      ...(end.counts === undefined ? {} : { counts: JSON.stringify(end.counts) }),
      ...(end.audience === undefined ? {} : { audience: end.audience }),
      ...(end.outcome === undefined ? {} : { outcome: end.outcome }),
      ...(end.error === undefined ? {} : { error: JSON.stringify(end.error) }),
      sequence: sql<number>`sequence + 1`,
    });
  }

  /** The worker gives up for now (the link is cut, the disk is full); the job waits to be resumed. @throws {StoreError} `stale-fence`. */
  async interrupt(held: { readonly id: string; readonly fence: number }, error: unknown): Promise<JobRow> {
    return this.#write(held, {
      status: sql<JobStatus>`CASE WHEN status = 'cancelling' THEN status ELSE 'interrupted' END`,
      error: JSON.stringify(error),
      ratePerSecond: null,
      etaSeconds: null,
      sequence: sql<number>`sequence + 1`,
    });
  }

  /** Asks the worker to stop. @returns the job as it is now; nothing for an unknown one or one that has endedJobs. */
  async requestCancel(id: string): Promise<JobRow | undefined> {
    return this.#db
      .updateTable('jobs')
      .set({ status: 'cancelling', sequence: sql`sequence + 1` })
      .where('id', '=', id)
      .where('status', 'not in', endedJobs)
      .returningAll()
      .executeTakeFirst();
  }

  /** The job now and each time it changes, until it has ended; `after` is the last sequence that the reader has seen. */
  watch(
    id: string,
    options: { readonly after?: number | undefined; readonly signal: AbortSignal },
  ): AsyncGenerator<JobRow> {
    return follow({ ...options, read: () => this.find(id), hasEnded: jobHasEnded });
  }

  async #write(
    held: { readonly id: string; readonly fence: number },
    change: UpdateObject<Tables, 'jobs'>,
  ): Promise<JobRow> {
    const row = await this.#db
      .updateTable('jobs')
      .set(change)
      .where('id', '=', held.id)
      .where('fence', '=', held.fence)
      .where('status', 'not in', endedJobs)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) {
      throw new StoreError('stale-fence', `job ${held.id} has endedJobs, or another worker has taken it over`);
    }
    return row;
  }
}
