/**
 * Drives a role of psi/vole over a channel: brings messages in, does the work that it asks for, sends what it says in its order, and makes
 * durable what has been done before the peer can rely on it.
 */
import type { Ending, Step, VoleParty } from '@causeway/core/protocols/psi-vole';
import type { Channel } from '../../../link/index.ts';

export interface Driver<Work, Result> {
  readonly party: VoleParty<Work, Result>;
  readonly worker: { perform(work: Work): Promise<Result> };
  /** Makes durable what the party holds. */
  remember(): Promise<void>;
  /** The peer was heard, or a bucket done with. */
  onProgress(): void;
}

export interface ConversationOptions {
  readonly channel: Channel;
  readonly signal: AbortSignal;
  /** How long the peer may be silent. */
  readonly silenceMs: number;
  /** `wait` says nothing before the peer does. */
  readonly opening: 'speak' | 'wait';
}

/** Buckets between two points in time at which the work is durable. */
const bucketsPerCheckpoint = 4;

/**
 * Talks until the run is over.
 * @throws {ProtocolError} for a peer that leaves the protocol; {LinkError} for a channel that ended; and what the work throws.
 */
export async function converse<Work, Result>(
  driver: Driver<Work, Result>,
  options: ConversationOptions,
): Promise<Ending> {
  const conversation = new Conversation(driver, options);
  const close = () => options.channel.close();
  options.signal.addEventListener('abort', close, { once: true });
  try {
    return await conversation.run();
  } finally {
    options.signal.removeEventListener('abort', close);
  }
}

class Conversation<Work, Result> {
  readonly #driver: Driver<Work, Result>;
  readonly #options: ConversationOptions;
  readonly #over = new AbortController();
  readonly #ending = Promise.withResolvers<Ending>();
  readonly #tasks = new Set<Promise<void>>();
  /** Messages go out one after the other. */
  #sending: Promise<void> = Promise.resolve();
  #remembered = 0;

  constructor(driver: Driver<Work, Result>, options: ConversationOptions) {
    this.#driver = driver;
    this.#options = options;
    this.#remembered = driver.party.progress.done;
  }

  async run(): Promise<Ending> {
    // Handled here as well: it may be over before anybody waits for it.
    this.#ending.promise.catch(() => {});
    this.#do(() => this.#listen());
    try {
      return await this.#ending.promise;
    } finally {
      this.#over.abort();
      // Nothing is left behind: its files would be closed under it.
      while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    }
  }

  async #listen(): Promise<void> {
    const { party } = this.#driver;
    if (this.#options.opening === 'wait') {
      const first = await this.#receive();
      this.#apply(party.start());
      this.#apply(party.receive(first));
    } else {
      this.#apply(party.start());
    }
    for (;;) this.#apply(party.receive(await this.#receive()));
  }

  async #receive(): Promise<Uint8Array> {
    const { channel, signal, silenceMs } = this.#options;
    const message = await channel.receive({
      signal: AbortSignal.any([signal, this.#over.signal]),
      timeoutMs: silenceMs,
    });
    this.#driver.onProgress();
    return message;
  }

  #apply({ send, work, ended }: Step<Work>): void {
    const { done, total } = this.#driver.party.progress;
    const isDue = done - this.#remembered >= bucketsPerCheckpoint || (done === total && done > this.#remembered);
    // With the last bucket this side says that it is done: then it has to be so after a restart as well.
    if (isDue) this.#queue(() => this.#driver.remember());
    if (isDue) this.#remembered = done;
    for (const message of send) this.#queue(() => this.#options.channel.send(message));
    if (ended) this.#queue(async () => this.#ending.resolve(ended));
    for (const each of work) {
      this.#do(async () => {
        const result = await this.#driver.worker.perform(each);
        if (this.#over.signal.aborted) return;
        this.#apply(this.#driver.party.complete(result));
        this.#driver.onProgress();
      });
    }
  }

  #queue(act: () => Promise<void>): void {
    this.#sending = this.#sending.then(act);
    this.#do(() => this.#sending);
  }

  /** Runs a part; the first that fails ends the conversation. */
  #do(part: () => Promise<void>): void {
    const task: Promise<void> = part()
      .catch((error: unknown) => {
        this.#ending.reject(error);
        this.#over.abort();
      })
      .finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }
}
