/**
 * The host of psi/ecdh: moves points and tags between the link, the kernel and the work folder while the party (a state machine) checks
 * the peer. Everything that arrives is appended to files in order, so a restart goes on from the last durable batch.
 */
import { createHash } from 'node:crypto';
import type { RowSorter } from '@causeway/core/bytes';
import { elementBytes, type Kernel } from '@causeway/core/group';
import { ProtocolError, pointPrints, printBytes } from '@causeway/core/protocols';
import {
  batchCount,
  checkCommitment,
  checkTranscript,
  EcdhParty,
  type Hello,
  type PartyOptions,
  rowsInBatch,
  type Said,
  tagContext,
  transcriptDigest,
} from '@causeway/core/protocols/psi-ecdh';
import type { Channel } from '../../../link/index.ts';
import { readRows, type WorkFile, type WorkFolder, withFiles } from '../../work/index.ts';
import { type AttemptOptions, attempt, inParallel, Progress } from '../attempt.ts';
import { pointsLeaf, readPoints, rootOfLeaves } from '../blinded-list.ts';
import type { ExchangeResult } from '../match-round.ts';
import { sortTags } from './join.ts';

export interface ExchangeOptions {
  readonly work: WorkFolder;
  readonly kernel: Kernel;
  readonly sorter: RowSorter;
  /**
   * Names in the work folder: own points (in); what arrives (out) stands in files that begin with `received`. The peer's points are kept as `theirs`, in
   * their order, where a name is given.
   */
  readonly files: { readonly points: string; readonly received: string; readonly theirs?: string };
  readonly party: Omit<PartyOptions, 'held'>;
  readonly scalar: Uint8Array;
  /** How long the peer may be silent before the attempt is given up. */
  readonly silenceMs: number;
  /** Rows handled so far, of all rows that this side sends, evaluates and receives. */
  readonly onProgress: (rows: { readonly done: number; readonly total: number }) => void;
}

/** What is durable of the peer's messages. */
interface Held {
  readonly points: number;
  readonly tags: number;
  readonly commitment?: { readonly count: number; readonly root: string };
}

/** Batches between two points in time at which what arrived is durable. */
const batchesPerCheckpoint = 8;
/** Evaluated batches that wait for the disk. */
const unwrittenMax = 2;

/** Names of the files that an exchange leaves for the join. */
export function receivedFiles(name: string): { tagsOfMine: string; tagsOfTheirs: string; prints: string } {
  return { tagsOfMine: `${name}.mine`, tagsOfTheirs: `${name}.theirs`, prints: `${name}.prints` };
}

/**
 * One attempt over one channel; call it again after an interruption.
 * @throws {ProtocolError} for a peer that leaves the protocol; {LinkError} for a channel that ended.
 */
export function exchangeOnce(options: ExchangeOptions, channel: Channel, how: AttemptOptions): Promise<ExchangeResult> {
  const { work, files: names } = options;
  const run = (files: Files, heard: Uint8Array | undefined) =>
    new Exchange(options, files, channel, how.signal).run(heard);
  return attempt(channel, how, (heard) =>
    withFiles(work, fileNames(options), (files) =>
      names.theirs === undefined
        ? run(files, heard)
        : withFiles(work, { theirs: names.theirs }, (kept) => run({ ...files, ...kept }, heard)),
    ),
  );
}

function fileNames({ files }: ExchangeOptions) {
  return {
    points: files.points,
    pointLeaves: `${files.points}.leaves`,
    ...receivedFiles(files.received),
    leaves: `${files.received}.leaves`,
    sorted: `${files.received}.sorted`,
  };
}

type Files = Readonly<Record<keyof ReturnType<typeof fileNames>, WorkFile>> & { readonly theirs?: WorkFile };

class Exchange {
  readonly #options: ExchangeOptions;
  readonly #files: Files;
  readonly #channel: Channel;
  readonly #signal: AbortSignal;
  #party!: EcdhParty;
  /** Batches of the peer's points whose tags are in the file, and of tags of own points: held, durable or not. */
  #evaluated = 0;
  #tagsHeld = 0;
  #sent = 0;
  /** Batches that were evaluated since. */
  readonly #unwritten: { readonly points: Uint8Array; readonly tags: Uint8Array }[] = [];
  readonly #progress = new Progress();

  constructor(options: ExchangeOptions, files: Files, channel: Channel, signal: AbortSignal) {
    this.#options = options;
    this.#files = files;
    this.#channel = channel;
    this.#signal = signal;
  }

  /** @param heard the peer's first message, where it was waited for. */
  async run(heard?: Uint8Array): Promise<ExchangeResult> {
    const { work, files, party } = this.#options;
    const held = await readHeld(work, files.received);
    this.#evaluated = held.points;
    this.#tagsHeld = held.tags;
    this.#party = new EcdhParty({
      ...party,
      ...(held.commitment ? { held: { ...held, commitment: parseCommitment(held.commitment) } } : {}),
    });
    await this.#channel.send(this.#party.hello());
    const first = this.#party.receive(heard ?? (await this.#receive()));
    if (first.kind !== 'agreed') throw new ProtocolError('wrong-order', `the partner began with ${first.kind}`);
    await this.#remember(this.#signal);
    await inParallel(
      [
        (signal) => this.#sendPoints(first.sendPointsFrom, signal),
        (signal) => this.#sendTags(first.sendTagsFrom, signal),
        (signal) => this.#receiveAll(signal),
        (signal) => this.#writeAll(signal),
      ],
      { channel: this.#channel, progress: this.#progress, signal: this.#signal },
    );
    return this.#finish();
  }

  async #sendPoints(from: number, signal: AbortSignal): Promise<void> {
    const { count } = this.#options.party.own;
    this.#sent = from;
    const list = { keyCount: count, batchRows: this.#party.batchRows };
    for (let index = from; index < batchCount(count, list.batchRows); index++) {
      signal.throwIfAborted();
      const batch = await readPoints({ points: this.#files.points, leaves: this.#files.pointLeaves }, list, index);
      await this.#channel.send(this.#party.points(index, batch));
      this.#sent = index + 1;
      this.#report();
    }
  }

  /** Tags go out from the file that the evaluation fills, so that a slow peer never keeps this side from reading. */
  async #sendTags(from: number, signal: AbortSignal): Promise<void> {
    const party = this.#party;
    if (party.tagBatches.outgoing === 0) return;
    const sorted = this.#options.party.learns.peer === 'count';
    const rows = party.peer.count;
    if (sorted) await this.#untilEvaluated(batchCount(rows, party.batchRows), signal);
    const source = sorted ? this.#files.sorted : this.#files.tagsOfTheirs;
    if (sorted)
      await sortTags(
        this.#options.work,
        { from: this.#files.tagsOfTheirs, to: source },
        { rows, tagBytes: party.tagBytes, sorter: this.#options.sorter },
      );
    for (let index = from; index < party.tagBatches.outgoing; index++) {
      await this.#untilEvaluated(index + 1, signal);
      const { tagBytes, batchRows } = party;
      const length = rowsInBatch(rows, index, batchRows) * tagBytes;
      await this.#channel.send(party.tags(index, await source.read(index * batchRows * tagBytes, length)));
    }
  }

  async #receiveAll(signal: AbortSignal): Promise<void> {
    let received = 0;
    while (!this.#party.holdsAll) {
      const event = this.#party.receive(await this.#receive(signal));
      switch (event.kind) {
        case 'points':
          await this.#evaluate(event.points, signal);
          break;
        case 'tags':
          await this.#files.tagsOfMine.write(event.index * this.#party.batchRows * this.#party.tagBytes, event.tags);
          this.#tagsHeld = event.index + 1;
          break;
        case 'agreed':
        case 'done':
          throw new ProtocolError('wrong-order', `the partner sent ${event.kind} in the middle of the exchange`);
      }
      received += 1;
      if (received % batchesPerCheckpoint === 0) await this.#remember(signal);
      this.#report();
    }
    await this.#remember(signal);
  }

  async #evaluate(points: Uint8Array, signal: AbortSignal): Promise<void> {
    const { kernel, scalar, party } = this.#options;
    const bytes = this.#party.tagBytes;
    const tags = await kernel.evaluate({ points, scalar, tag: { context: tagContext(party.run), bytes } });
    await this.#progress.until(() => this.#unwritten.length < unwrittenMax, signal);
    this.#unwritten.push({ points, tags });
    this.#progress.note();
  }

  /** Writes what was evaluated while the next batch is: arithmetic waits for no disk. */
  async #writeAll(signal: AbortSignal): Promise<void> {
    const { peer, tagBytes, batchRows } = this.#party;
    while (this.#evaluated < batchCount(peer.count, batchRows)) {
      await this.#progress.until(() => this.#unwritten.length > 0, signal);
      const { points, tags } = this.#unwritten[0]!;
      const index = this.#evaluated;
      await this.#files.tagsOfTheirs.write(index * batchRows * tagBytes, tags);
      await this.#files.prints.write(index * batchRows * printBytes, pointPrints(points));
      await this.#files.theirs?.write(index * batchRows * elementBytes, points);
      await this.#files.leaves.write(index * 32, pointsLeaf(points));
      this.#unwritten.shift();
      this.#evaluated = index + 1;
      this.#progress.note();
    }
  }

  async #finish(): Promise<ExchangeResult> {
    const { run, side, own, learns } = this.#options.party;
    const { peer, tagBytes, tagBatches } = this.#party;
    const leafCount = batchCount(peer.count, this.#party.batchRows);
    checkCommitment({ received: await rootOfLeaves(this.#files.leaves, leafCount), committed: peer.root });
    const sentFrom = learns.peer === 'count' ? this.#files.sorted : this.#files.tagsOfTheirs;
    const mine: Said = {
      count: own.count,
      root: own.root,
      tags: await digestRows(sentFrom, tagBytes, tagBatches.outgoing > 0 ? peer.count : 0),
    };
    const theirs: Said = {
      count: peer.count,
      root: peer.root,
      tags: await digestRows(this.#files.tagsOfMine, tagBytes, tagBatches.incoming > 0 ? own.count : 0),
    };
    const said = side === 'proposer' ? { proposer: mine, partner: theirs } : { proposer: theirs, partner: mine };
    const transcript = transcriptDigest(run, said);
    await this.#channel.send(this.#party.done(transcript));
    const last = this.#party.receive(await this.#receive());
    if (last.kind !== 'done') throw new ProtocolError('wrong-order', `the partner sent ${last.kind} at the end`);
    checkTranscript({ own: transcript, peer: last.transcript });
    return { peer: summary(peer), transcript };
  }

  /** Makes durable what arrived, then says so: never the other way round. */
  async #remember(signal: AbortSignal): Promise<void> {
    await this.#progress.until(() => this.#unwritten.length === 0, signal);
    const { tagsOfMine, tagsOfTheirs, prints, leaves, theirs } = this.#files;
    const [points, tags] = [this.#evaluated, this.#tagsHeld];
    await Promise.all([tagsOfMine, tagsOfTheirs, prints, leaves, theirs].map((file) => file?.sync()));
    const { count, root } = this.#party.peer;
    const held: Held = { points, tags, commitment: { count, root: Buffer.from(root).toString('hex') } };
    await this.#options.work.writeSmall(`${this.#options.files.received}.held`, Buffer.from(JSON.stringify(held)));
  }

  #untilEvaluated(batches: number, signal: AbortSignal): Promise<void> {
    return this.#progress.until(() => this.#evaluated >= batches, signal);
  }

  #receive(signal: AbortSignal = this.#signal): Promise<Uint8Array> {
    return this.#channel.receive({ signal, timeoutMs: this.#options.silenceMs });
  }

  #report(): void {
    const own = this.#options.party.own.count;
    const peer = this.#party.peer.count;
    const rows = (batches: number, bound: number) => Math.min(bound, batches * this.#party.batchRows);
    const incoming = this.#party.tagBatches.incoming > 0 ? own : 0;
    this.#options.onProgress({
      done: rows(this.#sent, own) + rows(this.#evaluated, peer) + rows(this.#tagsHeld, incoming),
      total: own + peer + incoming,
    });
  }
}

async function digestRows(file: WorkFile, rowBytes: number, rows: number): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of readRows(file, rowBytes, rows)) hash.update(piece);
  return hash.digest();
}

async function readHeld(work: WorkFolder, name: string): Promise<Held> {
  const stored = await work.readSmall(`${name}.held`);
  return stored ? (JSON.parse(Buffer.from(stored).toString()) as Held) : { points: 0, tags: 0 };
}

function parseCommitment({ count, root }: { count: number; root: string }): { count: number; root: Uint8Array } {
  return { count, root: new Uint8Array(Buffer.from(root, 'hex')) };
}

function summary({ count, root, kernel }: Hello): ExchangeResult['peer'] {
  return { count, root, kernel };
}
