/** The host of a key: multiplies what a client sends, and remembers on disk which batches those were. No answer is kept. */
import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import type { Kernel } from '@causeway/core/group';
import { elementBytes } from '@causeway/core/group';
import { ProtocolError } from '@causeway/core/protocols';
import {
  checkCommitment,
  checkTranscript,
  type ServerOptions,
  SpineServer,
  transcriptDigest,
} from '@causeway/core/protocols/join-spine';
import type { Channel } from '../../link/index.ts';
import { type AttemptOptions, attempt } from '../match/attempt.ts';
import { pointsLeaf, rootOfLeaves } from '../match/blinded-list.ts';
import { WorkError, type WorkFile, type WorkFolder, withFiles } from '../work/index.ts';

export interface ServerExchangeOptions {
  readonly work: WorkFolder;
  readonly kernel: Kernel;
  /** Name of what is remembered of this client. */
  readonly name: string;
  readonly party: Omit<ServerOptions, 'held'>;
  /** Own key. */
  readonly key: Uint8Array;
  /** How long the client may be silent before the attempt is given up. */
  readonly silenceMs: number;
  /** Something came of the client. */
  readonly onHeard: () => void;
}

/** What both sides know of a list when its exchange has ended. */
export interface ServedList {
  readonly count: number;
  readonly root: Uint8Array;
  readonly transcript: Uint8Array;
}

interface Held {
  readonly points: number;
  readonly last: string | null;
  readonly count: number;
  readonly root: string;
}

const batchesPerCheckpoint = 8;

/**
 * One attempt over one channel, whose first message is the client's; call it again after an interruption.
 * @throws {ProtocolError} for a client that leaves the protocol; {LinkError} for a channel that ended.
 */
export function exchangeAsServer(
  options: ServerExchangeOptions,
  channel: Channel,
  signal: AbortSignal,
): Promise<ServedList> {
  const how: AttemptOptions = { signal, opening: 'wait' };
  const names = { leaves: `${options.name}.leaves`, answerLeaves: `${options.name}.answer-leaves` };
  return attempt(channel, how, (heard) =>
    withFiles(options.work, names, (files) => new Exchange(options, files, channel, signal).run(heard!)),
  );
}

/** An exchange that has ended, before a restart perhaps. @param name of what is remembered of the client. */
export async function servedList(work: WorkFolder, name: string): Promise<ServedList | undefined> {
  const kept = await work.readSmall(`${name}.ended`);
  if (!kept) return undefined;
  const { count, root, transcript } = JSON.parse(Buffer.from(kept).toString()) as Record<
    'root' | 'transcript',
    string
  > & {
    count: number;
  };
  return { count, root: hexToBytes(root), transcript: hexToBytes(transcript) };
}

class Exchange {
  readonly #options: ServerExchangeOptions;
  readonly #files: Readonly<Record<'leaves' | 'answerLeaves', WorkFile>>;
  readonly #channel: Channel;
  readonly #signal: AbortSignal;
  #party!: SpineServer;
  /** Batches whose leaves are in the files, from an earlier attempt or this one. */
  #known = 0;
  #last: Uint8Array | undefined;

  constructor(
    options: ServerExchangeOptions,
    files: Readonly<Record<'leaves' | 'answerLeaves', WorkFile>>,
    channel: Channel,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#files = files;
    this.#channel = channel;
    this.#signal = signal;
  }

  async run(heard: Uint8Array): Promise<ServedList> {
    const { party, onHeard } = this.#options;
    const held = await this.#read();
    this.#known = held?.points ?? 0;
    this.#last = held?.last ? hexToBytes(held.last) : undefined;
    this.#party = new SpineServer({
      ...party,
      ...(held
        ? {
            held: {
              points: held.points,
              last: this.#last,
              commitment: { count: held.count, root: hexToBytes(held.root) },
            },
          }
        : {}),
    });
    const first = this.#party.receive(heard);
    if (first.kind !== 'agreed') throw new ProtocolError('wrong-order', `the partner began with ${first.kind}`);
    // The list that this client may have evaluated is fixed, durably, before the first of it is.
    await this.#remember();
    await this.#channel.send(this.#party.hello());
    while (!this.#party.holdsAll) {
      const event = this.#party.receive(await this.#receive());
      onHeard();
      if (event.kind !== 'points')
        throw new ProtocolError('wrong-order', `the partner sent ${event.kind} in the middle of the exchange`);
      await this.#evaluate(event);
    }
    return this.#finish();
  }

  async #evaluate(of: {
    readonly index: number;
    readonly points: Uint8Array;
    readonly isAwaited: boolean;
  }): Promise<void> {
    const { index, points, isAwaited } = of;
    const { kernel, key } = this.#options;
    const leaf = pointsLeaf(points);
    if (index < this.#known) {
      const before = await this.#files.leaves.read(index * 32, 32);
      if (!Buffer.from(before).equals(leaf))
        throw new ProtocolError('commitment', `batch ${index} is not the one that was evaluated before`);
    }
    if (index < this.#known && !isAwaited) return;
    const answers = await kernel.multiply({ points, scalar: key });
    if (index >= this.#known) {
      await this.#files.leaves.write(index * 32, leaf);
      await this.#files.answerLeaves.write(index * 32, pointsLeaf(answers));
      this.#known = index + 1;
      this.#last = points.slice(-elementBytes);
      if (this.#known % batchesPerCheckpoint === 0) await this.#remember();
    }
    if (isAwaited) await this.#channel.send(this.#party.answers(index, answers));
  }

  async #finish(): Promise<ServedList> {
    await this.#remember();
    const { count, root } = this.#party.client;
    const { batches } = this.#party;
    checkCommitment({ received: await rootOfLeaves(this.#files.leaves, batches), committed: root });
    const answers = await rootOfLeaves(this.#files.answerLeaves, batches);
    const transcript = transcriptDigest(this.#options.party.run, { count, points: root, answers });
    const last = this.#party.receive(await this.#receive());
    if (last.kind !== 'done') throw new ProtocolError('wrong-order', `the partner sent ${last.kind} at the end`);
    checkTranscript({ own: transcript, peer: last.transcript });
    const ended = { count, root: bytesToHex(root), transcript: bytesToHex(transcript) };
    await this.#options.work.writeSmall(`${this.#options.name}.ended`, Buffer.from(JSON.stringify(ended)));
    await this.#channel.send(this.#party.done(transcript));
    return { count, root, transcript };
  }

  async #read(): Promise<Held | undefined> {
    const kept = await this.#options.work.readSmall(`${this.#options.name}.held`);
    if (!kept) return undefined;
    try {
      return JSON.parse(Buffer.from(kept).toString()) as Held;
    } catch (cause) {
      throw new WorkError('stored-data-damaged', `what was kept of ${this.#options.name} is damaged`, { cause });
    }
  }

  async #remember(): Promise<void> {
    await Promise.all([this.#files.leaves.sync(), this.#files.answerLeaves.sync()]);
    const { count, root } = this.#party.client;
    const held: Held = {
      points: this.#known,
      last: this.#last ? bytesToHex(this.#last) : null,
      count,
      root: bytesToHex(root),
    };
    await this.#options.work.writeSmall(`${this.#options.name}.held`, Buffer.from(JSON.stringify(held)));
  }

  #receive(): Promise<Uint8Array> {
    return this.#channel.receive({ signal: this.#signal, timeoutMs: this.#options.silenceMs });
  }
}
