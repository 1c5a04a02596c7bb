/**
 * What the two roles have in common as state machines without I/O: who may speak when, how a run ends, and what is kept of it. The host
 * moves bytes and does work; it never has to look into a message.
 */
import { concatBytes } from '../../bytes/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import { digestBytes, publicKey } from './binding.ts';
import { bulkBytes } from './lengths.ts';
import type { Bulk, Hello, Role } from './messages.ts';
import { type Agreed, agree, type Ending, type Held, type RunContext, type RunOptions, type Step } from './run.ts';
import { checkTranscript, transcriptDigest } from './transcript.ts';
import { type BulkMessage, Wire } from './wire.ts';

export abstract class VoleParty<Work, Result> {
  protected readonly options: RunOptions;
  protected readonly wire: Wire;
  readonly #role: Role;
  /** The receiver has heard that the sender is there; the sender hears no such thing. */
  #isPeerReady: boolean;
  #agreed: Agreed | undefined;
  /** K("part", 0) of the exchange's first run. */
  #partition: Uint8Array | undefined;
  /** By bucket; those that are not done with are missing. */
  readonly #digests: (Uint8Array | undefined)[] = [];
  #doneCount = 0;
  #transcript: { own?: Uint8Array; peer?: Uint8Array } = {};
  #ended: Ending | 'failed' | undefined;
  #send: Uint8Array[] = [];
  #work: Work[] = [];

  constructor(role: Role, options: RunOptions) {
    this.#role = role;
    this.#isPeerReady = role === 'sender';
    this.options = options;
    this.wire = new Wire(role, options.exchange, options.sha256);
  }

  /** What the two hellos settled. @throws {RangeError} before the peer's came. */
  get agreed(): Agreed {
    if (!this.#agreed) throw new RangeError('the peer has not said hello yet');
    return this.#agreed;
  }

  /** What to keep, so that another run goes on from here; undefined while there is nothing. */
  get held(): Held | undefined {
    if (!this.#partition) return undefined;
    const digests: Uint8Array[] = [];
    for (const digest of this.#digests) {
      if (!digest) break;
      digests.push(digest);
    }
    const { count, commitment } = this.agreed.peer;
    return { partition: this.#partition, digests: concatBytes(...digests), peer: { count, commitment } };
  }

  /** The digest of the whole exchange, once the run has finished: what goes into the evidence. */
  get transcript(): Uint8Array {
    if (this.#ended !== 'finished') throw new RangeError('the run has not finished');
    return this.#transcript.own!;
  }

  /** Buckets that are done with, of all; none before the peer's hello. */
  get progress(): { readonly done: number; readonly total: number } {
    return { done: this.#doneCount, total: this.#agreed?.geometry.bucketCount ?? 0 };
  }

  /** What this side says first. */
  abstract start(): Step<Work>;

  /** @throws {ProtocolError} for anything that the protocol does not have at this point; the run has then ended. */
  receive(bytes: Uint8Array): Step<Work> {
    return this.#guarded(() => this.#hear(bytes));
  }

  /**
   * Takes the result of work that a step asked for.
   * @throws {ProtocolError} `transcript` when that was the last, and the peer saw other messages.
   */
  complete(result: Result): Step<Work> {
    return this.#guarded(() => {
      if (!this.#ended) this.take(result);
    });
  }

  /** The peer said hello. @param bytes as it came. @param hello what it says, already found to fit. */
  protected abstract greet(bytes: Uint8Array, hello: Hello): void;
  /** The peer opened its nonce. */
  protected abstract open(nonce: Uint8Array): void;
  /** Whether this bulk message has its place now. */
  protected abstract awaits(type: Bulk, number: number): boolean;
  /** A bulk message is complete. */
  protected abstract hear(message: BulkMessage): void;
  protected abstract take(result: Result): void;
  /** Whether the peer owes no bulk message any more. */
  protected abstract get heardAll(): boolean;

  /** Puts what has to be sent and done since the last step into one. */
  protected step(): Step<Work> {
    const step = { send: this.#send, work: this.#work };
    this.#send = [];
    this.#work = [];
    return this.#ended && this.#ended !== 'failed' ? { ...step, ended: this.#ended } : step;
  }

  protected send(message: Uint8Array): void {
    this.#send.push(message);
  }

  protected say(type: Bulk, number: number, bytes: Uint8Array): void {
    if (bytes.length !== bulkBytes(this.agreed.geometry, type, number)) {
      throw new RangeError(`${type} ${number} may not have ${bytes.length} bytes`);
    }
    this.#send.push(...this.wire.cut({ type, number, bytes }));
  }

  protected ask(...work: readonly Work[]): void {
    this.#work.push(...work);
  }

  /** From here on messages belong to the run; where nothing is left to do, it ends. */
  protected bind(run: Uint8Array): RunContext {
    const { geometry, firstBucket } = this.agreed;
    const partition = this.agreed.partition ?? publicKey(run, 'part');
    this.wire.bind(run);
    this.#partition = partition;
    for (let bucket = 0; bucket < firstBucket; bucket++) {
      this.#digests[bucket] = this.options.held!.digests.slice(bucket * digestBytes, (bucket + 1) * digestBytes);
    }
    this.#doneCount = firstBucket;
    this.#endIfSaid();
    return { geometry, run, partition };
  }

  /** A bucket is done with, and what came out of it is durable. */
  protected endBucket(bucket: number): void {
    this.#digests[bucket] = this.wire.transcript.bucket(bucket);
    this.#doneCount += 1;
    this.#endIfSaid();
  }

  /** Ends the run before its end; nothing more is sent. */
  protected give(up: Ending): void {
    this.#ended = up;
    this.#send = [];
    this.#work = [];
  }

  #guarded(act: () => void): Step<Work> {
    try {
      act();
      return this.step();
    } catch (error) {
      this.#ended = 'failed';
      throw error;
    }
  }

  #hear(bytes: Uint8Array): void {
    if (this.#ended) throw new ProtocolError('wrong-order', 'the partner sent a message after the end');
    const message = this.wire.decode(bytes);
    const expected = this.#isPeerReady ? (this.#agreed ? undefined : 'hello') : 'ready';
    const isFirst = message.type === 'ready' || message.type === 'hello';
    if (expected ? message.type !== expected : isFirst) {
      throw new ProtocolError('wrong-order', `the partner sent ${message.type} out of turn`);
    }
    switch (message.type) {
      case 'ready':
        this.#isPeerReady = true;
        break;
      case 'hello':
        this.#agreed = agree(this.options, this.#role, message);
        this.greet(bytes, message);
        break;
      case 'open':
        this.open(message.nonce);
        break;
      case 'done':
        if (!this.#partition || !this.heardAll || this.wire.isWithinMessage) {
          throw new ProtocolError('wrong-count', 'the partner ended before it had sent everything');
        }
        if (this.#transcript.peer) throw new ProtocolError('wrong-order', 'the partner ended twice');
        this.#transcript.peer = message.transcript.slice();
        this.#compare();
        break;
      default: {
        const whole = this.wire.join(message, (type, number) => this.#expect(type, number));
        if (whole) this.hear(whole);
      }
    }
  }

  /** @returns the length of a message that may begin now. @throws {ProtocolError} `wrong-order` for any other one. */
  #expect(type: Bulk, number: number): number {
    if (!this.#partition || !this.awaits(type, number)) {
      throw new ProtocolError('wrong-order', `the partner sent ${type} ${number} out of turn`);
    }
    return bulkBytes(this.agreed.geometry, type, number);
  }

  #endIfSaid(): void {
    if (this.#doneCount < this.agreed.geometry.bucketCount) return;
    const own = transcriptDigest(
      this.options.exchange,
      concatBytes(...(this.#digests as Uint8Array[])),
      this.options.sha256,
    );
    this.#transcript.own = own;
    this.#send.push(this.wire.encode({ type: 'done', transcript: own }));
    this.#compare();
  }

  #compare(): void {
    const { own, peer } = this.#transcript;
    if (!own || !peer) return;
    checkTranscript({ own, peer });
    this.#ended = 'finished';
  }
}
