/**
 * The host of the side that learns: keeps buckets, sends points and opens answers, while the role (a state machine) checks the server. What arrives
 * is written in order, so a restart goes on from the last durable batch.
 */
import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import type { Kernel } from '@causeway/core/group';
import { ProtocolError } from '@causeway/core/protocols';
import {
  batchCount,
  type ClientEvent,
  type ClientOptions,
  checkTranscript,
  OprfClient,
  openAnswers,
  rowsInBatch,
  type Table,
  tableCommitment,
  tagBits,
  tagBytes,
  transcriptDigest,
} from '@causeway/core/protocols/psi-oprf';
import type { Channel } from '../../../link/index.ts';
import { type WorkFile, withFiles } from '../../work/index.ts';
import { type AttemptOptions, attempt, inParallel, Progress } from '../attempt.ts';
import { pointsLeaf, readPoints, rootOfLeaves } from '../blinded-list.ts';
import { keyBytes } from '../key-set.ts';
import type { ExchangeResult } from '../match-round.ts';
import type { RoundFiles } from '../round-files.ts';
import { keepTable, readBase } from './held-table.ts';
import type { OprfPorts } from './ports.ts';
import { ReceivedTable, receivedTable } from './received-table.ts';
import { storedTable, tableOf } from './served-table.ts';

export interface ClientExchangeOptions {
  readonly files: RoundFiles;
  readonly kernel: Kernel;
  readonly ports: OprfPorts;
  readonly role: Omit<ClientOptions, 'held' | 'table'>;
  /** The scalar that the points are blinded with. */
  readonly blind: Uint8Array;
  readonly silenceMs: number;
  /** Rows handled so far, of all that this side receives. */
  readonly onProgress: (rows: { readonly done: number; readonly total: number }) => void;
}

/** What is durable of the server's messages. */
interface Held {
  readonly buckets: number;
  readonly partRows: number;
  readonly answers: number;
  readonly commitment: string;
}

/** Messages between two points in time at which what arrived is durable. */
const messagesPerCheckpoint = 8;

/** One attempt over one channel; call it again after an interruption. */
export function askOnce(
  options: ClientExchangeOptions,
  channel: Channel,
  how: AttemptOptions,
): Promise<ExchangeResult> {
  const { files } = options;
  const points = files.name('points');
  const names = {
    set: files.set,
    points,
    pointLeaves: `${points}.leaves`,
    tags: tagsOfOwn(files),
    answerLeaves: files.name('received.answer-leaves'),
  };
  return attempt(channel, how, (heard) =>
    withFiles(files.work, names, (open) => new ClientExchange(options, open, channel, how.signal).run(heard)),
  );
}

/** Name of the file with a tag for each of the own keys. */
export function tagsOfOwn(files: RoundFiles): string {
  return files.name('received.tags');
}

/** The table that the server answered under. */
export async function offeredTable(files: RoundFiles): Promise<Table> {
  return tableOf((await files.stored<ReturnType<typeof storedTable>>(offeredPart))!);
}

const offeredPart = 'offered';

type Files = Readonly<Record<'set' | 'points' | 'pointLeaves' | 'tags' | 'answerLeaves', WorkFile>>;

class ClientExchange {
  readonly #options: ClientExchangeOptions;
  readonly #files: Files;
  readonly #channel: Channel;
  readonly #signal: AbortSignal;
  readonly #progress = new Progress();
  #role!: OprfClient;
  #table!: ReceivedTable;
  #held = { buckets: 0, partRows: 0, answers: 0 };
  /** Rows of the table that came in this attempt. */
  #tableRows = 0;

  constructor(options: ClientExchangeOptions, files: Files, channel: Channel, signal: AbortSignal) {
    this.#options = options;
    this.#files = files;
    this.#channel = channel;
    this.#signal = signal;
  }

  /** @param heard the server's first message, where it was waited for. */
  async run(heard: Uint8Array | undefined): Promise<ExchangeResult> {
    const { role, files, ports } = this.#options;
    const held = await files.stored<Held>('received.held');
    if (held) this.#held = { buckets: held.buckets, partRows: held.partRows, answers: held.answers };
    this.#role = new OprfClient({
      ...role,
      table: (await readBase(files))?.table,
      ...(held ? { held: { ...held, commitment: hexToBytes(held.commitment) } } : {}),
    });
    await this.#channel.send(this.#role.hello());
    const first = this.#role.receive(heard ?? (await this.#receive(this.#signal)));
    if (first.kind !== 'agreed') throw new ProtocolError('wrong-order', `the partner began with ${first.kind}`);
    const { table } = this.#role.server;
    this.#role.pin(await ports.keys.confirm(table, this.#signal));
    await files.store(offeredPart, storedTable(table));
    this.#table = new ReceivedTable(files, { shipment: first.shipment, table, batchRows: this.#role.batchRows });
    try {
      await this.#remember();
      await inParallel(
        [(signal) => this.#sendPoints(first.sendPointsFrom, signal), (signal) => this.#receiveAll(signal)],
        { channel: this.#channel, progress: this.#progress, signal: this.#signal },
      );
      await this.#table.finish(this.#signal);
    } finally {
      await this.#table.close();
    }
    await keepTable(files, receivedTable(files), table, ports);
    return this.#finish();
  }

  async #sendPoints(from: number, signal: AbortSignal): Promise<void> {
    const list = { keyCount: this.#options.role.own.count, batchRows: this.#role.batchRows };
    for (let index = from; index < this.#batchCount; index++) {
      signal.throwIfAborted();
      await this.#channel.send(this.#role.points(index, await this.#points(list, index)));
    }
  }

  async #receiveAll(signal: AbortSignal): Promise<void> {
    while (!this.#role.holdsAll) {
      const event = this.#role.receive(await this.#receive(signal));
      switch (event.kind) {
        case 'bucket':
          await this.#keep(event);
          break;
        case 'answers':
          await this.#open(event);
          break;
        case 'agreed':
        case 'done':
          throw new ProtocolError('wrong-order', `the partner sent ${event.kind} in the middle of the exchange`);
      }
      if ((this.#held.buckets + this.#held.answers) % messagesPerCheckpoint === 0) await this.#remember();
      this.#report();
    }
    await this.#remember();
  }

  async #keep(event: Extract<ClientEvent, { kind: 'bucket' }>): Promise<void> {
    await this.#table.add(event);
    this.#held.buckets = event.index + 1;
    this.#held.partRows = event.partRows;
    this.#tableRows += event.bucket.rows;
  }

  async #open({ index, answers, proof }: Extract<ClientEvent, { kind: 'answers' }>): Promise<void> {
    const { kernel, role, blind } = this.#options;
    const list = { keyCount: role.own.count, batchRows: this.#role.batchRows };
    const coding = { tagBits: tagBits(this.#role.server.table) };
    const from = index * list.batchRows;
    const tags = await openAnswers(kernel, {
      keys: await this.#files.set.read(from * keyBytes, rowsInBatch(list.keyCount, index, list.batchRows) * keyBytes),
      points: await this.#points(list, index),
      answers,
      proof,
      publicKey: this.#role.publicKey,
      blind,
      coding,
    });
    await this.#files.tags.write(from * tagBytes(coding), tags);
    const said = new Uint8Array(proof.length + answers.length);
    said.set(proof);
    said.set(answers, proof.length);
    await this.#files.answerLeaves.write(index * 32, pointsLeaf(said));
    this.#held.answers = index + 1;
  }

  async #finish(): Promise<ExchangeResult> {
    const { run, own } = this.#options.role;
    const { table, kernel } = this.#role.server;
    const commitment = tableCommitment(table);
    const transcript = transcriptDigest(run, {
      client: { count: own.count, root: own.root },
      server: { table: commitment, answers: await rootOfLeaves(this.#files.answerLeaves, this.#batchCount) },
    });
    await this.#channel.send(this.#role.done(transcript));
    const last = this.#role.receive(await this.#receive(this.#signal));
    if (last.kind !== 'done') throw new ProtocolError('wrong-order', `the partner sent ${last.kind} at the end`);
    checkTranscript({ own: transcript, peer: last.transcript });
    const { epoch, publicKey, rows } = table;
    return { peer: { count: rows, root: commitment, kernel }, transcript, key: { epoch, publicKey } };
  }

  /** Makes durable what arrived, then says so: never the other way round. */
  async #remember(): Promise<void> {
    const held: Held = { ...this.#held, commitment: bytesToHex(tableCommitment(this.#role.server.table)) };
    await Promise.all([this.#files.tags.sync(), this.#files.answerLeaves.sync(), this.#table.sync()]);
    await this.#options.files.store('received.held', held);
  }

  #points(list: { readonly keyCount: number; readonly batchRows: number }, index: number): Promise<Uint8Array> {
    return readPoints({ points: this.#files.points, leaves: this.#files.pointLeaves }, list, index);
  }

  get #batchCount(): number {
    return batchCount(this.#options.role.own.count, this.#role.batchRows);
  }

  #receive(signal: AbortSignal): Promise<Uint8Array> {
    return this.#channel.receive({ signal, timeoutMs: this.#options.silenceMs });
  }

  #report(): void {
    const { count } = this.#options.role.own;
    const answered = Math.min(count, this.#held.answers * this.#role.batchRows);
    const shipped = this.#role.shippedRows;
    this.#options.onProgress({ done: answered + Math.min(shipped, this.#tableRows), total: count + shipped });
  }
}
