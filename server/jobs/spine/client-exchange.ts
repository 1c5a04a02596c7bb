/** The host of a list that visits a key: moves points out and answers in, and remembers on disk how far it has come. */
import { elementBytes } from '@causeway/core/group';
import { ProtocolError, rowsInBatch } from '@causeway/core/protocols';
import {
  type ClientOptions,
  checkTranscript,
  SpineClient,
  transcriptDigest,
} from '@causeway/core/protocols/join-spine';
import type { Channel } from '../../link/index.ts';
import { type AttemptOptions, attempt, inParallel, Progress } from '../match/attempt.ts';
import { pointsLeaf, readPoints, rootOfLeaves } from '../match/blinded-list.ts';
import { type WorkFile, type WorkFolder, withFiles } from '../work/index.ts';
import type { PointFiles } from './sorted-points.ts';

export interface ClientExchangeOptions {
  readonly work: WorkFolder;
  /** Sorted points (in). */
  readonly list: PointFiles;
  /** Name of the answers (out), in the order of the points. */
  readonly answers: string;
  readonly party: Omit<ClientOptions, 'answersHeld'>;
  /** How long the server may be silent before the attempt is given up. */
  readonly silenceMs: number;
  readonly onProgress: (rows: { readonly done: number; readonly total: number }) => void;
}

/** Batches between two points in time at which what arrived is durable. */
const batchesPerCheckpoint = 8;

/**
 * One attempt over one channel; call it again after an interruption.
 * @returns the digest of the exchange that both sides have compared, 32 bytes.
 * @throws {ProtocolError} for a server that leaves the protocol; {LinkError} for a channel that ended.
 */
export function exchangeAsClient(
  options: ClientExchangeOptions,
  channel: Channel,
  how: AttemptOptions,
): Promise<Uint8Array> {
  const names = {
    points: options.list.points,
    pointLeaves: options.list.leaves,
    answers: options.answers,
    leaves: `${options.answers}.leaves`,
  };
  return attempt(channel, how, () =>
    withFiles(options.work, names, (files) => new Exchange(options, files, channel, how.signal).run()),
  );
}

type Files = Readonly<Record<'points' | 'pointLeaves' | 'answers' | 'leaves', WorkFile>>;

class Exchange {
  readonly #options: ClientExchangeOptions;
  readonly #files: Files;
  readonly #channel: Channel;
  readonly #signal: AbortSignal;
  #party!: SpineClient;
  #held = 0;

  constructor(options: ClientExchangeOptions, files: Files, channel: Channel, signal: AbortSignal) {
    this.#options = options;
    this.#files = files;
    this.#channel = channel;
    this.#signal = signal;
  }

  async run(): Promise<Uint8Array> {
    const { work, answers, party } = this.#options;
    const kept = await work.readSmall(`${answers}.held`);
    this.#held = kept ? Number(Buffer.from(kept).toString()) : 0;
    this.#party = new SpineClient({ ...party, answersHeld: this.#held });
    await this.#channel.send(this.#party.hello());
    const first = this.#party.receive(await this.#receive());
    if (first.kind !== 'agreed') throw new ProtocolError('wrong-order', `the partner began with ${first.kind}`);
    const progress = new Progress();
    await inParallel(
      [(signal) => this.#sendPoints(first.sendPointsFrom, signal), (signal) => this.#receiveAnswers(signal)],
      { channel: this.#channel, progress, signal: this.#signal },
    );
    return this.#finish();
  }

  async #sendPoints(from: number, signal: AbortSignal): Promise<void> {
    const { points, pointLeaves: leaves } = this.#files;
    const list = { keyCount: this.#options.party.own.count, batchRows: this.#party.batchRows };
    for (let index = from; index < this.#party.batches; index++) {
      signal.throwIfAborted();
      await this.#channel.send(this.#party.points(index, await readPoints({ points, leaves }, list, index)));
    }
  }

  async #receiveAnswers(signal: AbortSignal): Promise<void> {
    const { batchRows } = this.#party;
    const { count } = this.#options.party.own;
    while (!this.#party.holdsAll) {
      const event = this.#party.receive(await this.#receive(signal));
      if (event.kind !== 'answers')
        throw new ProtocolError('wrong-order', `the partner sent ${event.kind} in the middle of the exchange`);
      await this.#files.answers.write(event.index * batchRows * elementBytes, event.answers);
      await this.#files.leaves.write(event.index * 32, pointsLeaf(event.answers));
      this.#held = event.index + 1;
      if (this.#held % batchesPerCheckpoint === 0) await this.#remember();
      const done = event.index * batchRows + rowsInBatch(count, event.index, batchRows);
      this.#options.onProgress({ done, total: count });
    }
    await this.#remember();
  }

  async #finish(): Promise<Uint8Array> {
    const { run, own } = this.#options.party;
    const answers = await rootOfLeaves(this.#files.leaves, this.#party.batches);
    const transcript = transcriptDigest(run, { count: own.count, points: own.root, answers });
    await this.#channel.send(this.#party.done(transcript));
    const last = this.#party.receive(await this.#receive());
    if (last.kind !== 'done') throw new ProtocolError('wrong-order', `the partner sent ${last.kind} at the end`);
    checkTranscript({ own: transcript, peer: last.transcript });
    return transcript;
  }

  /** Makes durable what arrived, then says so: never the other way round. */
  async #remember(): Promise<void> {
    await Promise.all([this.#files.answers.sync(), this.#files.leaves.sync()]);
    await this.#options.work.writeSmall(`${this.#options.answers}.held`, Buffer.from(String(this.#held)));
  }

  #receive(signal: AbortSignal = this.#signal): Promise<Uint8Array> {
    return this.#channel.receive({ signal, timeoutMs: this.#options.silenceMs });
  }
}
