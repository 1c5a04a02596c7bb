import type { LinkClock } from './clock.ts';
import { LinkError, type PeerFailure } from './error.ts';
import type { Channel } from './link.ts';
import { Queue } from './queue.ts';
import type { Session } from './session.ts';
import { Waiter } from './waiter.ts';

/** What a channel needs of the link that it belongs to. */
export interface ChannelHost {
  readonly session: Session;
  readonly clock: LinkClock;
  /** The session has something to send. */
  wake(): void;
  /** The channel is closed on this side: its name is free here. */
  released(channel: LiveChannel): void;
}

/** One channel of a live link: promises over the session's events. */
export class LiveChannel implements Channel {
  readonly name: string;
  readonly number: number;
  readonly #host: ChannelHost;
  readonly #senders = new Queue<{ readonly message: Uint8Array; readonly admitted: Waiter<void> }>();
  readonly #receivers = new Queue<Waiter<Uint8Array>>();
  /** Why no message follows. */
  #over: LinkError | undefined;
  #closedHere = false;

  constructor(name: string, number: number, host: ChannelHost) {
    this.name = name;
    this.number = number;
    this.#host = host;
  }

  async send(message: Uint8Array): Promise<void> {
    this.#requireOpen();
    if (this.#senders.length === 0 && this.#host.session.send(this.number, message)) {
      this.#host.wake();
      return;
    }
    const admitted = new Waiter<void>();
    this.#senders.push({ message, admitted });
    await admitted.promise;
  }

  async receive(options: { signal?: AbortSignal; timeoutMs?: number } = {}): Promise<Uint8Array> {
    if (this.#closedHere) throw this.#over ?? closedHere(this.name);
    const message = this.#receivers.length === 0 ? this.#take() : undefined;
    if (message !== undefined) return message;
    if (this.#over !== undefined) throw this.#release(this.#over);
    const waiter = new Waiter<Uint8Array>();
    this.#receivers.push(waiter);
    waiter.limit(options, this.#host.clock, `channel ${this.name}`);
    return await waiter.promise;
  }

  close(reason?: PeerFailure): void {
    if (this.#closedHere) return;
    this.#closedHere = true;
    this.#host.session.close(this.number, reason);
    this.#settle(closedHere(this.name));
    this.#host.released(this);
    this.#host.wake();
  }

  /** The session's inbox has a message. */
  readable(): void {
    while (this.#receivers.length > 0) {
      if (this.#receivers.peek()!.settled) {
        this.#receivers.shift();
        continue;
      }
      const message = this.#take();
      if (message === undefined) break;
      this.#receivers.shift()!.resolve(message);
    }
  }

  /** The session may admit a message that it refused. */
  writable(): void {
    for (let next = this.#senders.peek(); next !== undefined; next = this.#senders.peek()) {
      if (!this.#admit(next)) break;
      this.#senders.shift();
    }
    this.#host.wake();
  }

  /** The peer closed, or the session failed the channel. */
  ended(error: LinkError): void {
    if (this.#closedHere) return;
    // A peer that failed says why, and then leaves: its reason is the one to tell.
    if (this.#over?.peer === undefined) this.#over = error;
    this.readable();
    const heard = this.#receivers.length > 0;
    this.#settle(this.#over);
    // A restart and the end of the link leave nothing to read; after the peer's close, the reader still takes what is here.
    if (heard || error.code !== 'closed') this.#release(error);
  }

  #admit({ message, admitted }: { message: Uint8Array; admitted: Waiter<void> }): boolean {
    try {
      if (!this.#host.session.send(this.number, message)) return false;
      admitted.resolve();
    } catch (error) {
      // The peer closed meanwhile: its event is on the way, and this sender hears of it first.
      if (!(error instanceof LinkError)) throw error;
      admitted.reject(error);
    }
    return true;
  }

  #take(): Uint8Array | undefined {
    const message = this.#host.session.take(this.number);
    if (message !== undefined) this.#host.wake();
    return message;
  }

  #requireOpen(): void {
    if (this.#closedHere) throw this.#over ?? closedHere(this.name);
    if (this.#over !== undefined) throw this.#over;
  }

  /** The failure was told: the channel is of no more use on this side. */
  #release(error: LinkError): LinkError {
    this.close();
    return error;
  }

  #settle(error: LinkError): void {
    for (let next = this.#senders.shift(); next !== undefined; next = this.#senders.shift())
      next.admitted.reject(error);
    for (let next = this.#receivers.shift(); next !== undefined; next = this.#receivers.shift()) next.reject(error);
  }
}

function closedHere(name: string): LinkError {
  return new LinkError('closed', `channel ${name} was closed on this side`);
}
