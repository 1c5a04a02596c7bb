/**
 * One run of a match at one party, from its start on the ledger to its end on the ledger. Both parties run this with the same job id. The
 * end is the ledger's alone: the first admissible entry, finished with both signatures or failed, holds for both, and rows are given out
 * only after it says finished. Every stage leaves its result in the work folder, so a job goes on after a crash at any point.
 */
import {
  type MatchOutcome,
  type MatchTerms,
  otherSide,
  outcomeDigest,
  type RoundCounts,
  removesMatched,
  sideOf,
} from '@causeway/core/applications/match';
import { bytesToBase64, bytesToHex, hexToBytes, type RowSorter } from '@causeway/core/bytes';
import type { Ed25519KeyPair } from '@causeway/core/crypto';
import { isKernelAtLeast, type Kernel } from '@causeway/core/group';
import { type Bodies, LedgerError, signOutcome } from '@causeway/core/ledger';
import type { Side } from '@causeway/core/protocols';
import type { VoleKernel } from '@causeway/core/protocols/psi-vole';
import type { RandomSource } from '@causeway/core/random';
import type { NetworkLedger } from '../../ledger/index.ts';
import { type LinkClock, LinkError, type Links } from '../../link/index.ts';
import { BitSet, type WorkFolder } from '../work/index.ts';
import { JobFailure, JobPaused, JobStopped } from './job-failure.ts';
import type { KeySet } from './key-set.ts';
import type { MatchCalls } from './match-calls.ts';
import { type ExchangeResult, type MatchRound, openRound } from './match-round.ts';
import type { OprfPorts } from './oprf/ports.ts';

export interface MatchRun {
  readonly job: string;
  /** Digest of the terms, in hexadecimal. */
  readonly agreement: string;
  readonly terms: MatchTerms;
}

/** What a job needs of the node that runs it. */
export interface MatchJobPorts {
  readonly organisation: string;
  readonly keyPair: Ed25519KeyPair;
  readonly ledger: NetworkLedger;
  readonly links: Links;
  readonly calls: MatchCalls;
  readonly kernel: Kernel;
  /** What psi/vole runs on; undefined where the native library is not there. */
  readonly vole?: VoleKernel | undefined;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  readonly clock: LinkClock;
  /** Rows of the own dataset. */
  readonly rowCount: (run: MatchRun) => Promise<number>;
  /** Brings a round's match keys into the work folder. @returns how many rows have one. */
  readonly keys: (request: KeyRequest) => Promise<number>;
  /** @throws {PolicyDenied} when the own rules forbid this list; called before anything of it is sent. */
  readonly admit: (list: OwnList) => Promise<void>;
  /** Gives out the result, once and durably: called again after a crash it finds it done. @returns the digest for the ledger. */
  readonly release: (result: MatchResult) => Promise<string>;
  /** Runs a stage; a durable queue remembers here that it is done. */
  readonly step: <T>(name: string, stage: () => Promise<T>) => Promise<T>;
  readonly report: (report: JobReport) => void;
  /** How long the partner may be away or silent before the job fails. */
  readonly silenceMs: number;
  /** Rows in a message; the protocol's own, unless a simulation makes many messages of a short list. */
  readonly batchRows?: number;
  /** Where the tables of a round are kept, and what their keys may answer; for psi/oprf alone. */
  readonly oprf?: (of: MatchRun & { readonly round: number }) => Promise<OprfPorts>;
}

export interface KeyRequest extends MatchRun {
  readonly work: WorkFolder;
  readonly round: number;
  readonly files: { readonly keys: string; readonly rows: string };
  /** Rows that an earlier round matched and that take no part any more. */
  readonly exclude: BitSet | undefined;
}

export interface OwnList extends MatchRun {
  readonly work: WorkFolder;
  readonly round: number;
  readonly keyCount: number;
  /** Name of the file of distinct keys in the work folder, 16 bytes each. */
  readonly set: string;
  /** Of the set, where the protocol takes one: see `KeySet`. */
  readonly digest: string | undefined;
}

export interface MatchResult extends MatchRun {
  readonly outcome: MatchOutcome;
  readonly rowCount: number;
  readonly counts: readonly RoundCounts[];
  /** For each round, the own rows that matched in it first; undefined unless this side learns rows. */
  readonly matched: readonly BitSet[] | undefined;
}

export interface JobReport {
  readonly stage: 'prepare' | 'commit' | 'exchange' | 'join' | 'settle' | 'release';
  /** Position in the waterfall. */
  readonly round: number;
  readonly done: number;
  readonly total: number;
}

interface RoundEnd {
  readonly counts: RoundCounts;
  readonly roots: { readonly own: string; readonly peer: string };
  readonly kernels: { readonly own: string; readonly peer: string };
  readonly transcript: string;
  readonly key: ExchangeResult['key'];
  readonly rows: BitSet | undefined;
}

const retryMs = 300;

export class MatchJob {
  readonly #run: MatchRun;
  readonly #ports: MatchJobPorts;
  readonly #work: WorkFolder;
  readonly #side: Side;
  readonly #peer: string;
  readonly #signal: AbortSignal;
  /** Aborts when the ledger says that the job has failed. */
  readonly #failed = new AbortController();
  /** Aborts when this side has come to the end: exchanges are then no longer served again. */
  readonly #over = new AbortController();
  readonly #serving: Promise<void>[] = [];
  /** Rejects when this node stops and no stage is at work any more. */
  readonly #stopped = Promise.withResolvers<never>();
  #isInStage = false;
  #heardMs: number;

  constructor(run: MatchRun, ports: MatchJobPorts, work: WorkFolder, signal: AbortSignal) {
    this.#run = run;
    this.#ports = ports;
    this.#work = work;
    this.#side = sideOf(run.terms, ports.organisation);
    this.#peer = run.terms[otherSide(this.#side)].organisation;
    this.#signal = signal;
    this.#heardMs = ports.clock.nowMs();
    this.#stopped.promise.catch(() => {});
  }

  /**
   * Runs the job to its end and gives out the result.
   * @throws {JobFailure} the job has failed, here or at the partner; nothing was given out.
   * @throws {JobPaused} this machine cannot go on for now; run it again when the cause is gone.
   * @throws {JobStopped} this node stops; run it again later.
   */
  async run(): Promise<MatchResult> {
    const { ledger, calls } = this.#ports;
    const watch = ledger.onRecord(() => this.#noticeFailure());
    const stop = () => {
      if (!this.#isInStage) this.#stopped.reject(this.#signal.reason);
    };
    this.#signal.addEventListener('abort', stop, { once: true });
    try {
      this.#noticeFailure();
      return await Promise.race([this.#toTheEnd(), this.#stopped.promise]);
    } catch (error) {
      if (this.#signal.aborted) throw new JobStopped(this.#run.job);
      throw error;
    } finally {
      watch();
      this.#signal.removeEventListener('abort', stop);
      this.#over.abort();
      await Promise.all(this.#serving);
      calls.forget(this.#peer, this.#run.job);
    }
  }

  async #toTheEnd(): Promise<MatchResult> {
    const result = await this.#untilSettled();
    this.#report('release', 0, { done: 0, total: 1 });
    const digest = await this.#released(result);
    await this.#say('result.released', { job: this.#run.job, digest });
    return result;
  }

  async #untilSettled(): Promise<MatchResult> {
    let computed: MatchResult | undefined;
    try {
      computed = await this.#compute();
      await this.#settle(computed);
      return computed;
    } catch (error) {
      if (this.#signal.aborted) throw error;
      const pause = this.#failed.signal.aborted ? undefined : JobPaused.of(error);
      if (pause) throw pause;
      const failure = this.#failed.signal.aborted ? this.#partnersFailure() : JobFailure.of(error, this.#peer);
      await this.#sayFailed(failure);
      // With this side's signature the partner may have finished the job in the meantime: then it is finished, and no failure here can
      // take that back.
      if (this.#ports.ledger.state.job(this.#run.job)?.status !== 'finished') throw failure;
      if (computed) return computed;
      throw new JobPaused(failure.code, failure.message, { cause: error });
    }
  }

  /** Gives out the result of a job that has finished. It cannot fail any more: what goes wrong here is tried again later. */
  async #released(result: MatchResult): Promise<string> {
    try {
      return await this.#step('release', () => this.#ports.release(result));
    } catch (error) {
      const { code, message } = JobFailure.of(error, this.#peer);
      throw new JobPaused(code, message, { cause: error });
    }
  }

  /** All rounds, up to the outcome. */
  async #compute(): Promise<MatchResult> {
    const { terms } = this.#run;
    const rowCount = await this.#ports.rowCount(this.#run);
    const seen = new BitSet(rowCount);
    const ends: RoundEnd[] = [];
    for (const index of terms.rounds.keys()) {
      const end = await this.#round(index, rowCount, seen);
      if (end.rows) seen.addAll(end.rows);
      ends.push(end);
    }
    return {
      ...this.#run,
      rowCount,
      outcome: this.#outcome(ends),
      counts: ends.map(({ counts }) => counts),
      matched: terms[this.#side].learns === 'rows' ? ends.map(({ rows }) => rows!) : undefined,
    };
  }

  /** @param seen rows that matched in an earlier round: a row counts for the first kind of identifier that matched it. */
  async #round(index: number, rowCount: number, seen: BitSet): Promise<RoundEnd> {
    const { terms } = this.#run;
    const step = <T>(stage: JobReport['stage'], work: () => Promise<T>) => {
      this.#stop.throwIfAborted();
      this.#report(stage, index, { done: 0, total: 1 });
      return this.#step(`${stage} ${index}`, work);
    };
    const round = this.#newRound(index, rowCount);
    this.#checkKernel(round.kernel, this.#ports.organisation);
    const exclude = removesMatched(terms) && index > 0 ? seen : undefined;
    const set = await step('prepare', () => this.#prepare(round, index, exclude));
    const root = hexToBytes(await step('commit', async () => bytesToHex(await round.commit(set, this.#stop))));
    await step('exchange', async () => {
      if (!(await round.exchanged())) await this.#exchange(round, index, set, root);
    });
    this.#serving.push(this.#serve(round, index, set, root));
    const exchange = (await round.exchanged())!;
    this.#checkKernel(exchange.peer.kernel, this.#peer);
    await step('join', async () => void (await round.join(set, exchange)));
    const { matchedKeys, rows } = await round.join(set, exchange);
    const fresh = rows?.without(seen);
    return {
      rows: fresh,
      counts: {
        form: terms.rounds[index]!.form,
        rows: set.rowCount,
        keys: set.keyCount,
        partnerKeys: exchange.peer.count,
        matchedKeys,
        matchedRows: fresh?.count(),
      },
      roots: { own: bytesToHex(root), peer: bytesToHex(exchange.peer.root) },
      kernels: { own: round.kernel, peer: exchange.peer.kernel },
      transcript: bytesToHex(exchange.transcript),
      key: exchange.key,
    };
  }

  /**
   * A stage, for the queue to remember. One that this node's stop has interrupted never ends for the queue, which would remember the
   * interruption as what became of the stage, and fail the job with it when the node is back.
   */
  #step<T>(name: string, stage: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    return this.#ports.step(name, async () => {
      this.#isInStage = true;
      try {
        this.#signal.throwIfAborted();
        return await stage();
      } catch (error) {
        if (!this.#signal.aborted) throw error;
        this.#stopped.reject(error);
        return new Promise<never>(() => {});
      } finally {
        this.#isInStage = false;
      }
    });
  }

  async #prepare(round: MatchRound, index: number, exclude: BitSet | undefined): Promise<KeySet> {
    const request = { ...this.#run, work: this.#work, round: index };
    const set =
      (await round.prepared()) ??
      (await round.prepare(await this.#ports.keys({ ...request, files: round.keyFiles, exclude })));
    this.#checkOwnList(index, set.keyCount);
    await this.#ports.admit({ ...request, keyCount: set.keyCount, set: round.setFile, digest: set.digest });
    return set;
  }

  #newRound(index: number, rowBound: number): MatchRound {
    const { terms, agreement, job } = this.#run;
    const { kernel, vole, sorter, random, silenceMs, batchRows, oprf } = this.#ports;
    const own = terms[this.#side];
    const other = terms[otherSide(this.#side)];
    return openRound(terms.protocol, {
      work: this.#work,
      kernel,
      vole,
      sorter,
      random,
      index,
      binding: { network: terms.network, agreement, job, profile: terms.rounds[index]!.form },
      plan: hexToBytes(agreement),
      side: this.#side,
      learns: { own: own.learns, peer: other.learns },
      traffic: terms.traffic,
      peerCount: { min: this.#minimumOf(index), max: other.rowsMax },
      rowBound,
      silenceMs,
      batchRows,
      oprf: oprf && (() => oprf({ ...this.#run, round: index })),
      onProgress: ({ stage, ...progress }) => {
        if (stage === 'exchange') this.#heardMs = this.#ports.clock.nowMs();
        this.#report(stage, index, progress);
      },
    });
  }

  /** Where matched rows leave the later rounds, the first one alone is held to the minimum. */
  #minimumOf(index: number): number {
    const { terms } = this.#run;
    return index > 0 && removesMatched(terms) ? 0 : terms.limits.minimumListRows;
  }

  /** A kernel that was agreed on is not silently a slower one. */
  #checkKernel(kernel: string, organisation: string): void {
    const { kernelAtLeast } = this.#run.terms;
    if (kernelAtLeast === undefined || isKernelAtLeast(kernel, kernelAtLeast)) return;
    throw new JobFailure(
      'kernel-downgraded',
      `${organisation} runs the kernel ${kernel}, and the agreement asks for ${kernelAtLeast} or a faster one; build it with \`npm run build:native\`, or agree on a slower one`,
    );
  }

  #checkOwnList(index: number, keyCount: number): void {
    const { terms } = this.#run;
    const own = terms[this.#side];
    const minimum = this.#minimumOf(index);
    const list = `the list of ${own.organisation} for ${terms.rounds[index]!.form}`;
    if (keyCount < minimum) {
      throw new JobFailure(
        'list-below-minimum',
        `${list} has fewer distinct identifiers than the minimum of ${minimum} agreed; bring a larger list, or agree on a lower minimum`,
      );
    }
    if (keyCount > own.rowsMax) {
      throw new JobFailure(
        'list-over-limit',
        `${list} has more distinct identifiers than the ${own.rowsMax} agreed; propose the match again`,
      );
    }
  }

  /** Tries until the exchange has ended, through cuts and restarts of either side. */
  async #exchange(round: MatchRound, index: number, set: KeySet, root: Uint8Array): Promise<void> {
    await this.#work.writeSmall('exchanging', new Uint8Array(1));
    this.#heardMs = this.#ports.clock.nowMs();
    for (;;) {
      try {
        await this.#attempt(round, index, set, root, 'speak');
        return;
      } catch (error) {
        this.#stop.throwIfAborted();
        if (!(error instanceof LinkError)) throw error;
        this.#checkSilence(error);
      }
      await this.#pause(this.#stop);
    }
  }

  async #attempt(
    round: MatchRound,
    index: number,
    set: KeySet,
    root: Uint8Array,
    opening: 'speak' | 'wait',
  ): Promise<ExchangeResult> {
    const signal = AbortSignal.any([this.#stop, this.#over.signal]);
    const link = await this.#ports.links.to(this.#peer, { signal, timeoutMs: this.#ports.silenceMs });
    const channel = link.channel(`match/${this.#run.job}/${index}`);
    try {
      return await round.exchange(set, root, channel, { signal, opening });
    } finally {
      channel.close();
    }
  }

  /** Answers a partner that lost the end of an exchange, until this side's job is over. */
  async #serve(round: MatchRound, index: number, set: KeySet, root: Uint8Array): Promise<void> {
    const signal = AbortSignal.any([this.#stop, this.#over.signal]);
    while (!signal.aborted) {
      // Whatever goes wrong here is the partner's to notice: this side has what it needs.
      await this.#attempt(round, index, set, root, 'wait').catch(() => {});
      if (!signal.aborted) await this.#pause(signal).catch(() => {});
    }
  }

  #outcome(ends: readonly RoundEnd[]): MatchOutcome {
    const { terms, job, agreement } = this.#run;
    const bySide = <T>(own: T, peer: T) =>
      this.#side === 'proposer' ? { proposer: own, partner: peer } : { proposer: peer, partner: own };
    return {
      version: 1,
      job,
      agreement,
      rounds: ends.map(({ roots, kernels, transcript, key }, i) => ({
        form: terms.rounds[i]!.form,
        roots: bySide(roots.own, roots.peer),
        kernels: bySide(kernels.own, kernels.peer),
        transcript,
        ...(key ? { key: { epoch: key.epoch, publicKey: bytesToBase64(key.publicKey) } } : {}),
      })),
    };
  }

  /** Collects both signatures and puts them on the ledger, unless the partner has. Returns when the ledger says finished. */
  async #settle({ outcome, job }: MatchResult): Promise<void> {
    const { ledger, organisation, keyPair, calls } = this.#ports;
    const digest = outcomeDigest(outcome);
    const own = { job, outcome: digest, signature: signOutcome({ job, outcome: digest }, keyPair) };
    calls.offer(own);
    this.#report('settle', 0, { done: 0, total: 1 });
    this.#heardMs = this.#ports.clock.nowMs();
    for (;;) {
      this.#stop.throwIfAborted();
      const state = ledger.state.job(job);
      if (state?.status === 'finished') {
        if (state.outcome === digest) return;
        throw new JobFailure('transcript', 'the ledger holds another outcome than this node computed');
      }
      try {
        const theirs = await calls.askSignature(this.#peer, own);
        if (theirs) {
          const signatures = [
            { organisation, signature: own.signature },
            { organisation: this.#peer, signature: theirs },
          ];
          await this.#say('job.finished', { job, outcome: digest, signatures });
          continue;
        }
        this.#checkSilence();
      } catch (error) {
        if (!(error instanceof LinkError)) throw error;
        if (error.peer?.code === 'transcript')
          throw new JobFailure('transcript', error.peer.detail, { partner: this.#peer });
      }
      await this.#pause(this.#stop);
    }
  }

  /** Says something on the ledger, until it is said or no longer true. */
  async #say<Type extends 'job.finished' | 'job.failed' | 'result.released'>(
    type: Type,
    body: Bodies[Type],
  ): Promise<void> {
    const settled = new Set<string>(['job-not-running', 'already-reported', 'duplicate-entry']);
    for (;;) {
      try {
        await this.#ports.ledger.append(type, body);
        return;
      } catch (error) {
        if (error instanceof LedgerError && settled.has(error.code)) {
          await this.#ports.ledger.sync().catch(() => {});
          return;
        }
        if (error instanceof LedgerError) throw error;
        // The partner's node or this one's database: it comes back, and the job waits for it.
        await this.#pause(this.#signal);
      }
    }
  }

  async #sayFailed(failure: JobFailure): Promise<void> {
    const { job } = this.#run;
    const exchanged = (await this.#work.readSmall('exchanging').catch(() => new Uint8Array(1))) !== undefined;
    if (!this.#failed.signal.aborted) {
      await this.#ports.calls.explain(this.#peer, { job, code: failure.code, detail: failure.message }).catch(() => {});
    }
    await this.#say('job.failed', { job, code: failure.code, exchanged });
  }

  #noticeFailure(): void {
    if (this.#ports.ledger.state.job(this.#run.job)?.status === 'failed') this.#failed.abort();
  }

  /** The failure that the ledger names, with the partner's own words where they came. */
  #partnersFailure(): JobFailure {
    const { job } = this.#run;
    const first = this.#ports.ledger.state.job(job)?.failures[0];
    const cause = this.#ports.calls.causeOf(this.#peer, job);
    const code = first?.code ?? 'failed';
    if (first?.organisation === this.#ports.organisation)
      return new JobFailure(code, `this side ended the job: ${code}`);
    return new JobFailure(code, cause?.detail ?? `${this.#peer} ended the job: ${code}`, { partner: this.#peer });
  }

  #checkSilence(cause?: LinkError): void {
    const { clock, silenceMs } = this.#ports;
    if (clock.nowMs() - this.#heardMs <= silenceMs) return;
    throw new JobFailure(
      'partner-silent',
      `${this.#peer} was not heard of for ${Math.round(silenceMs / 1000)} s: ${cause?.message ?? 'it did not come to the end of the run'}`,
      {
        cause,
        partner: this.#peer,
      },
    );
  }

  /** Aborts when this node stops, or the job has failed. */
  get #stop(): AbortSignal {
    return AbortSignal.any([this.#signal, this.#failed.signal]);
  }

  #report(stage: JobReport['stage'], round: number, progress: { readonly done: number; readonly total: number }): void {
    this.#ports.report({ stage, round, ...progress });
  }

  #pause(signal: AbortSignal): Promise<void> {
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
}
