/**
 * The role of whoever holds a key: multiplies the client's points, which look random to it, and counts them. A state machine without I/O;
 * points and answers pass through it and stay with the host.
 */
import { compareRows, equalBytes } from '../../bytes/index.ts';
import { elementBytes } from '../../group/index.ts';
import { batchCount, batchRows, rowsInBatch } from '../batch.ts';
import { ProtocolError } from '../protocol-error.ts';
import { checkBatch, checkPlan, refuse } from './checks.ts';
import { type ClientHello, decodeMessage, encodeMessage } from './messages.ts';
import { protocolVersion } from './parameters.ts';

export interface ServerOptions {
  /** Id of this exchange, 32 bytes. */
  readonly run: Uint8Array;
  /** Digest of what all parties agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  readonly kernel: string;
  /** How many rows the client may bring, both inclusive: as many evaluations it gets, and as many identifiers it can try. */
  readonly clientCount: { readonly min: number; readonly max: number };
  /** What this side remembers since before a restart. */
  readonly held?: {
    /** Batches of points that were evaluated. */
    readonly points: number;
    /** The last point of the last of them, where there is one. */
    readonly last: Uint8Array | undefined;
    /** The list that the client committed to. */
    readonly commitment: { readonly count: number; readonly root: Uint8Array };
  };
  /** Rows in a message, the same on both sides: {@link batchRows}, unless a simulation makes many messages of a short list. */
  readonly batchRows?: number;
}

/** What the client said, checked; the host acts on it. */
export type ServerEvent =
  | { readonly kind: 'agreed' }
  /** Multiply these points by the key; send the answers where the client does not hold them yet. */
  | { readonly kind: 'points'; readonly index: number; readonly points: Uint8Array; readonly isAwaited: boolean }
  /** The client has all, with its digest of the transcript. */
  | { readonly kind: 'done'; readonly transcript: Uint8Array };

export class SpineServer {
  readonly #options: ServerOptions;
  #client: ClientHello | undefined;
  /** The next batch of points. */
  #next = 0;
  #last: Uint8Array | undefined;
  #done = false;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** The client's hello. @throws {RangeError} before it came. */
  get client(): ClientHello {
    if (!this.#client) throw new RangeError('the client has not said hello yet');
    return this.#client;
  }

  /** Rows in a message. */
  get batchRows(): number {
    return this.#options.batchRows ?? batchRows;
  }

  get batches(): number {
    return batchCount(this.client.count, this.batchRows);
  }

  /** Whether all of the client's points have come. */
  get holdsAll(): boolean {
    return this.#next === this.batches;
  }

  /** The first message, in answer to the client's, also after every reconnection. */
  hello(): Uint8Array {
    const { plan, kernel, held } = this.#options;
    return this.#encode({
      type: 'server-hello',
      version: protocolVersion,
      plan,
      kernel,
      pointsHeld: held?.points ?? 0,
    });
  }

  /** Batch `index` of the client's points under the own key, as a message. */
  answers(index: number, answers: Uint8Array): Uint8Array {
    return this.#encode({ type: 'answers', index, answers });
  }

  /** The last message. */
  done(transcript: Uint8Array): Uint8Array {
    return this.#encode({ type: 'done', transcript });
  }

  /** @throws {ProtocolError} for anything that the protocol does not have at this point; the state is then unchanged. */
  receive(bytes: Uint8Array): ServerEvent {
    const message = decodeMessage(bytes, { run: this.#options.run, from: 'client' });
    if (message.type !== 'client-hello' && (!this.#client || this.#done))
      refuse(message.type, this.#done ? 'after the end' : 'before hello');
    switch (message.type) {
      case 'client-hello':
        if (this.#client) refuse(message.type, 'twice');
        this.#checkHello(message);
        this.#client = { ...message, plan: message.plan.slice(), root: message.root.slice() };
        this.#goOn(message.answersHeld);
        return { kind: 'agreed' };
      case 'points': {
        const rows = rowsInBatch(this.client.count, this.#next, this.batchRows);
        checkBatch(
          'points',
          { got: message.index, expected: this.#next },
          { got: message.points.length, expected: rows * elementBytes },
        );
        this.#checkAscending(message.points);
        this.#last = message.points.slice(-elementBytes);
        this.#next += 1;
        const isAwaited = message.index >= this.client.answersHeld;
        return { kind: 'points', index: message.index, points: message.points, isAwaited };
      }
      case 'done':
        if (!this.holdsAll) throw new ProtocolError('wrong-count', 'the partner ended before it had sent everything');
        this.#done = true;
        return { kind: 'done', transcript: message.transcript.slice() };
      case 'server-hello':
      case 'answers':
        return refuse(message.type, 'in the role of the client');
    }
  }

  /** A client that resumes goes on from where both sides have what came before. */
  #goOn(answersHeld: number): void {
    const { held } = this.#options;
    this.#next = Math.min(answersHeld, held?.points ?? 0);
    // Within what was evaluated before, each batch is held against its leaf; behind it, against the point that came last.
    this.#last = held && this.#next === held.points ? held.last : undefined;
  }

  #checkHello(hello: ClientHello): void {
    const { plan, clientCount, held } = this.#options;
    checkPlan(hello, plan);
    if (hello.count < clientCount.min) {
      throw new ProtocolError(
        'set-size',
        `the partner's list is below the minimum of ${clientCount.min} distinct identifiers`,
      );
    }
    if (hello.count > clientCount.max) {
      throw new ProtocolError(
        'set-size',
        `the partner's list is over the ${clientCount.max} distinct identifiers agreed`,
      );
    }
    if (held && !(held.commitment.count === hello.count && equalBytes(held.commitment.root, hello.root))) {
      throw new ProtocolError(
        'commitment',
        "the partner's list differs from the one it committed to at the start of this run",
      );
    }
    if (hello.answersHeld > batchCount(hello.count, this.batchRows))
      throw new ProtocolError('wrong-count', 'the partner claims to hold more than there is');
  }

  /** Ascending order says nothing of the rows, and shows at once that none stands twice. */
  #checkAscending(points: Uint8Array): void {
    if (this.#last && compareRows(this.#last, 0, points, 0, elementBytes) >= 0) throw notAscending();
    for (let at = elementBytes; at < points.length; at += elementBytes) {
      if (compareRows(points, at - elementBytes, points, at, elementBytes) >= 0) throw notAscending();
    }
  }

  #encode(message: Parameters<typeof encodeMessage>[0]): Uint8Array {
    return encodeMessage(message, { run: this.#options.run, from: 'server' });
  }
}

function notAscending(): ProtocolError {
  return new ProtocolError('not-distinct', "the partner's list is not in strictly ascending order");
}
