/** Long work of this node alone, in the background: it has progress, can be cancelled, and its end is on record. */
import { randomBytes } from 'node:crypto';
import type { ResponseOf } from '@causeway/core/api';
import type { Progress } from '../engine/index.ts';
import { problemFrom } from '../http/index.ts';
import type { LinkClock } from '../link/index.ts';
import type { Log } from '../observe/index.ts';
import type { OperationRow, Store } from '../store/index.ts';
import { timeText } from './services.ts';

type OperationView = ResponseOf<'operation.show'>;

export interface OperationStart {
  readonly kind: OperationView['kind'];
  readonly target: string;
  readonly user: string;
}

/** How far an operation is, and how it is stopped. */
export interface OperationOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: OperationProgress) => void;
}

/** As the engine reports it; an operation may have stages of its own. */
export type OperationProgress = Omit<Progress, 'stage'> & { readonly stage: string };

const reportMs = 300;

export class LocalOperations {
  readonly #parts: { readonly store: Store; readonly clock: LinkClock; readonly log: Log };
  readonly #running = new Map<string, { readonly cancel: AbortController; readonly end: Promise<void> }>();

  constructor(parts: { readonly store: Store; readonly clock: LinkClock; readonly log: Log }) {
    this.#parts = parts;
  }

  /** At a start: what the last process had begun has ended with it. */
  async open(): Promise<void> {
    const detail = 'the node stopped in the middle of this; nothing came of it';
    await this.#parts.store.operations.failUnfinished(this.#parts.clock.wallMs(), {
      type: 'urn:causeway:problem:interrupted',
      title: 'Interrupted',
      status: 503,
      code: 'interrupted',
      detail,
      remedy: 'start it again',
    });
  }

  /** Begins in the background. @returns the operation's id. */
  async start(
    { kind, target, user }: OperationStart,
    work: (options: OperationOptions) => Promise<NonNullable<OperationView['result']>>,
  ): Promise<{ operation: string }> {
    const { store, clock } = this.#parts;
    const id = `op-${randomBytes(8).toString('hex')}`;
    await store.operations.start({ id, kind, target, startedBy: user, atMs: clock.wallMs() });
    const cancel = new AbortController();
    const end = this.#run(id, cancel.signal, work).finally(() => this.#running.delete(id));
    this.#running.set(id, { cancel, end });
    return { operation: id };
  }

  async cancel(id: string): Promise<OperationRow | undefined> {
    const row = await this.#parts.store.operations.requestCancel(id);
    this.#running.get(id)?.cancel.abort();
    return row;
  }

  async close(): Promise<void> {
    for (const { cancel } of this.#running.values()) cancel.abort();
    await Promise.allSettled([...this.#running.values()].map(({ end }) => end));
  }

  async #run(
    id: string,
    signal: AbortSignal,
    work: (options: OperationOptions) => Promise<NonNullable<OperationView['result']>>,
  ): Promise<void> {
    const { store, clock, log } = this.#parts;
    const meter = new OperationMeter(clock);
    const reports = setInterval(() => void store.operations.report(id, meter.snapshot()).catch(() => {}), reportMs);
    try {
      const result = await work({ signal, onProgress: (progress) => meter.note(progress) });
      await store.operations.end(id, { status: 'finished', atMs: clock.wallMs(), result });
    } catch (error) {
      const status = signal.aborted ? 'cancelled' : 'failed';
      const problem = problemFrom(error);
      if (problem.code === 'internal')
        log.error('an operation failed in a way that nobody foresaw', { operation: id, error });
      await store.operations.end(id, { status, atMs: clock.wallMs(), error: problem }).catch((cause) => {
        log.error('the end of an operation could not be kept', { operation: id, error: cause });
      });
    } finally {
      clearInterval(reports);
    }
  }
}

class OperationMeter {
  readonly #clock: LinkClock;
  #progress: OperationProgress | undefined;
  #since: { readonly stage: string; readonly done: number; readonly atMs: number } | undefined;

  constructor(clock: LinkClock) {
    this.#clock = clock;
  }

  note(progress: OperationProgress): void {
    if (this.#since?.stage !== progress.stage)
      this.#since = { stage: progress.stage, done: progress.done, atMs: this.#clock.nowMs() };
    this.#progress = progress;
  }

  snapshot(): { stage?: string; progress?: number; ratePerSecond?: number | null; etaSeconds?: number | null } {
    const [progress, since] = [this.#progress, this.#since];
    if (!progress || !since) return {};
    const seconds = (this.#clock.nowMs() - since.atMs) / 1000;
    const perSecond = seconds > 0.3 ? (progress.done - since.done) / seconds : 0;
    return {
      stage: progress.stage,
      progress: progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0,
      ratePerSecond: progress.rows > 0 && seconds > 0.3 ? progress.rows / seconds : null,
      etaSeconds: perSecond > 0 && progress.total > 0 ? (progress.total - progress.done) / perSecond : null,
    };
  }
}

export function operationView(row: OperationRow): OperationView {
  return {
    id: row.id,
    kind: row.kind as OperationView['kind'],
    target: row.target,
    status: row.status,
    stage: row.stage,
    progress: row.progress,
    ...(row.ratePerSecond === null ? {} : { ratePerSecond: row.ratePerSecond }),
    ...(row.etaSeconds === null ? {} : { etaSeconds: row.etaSeconds }),
    startedBy: row.startedBy,
    startedAt: timeText(row.startedAtMs),
    ...(row.finishedAtMs === null ? {} : { finishedAt: timeText(row.finishedAtMs) }),
    ...(row.result == null ? {} : { result: row.result as NonNullable<OperationView['result']> }),
    ...(row.error == null ? {} : { error: row.error as NonNullable<OperationView['error']> }),
  };
}
