/**
 * One delivery at one of its two sides: both bring their matched keys into one order, the provider seals its values in that order, the receiver opens them
 * and makes rows of them, and both sign the receipt. Every stage leaves its result in the work folder, so a job goes on after a crash at any point.
 */
import {
  type DeliverOutcome,
  type DeliverTerms,
  deliverOutcomeDigest,
  listDigest,
  manifestDigest,
} from '@causeway/core/applications/deliver';
import { otherSide, sideOf } from '@causeway/core/applications/match';
import type { RowSorter } from '@causeway/core/bytes';
import type { RandomSource } from '@causeway/core/random';
import type { Links } from '../../link/index.ts';
import { JobFailure, JobLife, type JobLifePorts } from '../life/index.ts';
import { attempt } from '../match/attempt.ts';
import type { WorkFolder } from '../work/index.ts';
import { type DeliverExchange, deliverFiles, keptManifest, provide, take } from './exchange.ts';
import { numberKeys } from './number-keys.ts';

export interface DeliverRun {
  readonly job: string;
  /** Digest of the terms, in hexadecimal. */
  readonly agreement: string;
  readonly terms: DeliverTerms;
}

export interface DeliverResult extends DeliverRun {
  readonly outcome: DeliverOutcome;
  /** Of the receiver: the file of its rows with their values, Parquet. */
  readonly values: string | undefined;
}

export type DeliverStage = 'prepare' | 'exchange' | 'settle' | 'release';

/** What a job needs of the node that runs it. */
export interface DeliverJobPorts extends JobLifePorts {
  readonly links: Links;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  /** Brings the keys of the own rows that matched by one kind of identifier first into the work folder. @returns how many there are. */
  readonly keys: (of: { readonly kind: number; readonly keys: string; readonly rows: string }) => Promise<number>;
  /** @throws {PolicyDenied} when the own rules forbid it; called before anything is sent. */
  readonly admit: () => Promise<void>;
  /** The provider's values, a line for each key in order. @returns how many lines. */
  readonly give: (files: { readonly pairs: string; readonly lines: string }) => Promise<number>;
  /** Makes rows of the lines that came. @throws {DataError} `wrong-form`. */
  readonly take: (files: {
    readonly pairs: string;
    readonly lines: string;
    readonly lineCount: number;
    readonly values: string;
  }) => Promise<void>;
  /** Gives out the result, once and durably. @returns the digest for the ledger. */
  readonly release: (result: DeliverResult) => Promise<string>;
  readonly report: (report: { readonly stage: DeliverStage; readonly done: number; readonly total: number }) => void;
}

interface Prepared {
  readonly list: string;
  readonly keyCount: number;
}

const files = {
  pairs: 'pairs',
  prepared: 'prepared',
  done: 'done',
  values: 'values.parquet',
} as const;

export class DeliverJob {
  readonly #run: DeliverRun;
  readonly #ports: DeliverJobPorts;
  readonly #work: WorkFolder;
  readonly #life: JobLife;
  readonly #peer: string;
  readonly #isProvider: boolean;

  constructor(run: DeliverRun, ports: DeliverJobPorts, work: WorkFolder, signal: AbortSignal) {
    this.#run = run;
    this.#ports = ports;
    this.#work = work;
    const side = sideOf(run.terms, ports.organisation);
    this.#peer = run.terms[otherSide(side)].organisation;
    this.#isProvider = run.terms.provider === side;
    this.#life = new JobLife({ job: run.job, peers: [this.#peer] }, ports, work, signal);
  }

  /** Runs the job to its end and gives out the result. @throws {JobFailure} @throws {JobPaused} @throws {JobStopped} */
  run(): Promise<DeliverResult> {
    const { report, release } = this.#ports;
    return this.#life.run<DeliverResult>({
      compute: () => this.#compute(),
      outcome: ({ outcome }) => deliverOutcomeDigest(outcome),
      release,
      onStage: (stage) => report({ stage, done: 0, total: 1 }),
    });
  }

  async #compute(): Promise<DeliverResult> {
    const { report } = this.#ports;
    const { job, agreement } = this.#run;
    report({ stage: 'prepare', done: 0, total: 1 });
    const prepared = await this.#life.stage(() => this.#prepare());
    report({ stage: 'exchange', done: 0, total: 1 });
    await this.#life.stage(async () => {
      if (await this.#work.readSmall(files.done)) return;
      await this.#life.exchanging();
      await this.#life.persist(this.#peer, () => this.#attempt(prepared, 'speak'));
      await this.#work.writeSmall(files.done, new Uint8Array(1));
    });
    // The partner may have lost the end: it is told again.
    this.#life.serve(() => this.#attempt(prepared, 'wait'));
    const manifest = (await keptManifest(this.#work))!;
    return {
      ...this.#run,
      outcome: { version: 1, job, agreement, manifest: manifestDigest(manifest) },
      values: this.#isProvider ? undefined : this.#work.path(files.values),
    };
  }

  async #prepare(): Promise<Prepared> {
    const known = await this.#work.readSmall(files.prepared);
    if (known) return JSON.parse(Buffer.from(known).toString()) as Prepared;
    const { admit, give } = this.#ports;
    const { job, agreement, terms } = this.#run;
    await admit();
    const { keyCount, setHash } = await numberKeys(
      { work: this.#work, kinds: terms.keys.length, pairs: files.pairs },
      this.#ports,
    );
    const { minimumGroupRows } = terms.limits;
    if (keyCount < minimumGroupRows) {
      throw new JobFailure(
        'group-below-minimum',
        `fewer than the ${minimumGroupRows} identifiers agreed were matched, so nothing is delivered`,
      );
    }
    if (keyCount > terms[terms.provider].rowsMax)
      throw new JobFailure('list-over-limit', 'more identifiers were matched than may be delivered for; agree again');
    const list = listDigest({ job, agreement, setHash });
    if (this.#isProvider) {
      const lines = await give({ pairs: files.pairs, lines: deliverFiles.lines });
      if (lines !== keyCount) throw new Error('the engine gave another number of lines than there are keys');
    }
    const prepared: Prepared = { list, keyCount };
    await this.#work.writeSmall(files.prepared, Buffer.from(JSON.stringify(prepared)));
    return prepared;
  }

  /** One attempt over one connection. */
  async #attempt({ list, keyCount }: Prepared, opening: 'speak' | 'wait'): Promise<void> {
    const { links, silenceMs, random, report } = this.#ports;
    const { job, agreement } = this.#run;
    const signal = this.#life.end;
    const link = await links.to(this.#peer, { signal, timeoutMs: silenceMs });
    const channel = link.channel(`deliver/${job}`);
    const of: DeliverExchange = {
      job,
      agreement,
      work: this.#work,
      random,
      list,
      silenceMs,
      onHeard: () => this.#life.heard(),
      onProgress: (progress) => report({ stage: 'exchange', ...progress }),
    };
    try {
      await attempt(channel, { signal, opening }, async (first) => {
        const talk = { channel, signal, first };
        if (this.#isProvider) await provide(of, talk);
        else await take(of, talk, () => this.#made(keyCount));
      });
    } finally {
      channel.close();
    }
  }

  async #made(lineCount: number): Promise<void> {
    await this.#ports.take({ pairs: files.pairs, lines: deliverFiles.lines, lineCount, values: files.values });
  }
}
