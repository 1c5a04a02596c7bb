/**
 * The side that holds Δ. It answers: every bucket is begun by the receiver. What it sends of its list is the tags of a bucket, filled up to a
 * number that follows from the declared sizes, and sorted.
 */
import { equalBytes } from '../../bytes/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import { digestBytes, nonceCommitment, runId } from './binding.ts';
import type { Bulk, Hello } from './messages.ts';
import { bucketsInFlightMax, epochOf } from './parameters.ts';
import { helloOf, type RunContext, type RunOptions, type Step } from './run.ts';
import { VoleParty } from './vole-party.ts';
import type { BulkMessage } from './wire.ts';

/** What the host does for the sender. */
export type SenderWork =
  /** Cut the list into buckets, unless it lies so already, and hold every bucket to its `tagCount`. */
  | { readonly kind: 'partition'; readonly context: RunContext }
  | { readonly kind: 'begin-base'; readonly context: RunContext }
  /** Finish the base OTs, and open the kernel's session. */
  | { readonly kind: 'finish-base'; readonly answer: Uint8Array }
  | { readonly kind: 'answer-epoch'; readonly epoch: number; readonly choices: Uint8Array }
  | { readonly kind: 'answer'; readonly bucket: number; readonly choices: Uint8Array }
  | { readonly kind: 'tags'; readonly bucket: number; readonly okvs: Uint8Array }
  /** Make durable which keys of the bucket the receiver says it has too. */
  | { readonly kind: 'matched'; readonly bucket: number; readonly match: Uint8Array };

export type SenderResult =
  | { readonly kind: 'partition'; readonly overflow: boolean }
  | { readonly kind: 'begin-base'; readonly elements: Uint8Array }
  | { readonly kind: 'finish-base' }
  | { readonly kind: 'answer-epoch'; readonly epoch: number; readonly trees: Uint8Array }
  | { readonly kind: 'answer'; readonly bucket: number; readonly trees: Uint8Array }
  | { readonly kind: 'tags'; readonly bucket: number; readonly tags: Uint8Array }
  | { readonly kind: 'matched'; readonly bucket: number };

/** Where a bucket that the receiver has begun, or an epoch, stands. */
type Stage = 'answering' | 'trees-sent' | 'tagging' | 'tags-sent' | 'matching';
type EpochStage = 'answering' | 'trees-sent';

export class VoleSender extends VoleParty<SenderWork, SenderResult> {
  readonly #nonce: Uint8Array;
  #hellos: { readonly receiver: Uint8Array; readonly sender: Uint8Array; readonly commitment: Uint8Array } | undefined;
  #partitioned = false;
  #elements: Uint8Array | undefined;
  #base: 'beginning' | 'elements-sent' | 'finishing' | 'ready' = 'beginning';
  /** Epochs that came while the base OTs were being finished. */
  readonly #waiting: SenderWork[] = [];
  #epoch: { readonly number: number; stage: EpochStage } | undefined;
  /** The next bucket that the receiver has to begin. */
  #next = 0;
  readonly #stages = new Map<number, Stage>();

  constructor(options: RunOptions) {
    super('sender', options);
    this.#nonce = options.random.bytes(digestBytes);
  }

  /** The first step: that this side is there. */
  start(): Step<SenderWork> {
    this.send(this.wire.encode({ type: 'ready' }));
    return this.step();
  }

  protected greet(bytes: Uint8Array, hello: Hello): void {
    const sender = this.wire.encode(helloOf(this.options, this.#nonce));
    this.#hellos = { receiver: bytes.slice(), sender, commitment: hello.nonce.slice() };
    this.send(sender);
  }

  protected open(nonce: Uint8Array): void {
    if (!this.#hellos) throw new ProtocolError('wrong-order', 'the partner opened its nonce twice');
    if (!equalBytes(nonceCommitment(nonce), this.#hellos.commitment)) {
      throw new ProtocolError('commitment', 'the partner opened another nonce than it committed to');
    }
    const context = this.bind(runId(this.#hellos, nonce));
    this.#hellos = undefined;
    this.#next = this.agreed.firstBucket;
    if (this.#next === context.geometry.bucketCount) return;
    this.ask({ kind: 'partition', context }, { kind: 'begin-base', context });
  }

  protected awaits(type: Bulk, number: number): boolean {
    const { geometry } = this.agreed;
    switch (type) {
      case 'base-answer':
        return number === 0 && this.#base === 'elements-sent';
      case 'epoch-choices':
        return (
          (this.#base === 'finishing' || this.#base === 'ready') &&
          this.#next < geometry.bucketCount &&
          number === epochOf(this.#next) &&
          number !== this.#epoch?.number
        );
      case 'choices':
        return (
          number === this.#next &&
          number < geometry.bucketCount &&
          this.#epoch?.number === epochOf(number) &&
          this.#epoch.stage === 'trees-sent' &&
          this.#inFlight < bucketsInFlightMax
        );
      case 'okvs':
        return this.#stages.get(number) === 'trees-sent';
      case 'match':
        return this.options.mode === 'both-learn' && this.#stages.get(number) === 'tags-sent';
      default:
        return false;
    }
  }

  protected hear({ type, number, bytes }: BulkMessage): void {
    switch (type) {
      case 'base-answer':
        this.#base = 'finishing';
        this.ask({ kind: 'finish-base', answer: bytes });
        break;
      case 'epoch-choices': {
        this.#epoch = { number, stage: 'answering' };
        const work: SenderWork = { kind: 'answer-epoch', epoch: number, choices: bytes };
        if (this.#base === 'ready') this.ask(work);
        else this.#waiting.push(work);
        break;
      }
      case 'choices':
        this.#next += 1;
        this.#stages.set(number, 'answering');
        this.ask({ kind: 'answer', bucket: number, choices: bytes });
        break;
      case 'okvs':
        this.#stages.set(number, 'tagging');
        this.ask({ kind: 'tags', bucket: number, okvs: bytes });
        break;
      case 'match':
        this.#stages.set(number, 'matching');
        this.ask({ kind: 'matched', bucket: number, match: bytes });
        break;
    }
  }

  protected take(result: SenderResult): void {
    switch (result.kind) {
      case 'partition':
        if (result.overflow) {
          this.give('overflow');
        } else {
          this.#partitioned = true;
          this.#setUp();
        }
        break;
      case 'begin-base':
        this.#elements = result.elements;
        this.#setUp();
        break;
      case 'finish-base':
        this.#base = 'ready';
        this.ask(...this.#waiting.splice(0));
        break;
      case 'answer-epoch':
        this.#epoch = { number: result.epoch, stage: 'trees-sent' };
        this.say('epoch-trees', result.epoch, result.trees);
        break;
      case 'answer':
        this.#stages.set(result.bucket, 'trees-sent');
        this.say('trees', result.bucket, result.trees);
        break;
      case 'tags':
        this.#stages.set(result.bucket, 'tags-sent');
        this.say('tags', result.bucket, result.tags);
        if (this.options.mode === 'receiver-learns') this.#endBucket(result.bucket);
        break;
      case 'matched':
        this.#endBucket(result.bucket);
        break;
    }
  }

  protected get heardAll(): boolean {
    const last = this.options.mode === 'both-learn' ? 'matching' : 'tagging';
    const stages = [...this.#stages.values()];
    return this.#next === this.agreed.geometry.bucketCount && stages.every((stage) => stage === last);
  }

  /** Buckets for which the receiver still owes a message, or is owed tags. */
  get #inFlight(): number {
    return [...this.#stages.values()].filter((stage) => stage !== 'matching').length;
  }

  /** Elements go out only once the own list is known to fit: no bucket begins before both lists do. */
  #setUp(): void {
    if (!this.#partitioned || !this.#elements) return;
    this.#base = 'elements-sent';
    this.say('base-elements', 0, this.#elements);
  }

  #endBucket(bucket: number): void {
    this.#stages.delete(bucket);
    this.endBucket(bucket);
  }
}
