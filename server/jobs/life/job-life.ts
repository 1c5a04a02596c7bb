/**
 * One run of an agreement at one of its parties, whatever it computes. All parties run it under one id. The end is the ledger's alone: the
 * first admissible entry, finished with the signatures of all or failed, holds for all, and a result is given out only after it says
 * finished. Every stage can be done again, so a job goes on after a crash at any point.
 */
import type { Ed25519KeyPair } from '@causeway/core/crypto';
import { type Bodies, LedgerError, signOutcome } from '@causeway/core/ledger';
import type { NetworkLedger } from '../../ledger/index.ts';
import { type LinkClock, LinkError } from '../../link/index.ts';
import type { WorkFolder } from '../work/index.ts';
import type { JobCalls } from './job-calls.ts';
import { JobFailure, JobPaused, JobStopped } from './job-failure.ts';

/** What the life of a job needs of the node. */
export interface JobLifePorts {
  readonly organisation: string;
  readonly keyPair: Ed25519KeyPair;
  readonly ledger: NetworkLedger;
  readonly calls: JobCalls;
  readonly clock: LinkClock;
  /** How long a partner may be away or silent before the job fails. */
  readonly silenceMs: number;
}

/** What a job does in its life. */
export interface JobPlot<Result> {
  /**
   * Comes to what all parties will sign. Before it returns, everything that it takes to come to the same again without any partner is in the
   * work folder: once the parties have signed, nobody is left to ask. @throws whatever ends the job.
   */
  compute(): Promise<Result>;
  /** SHA-256 of the outcome, in hexadecimal: what the parties sign, and the ledger carries. */
  outcome(result: Result): string;
  /** Gives out the result, once and durably: called again after a crash it finds it done. @returns the digest for the ledger. */
  release(result: Result): Promise<string>;
  /** Told when the job comes to its end. */
  onStage(stage: 'settle' | 'release'): void;
}

const retryMs = 300;
/** In the work folder, once anything that tells about rows may have been sent. */
const exchangingFile = 'exchanging';

export class JobLife {
  readonly #job: string;
  readonly #peers: readonly string[];
  readonly #ports: JobLifePorts;
  readonly #work: WorkFolder;
  readonly #signal: AbortSignal;
  /** Aborts when the ledger says that the job has failed. */
  readonly #failed = new AbortController();
  /** Aborts when this side has come to the end: what was served to partners is then not served again. */
  readonly #over = new AbortController();
  /** What goes on beside the stages, and holds files until it has ended. */
  readonly #beside: Promise<void>[] = [];
  /** Rejects when this node stops and no stage is at work any more. */
  readonly #stopped = Promise.withResolvers<never>();
  #isInStage = false;
  #heardMs: number;

  /** @param of.peers the other parties. @param signal aborts when this node stops. */
  constructor(
    of: { readonly job: string; readonly peers: readonly string[] },
    ports: JobLifePorts,
    work: WorkFolder,
    signal: AbortSignal,
  ) {
    this.#job = of.job;
    this.#peers = of.peers;
    this.#ports = ports;
    this.#work = work;
    this.#signal = signal;
    this.#heardMs = ports.clock.nowMs();
    this.#stopped.promise.catch(() => {});
  }

  /**
   * Runs the job to its end and gives out the result.
   * @throws {JobFailure} the job has failed, here or at a partner; nothing was given out.
   * @throws {JobPaused} this machine cannot go on for now; run it again when the cause is gone.
   * @throws {JobStopped} this node stops; run it again later.
   */
  async run<Result>(plot: JobPlot<Result>): Promise<Result> {
    const { ledger, calls } = this.#ports;
    calls.begin(this.#job);
    const watch = ledger.onRecord(() => this.#noticeFailure());
    const stop = () => {
      if (!this.#isInStage) this.#stopped.reject(this.#signal.reason);
    };
    this.#signal.addEventListener('abort', stop, { once: true });
    try {
      this.#noticeFailure();
      return await Promise.race([this.#toTheEnd(plot), this.#stopped.promise]);
    } catch (error) {
      if (this.#signal.aborted) throw new JobStopped(this.#job);
      throw error;
    } finally {
      watch();
      this.#signal.removeEventListener('abort', stop);
      this.#over.abort();
      await Promise.all(this.#beside);
      calls.forget(this.#job);
    }
  }

  /** Aborts when this node stops, or the job has failed. */
  get stop(): AbortSignal {
    return AbortSignal.any([this.#signal, this.#failed.signal]);
  }

  /** Aborts when {@link stop} does, and when this side has come to the end. */
  get end(): AbortSignal {
    return AbortSignal.any([this.#signal, this.#failed.signal, this.#over.signal]);
  }

  /** Work that this node, when it stops, waits for: it lets go of its files first. Nothing follows on it then. */
  async stage<T>(work: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    this.#isInStage = true;
    try {
      const done = await work();
      this.#signal.throwIfAborted();
      return done;
    } finally {
      this.#isInStage = false;
      if (this.#signal.aborted) this.#stopped.reject(this.#signal.reason);
    }
  }

  /** Whether the ledger says that the job has finished: then this side has signed its outcome, in an earlier attempt perhaps. */
  get isFinished(): boolean {
    return this.#ports.ledger.state.job(this.#job)?.status === 'finished';
  }

  /** Before anything that tells about rows is sent: should the job fail from here on, its use of the agreement is spent. */
  async exchanging(): Promise<void> {
    await this.#work.writeSmall(exchangingFile, new Uint8Array(1));
    this.heard();
  }

  /** A partner was heard of. */
  heard(): void {
    this.#heardMs = this.#ports.clock.nowMs();
  }

  /**
   * Asks a partner that was not heard of for long whether it is still at work: a long list takes its time.
   * @throws {JobFailure} `partner-silent` when it is not, or does not answer.
   */
  async checkSilence(partner: string, cause?: LinkError): Promise<void> {
    const { clock, silenceMs, calls } = this.#ports;
    if (clock.nowMs() - this.#heardMs <= silenceMs) return;
    if (await calls.isRunning(partner, this.#job)) return this.heard();
    throw new JobFailure(
      'partner-silent',
      `${partner} was not heard of for ${Math.round(silenceMs / 1000)} s: ${cause?.message ?? 'it did not come to the end of the run'}`,
      { cause, partner },
    );
  }

  /**
   * Does something with a partner until it has ended, through cuts and restarts of either side.
   * @param until ends it, where it is one of several things that end together.
   * @throws {JobFailure} `work-lost` when the parties have finished the job: none of them is there to do it with.
   */
  async persist<T>(partner: string, attempt: () => Promise<T>, until: AbortSignal = this.stop): Promise<T> {
    for (;;) {
      if (this.isFinished) throw workLost();
      try {
        return await attempt();
      } catch (error) {
        until.throwIfAborted();
        if (!(error instanceof LinkError)) throw error;
        await this.checkSilence(partner, error);
      }
      await this.pause(until);
    }
  }

  /**
   * Answers a partner that lost the end of something, again and again until this side's job is over. What goes wrong in it is the partner's
   * to notice: this side has what it needs.
   */
  serve(attempt: () => Promise<unknown>): void {
    const serving = async () => {
      const signal = this.end;
      while (!signal.aborted) {
        await attempt().catch(() => {});
        if (!signal.aborted) await this.pause(signal).catch(() => {});
      }
    };
    this.beside(serving());
  }

  /** Work that ends when {@link stop} aborts: this node, when it stops, waits for it as well. */
  beside(work: Promise<unknown>): void {
    this.#beside.push(
      work.then(
        () => {},
        () => {},
      ),
    );
  }

  /** Says something on the ledger, until it is said or no longer true. */
  async say<Type extends keyof Bodies>(type: Type, body: Bodies[Type], settled: readonly string[]): Promise<void> {
    for (;;) {
      try {
        await this.#ports.ledger.append(type, body);
        return;
      } catch (error) {
        if (error instanceof LedgerError && (error.code === 'duplicate-entry' || settled.includes(error.code))) {
          await this.#ports.ledger.sync().catch(() => {});
          return;
        }
        if (error instanceof LedgerError) {
          // What it refuses may be because of a record that has not come here yet: the end of the job, for one.
          await this.#ports.ledger.sync().catch(() => {});
          throw error;
        }
        // The operator's node or this one's database: it comes back, and the job waits for it.
        await this.pause(this.#signal);
      }
    }
  }

  pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        cancel();
        reject(signal.reason as Error);
      };
      const cancel = this.#ports.clock.after(retryMs, () => {
        signal.removeEventListener('abort', aborted);
        resolve();
      });
      if (signal.aborted) aborted();
      else signal.addEventListener('abort', aborted, { once: true });
    });
  }

  async #toTheEnd<Result>(plot: JobPlot<Result>): Promise<Result> {
    const result = await this.#untilSettled(plot);
    plot.onStage('release');
    const digest = await this.#released(plot, result);
    await this.say('result.released', { job: this.#job, digest }, ['job-not-running', 'already-reported']);
    return result;
  }

  async #untilSettled<Result>(plot: JobPlot<Result>): Promise<Result> {
    let computed: { readonly result: Result } | undefined;
    try {
      computed = { result: await plot.compute() };
      plot.onStage('settle');
      await this.#settle(plot.outcome(computed.result));
      return computed.result;
    } catch (error) {
      if (this.#signal.aborted) throw error;
      const pause = this.#failed.signal.aborted ? undefined : JobPaused.of(error);
      if (pause) throw pause;
      const failure = this.#failed.signal.aborted ? this.#partnersFailure() : JobFailure.of(error, this.#onlyPeer);
      await this.#sayFailed(failure);
      // With this side's signature the partners may have finished the job in the meantime: then it is finished, and no failure here can
      // take that back.
      if (!this.isFinished || failure.code === 'work-lost') throw failure;
      if (computed) return computed.result;
      throw new JobPaused(failure.code, failure.message, { cause: error });
    }
  }

  /** Gives out the result of a job that has finished. It cannot fail any more: what goes wrong here is tried again later. */
  async #released<Result>(plot: JobPlot<Result>, result: Result): Promise<string> {
    try {
      return await this.stage(() => plot.release(result));
    } catch (error) {
      const { code, message } = JobFailure.of(error, this.#onlyPeer);
      throw new JobPaused(code, message, { cause: error });
    }
  }

  /** Collects the signatures of all and puts them on the ledger, unless a partner has. Returns when the ledger says finished. */
  async #settle(outcome: string): Promise<void> {
    const { ledger, organisation, keyPair, calls } = this.#ports;
    const job = this.#job;
    const own = { job, outcome, signature: signOutcome({ job, outcome }, keyPair) };
    calls.offer(own);
    this.heard();
    const signatures = [{ organisation, signature: own.signature }];
    for (;;) {
      this.stop.throwIfAborted();
      const state = ledger.state.job(job);
      if (state?.status === 'finished') {
        if (state.outcome === outcome) return;
        throw new JobFailure('transcript', 'the ledger holds another outcome than this node computed');
      }
      for (const peer of this.#peers) {
        if (signatures.some((signed) => signed.organisation === peer)) continue;
        const signature = await this.#signatureOf(peer, own);
        if (signature === undefined) continue;
        signatures.push({ organisation: peer, signature });
        this.heard();
      }
      const missing = this.#peers.find((peer) => !signatures.some((signed) => signed.organisation === peer));
      if (missing === undefined) {
        await this.say('job.finished', { job, outcome, signatures }, ['job-not-running']);
        continue;
      }
      await this.checkSilence(missing);
      await this.pause(this.stop);
    }
  }

  async #signatureOf(
    peer: string,
    own: { readonly job: string; readonly outcome: string; readonly signature: string },
  ): Promise<string | undefined> {
    try {
      return await this.#ports.calls.askSignature(peer, own);
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      if (error.peer?.code === 'transcript') throw new JobFailure('transcript', error.peer.detail, { partner: peer });
      return undefined;
    }
  }

  async #sayFailed(failure: JobFailure): Promise<void> {
    if (this.isFinished) return;
    const job = this.#job;
    const exchanged = (await this.#work.readSmall(exchangingFile).catch(() => new Uint8Array(1))) !== undefined;
    if (!this.#failed.signal.aborted) {
      const told = { job, code: failure.code, detail: failure.told };
      await Promise.all(this.#peers.map((peer) => this.#ports.calls.explain(peer, told).catch(() => {})));
    }
    const settled = ['job-not-running', 'already-reported'];
    await this.say('job.failed', { job, code: failure.code, exchanged }, settled);
  }

  #noticeFailure(): void {
    if (this.#ports.ledger.state.job(this.#job)?.status === 'failed') this.#failed.abort();
  }

  /** The failure that the ledger names, with the partner's own words where they came. */
  #partnersFailure(): JobFailure {
    const { ledger, calls, organisation } = this.#ports;
    const first = ledger.state.job(this.#job)?.failures[0];
    const code = first?.code ?? 'failed';
    if (first === undefined || first.organisation === organisation)
      return new JobFailure(code, `this side ended the job: ${code}`);
    const partner = first.organisation;
    const cause = calls.causeOf(partner, this.#job);
    return new JobFailure(code, cause?.detail ?? `${partner} ended the job: ${code}`, { partner });
  }

  /** Whose failure it is, where there is no choice. */
  get #onlyPeer(): string | undefined {
    return this.#peers.length === 1 ? this.#peers[0] : undefined;
  }
}

/** The end of a job at a node that cannot come to its result any more, while the other parties have. */
export function workLost(): JobFailure {
  return new JobFailure(
    'work-lost',
    'the parties have finished this job, and the working data that this node had of it is gone: its result cannot be had any more; run the agreement again',
  );
}
