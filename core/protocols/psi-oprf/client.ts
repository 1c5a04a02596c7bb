/**
 * The side that learns, as a state machine without I/O: it has its identifiers evaluated blindly and looks the results up in the server's
 * table. It checks everything that the server says; buckets, points and answers pass through it and stay with the host.
 */
import { equalBytes } from '../../bytes/index.ts';
import { batchCount, batchRows } from '../batch.ts';
import type { Side } from '../party.ts';
import { ProtocolError } from '../protocol-error.ts';
import { checkElements, checkListSize, checkNext, checkSamePlan } from './checks.ts';
import { decodeMessage, encodeMessage, type HeldTable, type ServerHello } from './messages.ts';
import { protocolVersion, tableCommitment } from './parameters.ts';
import { type Part, placeInShipment, planShipment, type Shipment } from './shipment.ts';
import { type Bucket, bucketCount, checkLength } from './tag-coding.ts';

export interface ClientOptions {
  /** Id of this exchange, 32 bytes. */
  readonly run: Uint8Array;
  /** Digest of what both sides agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  readonly side: Side;
  /** Distinct match keys of this side, and the Merkle root over their blinded batches. */
  readonly own: { readonly count: number; readonly root: Uint8Array; readonly kernel: string };
  /** How many keys the server's table may have, both inclusive. */
  readonly peerCount: { readonly min: number; readonly max: number };
  /** The version of the table that this side had when the run began. */
  readonly table?: HeldTable | undefined;
  /** What this side holds since before a restart. */
  readonly held?: {
    /** Messages of the shipment, and rows of the part that is under way. */
    readonly buckets: number;
    readonly partRows: number;
    readonly answers: number;
    /** Of the server's hello: see `tableCommitment`. */
    readonly commitment: Uint8Array;
  };
  /** Rows in a message, the same on both sides: {@link batchRows}, unless a simulation makes many messages of a short list. */
  readonly batchRows?: number;
}

/** What the server said, checked; the host acts on it. */
export type ClientEvent =
  /** The table is known: pin its key, then send points from one batch on. */
  | { readonly kind: 'agreed'; readonly sendPointsFrom: number; readonly shipment: Shipment }
  /** Keep this bucket of a part, which has `partRows` rows so far: none once it is whole. */
  | {
      readonly kind: 'bucket';
      readonly part: Part;
      readonly index: number;
      readonly bucket: Bucket;
      readonly partRows: number;
    }
  /** Verify and open these answers to batch `index` of the own points. */
  | {
      readonly kind: 'answers';
      readonly index: number;
      readonly answers: Uint8Array;
      readonly proof: Uint8Array;
    }
  | { readonly kind: 'done'; readonly transcript: Uint8Array };

export class OprfClient {
  readonly #options: ClientOptions;
  #server: ServerHello | undefined;
  #shipment: Shipment | undefined;
  #pinned: Uint8Array | undefined;
  #bucketsHeld: number;
  #partRows: number;
  #answersHeld: number;
  #pointsSent = 0;
  #done = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#bucketsHeld = options.held?.buckets ?? 0;
    this.#partRows = options.held?.partRows ?? 0;
    this.#answersHeld = options.held?.answers ?? 0;
  }

  /** The server's hello. @throws {RangeError} before it came. */
  get server(): ServerHello {
    if (!this.#server) throw new RangeError('the server has not said hello yet');
    return this.#server;
  }

  /** The key that answers are verified with. @throws {RangeError} before {@link pin}. */
  get publicKey(): Uint8Array {
    if (!this.#pinned) throw new RangeError("the server's key is not pinned yet");
    return this.#pinned;
  }

  get batchRows(): number {
    return this.#options.batchRows ?? batchRows;
  }

  /** Rows of all parts of the shipment. */
  get shippedRows(): number {
    return this.#shipment?.parts.reduce((sum, { rows }) => sum + rows, 0) ?? 0;
  }

  /** Whether the host has all that the server owes it. */
  get holdsAll(): boolean {
    return (
      this.#bucketsHeld === this.#shipment?.bucketCount &&
      this.#answersHeld === batchCount(this.#options.own.count, this.batchRows)
    );
  }

  /** The first message of this side, and the first after every reconnection. */
  hello(): Uint8Array {
    const { plan, own, table } = this.#options;
    return this.#encode({
      type: 'client-hello',
      version: protocolVersion,
      plan,
      ...own,
      table,
      bucketsHeld: this.#bucketsHeld,
      answersHeld: this.#answersHeld,
    });
  }

  /**
   * Accepts the key of the server's hello; nothing is sent before.
   * @param published the newest key of this scope, by what both sides keep as evidence; undefined where there is none.
   * @throws {ProtocolError} `wrong-key`.
   */
  pin(published: { readonly epoch: number; readonly publicKey: Uint8Array } | undefined): void {
    const { epoch, publicKey } = this.server.table;
    if (!published || published.epoch !== epoch || !equalBytes(published.publicKey, publicKey)) {
      throw new ProtocolError('wrong-key', 'the partner answers under another key than the one that it has published');
    }
    this.#pinned = publicKey;
  }

  /** Batch `index` of the own blinded points, as a message. @throws {RangeError} before the key is pinned. */
  points(index: number, points: Uint8Array): Uint8Array {
    if (!this.#pinned) throw new RangeError("pin the server's key before anything is sent under it");
    this.#pointsSent = Math.max(this.#pointsSent, index + 1);
    return this.#encode({ type: 'points', index, points });
  }

  /** The last message of this side. */
  done(transcript: Uint8Array): Uint8Array {
    return this.#encode({ type: 'done', transcript });
  }

  /** @throws {ProtocolError} for anything that the protocol does not have at this point; the state is then unchanged. */
  receive(bytes: Uint8Array): ClientEvent {
    const { run, side } = this.#options;
    const message = decodeMessage(bytes, { run, side: side === 'proposer' ? 'partner' : 'proposer' });
    if (message.type !== 'server-hello' && (!this.#server || this.#done)) {
      throw new ProtocolError(
        'wrong-order',
        `the partner sent ${message.type} ${this.#done ? 'after the end' : 'before hello'}`,
      );
    }
    switch (message.type) {
      case 'server-hello':
        return this.#meet(message);
      case 'bucket':
        return this.#takeBucket(message);
      case 'answers':
        return this.#takeAnswers(message);
      case 'done':
        if (!this.holdsAll) throw new ProtocolError('wrong-count', 'the partner ended before it had sent everything');
        this.#done = true;
        return { kind: 'done', transcript: message.transcript.slice() };
      case 'client-hello':
      case 'points':
        throw new ProtocolError('wrong-plan', `the partner sent ${message.type}, which is ours to send`);
    }
  }

  #meet(hello: ServerHello): ClientEvent {
    this.#checkHello(hello);
    const shipment = planShipment(hello, this.#options.table, this.batchRows);
    if (this.#bucketsHeld > shipment.bucketCount)
      throw new ProtocolError('commitment', 'the partner ships less than it had sent already');
    const { table, earlier } = hello;
    this.#server = {
      ...hello,
      plan: hello.plan.slice(),
      table: { ...table, publicKey: table.publicKey.slice(), root: table.root.slice() },
      earlier: earlier.map((version) => ({ ...version, root: version.root.slice() })),
    };
    this.#shipment = shipment;
    this.#pointsSent = hello.pointsHeld;
    return { kind: 'agreed', sendPointsFrom: hello.pointsHeld, shipment };
  }

  #takeBucket({ index, rows, bytes }: { index: number; rows: number; bytes: Uint8Array }): ClientEvent {
    checkNext('the table', { got: index, expected: this.#bucketsHeld });
    const shipment = this.#shipment!;
    if (index >= shipment.bucketCount) throw new ProtocolError('wrong-count', 'the partner sent more than its table');
    const { part, bucket: place } = placeInShipment(shipment, index);
    const bucket = { index: place, rows, bytes };
    checkLength(bucket, part.coding);
    const partRows = this.#partRows + rows;
    const ends = place + 1 === bucketCount(part.coding);
    if (ends ? partRows !== part.rows : partRows > part.rows) {
      throw new ProtocolError('wrong-count', `expected ${part.rows} rows in this part of the table, got ${partRows}`);
    }
    this.#partRows = ends ? 0 : partRows;
    this.#bucketsHeld += 1;
    return { kind: 'bucket', part, index, bucket, partRows: this.#partRows };
  }

  #takeAnswers({ index, answers, proof }: { index: number; answers: Uint8Array; proof: Uint8Array }): ClientEvent {
    const { count } = this.#options.own;
    checkNext('answers', { got: index, expected: this.#answersHeld });
    if (index >= this.#pointsSent) throw new ProtocolError('wrong-order', 'the partner answered before it was asked');
    checkElements('answers', answers, { count, index, batchRows: this.batchRows });
    this.#answersHeld += 1;
    return { kind: 'answers', index, answers, proof };
  }

  #checkHello(hello: ServerHello): void {
    const { plan, own, peerCount, held } = this.#options;
    const { table } = hello;
    if (this.#server) throw new ProtocolError('wrong-order', 'the partner said hello twice');
    checkSamePlan(hello, plan);
    checkListSize(table.rows, { ...peerCount, max: Math.min(peerCount.max, 2 ** table.placeBits) });
    if (own.count > 2 ** table.evaluationBits) {
      throw new ProtocolError('set-size', "the partner's key answers fewer evaluations than this list needs");
    }
    if (!isHistory(hello)) throw new ProtocolError('wrong-count', "the changes of the partner's table do not add up");
    if (held && !equalBytes(held.commitment, tableCommitment(table))) {
      throw new ProtocolError(
        'commitment',
        "the partner's table differs from the one it committed to at the start of this run",
      );
    }
    if (hello.pointsHeld > batchCount(own.count, this.batchRows)) {
      throw new ProtocolError('wrong-count', 'the partner claims to hold more than there is');
    }
  }

  #encode(message: Parameters<typeof encodeMessage>[0]): Uint8Array {
    return encodeMessage(message, { run: this.#options.run, side: this.#options.side });
  }
}

/** Whether each earlier version leads to the next by its change, and the last one to the table. */
function isHistory({ table, earlier }: ServerHello): boolean {
  return (
    earlier.length < table.version &&
    earlier.every(({ rows, added, removed }, i) => {
      const next = earlier[i + 1] ?? table;
      return removed <= rows && rows <= 2 ** table.placeBits && rows - removed + added === next.rows;
    })
  );
}
