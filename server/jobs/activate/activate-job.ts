/**
 * One activation at one of its two sides: both blind their lists, the advertiser finds the positions of the publisher's list whose people both have, and what
 * follows from them is made: publisher ids (PAIR), or labels that the publisher carries (OPJA). Every stage leaves its result in the work folder, so a job goes
 * on after a crash at any point.
 */
import {
  type ActivateOutcome,
  type ActivateRole,
  type ActivateTerms,
  activateOutcomeDigest,
  type LabelManifest,
  roleOf,
} from '@causeway/core/applications/activate';
import { otherSide, type RoundCounts, sideOf } from '@causeway/core/applications/match';
import { bytesToHex, hexToBytes, type RowSorter } from '@causeway/core/bytes';
import type { KemKeyPair } from '@causeway/core/crypto';
import { elementBytes, type Kernel } from '@causeway/core/group';
import { ProtocolError, type Side } from '@causeway/core/protocols';
import { type Campaign, labelBytes, matchIdOf, sealCampaign } from '@causeway/core/protocols/opja';
import { hashKeyDigest } from '@causeway/core/protocols/pair';
import type { RandomSource } from '@causeway/core/random';
import type { Channel, Links } from '../../link/index.ts';
import { JobFailure, JobLife, type JobLifePorts } from '../life/index.ts';
import { attempt } from '../match/attempt.ts';
import type { KeySet } from '../match/key-set.ts';
import type { ExchangeResult } from '../match/match-round.ts';
import { aes128Gcm } from '../sealed/index.ts';
import { type BitSet, type WorkFolder, withFiles } from '../work/index.ts';
import { askHashKey, tellHashKey } from './hash-key.ts';
import {
  keepManifest,
  keptManifest,
  type LabelExchange,
  type LabelTalk,
  labelFiles,
  receiveLabels,
  sendLabels,
} from './label-exchange.ts';
import { sealLabels } from './label-list.ts';
import { type ListKeys, ListRound } from './list-round.ts';
import { matchedIds } from './matched-ids.ts';

export interface ActivateRun {
  readonly job: string;
  /** Digest of the terms, in hexadecimal. */
  readonly agreement: string;
  readonly terms: ActivateTerms;
}

export interface ActivateResult extends ActivateRun {
  readonly outcome: ActivateOutcome;
  readonly counts: RoundCounts;
  /**
   * Of a publisher: the file of its rows with their ids or labels, Parquet. Of an advertiser: with PAIR the file of ids of people whom both have, 32 bytes
   * each, ascending.
   */
  readonly file: string | undefined;
  /** Own rows that took part: a file of their numbers, and how many they are. */
  readonly rows: { readonly file: string; readonly count: number };
}

export type ActivateStage = 'prepare' | 'commit' | 'exchange' | 'make' | 'settle' | 'release';

/** What a publisher's ids are made with: Ks, and Kp. */
export type PublisherKeys = { readonly hashKey: Uint8Array; readonly scalar: Uint8Array };

/** What a job needs of the node that runs it. */
export interface ActivateJobPorts extends JobLifePorts {
  readonly links: Links;
  readonly kernel: Kernel;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  /** Brings the match keys of the own rows into the work folder, without those of people who opted out. @returns how many there are. */
  readonly keys: (files: { readonly keys: string; readonly rows: string }) => Promise<number>;
  /** @throws {PolicyDenied} when the own rules forbid this list; called before anything of it is sent. */
  readonly admit: (list: { readonly set: string; readonly size: KeySet }) => Promise<void>;
  /** A publisher's keys of PAIR, the current ones first; ids of those behind them are still in use. */
  readonly publisherKeys: () => Promise<readonly PublisherKeys[]>;
  /** An advertiser's key pair of OPJA, and the receiver's public key, both as they are published. @throws {JobFailure} */
  readonly labelKeys: (of: {
    readonly system: string;
    readonly receiver: string;
  }) => Promise<{ readonly sender: KemKeyPair; readonly receiver: Uint8Array }>;
  /**
   * Brings a publisher's ids or labels to its rows. Names of files: the numbers of the identifiers, 32-bit, and for each column the values in their order,
   * null for none; (row, number of its identifier); what becomes of it.
   */
  readonly attach: (files: {
    readonly numbers: string;
    readonly count: number;
    readonly columns: readonly ({ readonly file: string; readonly bytes: number } | null)[];
    readonly pairs: string;
    readonly to: string;
  }) => Promise<void>;
  /** Gives out the result, once and durably. @returns the digest for the ledger. */
  readonly release: (result: ActivateResult) => Promise<string>;
  readonly report: (report: { readonly stage: ActivateStage; readonly done: number; readonly total: number }) => void;
}

const files = {
  publisherKeys: 'publisher.keys',
  hashKey: 'hash.key',
  previous: 'previous.points',
  campaign: 'campaign.secret',
  labelsDone: 'labels.done',
  values: 'values.parquet',
  ids: 'ids',
  made: 'made',
} as const;

export class ActivateJob {
  readonly #run: ActivateRun;
  readonly #ports: ActivateJobPorts;
  readonly #work: WorkFolder;
  readonly #life: JobLife;
  readonly #side: Side;
  readonly #role: ActivateRole;
  readonly #peer: string;
  readonly #round: ListRound;

  constructor(run: ActivateRun, ports: ActivateJobPorts, work: WorkFolder, signal: AbortSignal) {
    const { job, agreement, terms } = run;
    this.#run = run;
    this.#ports = ports;
    this.#work = work;
    this.#side = sideOf(terms, ports.organisation);
    this.#role = roleOf(terms, this.#side);
    const other = terms[otherSide(this.#side)];
    this.#peer = other.organisation;
    this.#life = new JobLife({ job, peers: [this.#peer] }, ports, work, signal);
    this.#round = new ListRound({
      work,
      kernel: ports.kernel,
      sorter: ports.sorter,
      random: ports.random,
      terms,
      binding: { network: terms.network, agreement, job, profile: terms.key.form },
      side: this.#side,
      role: this.#role,
      plan: hexToBytes(agreement),
      peerCount: { min: terms.limits.minimumListRows, max: other.rowsMax },
      silenceMs: ports.silenceMs,
      onProgress: (progress) => {
        if (progress.stage === 'exchange') this.#life.heard();
        ports.report(progress);
      },
    });
  }

  /** Runs the job to its end and gives out the result. @throws {JobFailure} @throws {JobPaused} @throws {JobStopped} */
  run(): Promise<ActivateResult> {
    const { report, release } = this.#ports;
    return this.#life.run<ActivateResult>({
      compute: () => this.#compute(),
      outcome: ({ outcome }) => activateOutcomeDigest(outcome),
      release,
      onStage: (stage) => report({ stage, done: 0, total: 1 }),
    });
  }

  async #compute(): Promise<ActivateResult> {
    const set = await this.#step('prepare', () => this.#prepare());
    const keys = await this.#step('commit', () => this.#keys());
    const root = await this.#step('commit', () => this.#blind(set, keys, { to: this.#round.points, stage: 'commit' }));
    const exchanged = await this.#step('exchange', () => this.#exchange(set, root, keys));
    this.#life.serve(() => this.#attempt(set, root, keys, 'wait'));
    const matched = await this.#step('make', () => this.#join(set, exchanged));
    const labels = this.#isPair
      ? undefined
      : await this.#step('make', () =>
          matched ? this.#sendLabels(exchanged.peer.count, matched) : this.#receiveLabels(set.keyCount),
        );
    const file = await this.#step('make', () => this.#make(set, exchanged, matched));
    const { job, agreement, terms } = this.#run;
    const bySide = <T>(own: T, peer: T) =>
      this.#side === 'proposer' ? { proposer: own, partner: peer } : { proposer: peer, partner: own };
    return {
      ...this.#run,
      file,
      rows: { file: this.#work.path(this.#round.keyFiles.rows), count: set.rowCount },
      counts: {
        form: terms.key.form,
        rows: set.rowCount,
        keys: set.keyCount,
        partnerKeys: exchanged.peer.count,
        matchedKeys: matched?.count(),
        matchedRows: undefined,
      },
      outcome: {
        version: 1,
        job,
        agreement,
        roots: bySide(bytesToHex(root), bytesToHex(exchanged.peer.root)),
        kernels: bySide(this.#ports.kernel.name, exchanged.peer.kernel),
        transcript: bytesToHex(exchanged.transcript),
        made: labels
          ? { kind: 'opja', campaign: labels.campaign, labels: labels.digest }
          : { kind: 'pair', hashKey: bytesToHex(hashKeyDigest(keys.hashKey!)) },
      },
    };
  }

  #step<T>(stage: ActivateStage, work: () => Promise<T>): Promise<T> {
    this.#life.stop.throwIfAborted();
    this.#ports.report({ stage, done: 0, total: 1 });
    return this.#life.stage(work);
  }

  get #isPair(): boolean {
    return this.#run.terms.form.kind === 'pair';
  }

  async #prepare(): Promise<KeySet> {
    const { keys, admit } = this.#ports;
    const set = (await this.#round.prepared()) ?? (await this.#round.prepare(await keys(this.#round.keyFiles)));
    this.#checkOwnList(set.keyCount);
    // What has been exchanged is not held back any more, and the parties may have signed it.
    if (!(await this.#round.exchanged())) await admit({ set: this.#round.set.keys, size: set });
    if (!this.#isPair && this.#role === 'advertiser') await this.#campaign();
    return set;
  }

  #checkOwnList(keyCount: number): void {
    const { terms } = this.#run;
    const { organisation, rowsMax } = terms[this.#side];
    const { minimumListRows } = terms.limits;
    if (keyCount < minimumListRows) {
      throw new JobFailure(
        'list-below-minimum',
        `the list of ${organisation} has fewer distinct identifiers than the minimum of ${minimumListRows} agreed, without those who opted out; bring a larger list`,
      );
    }
    if (keyCount > rowsMax) {
      throw new JobFailure(
        'list-over-limit',
        `the list of ${organisation} has more distinct identifiers than the ${rowsMax} agreed; propose the activation again`,
      );
    }
  }

  /** What the own points are made with: of this run alone, but for a publisher of PAIR, and for the hash key that it tells. */
  async #keys(): Promise<ListKeys> {
    if (!this.#isPair) return {};
    if (this.#role === 'publisher') {
      const [current] = await this.#publisherKeys();
      this.#life.serve(() => this.#overChannel('key', (talk) => tellHashKey(talk, current!.hashKey)));
      return current!;
    }
    const known = await this.#work.readSmall(files.hashKey);
    if (known) return { hashKey: known };
    const { silenceMs } = this.#ports;
    const hashKey = await this.#life.persist(this.#peer, () =>
      this.#overChannel('key', (talk) => askHashKey({ ...talk, silenceMs })),
    );
    await this.#work.writeSmall(files.hashKey, hashKey);
    return { hashKey };
  }

  #blind(set: KeySet, keys: ListKeys, of: { readonly to: string; readonly stage: 'commit' | 'make' }) {
    return this.#round.blind(set, keys, { ...of, signal: this.#life.stop });
  }

  /** A publisher's keys, as this run began with them. */
  async #publisherKeys(): Promise<readonly PublisherKeys[]> {
    const kept = await this.#work.readSmall(files.publisherKeys);
    if (kept) {
      const texts = JSON.parse(Buffer.from(kept).toString()) as { hashKey: string; scalar: string }[];
      return texts.map(({ hashKey, scalar }) => ({ hashKey: hexToBytes(hashKey), scalar: hexToBytes(scalar) }));
    }
    const keys = await this.#ports.publisherKeys();
    const texts = keys.map(({ hashKey, scalar }) => ({ hashKey: bytesToHex(hashKey), scalar: bytesToHex(scalar) }));
    await this.#work.writeSmall(files.publisherKeys, Buffer.from(JSON.stringify(texts)));
    return keys;
  }

  /** Tries until the exchange has ended, through cuts and restarts of either side. */
  async #exchange(set: KeySet, root: Uint8Array, keys: ListKeys): Promise<ExchangeResult> {
    const known = await this.#round.exchanged();
    if (known) return known;
    await this.#life.exchanging();
    return this.#life.persist(this.#peer, () => this.#attempt(set, root, keys, 'speak'));
  }

  #attempt(set: KeySet, root: Uint8Array, keys: ListKeys, opening: 'speak' | 'wait'): Promise<ExchangeResult> {
    return this.#overChannel('points', ({ channel, signal }) =>
      this.#round.exchange(set, { root, keys }, channel, { signal, opening }),
    );
  }

  /** @returns what {@link ListRound.join} does. @throws {JobFailure} `group-below-minimum`. */
  async #join(set: KeySet, exchanged: ExchangeResult): Promise<BitSet | undefined> {
    const matched = await this.#round.join(set, exchanged);
    const { minimumGroupRows } = this.#run.terms.limits;
    if (matched === undefined || matched.count() >= minimumGroupRows) return matched;
    throw new JobFailure(
      'group-below-minimum',
      `fewer than the ${minimumGroupRows} people agreed are in both lists, so nothing comes of this run; bring larger lists`,
    );
  }

  /** What the labels are sealed with: drawn before anything is sent, for a key that is not published ends the run. */
  async #campaign(): Promise<{ readonly campaign: Campaign; readonly key: Uint8Array }> {
    const { form, limits } = this.#run.terms;
    if (form.kind !== 'opja') throw new RangeError('labels are of OPJA');
    const kept = await this.#work.readSmall(files.campaign);
    if (kept) {
      const { campaign, key } = JSON.parse(Buffer.from(kept).toString()) as { campaign: Campaign; key: string };
      return { campaign, key: hexToBytes(key) };
    }
    const keys = await this.#ports.labelKeys(form);
    const of = { aead: aes128Gcm, system: form.system, matchId: matchIdOf(this.#run), expires: limits.expiresAt };
    const { campaign, key } = sealCampaign({ ...of, ...keys }, this.#ports.random);
    await this.#work.writeSmall(files.campaign, Buffer.from(JSON.stringify({ campaign, key: bytesToHex(key) })));
    return { campaign, key };
  }

  /** Seals the labels once, and sends them until the publisher has them. */
  async #sendLabels(count: number, matched: BitSet): Promise<LabelManifest> {
    const manifest = (await keptManifest(this.#work)) ?? (await this.#sealLabels(count, matched));
    await this.#untilDone((opening) =>
      this.#labelTalk(opening, (talk) => sendLabels(this.#labelExchange, manifest, talk)),
    );
    return manifest;
  }

  async #sealLabels(count: number, matched: BitSet): Promise<LabelManifest> {
    const sealing = { ...(await this.#campaign()), count, matched, random: this.#ports.random };
    const manifest = await withFiles(this.#work, { labels: labelFiles.labels }, ({ labels }) =>
      sealLabels(labels, sealing),
    );
    await keepManifest(this.#work, manifest);
    return manifest;
  }

  async #receiveLabels(count: number): Promise<LabelManifest> {
    const check = (manifest: LabelManifest) => this.#checkManifest(manifest, count);
    await this.#untilDone((opening) =>
      this.#labelTalk(opening, (talk) => receiveLabels(this.#labelExchange, check, talk)),
    );
    return (await keptManifest(this.#work))!;
  }

  /** Does its part until it is done, and again for a partner that lost the end. */
  async #untilDone(talk: (opening: 'speak' | 'wait') => Promise<unknown>): Promise<void> {
    if (!(await this.#work.readSmall(files.labelsDone))) {
      await this.#life.persist(this.#peer, () => talk('speak'));
      await this.#work.writeSmall(files.labelsDone, new Uint8Array(1));
    }
    this.#life.serve(() => talk('wait'));
  }

  #checkManifest({ campaign, count }: LabelManifest, keyCount: number): void {
    const { form, limits } = this.#run.terms;
    const isAgreed =
      form.kind === 'opja' &&
      campaign.matchingsystemname === form.system &&
      campaign.matchid === matchIdOf(this.#run) &&
      campaign.expires === limits.expiresAt;
    if (!isAgreed) throw new ProtocolError('wrong-plan', 'the labels are of another match than was agreed');
    if (count !== keyCount)
      throw new ProtocolError('wrong-count', `expected a label for each of ${keyCount} identifiers, got ${count}`);
  }

  get #labelExchange(): LabelExchange {
    return {
      work: this.#work,
      silenceMs: this.#ports.silenceMs,
      onHeard: () => this.#life.heard(),
      onProgress: (progress) => this.#ports.report({ stage: 'make', ...progress }),
    };
  }

  #labelTalk<T>(opening: 'speak' | 'wait', talk: (talk: LabelTalk) => Promise<T>): Promise<T> {
    return this.#overChannel('labels', ({ channel, signal }) =>
      attempt(channel, { signal, opening }, (first) => talk({ channel, signal, first })),
    );
  }

  /** What of the result is a file. */
  async #make(set: KeySet, { peer }: ExchangeResult, matched: BitSet | undefined): Promise<string | undefined> {
    const isPublisher = this.#role === 'publisher';
    if (!isPublisher && !this.#isPair) return undefined;
    const name = isPublisher ? files.values : files.ids;
    if (!(await this.#work.readSmall(files.made))) {
      const { sorter, attach } = this.#ports;
      if (isPublisher) {
        const { order: numbers, pairs } = this.#round.set;
        await attach({ numbers, count: set.keyCount, columns: await this.#columns(set), pairs, to: files.values });
      } else {
        const points = { points: this.#round.theirs, count: peer.count };
        await matchedIds(this.#work, { ...points, matched: matched!, sorter, to: files.ids });
      }
      await this.#work.writeSmall(files.made, new Uint8Array(1));
    }
    return this.#work.path(name);
  }

  /** What a publisher's rows get: labels, or the ids of its list and those under its earlier keys, where lists with them are still in use. */
  async #columns(set: KeySet): Promise<Parameters<ActivateJobPorts['attach']>[0]['columns']> {
    if (!this.#isPair) return [{ file: labelFiles.labels, bytes: labelBytes }];
    const [, previous] = await this.#publisherKeys();
    if (previous) await this.#blind(set, previous, { to: files.previous, stage: 'make' });
    const ids = (file: string) => ({ file, bytes: elementBytes });
    return [ids(this.#round.points), previous ? ids(files.previous) : null];
  }

  /** A channel to the partner for as long as something takes. */
  async #overChannel<T>(
    about: 'key' | 'points' | 'labels',
    talk: (over: { readonly channel: Channel; readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const { links, silenceMs } = this.#ports;
    const signal = this.#life.end;
    const link = await links.to(this.#peer, { signal, timeoutMs: silenceMs });
    const channel = link.channel(`activate/${this.#run.job}/${about}`);
    try {
      return await talk({ channel, signal });
    } finally {
      channel.close();
    }
  }
}
