/**
 * One run of an insight at one party, from its start on the ledger to its end on the ledger: both parties run this with the same job id.
 * Every stage leaves its result in the work folder, and what the partner said stays in a journal, so a job goes on after a crash at any point.
 */
import { createHash } from 'node:crypto';
import {
  type InsightOutcome,
  type InsightTerms,
  insightOutcomeDigest,
  insightSideOf,
  senderSide,
  sumPlanOf,
} from '@causeway/core/applications/insight/agreement';
import { otherSide } from '@causeway/core/applications/match';
import { base64ToBytes, bytesToHex, hexToBytes, type RowSorter } from '@causeway/core/bytes';
import { sign } from '@causeway/core/crypto';
import type { Kernel } from '@causeway/core/group';
import type { Side } from '@causeway/core/protocols';
import {
  batchRows,
  type Conversation,
  hashPrefix,
  type Lie,
  type RoleOptions,
  runId,
  runReceiver,
  runSender,
  type SenderRows,
  type SumKernel,
} from '@causeway/core/protocols/join-sum';
import type { RandomSource } from '@causeway/core/random';
import type { Links } from '../../link/index.ts';
import { JobFailure, JobLife, type JobLifePorts } from '../life/index.ts';
import { attempt } from '../match/attempt.ts';
import { buildKeySet, type KeySet } from '../match/key-set.ts';
import { type WorkFolder, withFiles } from '../work/index.ts';
import { converse } from './conversation.ts';
import { Journal } from './journal.ts';
import { senderRows } from './sender-rows.ts';

export interface InsightRun {
  readonly job: string;
  /** Digest of the terms, in hexadecimal. */
  readonly agreement: string;
  readonly terms: InsightTerms;
}

/** What a job needs of the node that runs it. */
export interface InsightJobPorts extends JobLifePorts {
  readonly links: Links;
  readonly kernel: Kernel;
  readonly sums: SumKernel;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  /** Brings the match keys into the work folder. @returns how many rows have one. */
  readonly keys: (files: { readonly keys: string; readonly rows: string }) => Promise<number>;
  /** Brings the sender's segments and values into the work folder, for every row of the dataset. */
  readonly columns: (files: { readonly codes: string; readonly numbers: string }) => Promise<void>;
  /** @throws {PolicyDenied} when the own rules forbid this list; called before anything of it is sent. */
  readonly admit: (list: { readonly set: string; readonly size: KeySet }) => Promise<void>;
  /** Secret of the own dataset, 32 bytes, the same in every run. */
  readonly edgeSecret: Uint8Array;
  /** Keeps what convinces a third party of the receiver's lie, durably, before the job fails by it. */
  readonly keepLie: (lie: Lie) => Promise<void>;
  /** Gives out the result, once and durably. @returns the digest for the ledger. */
  readonly release: (result: InsightResult) => Promise<string>;
  readonly report: (report: { readonly stage: InsightStage; readonly done: number; readonly total: number }) => void;
}

export type InsightStage = 'prepare' | 'exchange' | 'settle' | 'release';

export interface InsightResult {
  readonly outcome: InsightOutcome;
  /** Of the receiver: in plan order, and how many people both have, blurred. */
  readonly figures?: readonly (number | undefined)[];
  readonly matchedAbout?: number;
  /** Of the sender: how many figures were said to be below the minimum. */
  readonly belowMinimum?: number;
  readonly rows: { readonly own: number; readonly peer: number };
}

/** What a role ended with, as it stands in the work folder. */
interface Exchanged {
  readonly roots: { readonly own: string; readonly peer: string };
  readonly kernels: { readonly own: string; readonly peer: string };
  readonly transcript: string;
  readonly result: string;
  readonly peerRows: number;
  readonly figures?: readonly (number | null)[];
  readonly matchedAbout?: number;
  readonly belowMinimum?: number;
}

const files = {
  keys: 'keys',
  rows: 'rows',
  set: 'set',
  size: 'set.size',
  codes: 'codes',
  numbers: 'numbers',
  heard: 'heard',
  seed: 'seed',
  exchanged: 'exchanged',
} as const;

export class InsightJob {
  readonly #run: InsightRun;
  readonly #ports: InsightJobPorts;
  readonly #work: WorkFolder;
  readonly #life: JobLife;
  readonly #side: Side;
  readonly #peer: string;
  readonly #isSender: boolean;

  constructor(run: InsightRun, ports: InsightJobPorts, work: WorkFolder, signal: AbortSignal) {
    this.#run = run;
    this.#ports = ports;
    this.#work = work;
    this.#side = insightSideOf(run.terms, ports.organisation);
    this.#peer = run.terms[otherSide(this.#side)].organisation;
    this.#isSender = senderSide(run.terms) === this.#side;
    this.#life = new JobLife({ job: run.job, peers: [this.#peer] }, ports, work, signal);
  }

  /** Runs the job to its end and gives out the result. @throws {JobFailure} @throws {JobPaused} @throws {JobStopped} */
  run(): Promise<InsightResult> {
    const { report, release } = this.#ports;
    return this.#life.run<InsightResult>({
      compute: () => this.#compute(),
      outcome: ({ outcome }) => insightOutcomeDigest(outcome),
      release,
      onStage: (stage) => report({ stage, done: 0, total: 1 }),
    });
  }

  async #compute(): Promise<InsightResult> {
    const { report } = this.#ports;
    report({ stage: 'prepare', done: 0, total: 1 });
    const set = await this.#life.stage(() => this.#prepare());
    report({ stage: 'exchange', done: 0, total: 1 });
    await this.#life.stage(async () => {
      await this.#life.exchanging();
      if (!(await this.#exchanged())) await this.#life.persist(this.#peer, () => this.#attempt(set, 'speak'));
    });
    // The partner may have lost the end: it is told again.
    this.#life.serve(() => this.#attempt(set, 'wait'));
    return this.#result((await this.#exchanged())!, set);
  }

  async #prepare(): Promise<KeySet> {
    const { keys, columns, random, sorter, admit } = this.#ports;
    const known = await this.#work.readSmall(files.size);
    if (known) return JSON.parse(Buffer.from(known).toString()) as KeySet;
    const rowCount = await keys({ keys: files.keys, rows: files.rows });
    const set = await buildKeySet(this.#work, files, rowCount, { random, sorter }, 'ascending');
    const { terms } = this.#run;
    const own = terms[this.#side];
    if (set.keyCount < terms.limits.minimumListRows) {
      throw new JobFailure(
        'list-below-minimum',
        `the list of ${own.organisation} has fewer distinct identifiers than the minimum of ${terms.limits.minimumListRows} agreed; bring a larger list, or agree on a lower minimum`,
      );
    }
    if (set.keyCount > own.rowsMax) {
      throw new JobFailure(
        'list-over-limit',
        `the list of ${own.organisation} has more distinct identifiers than the ${own.rowsMax} agreed; propose the insight again`,
      );
    }
    await admit({ set: files.set, size: set });
    if (this.#isSender) await columns({ codes: files.codes, numbers: files.numbers });
    await this.#work.writeSmall(files.size, Buffer.from(JSON.stringify(set)));
    return set;
  }

  /** One attempt over one connection; its end is remembered. */
  async #attempt(set: KeySet, opening: 'speak' | 'wait'): Promise<void> {
    const { links, silenceMs } = this.#ports;
    const signal = this.#life.end;
    const seed = await this.#seed();
    const link = await links.to(this.#peer, { signal, timeoutMs: silenceMs });
    const channel = link.channel(`insight/${this.#run.job}`);
    try {
      await attempt(channel, { signal, opening }, (first) =>
        withFiles(this.#work, { heard: files.heard }, async ({ heard }) => {
          const onHeard = () => this.#life.heard();
          const talk = converse(channel, await Journal.open(heard), { signal, silenceMs, onHeard, first });
          await this.#keepExchanged(await this.#play(set, seed, talk));
        }),
      );
    } finally {
      channel.close();
    }
  }

  async #play(set: KeySet, seed: Uint8Array, talk: Conversation): Promise<Exchanged> {
    const { sums, edgeSecret, keyPair, keepLie } = this.#ports;
    const { terms } = this.#run;
    const options = this.#options(seed);
    const common = (ended: {
      root: Uint8Array;
      transcript: Uint8Array;
      result: Uint8Array;
      peer: { root: Uint8Array; kernel: string; rows: readonly number[] };
    }) => ({
      roots: { own: bytesToHex(ended.root), peer: bytesToHex(ended.peer.root) },
      kernels: { own: sums.name, peer: ended.peer.kernel },
      transcript: bytesToHex(ended.transcript),
      result: bytesToHex(ended.result),
      peerRows: ended.peer.rows[0]!,
    });
    if (this.#isSender) {
      const rows: SenderRows = await senderRows(this.#work, terms, { ...files, ...set });
      const ended = await runSender(
        { ...options, rows, edgeSecret, receiverKey: this.#peerKey(), onLie: keepLie },
        talk,
      );
      return { ...common(ended), belowMinimum: ended.verdicts.filter(Boolean).length };
    }
    const groups = [await withFiles(this.#work, { keys: files.set }, ({ keys }) => keys.read(0, 16 * set.keyCount))];
    const ended = await runReceiver({ ...options, groups, sign: (message) => sign(message, keyPair) }, talk);
    return {
      ...common(ended),
      figures: ended.figures.map((figure) => figure ?? null),
      matchedAbout: ended.blurredTotals[0]!,
    };
  }

  #options(seed: Uint8Array): RoleOptions {
    const { terms, job, agreement } = this.#run;
    const { kernel, sums, sorter, report } = this.#ports;
    const binding = { network: terms.network, agreement, job, profile: terms.key.form };
    return {
      run: runId(binding),
      prefix: hashPrefix(binding),
      side: this.#side,
      plan: sumPlanOf(terms),
      planDigest: hexToBytes(agreement),
      seed,
      peerRows: { min: terms.limits.minimumListRows, max: terms[otherSide(this.#side)].rowsMax },
      kernel,
      sums,
      sorter,
      sha256: () => createHash('sha256'),
      batchRows,
      keep: (name, compute) => this.#keep(name, compute),
      onProgress: (progress) => report({ stage: 'exchange', ...progress }),
    };
  }

  /** What a stage computed, on disk before it is used: the same bytes for the partner after a crash. */
  async #keep(name: string, compute: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const file = `kept.${name}`;
    const known = await this.#work.readSmall(file);
    if (known) return known;
    const computed = await compute();
    await this.#work.writeSmall(file, computed);
    return computed;
  }

  #seed(): Promise<Uint8Array> {
    return this.#keep(files.seed, async () => this.#ports.random.bytes(32));
  }

  #peerKey(): Uint8Array {
    const member = this.#ports.ledger.state.member(this.#peer);
    if (!member) throw new JobFailure('partner-left', `${this.#peer} is no member of this network any more`);
    return base64ToBytes(member.identityKey);
  }

  async #exchanged(): Promise<Exchanged | undefined> {
    const known = await this.#work.readSmall(files.exchanged);
    return known && (JSON.parse(Buffer.from(known).toString()) as Exchanged);
  }

  async #keepExchanged(exchanged: Exchanged): Promise<void> {
    if (!(await this.#exchanged())) {
      await this.#work.writeSmall(files.exchanged, Buffer.from(JSON.stringify(exchanged)));
    }
  }

  #result(exchanged: Exchanged, set: KeySet): InsightResult {
    const { job, agreement } = this.#run;
    const bySide = <T>({ own, peer }: { readonly own: T; readonly peer: T }) =>
      this.#side === 'proposer' ? { proposer: own, partner: peer } : { proposer: peer, partner: own };
    const { roots, kernels, transcript, result, figures, matchedAbout, belowMinimum } = exchanged;
    return {
      outcome: {
        version: 1,
        job,
        agreement,
        roots: bySide(roots),
        kernels: bySide(kernels),
        transcript,
        result,
      },
      rows: { own: set.keyCount, peer: exchanged.peerRows },
      ...(figures === undefined ? {} : { figures: figures.map((figure) => figure ?? undefined) }),
      ...(matchedAbout === undefined ? {} : { matchedAbout }),
      ...(belowMinimum === undefined ? {} : { belowMinimum }),
    };
  }
}
