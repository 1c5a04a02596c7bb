/** The jobs of a node: started by a record on the ledger, run by the durable queue, ended by a record on the ledger. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MatchTerms, otherSide, removesMatched, showCounts, sideOf } from '@causeway/core/applications/match';
import type { LedgerRecord } from '@causeway/core/ledger';
import { requireAllowed } from '@causeway/core/policy';
import { NodeError } from '../home/index.ts';
import { problemFrom } from '../http/index.ts';
import { JobQueue, type Step } from '../jobs/job-queue.ts';
import { JobCalls, JobFailure, JobPaused, JobStopped } from '../jobs/life/index.ts';
import {
  type JobReport,
  type KeyRequest,
  MatchJob,
  type MatchResult,
  type MatchRun,
  type OwnList,
} from '../jobs/match/match-job.ts';
import { BitSet, bytesOf, openWorkFolder } from '../jobs/work/index.ts';
import type { JobRow } from '../store/index.ts';
import { guardDifference } from './difference-guard.ts';
import { JobProgressMeter, stageNames } from './job-progress.ts';
import { keySourceOf } from './key-source.ts';
import type { MatchAgreements } from './match-agreements.ts';
import type { OprfTables } from './oprf-tables.ts';
import type { Services } from './services.ts';

/** How long a partner may be away in the middle of a job. */
const silenceMs = 10 * 60_000;

export class MatchJobs {
  readonly #services: Services;
  readonly #calls: JobCalls;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<'ended' | 'stopped'>>();
  #queue: JobQueue | undefined;

  readonly #agreements: MatchAgreements;
  readonly #tables: OprfTables;

  constructor(services: Services, agreements: MatchAgreements, tables: OprfTables) {
    this.#services = services;
    this.#agreements = agreements;
    this.#tables = tables;
    this.#calls = new JobCalls(services.links);
  }

  /** Goes on with what was under way, and follows the ledger from here on. */
  async open(): Promise<void> {
    const { database, log, network, store } = this.#services;
    this.#queue = await JobQueue.open({
      databaseUrl: database.url,
      log,
      run: (attempt, step) => this.#track(attempt, step),
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
      if (row) requireAllowed(await this.#agreements.evaluate(row.terms as MatchTerms));
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

  /** Takes up a job of the ledger, if this organisation is a party; the terms may still be on their way. */
  async #take(job: string): Promise<void> {
    const { network, store, home, clock, log } = this.#services;
    const state = network.ledger.state.job(job);
    const agreement = state && network.ledger.state.agreement(state.agreement);
    const { organisation } = home.config;
    if (!state || !agreement?.parties.includes(organisation)) return;
    // It took this side's signature: a run of which this node, restored from a backup, knows nothing any more.
    if (state.status === 'finished') return;
    if (!(await store.agreements.find(agreement.agreement))) {
      clock.after(1_000, () => void this.#take(job));
      return;
    }
    try {
      const { job: row } = await store.jobs.create({
        id: job,
        agreement: agreement.agreement,
        operation: agreement.operation,
        partners: agreement.parties.filter((party) => party !== organisation),
        startedBy: state.startedBy,
        atMs: clock.wallMs(),
      });
      if (row.status === 'queued') await this.#queue?.start(attemptName(row));
    } catch (error) {
      log.error('a job could not be taken up', { job, error });
    }
  }

  async #track(attempt: string, step: Step): Promise<void> {
    const job = attempt.slice(0, attempt.lastIndexOf('.'));
    const run = this.#run(job, step).finally(() => this.#running.delete(attempt));
    this.#running.set(attempt, run);
    // A stopped attempt stays on record as under way, and is taken up again: to the queue it never ends. The process does.
    if ((await run) === 'stopped') await new Promise(() => {});
  }

  /** One attempt at a job. What becomes of it is on record when this returns. */
  async #run(job: string, step: Step): Promise<'ended' | 'stopped'> {
    const { store, clock, log, home } = this.#services;
    const row = await store.jobs.take(job, { name: home.config.organisation, atMs: clock.wallMs() });
    if (!row) return 'ended';
    const held = { id: job, fence: row.fence };
    const agreement = (await store.agreements.find(row.agreement))!;
    const run: MatchRun = { job, agreement: row.agreement, terms: agreement.terms as MatchTerms };
    const work = await openWorkFolder(join(home.folder, 'jobs', job));
    const meter = new JobProgressMeter(stageNames(run.terms), clock);
    const report = async () => {
      await store.jobs.report(
        { ...held, atMs: clock.wallMs() },
        { ...meter.snapshot(), kernel: this.#services.kernel.name },
      );
    };
    const heartbeat = setInterval(() => void report().catch(() => {}), 500);
    try {
      const result = await new MatchJob(
        run,
        this.#ports(step, (progress) => meter.note(progress)),
        work,
        this.#stopping.signal,
      ).run();
      const audience = await store.audiences.find(audienceId(job));
      const side = sideOf(run.terms, home.config.organisation);
      const counts = showCounts(result.rowCount, result.counts, run.terms.limits.minimumGroupRows);
      meter.finish();
      await report();
      await store.jobs.end(held, {
        status: 'finished',
        atMs: clock.wallMs(),
        counts,
        outcome: createHash('sha256').update(JSON.stringify(result.outcome)).digest('hex'),
        ...(audience ? { audience: audience.id } : {}),
      });
      await work.erase();
      log.info('a job finished', { job, peer: run.terms[otherSide(side)].organisation });
    } catch (error) {
      if (error instanceof JobStopped) return 'stopped';
      await this.#ended(error, held, run, work);
    } finally {
      clearInterval(heartbeat);
    }
    return 'ended';
  }

  async #ended(
    error: unknown,
    held: { id: string; fence: number },
    run: MatchRun,
    work: Awaited<ReturnType<typeof openWorkFolder>>,
  ): Promise<void> {
    const { store, clock, log } = this.#services;
    const failure = error instanceof JobFailure || error instanceof JobPaused ? error : JobFailure.of(error, 'partner');
    const problem = { ...problemFrom(failure), job: run.job };
    if (failure instanceof JobPaused) {
      await store.jobs.interrupt(held, problem);
      log.warn('a job is paused', { job: run.job, code: failure.code });
      return;
    }
    const cancelled = failure.code === 'cancelled';
    await store.jobs.end(held, { status: cancelled ? 'cancelled' : 'failed', atMs: clock.wallMs(), error: problem });
    await work.erase();
    log.warn('a job ended without a result', {
      job: run.job,
      code: failure.code,
      error: failure.code === 'internal' ? failure.cause : undefined,
    });
  }

  #ports(step: Step, report: (progress: JobReport) => void): ConstructorParameters<typeof MatchJob>[1] {
    const { home, network, links, kernel, vole, random, clock } = this.#services;
    return {
      organisation: home.config.organisation,
      keyPair: home.keys.identity,
      ledger: network.ledger,
      links,
      calls: this.#calls,
      kernel,
      vole,
      sorter: kernel,
      random,
      clock,
      silenceMs,
      oprf: (of) => this.#tables.portsOf(of),
      step,
      report,
      rowCount: async (run) => (await this.#dataset(run)).rows,
      keys: (request) => this.#keys(request),
      admit: (list) => this.#admit(list),
      release: (result) => this.#release(result),
    };
  }

  async #dataset(run: MatchRun) {
    const { store, home } = this.#services;
    const own = run.terms[sideOf(run.terms, home.config.organisation)];
    const row = await store.datasets.find(own.dataset);
    if (row && row.status === 'published') return row;
    throw new JobFailure(
      'dataset-missing',
      `the dataset ${own.dataset} of ${own.organisation} is not there any more, or not published`,
    );
  }

  async #keys({ work, round, files, exclude, ...run }: KeyRequest): Promise<number> {
    const { home, engine } = this.#services;
    const row = await this.#dataset(run);
    const { form, [sideOf(run.terms, home.config.organisation)]: own } = run.terms.rounds[round]!;
    const { network } = run.terms;
    let excludeFile: string | undefined;
    if (exclude) {
      excludeFile = work.path(`round-${round}.exclude`);
      await writeRows(excludeFile, exclude);
    }
    const extracted = await engine.extractKeys(
      {
        ...keySourceOf(home.folder, row, { column: own.column, form, network }),
        ...(excludeFile ? { exclude: excludeFile } : {}),
        to: { keys: work.path(files.keys), rows: work.path(files.rows) },
      },
      { signal: this.#stopping.signal },
    );
    return extracted.keyCount;
  }

  /** The rules as they are now, on the partner's side of a start as well, and those that look at the list itself. */
  async #admit(list: OwnList): Promise<void> {
    const { home } = this.#services;
    const side = sideOf(list.terms, home.config.organisation);
    const other = list.terms[otherSide(side)];
    if (list.round === 0) requireAllowed(await this.#agreements.evaluate(list.terms, list.job));
    // Where matched rows leave the later rounds, what is left differs with every match: the first list stands for them all.
    if (list.round > 0 && removesMatched(list.terms)) return;
    await guardDifference(join(home.folder, 'guard'), {
      organisation: home.config.organisation,
      partner: other.organisation,
      dataset: other.dataset,
      form: list.terms.rounds[list.round]!.form,
      job: list.job,
      digest: list.digest,
      secret: home.keys.localSecret,
      work: list.work,
      set: list.set,
      sorter: this.#services.kernel,
      keyCount: list.keyCount,
      minimumGroupRows: list.terms.limits.minimumGroupRows,
    });
  }

  /** Makes the audience of a side that learns rows; for every side, the digest that the ledger keeps. */
  async #release(result: MatchResult): Promise<string> {
    const { home, store, clock } = this.#services;
    const { localSecret } = home.keys;
    const digest = createHmac('sha256', localSecret).update(result.job);
    await this.#keepEvidence(result);
    if (!result.matched) {
      // A small result could be guessed from a plain digest: it is taken under a secret of this node.
      return digest.update(JSON.stringify(result.counts)).digest('hex');
    }
    const rows = new BitSet(result.rowCount);
    for (const matched of result.matched) rows.addAll(matched);
    await mkdir(join(home.folder, 'audiences'), { recursive: true, mode: 0o700 });
    // Kept relative to the home, which may be restored to another place.
    const filePath = `audiences/${result.job}.rows`;
    await writeRows(join(home.folder, filePath), rows);
    const value = digest.update(await readFile(join(home.folder, filePath))).digest('hex');
    const dataset = await this.#dataset(result);
    const partner = result.terms[otherSide(sideOf(result.terms, home.config.organisation))].organisation;
    await store.audiences.create({
      id: audienceId(result.job),
      job: result.job,
      dataset: dataset.id,
      name: `${dataset.name} × ${partner} ${result.job.slice(-8)}`,
      rows: rows.count(),
      filePath,
      digest: value,
      atMs: clock.wallMs(),
    });
    return value;
  }

  /** What evidence needs beside the ledger: the outcome in full. */
  async #keepEvidence(result: MatchResult): Promise<void> {
    const { home } = this.#services;
    const folder = join(home.folder, 'evidence');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeWhole(
      join(folder, `${result.job}.json`),
      JSON.stringify({ terms: result.terms, outcome: result.outcome }),
    );
  }
}

function audienceId(job: string): string {
  return `aud-${job.replace(/^job-/, '')}`.slice(0, 64);
}

/** A queued job is attempt 0, however often it is started; a paused one has been taken before, and counts on. */
function attemptName({ id, attempt }: { id: string; attempt: number }): string {
  return `${id}.${attempt}`;
}

async function writeRows(path: string, rows: BitSet): Promise<void> {
  const pieces: Uint8Array[] = [];
  for (const piece of rows.pieces()) pieces.push(bytesOf(piece));
  await writeWhole(path, Buffer.concat(pieces));
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.partial`, content, { mode: 0o600, flush: true });
  await rename(`${path}.partial`, path);
}
