/**
 * The side that learns which of its rows match. It opens the run, begins every bucket in turn, and keeps several in flight, each at its own
 * stage. What it sends is of full length whatever its list holds, and nothing that depends on data is said before a bucket has ended.
 */
import { ProtocolError } from '../protocol-error.ts';
import { digestBytes, nonceCommitment, runId } from './binding.ts';
import type { Bulk } from './messages.ts';
import { bucketsInFlightMax, epochOf } from './parameters.ts';
import { helloOf, type RunContext, type RunOptions, type Step } from './run.ts';
import { VoleParty } from './vole-party.ts';
import type { BulkMessage } from './wire.ts';

/** What the host does for the receiver. */
export type ReceiverWork =
  /** Cut the list into buckets, unless it lies so already, and hold every bin to `binKeysMax`. */
  | { readonly kind: 'partition'; readonly context: RunContext }
  /** Answer the base OTs, and open the kernel's session. */
  | { readonly kind: 'answer-base'; readonly context: RunContext; readonly elements: Uint8Array }
  | { readonly kind: 'begin-epoch'; readonly epoch: number }
  | { readonly kind: 'finish-epoch'; readonly epoch: number; readonly trees: Uint8Array }
  | { readonly kind: 'begin'; readonly bucket: number }
  | { readonly kind: 'respond'; readonly bucket: number; readonly trees: Uint8Array }
  /** Join the tags, and make durable which keys of the bucket matched. */
  | { readonly kind: 'join'; readonly bucket: number; readonly tags: Uint8Array };

export type ReceiverResult =
  | { readonly kind: 'partition'; readonly overflow: boolean }
  | { readonly kind: 'answer-base'; readonly answer: Uint8Array }
  | { readonly kind: 'begin-epoch'; readonly epoch: number; readonly choices: Uint8Array }
  | { readonly kind: 'finish-epoch'; readonly epoch: number }
  | { readonly kind: 'begin'; readonly bucket: number; readonly choices: Uint8Array }
  | { readonly kind: 'respond'; readonly bucket: number; readonly okvs: Uint8Array; readonly encoded: boolean }
  | { readonly kind: 'join'; readonly bucket: number; readonly match: Uint8Array };

export interface ReceiverOptions extends RunOptions {
  /** At least 1, and {@link bucketsInFlightMax} at most: two or more hide the time that messages take. */
  readonly bucketsInFlight: number;
}

/** Where a bucket in flight, or an epoch, stands. */
type Stage = 'beginning' | 'choices-sent' | 'responding' | 'okvs-sent' | 'joining';
type EpochStage = 'beginning' | 'choices-sent' | 'finishing' | 'ready';

export class VoleReceiver extends VoleParty<ReceiverWork, ReceiverResult> {
  readonly #nonce: Uint8Array;
  readonly #hello: Uint8Array;
  readonly #bucketsInFlight: number;
  #context: RunContext | undefined;
  #partitioned = false;
  #base:
    | { readonly stage: 'awaited' | 'answering' }
    | { readonly stage: 'answered'; readonly answer: Uint8Array }
    | undefined;
  #epoch: { readonly number: number; stage: EpochStage } | undefined;
  /** The next bucket to begin. */
  #next = 0;
  readonly #stages = new Map<number, Stage>();
  readonly #notEncoded = new Set<number>();

  constructor(options: ReceiverOptions) {
    super('receiver', options);
    if (!(options.bucketsInFlight >= 1 && options.bucketsInFlight <= bucketsInFlightMax)) {
      throw new RangeError(`expected 1 to ${bucketsInFlightMax} buckets in flight, got ${options.bucketsInFlight}`);
    }
    this.#bucketsInFlight = options.bucketsInFlight;
    this.#nonce = options.random.bytes(digestBytes);
    this.#hello = this.wire.encode(helloOf(options, nonceCommitment(this.#nonce)));
  }

  /** The first step: hello. It need not wait for the sender's `ready`. */
  start(): Step<ReceiverWork> {
    this.send(this.#hello);
    return this.step();
  }

  protected greet(hello: Uint8Array): void {
    this.send(this.wire.encode({ type: 'open', nonce: this.#nonce }));
    const context = this.bind(runId({ receiver: this.#hello, sender: hello }, this.#nonce));
    this.#context = context;
    this.#next = this.agreed.firstBucket;
    if (this.#next === context.geometry.bucketCount) return;
    this.#base = { stage: 'awaited' };
    this.ask({ kind: 'partition', context });
  }

  protected open(): void {
    throw new ProtocolError('wrong-order', 'the partner opened a nonce that it never committed to');
  }

  protected awaits(type: Bulk, number: number): boolean {
    switch (type) {
      case 'base-elements':
        return number === 0 && this.#base?.stage === 'awaited';
      case 'epoch-trees':
        return number === this.#epoch?.number && this.#epoch.stage === 'choices-sent';
      case 'trees':
        return this.#stages.get(number) === 'choices-sent';
      case 'tags':
        return this.#stages.get(number) === 'okvs-sent';
      default:
        return false;
    }
  }

  protected hear({ type, number, bytes }: BulkMessage): void {
    switch (type) {
      case 'base-elements':
        this.#base = { stage: 'answering' };
        this.ask({ kind: 'answer-base', context: this.#context!, elements: bytes });
        break;
      case 'epoch-trees':
        this.#epoch = { number, stage: 'finishing' };
        this.ask({ kind: 'finish-epoch', epoch: number, trees: bytes });
        break;
      case 'trees':
        this.#stages.set(number, 'responding');
        this.ask({ kind: 'respond', bucket: number, trees: bytes });
        break;
      case 'tags':
        this.#stages.set(number, 'joining');
        this.ask({ kind: 'join', bucket: number, tags: bytes });
        break;
    }
  }

  protected take(result: ReceiverResult): void {
    switch (result.kind) {
      case 'partition':
        if (result.overflow) {
          this.give('overflow');
        } else {
          this.#partitioned = true;
          this.#setUp();
        }
        break;
      case 'answer-base':
        this.#base = { stage: 'answered', answer: result.answer };
        this.#setUp();
        break;
      case 'begin-epoch':
        this.#epoch = { number: result.epoch, stage: 'choices-sent' };
        this.say('epoch-choices', result.epoch, result.choices);
        break;
      case 'finish-epoch':
        this.#epoch = { number: result.epoch, stage: 'ready' };
        this.#goOn();
        break;
      case 'begin':
        this.#stages.set(result.bucket, 'choices-sent');
        this.say('choices', result.bucket, result.choices);
        this.#goOn();
        break;
      case 'respond':
        if (!result.encoded) this.#notEncoded.add(result.bucket);
        this.#stages.set(result.bucket, 'okvs-sent');
        this.say('okvs', result.bucket, result.okvs);
        break;
      case 'join':
        this.#joined(result.bucket, result.match);
        break;
    }
  }

  protected get heardAll(): boolean {
    const stages = [...this.#stages.values()];
    return this.#next === this.agreed.geometry.bucketCount && stages.every((stage) => stage === 'joining');
  }

  /** Both lists fit before any bucket begins: the sender sends its elements, and this side its answer, only after the partition. */
  #setUp(): void {
    if (!this.#partitioned || this.#base?.stage !== 'answered') return;
    this.say('base-answer', 0, this.#base.answer);
    this.#goOn();
  }

  /** Begins the next bucket, or its epoch, as soon as it may; one at a time, so that they are announced in order. */
  #goOn(): void {
    const stages = [...this.#stages.values()];
    if (this.#next === this.agreed.geometry.bucketCount || stages.includes('beginning')) return;
    if (stages.length >= this.#bucketsInFlight) return;
    const number = epochOf(this.#next);
    if (this.#epoch?.number !== number) {
      this.#epoch = { number, stage: 'beginning' };
      this.ask({ kind: 'begin-epoch', epoch: number });
    } else if (this.#epoch.stage === 'ready') {
      this.#stages.set(this.#next, 'beginning');
      this.ask({ kind: 'begin', bucket: this.#next });
      this.#next += 1;
    }
  }

  #joined(bucket: number, match: Uint8Array): void {
    // Told only now: until its border a bucket looks the same whether its keys could be encoded or not.
    if (this.#notEncoded.has(bucket)) {
      this.give('not-encoded');
      return;
    }
    this.#stages.delete(bucket);
    if (this.options.mode === 'both-learn') this.say('match', bucket, match);
    this.endBucket(bucket);
    this.#goOn();
  }
}
