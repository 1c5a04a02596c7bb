/**
 * The side with the table, as a state machine without I/O: it ships what the client lacks of the table and evaluates the client's blinded
 * points under the table's key. It checks everything that the client says, and learns the size of its list.
 */
import { equalBytes } from '../../bytes/index.ts';
import { batchCount, batchRows } from '../batch.ts';
import type { Side } from '../party.ts';
import { ProtocolError } from '../protocol-error.ts';
import { checkElements, checkListSize, checkNext, checkSamePlan } from './checks.ts';
import { type ClientHello, decodeMessage, type EarlierVersion, encodeMessage } from './messages.ts';
import { protocolVersion, type Table } from './parameters.ts';
import { planShipment, type Shipment } from './shipment.ts';
import type { Bucket } from './tag-coding.ts';

export interface ServerOptions {
  /** Id of this exchange, 32 bytes. */
  readonly run: Uint8Array;
  /** Digest of what both sides agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  readonly side: Side;
  readonly own: { readonly table: Table; readonly earlier: readonly EarlierVersion[]; readonly kernel: string };
  /** How many keys the client may bring, both inclusive. */
  readonly peerCount: { readonly min: number; readonly max: number };
  /** What this side holds since before a restart: answered batches, and the list that the client committed to. */
  readonly held?: {
    readonly points: number;
    readonly commitment: { readonly count: number; readonly root: Uint8Array };
  };
  /** Rows in a message, the same on both sides: {@link batchRows}, unless a simulation makes many messages of a short list. */
  readonly batchRows?: number;
}

/** What the client said, checked; the host acts on it. */
export type ServerEvent =
  /** Count the evaluations; then ship the table from one message on, and send answers from one batch on. */
  | {
      readonly kind: 'agreed';
      readonly sendBucketsFrom: number;
      readonly sendAnswersFrom: number;
      readonly shipment: Shipment;
    }
  /** Evaluate these points under the table's key, and keep the answers. */
  | { readonly kind: 'points'; readonly index: number; readonly points: Uint8Array }
  | { readonly kind: 'done'; readonly transcript: Uint8Array };

export class OprfServer {
  readonly #options: ServerOptions;
  #client: ClientHello | undefined;
  #pointsHeld: number;
  #done = false;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#pointsHeld = options.held?.points ?? 0;
  }

  /** The client's hello. @throws {RangeError} before it came. */
  get client(): ClientHello {
    if (!this.#client) throw new RangeError('the client has not said hello yet');
    return this.#client;
  }

  get batchRows(): number {
    return this.#options.batchRows ?? batchRows;
  }

  /** Whether the host has all of the client's points. */
  get holdsAll(): boolean {
    return this.#pointsHeld === batchCount(this.client.count, this.batchRows);
  }

  /** The first message of this side, and the first after every reconnection. */
  hello(): Uint8Array {
    const { plan, own } = this.#options;
    return this.#encode({
      type: 'server-hello',
      version: protocolVersion,
      plan,
      ...own,
      pointsHeld: this.#pointsHeld,
    });
  }

  /** Message `index` of the shipment. */
  bucket(index: number, { rows, bytes }: Pick<Bucket, 'rows' | 'bytes'>): Uint8Array {
    return this.#encode({ type: 'bucket', index, rows, bytes });
  }

  /** The answers to batch `index` of the client's points, with their proof. */
  answers(index: number, { answers, proof }: { readonly answers: Uint8Array; readonly proof: Uint8Array }): Uint8Array {
    return this.#encode({ type: 'answers', index, answers, proof });
  }

  /** The last message of this side. */
  done(transcript: Uint8Array): Uint8Array {
    return this.#encode({ type: 'done', transcript });
  }

  /** @throws {ProtocolError} for anything that the protocol does not have at this point; the state is then unchanged. */
  receive(bytes: Uint8Array): ServerEvent {
    const { run, side } = this.#options;
    const message = decodeMessage(bytes, { run, side: side === 'proposer' ? 'partner' : 'proposer' });
    if (message.type !== 'client-hello' && (!this.#client || this.#done)) {
      throw new ProtocolError(
        'wrong-order',
        `the partner sent ${message.type} ${this.#done ? 'after the end' : 'before hello'}`,
      );
    }
    switch (message.type) {
      case 'client-hello':
        return this.#meet(message);
      case 'points':
        return this.#takePoints(message);
      case 'done':
        if (!this.holdsAll) throw new ProtocolError('wrong-count', 'the partner ended before it had sent everything');
        this.#done = true;
        return { kind: 'done', transcript: message.transcript.slice() };
      case 'server-hello':
      case 'bucket':
      case 'answers':
        throw new ProtocolError('wrong-plan', `the partner sent ${message.type}, which is ours to send`);
    }
  }

  #meet(hello: ClientHello): ServerEvent {
    this.#checkHello(hello);
    const shipment = planShipment(this.#options.own, hello.table, this.batchRows);
    if (hello.bucketsHeld > shipment.bucketCount || hello.answersHeld > this.#pointsHeld) {
      throw new ProtocolError('wrong-count', 'the partner claims to hold more than there is');
    }
    const { table } = hello;
    this.#client = {
      ...hello,
      plan: hello.plan.slice(),
      root: hello.root.slice(),
      table: table && { ...table, root: table.root.slice() },
    };
    return {
      kind: 'agreed',
      sendBucketsFrom: hello.bucketsHeld,
      sendAnswersFrom: hello.answersHeld,
      shipment,
    };
  }

  #takePoints({ index, points }: { index: number; points: Uint8Array }): ServerEvent {
    checkNext('points', { got: index, expected: this.#pointsHeld });
    checkElements('points', points, { count: this.client.count, index, batchRows: this.batchRows });
    this.#pointsHeld += 1;
    return { kind: 'points', index, points };
  }

  #checkHello(hello: ClientHello): void {
    const { plan, own, peerCount, held } = this.#options;
    if (this.#client) throw new ProtocolError('wrong-order', 'the partner said hello twice');
    checkSamePlan(hello, plan);
    checkListSize(hello.count, { ...peerCount, max: Math.min(peerCount.max, 2 ** own.table.evaluationBits) });
    if (held && !(held.commitment.count === hello.count && equalBytes(held.commitment.root, hello.root))) {
      throw new ProtocolError(
        'commitment',
        "the partner's list differs from the one it committed to at the start of this run",
      );
    }
  }

  #encode(message: Parameters<typeof encodeMessage>[0]): Uint8Array {
    return encodeMessage(message, { run: this.#options.run, side: this.#options.side });
  }
}
