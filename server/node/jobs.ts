/** The jobs of a node: started by a record on the ledger, run by the durable queue, ended by a record on the ledger. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AgreementTerms } from '@causeway/core/applications/agreement';
import type { LedgerRecord } from '@causeway/core/ledger';
import { requireAllowed } from '@causeway/core/policy';
import { NodeError } from '../home/index.ts';
import { problemFrom } from '../http/index.ts';
import { JobQueue } from '../jobs/job-queue.ts';
import { JobCalls, JobFailure, type JobLifePorts, JobPaused, JobStopped } from '../jobs/life/index.ts';
import { openWorkFolder, type WorkFolder } from '../jobs/work/index.ts';
import type { Links } from '../link/index.ts';
import type { JobEnd, JobRow } from '../store/index.ts';
import { type Agreements, termsOf } from './agreements.ts';
import { countedLinks } from './counted-links.ts';
import { type JobProgress, JobProgressMeter, type JobStage } from './job-progress.ts';
import type { Services } from './services.ts';

/** A run of an agreement. */
export interface JobOf<Terms extends AgreementTerms> {
  readonly job: string;
  /** Digest of the terms, in hexadecimal. */
  readonly agreement: string;
  readonly terms: Terms;
}

export interface JobHost {
  readonly life: JobLifePorts;
  /** The node's links; what goes over them is counted as the job's. */
  readonly links: Links;
  /** Counts what goes over other links as the job's. */
  readonly counted: (links: Links) => Links;
  readonly work: WorkFolder;
  /** Aborts when this node stops. */
  readonly signal: AbortSignal;
  readonly note: (progress: JobProgress) => void;
}

/** What a node does with jobs of one kind. */
export interface JobKind<Terms extends AgreementTerms> {
  /** In order. */
  stages(terms: Terms): readonly JobStage[];
  /** Runs a job to its end, again after an interruption. @throws {JobFailure} @throws {JobPaused} @throws {JobStopped} */
  run(job: JobOf<Terms>, host: JobHost): Promise<Omit<JobEnd, 'status' | 'atMs'>>;
}

/** One for each operation. */
export type JobKinds = {
  readonly [Operation in AgreementTerms['operation']]: JobKind<
    Extract<AgreementTerms, { readonly operation: Operation }>
  >;
};

/** How long a partner may be away in the middle of a job. */
const silenceMs = 10 * 60_000;
/** When a job is tried again that could not be taken up. */
const takeAgainMs = 500;

export class Jobs {
  readonly #services: Services;
  readonly #agreements: Agreements;
  readonly #kinds: JobKinds;
  readonly #calls: JobCalls;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<'ended' | 'stopped'>>();
  #queue: JobQueue | undefined;

  constructor(services: Services, agreements: Agreements, kinds: JobKinds) {
    this.#services = services;
    this.#agreements = agreements;
    this.#kinds = kinds;
    this.#calls = new JobCalls(services.links);
  }

  /** Goes on with what was under way, and follows the ledger from here on. */
  async open(): Promise<void> {
    const { database, log, network, store } = this.#services;
    this.#queue = await JobQueue.open({
      databaseUrl: database.url,
      log,
      run: (attempt) => this.#track(attempt),
    });
    // The queue goes on by itself with what it had begun.
    for (const row of await store.jobs.unfinished())
      if (row.status === 'queued') await this.#queue.start(attemptName(row));
    network.whenOpen((ledger) => {
      ledger.onRecord((record) => this.#follow(record));
      for (const { job, status } of ledger.state.jobs()) if (status === 'running') void this.#take(job);
    });
  }

  /** Stops in the middle: the jobs go on when the node is back. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#running.values());
    await this.#queue?.close();
  }

  /** Starts a run. The same id again is the same run. @returns the job's id. */
  async start(agreement: string, job = `job-${randomBytes(10).toString('hex')}`): Promise<string> {
    const { ledger } = this.#services.network;
    const known = ledger.state.job(job);
    if (known && known.agreement !== agreement)
      throw new NodeError('conflict', 'this job id belongs to another agreement');
    if (!known) {
      const row = await this.#services.store.agreements.find(agreement);
      if (row) requireAllowed(await this.#agreements.evaluate(termsOf(row)));
      try {
        await ledger.append('job.started', { job, agreement });
      } catch (error) {
        if ((error as { code?: string }).code !== 'job-exists') throw error;
        await ledger.sync();
      }
    }
    await this.#take(job);
    return job;
  }

  /** Ends a job on both sides. */
  async cancel(row: JobRow): Promise<void> {
    const { network, store } = this.#services;
    await store.jobs.requestCancel(row.id);
    const exchanged = row.stage !== 'queued' && !row.stage.startsWith('prepare');
    await network.ledger.append('job.failed', { job: row.id, code: 'cancelled', exchanged });
    if (row.status === 'interrupted') await this.#resume(row.id);
  }

  /** Goes on with a job that was paused. */
  async resume(row: JobRow): Promise<void> {
    if (row.status !== 'interrupted')
      throw new NodeError('conflict', `job ${row.id} is ${row.status}`, { remedy: 'only a paused job can be resumed' });
    await this.#resume(row.id);
  }

  async #resume(id: string): Promise<void> {
    const row = await this.#services.store.jobs.find(id);
    if (row) await this.#queue?.start(attemptName(row));
  }

  #follow({ entry }: LedgerRecord): void {
    if (entry.type === 'job.started') void this.#take(entry.body.job);
  }

  /** Takes up a job of the ledger, if this organisation is a party; the terms may still be on their way. Until it is taken up, it is tried again. */
  async #take(job: string): Promise<void> {
    const { network, store, home, clock, log } = this.#services;
    const state = network.ledger.state.job(job);
    const agreement = state && network.ledger.state.agreement(state.agreement);
    const { organisation } = home.config;
    if (!state || !agreement?.parties.includes(organisation)) return;
    // It took this side's signature: a run of which this node, restored from a backup, knows nothing any more.
    if (state.status === 'finished') return;
    try {
      if (!(await store.agreements.find(agreement.agreement))) {
        this.#takeLater(job);
        return;
      }
      const { job: row } = await store.jobs.create({
        id: job,
        agreement: agreement.agreement,
        operation: agreement.operation,
        partners: [
          ...agreement.parties.filter((party) => party !== organisation),
          ...(agreement.guest ? [agreement.guest.name] : []),
        ],
        startedBy: state.startedBy,
        atMs: clock.wallMs(),
      });
      if (row.status === 'queued') await this.#queue?.start(attemptName(row));
    } catch (error) {
      // To the ledger the run before has ended, and the partner has begun another: here it may still be putting its things away.
      if ((error as { code?: string }).code !== 'conflict') log.error('a job could not be taken up', { job, error });
      this.#takeLater(job);
    }
  }

  #takeLater(job: string): void {
    this.#services.clock.after(takeAgainMs, () => {
      if (!this.#stopping.signal.aborted) void this.#take(job);
    });
  }

  async #track(attempt: string): Promise<void> {
    const job = attempt.slice(0, attempt.lastIndexOf('.'));
    const run = this.#run(job).finally(() => this.#running.delete(attempt));
    this.#running.set(attempt, run);
    // A stopped attempt stays on record as under way, and is taken up again: to the queue it never ends. The process does.
    if ((await run) === 'stopped') await new Promise(() => {});
  }

  /** One attempt at a job. What becomes of it is on record when this returns. */
  async #run(job: string): Promise<'ended' | 'stopped'> {
    const { store, clock, log, home, kernel } = this.#services;
    const row = await store.jobs.take(job, { name: home.config.organisation, atMs: clock.wallMs() });
    if (!row) return 'ended';
    const held = { id: job, fence: row.fence };
    const terms = termsOf((await store.agreements.find(row.agreement))!);
    const kind = this.#kindOf(terms);
    const work = await openWorkFolder(join(home.folder, 'jobs', job));
    const meter = new JobProgressMeter(kind.stages(terms), clock);
    const report = async () => {
      await store.jobs.report({ ...held, atMs: clock.wallMs() }, { ...meter.snapshot(), kernel: kernel.name });
    };
    const counted = (links: Links) => countedLinks(links, (bytes) => meter.count(bytes));
    const heartbeat = setInterval(() => void report().catch(() => {}), 500);
    try {
      const end = await kind.run(
        { job, agreement: row.agreement, terms },
        {
          life: this.#life(),
          links: counted(this.#services.links),
          counted,
          work,
          signal: this.#stopping.signal,
          note: (progress) => meter.note(progress),
        },
      );
      meter.finish();
      await report();
      await store.jobs.end(held, { ...end, status: 'finished', atMs: clock.wallMs() });
      await work.erase();
      log.info('a job finished', { job, count: row.partners.length });
    } catch (error) {
      if (error instanceof JobStopped) return 'stopped';
      if (!(error instanceof JobPaused)) meter.fail();
      await report().catch(() => {});
      await this.#ended(error, held, work);
    } finally {
      clearInterval(heartbeat);
    }
    return 'ended';
  }

  async #ended(error: unknown, held: { id: string; fence: number }, work: WorkFolder): Promise<void> {
    const { store, clock, log } = this.#services;
    const failure = error instanceof JobFailure || error instanceof JobPaused ? error : JobFailure.of(error, 'partner');
    const problem = { ...problemFrom(failure), job: held.id };
    if (failure instanceof JobPaused) {
      await store.jobs.interrupt(held, problem);
      log.warn('a job is paused', { job: held.id, code: failure.code, error: failure.cause });
      return;
    }
    const cancelled = failure.code === 'cancelled';
    await store.jobs.end(held, { status: cancelled ? 'cancelled' : 'failed', atMs: clock.wallMs(), error: problem });
    await work.erase();
    log.warn('a job ended without a result', {
      job: held.id,
      code: failure.code,
      error: failure.code === 'internal' ? failure.cause : undefined,
    });
  }

  #life(): JobLifePorts {
    const { home, network, clock } = this.#services;
    return {
      organisation: home.config.organisation,
      keyPair: home.keys.identity,
      ledger: network.ledger,
      calls: this.#calls,
      clock,
      silenceMs,
    };
  }

  /** The kinds' table and the terms' union agree by construction, which the compiler cannot see through an index. */
  #kindOf({ operation }: AgreementTerms): JobKind<AgreementTerms> {
    return this.#kinds[operation] as JobKind<AgreementTerms>;
  }
}

/** A queued job is attempt 0, however often it is started; a paused one has been taken before, and counts on. */
function attemptName({ id, attempt }: { id: string; attempt: number }): string {
  return `${id}.${attempt}`;
}
