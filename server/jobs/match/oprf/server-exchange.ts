/**
 * The host of the side with the table: ships buckets, and answers points while the role (a state machine) checks the client. Answers are kept as
 * they were made, so what is sent again after a restart is byte for byte the same.
 */
import type { KeyPair } from '@causeway/core/crypto';
import { elementBytes, type Kernel } from '@causeway/core/group';
import { ProtocolError, pointPrints, printBytes } from '@causeway/core/protocols';
import {
  answerPoints,
  batchCount,
  checkCommitment,
  checkTranscript,
  keyOf,
  OprfServer,
  placeInShipment,
  proofBytes,
  rowsInBatch,
  type ServerOptions,
  type Shipment,
  tableCommitment,
  transcriptDigest,
} from '@causeway/core/protocols/psi-oprf';
import type { Channel } from '../../../link/index.ts';
import { type WorkFile, withFiles } from '../../work/index.ts';
import { type AttemptOptions, attempt, inParallel, Progress } from '../attempt.ts';
import { pointsLeaf, rootOfLeaves } from '../blinded-list.ts';
import type { ExchangeResult } from '../match-round.ts';
import type { RoundFiles } from '../round-files.ts';
import { CodedListReader, codedNames } from './coded-list.ts';
import { offeredFile } from './offer.ts';
import type { EvaluationBudget } from './ports.ts';

export interface ServerExchangeOptions {
  readonly files: RoundFiles;
  readonly kernel: Kernel;
  readonly role: Omit<ServerOptions, 'held'>;
  readonly secretKey: Uint8Array;
  readonly budget: EvaluationBudget;
  readonly silenceMs: number;
  /** Rows handled so far, of all that this side answers. */
  readonly onProgress: (rows: { readonly done: number; readonly total: number }) => void;
}

/** What is durable of the client's messages. */
interface Held {
  readonly points: number;
  readonly commitment: { readonly count: number; readonly root: string };
}

/** Batches between two points in time at which answers are durable. */
const batchesPerCheckpoint = 8;

/** One attempt over one channel; call it again after an interruption. */
export function serveOnce(
  options: ServerExchangeOptions,
  channel: Channel,
  how: AttemptOptions,
): Promise<ExchangeResult> {
  const { files } = options;
  const name = (part: string) => files.name(`received.${part}`);
  const names = {
    answers: name('answers'),
    answerLeaves: name('answer-leaves'),
    pointLeaves: name('point-leaves'),
    prints: printsOfClient(files),
  };
  return attempt(channel, how, (heard) =>
    withFiles(files.work, names, (open) => new ServerExchange(options, open, channel, how.signal).run(heard)),
  );
}

/** Name of the file with a print of each of the client's points. */
export function printsOfClient(files: RoundFiles): string {
  return files.name('received.prints');
}

type Files = Readonly<Record<'answers' | 'answerLeaves' | 'pointLeaves' | 'prints', WorkFile>>;

class ServerExchange {
  readonly #options: ServerExchangeOptions;
  readonly #files: Files;
  readonly #channel: Channel;
  readonly #signal: AbortSignal;
  readonly #progress = new Progress();
  readonly #key: KeyPair;
  #role!: OprfServer;
  /** Batches whose answers are in the file, durable or not. */
  #answered = 0;

  constructor(options: ServerExchangeOptions, files: Files, channel: Channel, signal: AbortSignal) {
    this.#options = options;
    this.#files = files;
    this.#channel = channel;
    this.#signal = signal;
    this.#key = keyOf(options.secretKey);
  }

  /** @param heard the client's first message, where it was waited for. */
  async run(heard: Uint8Array | undefined): Promise<ExchangeResult> {
    const { role, files, budget } = this.#options;
    const held = await files.stored<Held>('received.held');
    this.#answered = held?.points ?? 0;
    this.#role = new OprfServer({
      ...role,
      ...(held ? { held: { ...held, commitment: listOf(held.commitment) } } : {}),
    });
    await this.#channel.send(this.#role.hello());
    const first = this.#role.receive(heard ?? (await this.#receive(this.#signal)));
    if (first.kind !== 'agreed') throw new ProtocolError('wrong-order', `the partner began with ${first.kind}`);
    const { epoch, evaluationBits } = role.own.table;
    await budget.spend({ epoch, evaluations: this.#role.client.count, limit: 2 ** evaluationBits });
    await this.#remember();
    await inParallel(
      [
        (signal) => this.#ship(first.shipment, first.sendBucketsFrom, signal),
        (signal) => this.#sendAnswers(first.sendAnswersFrom, signal),
        (signal) => this.#receiveAll(signal),
      ],
      { channel: this.#channel, progress: this.#progress, signal: this.#signal },
    );
    return this.#finish();
  }

  async #ship(shipment: Shipment, from: number, signal: AbortSignal): Promise<void> {
    const { files } = this.#options;
    for (let index = from; index < shipment.bucketCount; ) {
      const { part, bucket: first } = placeInShipment(shipment, index);
      index = await withFiles(files.work, codedNames(offeredFile(files, part)), async (open) => {
        const list = await CodedListReader.open(open, part.coding);
        let next = index;
        for (let bucket = first; bucket < list.bucketCount; bucket++, next++) {
          signal.throwIfAborted();
          await this.#channel.send(this.#role.bucket(next, await list.read(bucket)));
        }
        return next;
      });
    }
  }

  /** Answers go out from the file that the evaluation fills, so that a slow client never keeps this side from reading. */
  async #sendAnswers(from: number, signal: AbortSignal): Promise<void> {
    for (let index = from; index < this.#batchCount; index++) {
      await this.#progress.until(() => this.#answered > index, signal);
      const stored = await this.#files.answers.read(
        this.#answersAt(index),
        proofBytes + this.#rows(index) * elementBytes,
      );
      const [proof, answers] = [stored.subarray(0, proofBytes), stored.subarray(proofBytes)];
      await this.#channel.send(this.#role.answers(index, { answers, proof }));
    }
  }

  async #receiveAll(signal: AbortSignal): Promise<void> {
    while (!this.#role.holdsAll) {
      const event = this.#role.receive(await this.#receive(signal));
      if (event.kind !== 'points') {
        throw new ProtocolError('wrong-order', `the partner sent ${event.kind} in the middle of the exchange`);
      }
      await this.#answer(event.index, event.points);
      if (this.#answered % batchesPerCheckpoint === 0) await this.#remember();
      this.#options.onProgress({
        done: Math.min(this.#role.client.count, this.#answered * this.#role.batchRows),
        total: this.#role.client.count,
      });
    }
    await this.#remember();
  }

  async #answer(index: number, points: Uint8Array): Promise<void> {
    const { answers, proof } = await answerPoints(this.#options.kernel, { points, key: this.#key });
    const stored = new Uint8Array(proofBytes + answers.length);
    stored.set(proof);
    stored.set(answers, proofBytes);
    await this.#files.answers.write(this.#answersAt(index), stored);
    await this.#files.answerLeaves.write(index * 32, pointsLeaf(stored));
    await this.#files.pointLeaves.write(index * 32, pointsLeaf(points));
    await this.#files.prints.write(index * this.#role.batchRows * printBytes, pointPrints(points));
    this.#answered = index + 1;
    this.#progress.note();
  }

  async #finish(): Promise<ExchangeResult> {
    const { run, own } = this.#options.role;
    const { client } = this.#role;
    const { pointLeaves, answerLeaves } = this.#files;
    checkCommitment({ received: await rootOfLeaves(pointLeaves, this.#batchCount), committed: client.root });
    const transcript = transcriptDigest(run, {
      client,
      server: {
        table: tableCommitment(own.table),
        answers: await rootOfLeaves(answerLeaves, this.#batchCount),
      },
    });
    await this.#channel.send(this.#role.done(transcript));
    const last = this.#role.receive(await this.#receive(this.#signal));
    if (last.kind !== 'done') throw new ProtocolError('wrong-order', `the partner sent ${last.kind} at the end`);
    checkTranscript({ own: transcript, peer: last.transcript });
    const { epoch, publicKey } = own.table;
    const { count, root, kernel } = client;
    return { peer: { count, root, kernel }, transcript, key: { epoch, publicKey } };
  }

  /** Makes durable what was answered, then says so: never the other way round. */
  async #remember(): Promise<void> {
    const points = this.#answered;
    const { answers, answerLeaves, pointLeaves, prints } = this.#files;
    await Promise.all([answers, answerLeaves, pointLeaves, prints].map((file) => file.sync()));
    const { count, root } = this.#role.client;
    const held: Held = { points, commitment: { count, root: Buffer.from(root).toString('hex') } };
    await this.#options.files.store('received.held', held);
  }

  get #batchCount(): number {
    return batchCount(this.#role.client.count, this.#role.batchRows);
  }

  #rows(index: number): number {
    return rowsInBatch(this.#role.client.count, index, this.#role.batchRows);
  }

  #answersAt(index: number): number {
    return index * (proofBytes + this.#role.batchRows * elementBytes);
  }

  #receive(signal: AbortSignal): Promise<Uint8Array> {
    return this.#channel.receive({ signal, timeoutMs: this.#options.silenceMs });
  }
}

function listOf({ count, root }: Held['commitment']): { count: number; root: Uint8Array } {
  return { count, root: new Uint8Array(Buffer.from(root, 'hex')) };
}
