/**
 * One side of the exchange, as a state machine without I/O. It checks everything the peer says and says what the host has to do; points
 * and tags pass through it and stay with the host. The protocol is the same for both sides but for what each of them learns.
 *
 * Source: Diffie–Hellman private set intersection in the form of Huberman, Franklin and Hogg (EC 1999), with blinding by hash-to-group.
 * Adversary: semi-honest; any message outside the protocol ends the run.
 */
import { equalBytes } from '../../bytes/index.ts';
import { elementBytes } from '../../group/index.ts';
import { batchCount, batchRows, rowsInBatch } from '../batch.ts';
import type { Learns, Side } from '../party.ts';
import { ProtocolError } from '../protocol-error.ts';
import { decodeMessage, encodeMessage, type Hello } from './messages.ts';
import { protocolVersion, tagBytes } from './parameters.ts';

export interface PartyOptions {
  /** Id of this exchange, 32 bytes. */
  readonly run: Uint8Array;
  /** Digest of what both sides agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  readonly side: Side;
  readonly learns: { readonly own: Learns; readonly peer: Learns };
  /** Distinct match keys of this side, and the Merkle root over their blinded batches. */
  readonly own: { readonly count: number; readonly root: Uint8Array; readonly kernel: string };
  /** How many keys the peer may bring, both inclusive. */
  readonly peerCount: { readonly min: number; readonly max: number };
  /** What this side holds since before a restart: batches of the peer's points and tags, and the list that the peer committed to. */
  readonly held?: {
    readonly points: number;
    readonly tags: number;
    readonly commitment: { readonly count: number; readonly root: Uint8Array };
  };
  /** Rows in a message, the same on both sides: {@link batchRows}, unless a simulation makes many messages of a short list. */
  readonly batchRows?: number;
}

/** What the peer said, checked; the host acts on it. */
export type PartyEvent =
  /** Sizes are known: send points from one batch on, and tags from one batch on. */
  | { readonly kind: 'agreed'; readonly sendPointsFrom: number; readonly sendTagsFrom: number }
  /** Evaluate these points under the own scalar, and keep the tags. */
  | { readonly kind: 'points'; readonly index: number; readonly points: Uint8Array }
  /** Keep these tags of own points. */
  | { readonly kind: 'tags'; readonly index: number; readonly tags: Uint8Array }
  /** The peer has said all, with its digest of the transcript. */
  | { readonly kind: 'done'; readonly transcript: Uint8Array };

export class EcdhParty {
  readonly #options: PartyOptions;
  #peer: Hello | undefined;
  #pointsHeld: number;
  #tagsHeld: number;
  #done = false;

  constructor(options: PartyOptions) {
    checkLearning(options.learns);
    this.#options = options;
    this.#pointsHeld = options.held?.points ?? 0;
    this.#tagsHeld = options.held?.tags ?? 0;
  }

  /** Bytes of a tag. Known once the peer's hello is there. */
  get tagBytes(): number {
    return tagBytes({ own: this.#options.own.count, peer: this.peer.count });
  }

  /** The peer's hello. @throws {RangeError} before it came. */
  get peer(): Hello {
    if (!this.#peer) throw new RangeError('the peer has not said hello yet');
    return this.#peer;
  }

  /** Rows in a message. */
  get batchRows(): number {
    return this.#options.batchRows ?? batchRows;
  }

  /** Messages of tags that this side sends, and that it gets. */
  get tagBatches(): { readonly outgoing: number; readonly incoming: number } {
    const { learns, own } = this.#options;
    return {
      outgoing: learns.peer === 'nothing' ? 0 : batchCount(this.peer.count, this.batchRows),
      incoming: learns.own === 'nothing' ? 0 : batchCount(own.count, this.batchRows),
    };
  }

  /** Whether the host has all of the peer's points and all the tags that it is owed. */
  get holdsAll(): boolean {
    const pointBatches = batchCount(this.peer.count, this.batchRows);
    return this.#pointsHeld === pointBatches && this.#tagsHeld === this.tagBatches.incoming;
  }

  /** The first message of each side, and the first after every reconnection. */
  hello(): Uint8Array {
    const { plan, learns, own } = this.#options;
    return this.#encode({
      type: 'hello',
      version: protocolVersion,
      plan,
      learns: learns.own,
      ...own,
      pointsHeld: this.#pointsHeld,
      tagsHeld: this.#tagsHeld,
    });
  }

  /** Batch `index` of the own blinded points, as a message. */
  points(index: number, points: Uint8Array): Uint8Array {
    return this.#encode({ type: 'points', index, points });
  }

  /** Batch `index` of tags of the peer's points, as a message: in the peer's order, or sorted where only a count is learned. */
  tags(index: number, tags: Uint8Array): Uint8Array {
    return this.#encode({ type: 'tags', index, tags });
  }

  /** The last message of each side. */
  done(transcript: Uint8Array): Uint8Array {
    return this.#encode({ type: 'done', transcript });
  }

  /** @throws {ProtocolError} for anything that the protocol does not have at this point; the state is then unchanged. */
  receive(bytes: Uint8Array): PartyEvent {
    const { run, side } = this.#options;
    const message = decodeMessage(bytes, { run, side: side === 'proposer' ? 'partner' : 'proposer' });
    if (message.type !== 'hello' && (!this.#peer || this.#done)) {
      throw new ProtocolError(
        'wrong-order',
        `the partner sent ${message.type} ${this.#done ? 'after the end' : 'before hello'}`,
      );
    }
    switch (message.type) {
      case 'hello':
        this.#checkHello(message);
        this.#peer = { ...message, plan: message.plan.slice(), root: message.root.slice() };
        return { kind: 'agreed', sendPointsFrom: message.pointsHeld, sendTagsFrom: message.tagsHeld };
      case 'points': {
        const rows = rowsInBatch(this.peer.count, this.#pointsHeld, this.batchRows);
        this.#checkBatch(
          'points',
          { got: message.index, expected: this.#pointsHeld },
          message.points,
          rows * elementBytes,
        );
        this.#pointsHeld += 1;
        return { kind: 'points', index: message.index, points: message.points };
      }
      case 'tags': {
        const { learns, own } = this.#options;
        const rows = learns.own === 'nothing' ? 0 : rowsInBatch(own.count, this.#tagsHeld, this.batchRows);
        this.#checkBatch('tags', { got: message.index, expected: this.#tagsHeld }, message.tags, rows * this.tagBytes);
        this.#tagsHeld += 1;
        return { kind: 'tags', index: message.index, tags: message.tags };
      }
      case 'done':
        if (!this.holdsAll) throw new ProtocolError('wrong-count', 'the partner ended before it had sent everything');
        this.#done = true;
        return { kind: 'done', transcript: message.transcript.slice() };
    }
  }

  #checkHello(hello: Hello): void {
    const { plan, learns, own, peerCount, held } = this.#options;
    if (this.#peer) throw new ProtocolError('wrong-order', 'the partner said hello twice');
    if (hello.version !== protocolVersion) {
      throw new ProtocolError(
        'wrong-plan',
        `the partner speaks version ${hello.version}, this side ${protocolVersion}`,
      );
    }
    if (!equalBytes(hello.plan, plan))
      throw new ProtocolError('wrong-plan', 'the partner runs another plan than the one agreed');
    if (hello.learns !== learns.peer)
      throw new ProtocolError('wrong-plan', 'the partner means to learn something else than agreed');
    if (hello.count < peerCount.min) {
      throw new ProtocolError(
        'set-size',
        `the partner's list is below the minimum of ${peerCount.min} distinct identifiers`,
      );
    }
    if (hello.count > peerCount.max) {
      throw new ProtocolError(
        'set-size',
        `the partner's list is over the ${peerCount.max} distinct identifiers agreed`,
      );
    }
    if (own.count > 0 && equalBytes(hello.root, own.root)) {
      throw new ProtocolError('not-distinct', 'the partner committed to our own list');
    }
    if (held && !(held.commitment.count === hello.count && equalBytes(held.commitment.root, hello.root))) {
      throw new ProtocolError(
        'commitment',
        "the partner's list differs from the one it committed to at the start of this run",
      );
    }
    const tagBatches = learns.peer === 'nothing' ? 0 : batchCount(hello.count, this.batchRows);
    if (hello.pointsHeld > batchCount(own.count, this.batchRows) || hello.tagsHeld > tagBatches) {
      throw new ProtocolError('wrong-count', 'the partner claims to hold more than there is');
    }
  }

  #checkBatch(what: string, index: { got: number; expected: number }, bytes: Uint8Array, expectedBytes: number): void {
    if (index.got !== index.expected) {
      throw new ProtocolError('wrong-order', `expected batch ${index.expected} of ${what}, got ${index.got}`);
    }
    if (expectedBytes === 0 || bytes.length !== expectedBytes) {
      throw new ProtocolError(
        'wrong-count',
        `expected ${expectedBytes} bytes in batch ${index.got} of ${what}, got ${bytes.length}`,
      );
    }
  }

  #encode(message: Parameters<typeof encodeMessage>[0]): Uint8Array {
    return encodeMessage(message, { run: this.#options.run, side: this.#options.side });
  }
}

function checkLearning({ own, peer }: PartyOptions['learns']): void {
  const both = [own, peer];
  if (both.includes('count') && both.includes('rows'))
    throw new RangeError('where one side learns the count alone, the other learns no rows');
  if (own === 'nothing' && peer === 'nothing') throw new RangeError('one side at least has to learn something');
}
