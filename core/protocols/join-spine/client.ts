/**
 * The role of whoever has rows: sends its blinded list, in ascending order, and gets it back under the server's key. A state machine without
 * I/O; points and answers pass through it and stay with the host.
 */
import { elementBytes } from '../../group/index.ts';
import { batchCount, batchRows, rowsInBatch } from '../batch.ts';
import { ProtocolError } from '../protocol-error.ts';
import { checkBatch, checkPlan, refuse } from './checks.ts';
import { decodeMessage, encodeMessage, type ServerHello } from './messages.ts';
import { protocolVersion } from './parameters.ts';

export interface ClientOptions {
  /** Id of this exchange, 32 bytes. */
  readonly run: Uint8Array;
  /** Digest of what all parties agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  /** Distinct identifiers, and the Merkle root over their batches of points. */
  readonly own: { readonly count: number; readonly root: Uint8Array; readonly kernel: string };
  /** Batches of answers that are held since before a restart. */
  readonly answersHeld?: number;
  /** Rows in a message, the same on both sides: {@link batchRows}, unless a simulation makes many messages of a short list. */
  readonly batchRows?: number;
}

/** What the server said, checked; the host acts on it. */
export type ClientEvent =
  /** Send points from this batch on. */
  | { readonly kind: 'agreed'; readonly sendPointsFrom: number }
  /** Keep these answers. */
  | { readonly kind: 'answers'; readonly index: number; readonly answers: Uint8Array }
  /** The server has said all, with its digest of the transcript. */
  | { readonly kind: 'done'; readonly transcript: Uint8Array };

export class SpineClient {
  readonly #options: ClientOptions;
  #server: ServerHello | undefined;
  #answersHeld: number;
  #done = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#answersHeld = options.answersHeld ?? 0;
  }

  /** The server's hello. @throws {RangeError} before it came. */
  get server(): ServerHello {
    if (!this.#server) throw new RangeError('the server has not said hello yet');
    return this.#server;
  }

  /** Rows in a message. */
  get batchRows(): number {
    return this.#options.batchRows ?? batchRows;
  }

  get batches(): number {
    return batchCount(this.#options.own.count, this.batchRows);
  }

  /** Whether the host has an answer for every row. */
  get holdsAll(): boolean {
    return this.#answersHeld === this.batches;
  }

  /** The first message, and the first after every reconnection. */
  hello(): Uint8Array {
    const { plan, own } = this.#options;
    return this.#encode({
      type: 'client-hello',
      version: protocolVersion,
      plan,
      ...own,
      answersHeld: this.#answersHeld,
    });
  }

  /** Batch `index` of the own points, as a message. */
  points(index: number, points: Uint8Array): Uint8Array {
    return this.#encode({ type: 'points', index, points });
  }

  /** The last message. */
  done(transcript: Uint8Array): Uint8Array {
    return this.#encode({ type: 'done', transcript });
  }

  /** @throws {ProtocolError} for anything that the protocol does not have at this point; the state is then unchanged. */
  receive(bytes: Uint8Array): ClientEvent {
    const { run, plan, own } = this.#options;
    const message = decodeMessage(bytes, { run, from: 'server' });
    if (message.type !== 'server-hello' && (!this.#server || this.#done))
      refuse(message.type, this.#done ? 'after the end' : 'before hello');
    switch (message.type) {
      case 'server-hello':
        if (this.#server) refuse(message.type, 'twice');
        checkPlan(message, plan);
        if (message.pointsHeld > this.batches)
          throw new ProtocolError('wrong-count', 'the partner claims to hold more than there is');
        this.#server = { ...message, plan: message.plan.slice() };
        return { kind: 'agreed', sendPointsFrom: Math.min(this.#answersHeld, message.pointsHeld) };
      case 'answers': {
        const rows = rowsInBatch(own.count, this.#answersHeld, this.batchRows);
        checkBatch(
          'answers',
          { got: message.index, expected: this.#answersHeld },
          { got: message.answers.length, expected: rows * elementBytes },
        );
        this.#answersHeld += 1;
        return { kind: 'answers', index: message.index, answers: message.answers };
      }
      case 'done':
        if (!this.holdsAll)
          throw new ProtocolError('wrong-count', 'the partner ended before it had answered everything');
        this.#done = true;
        return { kind: 'done', transcript: message.transcript.slice() };
      case 'client-hello':
      case 'points':
        return refuse(message.type, 'in the role of the server');
    }
  }

  #encode(message: Parameters<typeof encodeMessage>[0]): Uint8Array {
    return encodeMessage(message, { run: this.#options.run, from: 'client' });
  }
}
