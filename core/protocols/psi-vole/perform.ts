/** How a host does the work that a role asks for: which call of the kernel each kind is, and where keys come from and matches go. */
import type { RandomSource } from '../../random/index.ts';
import type { SenderOpening, VoleKernel, VoleReceiverSession, VoleSenderSession } from './kernel.ts';
import type { ReceiverResult, ReceiverWork } from './receiver.ts';
import type { RunContext } from './run.ts';
import type { SenderResult, SenderWork } from './sender.ts';

/** A list, as its owner's host keeps it: cut into buckets, the same ones for as long as the exchange lasts. */
export interface BucketedList {
  /** Cuts the list as the run asks, unless it lies so. @returns whether a bin, or a bucket, got more keys than it may have. */
  partition(context: RunContext): Promise<{ readonly overflow: boolean }>;
  /** The bucket's keys, packed, the same each time. */
  keys(bucket: number): Promise<Uint8Array>;
  /**
   * Makes durable which of the bucket's keys match. A bucket that is done again gives the same.
   * @param bits one for each key, lowest first.
   */
  matched(bucket: number, bits: Uint8Array): Promise<void>;
}

export interface PerformOptions {
  readonly kernel: VoleKernel;
  readonly list: BucketedList;
  readonly random: RandomSource;
}

/** The receiver's worker. Close it when the run is over, however it ended. */
export class ReceiverWorker {
  readonly #options: PerformOptions;
  #session: VoleReceiverSession | undefined;

  constructor(options: PerformOptions) {
    this.#options = options;
  }

  async perform(work: ReceiverWork): Promise<ReceiverResult> {
    const { kernel, list, random } = this.#options;
    switch (work.kind) {
      case 'partition':
        return { kind: work.kind, ...(await list.partition(work.context)) };
      case 'answer-base': {
        const { answer, session } = await kernel.openReceiver({ ...work.context, random }, work.elements);
        this.#session = session;
        return { kind: work.kind, answer };
      }
      case 'begin-epoch':
        return { ...work, choices: await this.#open.beginEpoch(work.epoch) };
      case 'finish-epoch':
        await this.#open.finishEpoch(work.epoch, work.trees);
        return { kind: work.kind, epoch: work.epoch };
      case 'begin':
        return { ...work, choices: await this.#open.begin(work.bucket, await list.keys(work.bucket)) };
      case 'respond':
        return { kind: work.kind, bucket: work.bucket, ...(await this.#open.respond(work.bucket, work.trees)) };
      case 'join': {
        const { matched, match } = await this.#open.join(work.bucket, work.tags);
        await list.matched(work.bucket, matched);
        return { kind: work.kind, bucket: work.bucket, match };
      }
    }
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }

  get #open(): VoleReceiverSession {
    if (!this.#session) throw new RangeError('no session is open before the base OTs');
    return this.#session;
  }
}

/** The sender's worker. Close it when the run is over, however it ended. */
export class SenderWorker {
  readonly #options: PerformOptions;
  #opening: SenderOpening | undefined;
  #session: VoleSenderSession | undefined;

  constructor(options: PerformOptions) {
    this.#options = options;
  }

  async perform(work: SenderWork): Promise<SenderResult> {
    const { kernel, list, random } = this.#options;
    switch (work.kind) {
      case 'partition':
        return { kind: work.kind, ...(await list.partition(work.context)) };
      case 'begin-base':
        this.#opening = await kernel.openSender({ ...work.context, random });
        return { kind: work.kind, elements: this.#opening.elements };
      case 'finish-base':
        this.#session = await this.#opening!.finish(work.answer);
        return { kind: work.kind };
      case 'answer-epoch':
        return { kind: work.kind, epoch: work.epoch, trees: await this.#open.answerEpoch(work.epoch, work.choices) };
      case 'answer':
        return { kind: work.kind, bucket: work.bucket, trees: await this.#open.answer(work.bucket, work.choices) };
      case 'tags': {
        const tags = await this.#open.tags(work.bucket, work.okvs, await list.keys(work.bucket));
        return { kind: work.kind, bucket: work.bucket, tags };
      }
      case 'matched':
        await list.matched(work.bucket, await this.#open.matched(work.bucket, work.match));
        return { kind: work.kind, bucket: work.bucket };
    }
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }

  get #open(): VoleSenderSession {
    if (!this.#session) throw new RangeError('no session is open before the base OTs');
    return this.#session;
  }
}
