/**
 * One run of a match at one party: its rounds, up to the outcome that both sign. Every stage leaves its result in the work folder, so a job
 * goes on after a crash at any point.
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
import { isKernelAtLeast, type Kernel } from '@causeway/core/group';
import type { Side } from '@causeway/core/protocols';
import type { VoleKernel } from '@causeway/core/protocols/psi-vole';
import type { RandomSource } from '@causeway/core/random';
import type { Links } from '../../link/index.ts';
import { JobFailure, JobLife, type JobLifePorts } from '../life/index.ts';
import { BitSet, type WorkFolder } from '../work/index.ts';
import type { KeySet } from './key-set.ts';
import { type ExchangeResult, type MatchRound, openRound } from './match-round.ts';
import type { OprfPorts } from './oprf/ports.ts';

export interface MatchRun {
  readonly job: string;
  /** Digest of the terms, in hexadecimal. */
  readonly agreement: string;
  readonly terms: MatchTerms;
}

/** What a job needs of the node that runs it. */
export interface MatchJobPorts extends JobLifePorts {
  readonly links: Links;
  readonly kernel: Kernel;
  /** What psi/vole runs on; undefined where the native library is not there. */
  readonly vole?: VoleKernel | undefined;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  /** Rows of the own dataset. */
  readonly rowCount: (run: MatchRun) => Promise<number>;
  /** Brings a round's match keys into the work folder. @returns how many rows have one. */
  readonly keys: (request: KeyRequest) => Promise<number>;
  /** @throws {PolicyDenied} when the own rules forbid this list; called before anything of it is sent. */
  readonly admit: (list: OwnList) => Promise<void>;
  /** Gives out the result, once and durably: called again after a crash it finds it done. @returns the digest for the ledger. */
  readonly release: (result: MatchResult) => Promise<string>;
  readonly report: (report: JobReport) => void;
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

export class MatchJob {
  readonly #run: MatchRun;
  readonly #ports: MatchJobPorts;
  readonly #work: WorkFolder;
  readonly #side: Side;
  readonly #peer: string;
  readonly #life: JobLife;

  constructor(run: MatchRun, ports: MatchJobPorts, work: WorkFolder, signal: AbortSignal) {
    this.#run = run;
    this.#ports = ports;
    this.#work = work;
    this.#side = sideOf(run.terms, ports.organisation);
    this.#peer = run.terms[otherSide(this.#side)].organisation;
    this.#life = new JobLife({ job: run.job, peers: [this.#peer] }, ports, work, signal);
  }

  /** Runs the job to its end and gives out the result. @throws what {@link JobLife.run} does. */
  run(): Promise<MatchResult> {
    return this.#life.run({
      compute: () => this.#compute(),
      outcome: ({ outcome }) => outcomeDigest(outcome),
      release: (result) => this.#ports.release(result),
      onStage: (stage) => this.#report(stage, 0, { done: 0, total: 1 }),
    });
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
      this.#life.stop.throwIfAborted();
      this.#report(stage, index, { done: 0, total: 1 });
      return this.#life.stage(work);
    };
    const round = this.#newRound(index, rowCount);
    this.#checkKernel(round.kernel, this.#ports.organisation);
    const exclude = removesMatched(terms) && index > 0 ? seen : undefined;
    const set = await step('prepare', () => this.#prepare(round, index, exclude));
    const root = hexToBytes(await step('commit', async () => bytesToHex(await round.commit(set, this.#life.stop))));
    await step('exchange', async () => {
      if (!(await round.exchanged())) await this.#exchange(round, index, set, root);
    });
    this.#life.serve(() => this.#attempt(round, index, set, root, 'wait'));
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

  async #prepare(round: MatchRound, index: number, exclude: BitSet | undefined): Promise<KeySet> {
    const request = { ...this.#run, work: this.#work, round: index };
    const set =
      (await round.prepared()) ??
      (await round.prepare(await this.#ports.keys({ ...request, files: round.keyFiles, exclude })));
    this.#checkOwnList(index, set.keyCount);
    // What has been exchanged is not held back any more, and the parties may have signed it.
    if (!(await round.exchanged()))
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
        if (stage === 'exchange') this.#life.heard();
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
    await this.#life.exchanging();
    await this.#life.persist(this.#peer, () => this.#attempt(round, index, set, root, 'speak'));
  }

  async #attempt(
    round: MatchRound,
    index: number,
    set: KeySet,
    root: Uint8Array,
    opening: 'speak' | 'wait',
  ): Promise<ExchangeResult> {
    const signal = this.#life.end;
    const link = await this.#ports.links.to(this.#peer, { signal, timeoutMs: this.#ports.silenceMs });
    const channel = link.channel(`match/${this.#run.job}/${index}`);
    try {
      return await round.exchange(set, root, channel, { signal, opening });
    } finally {
      channel.close();
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

  #report(stage: JobReport['stage'], round: number, progress: { readonly done: number; readonly total: number }): void {
    this.#ports.report({ stage, round, ...progress });
  }
}
