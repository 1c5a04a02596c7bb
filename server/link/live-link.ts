/** A link over a session: promises for the callers, timers for the session, and whichever connection is there to carry frames. */

import { ActiveConnection, type Carried, type Connection } from './carried.ts';
import type { LinkClock } from './clock.ts';
import { LinkError, type PeerFailure } from './error.ts';
import type { SessionEvent } from './events.ts';
import { type CallHandler, CallRefused, type Channel, type Link, type LinkState } from './link.ts';
import { LiveChannel } from './live-channel.ts';
import type { Session } from './session.ts';
import { Waiter } from './waiter.ts';

export interface LiveLinkOptions {
  readonly peer: string;
  readonly session: Session;
  readonly clock: LinkClock;
  /** The handler of a method, where there is one. */
  readonly handler: (method: string) => CallHandler | undefined;
  /** A handler of this side failed with something that is not meant for the peer. */
  readonly onHandlerError?: (failure: { peer: string; method: string; error: unknown }) => void;
}

/** A timer that is due while the connection takes nothing waits this long at least. */
const BUSY_TIMER_MS = 20;

export class LiveLink implements Link {
  readonly peer: string;
  readonly session: Session;
  readonly clock: LinkClock;
  readonly #options: LiveLinkOptions;
  readonly #channelsByName = new Map<string, LiveChannel>();
  readonly #channelsByNumber = new Map<number, LiveChannel>();
  readonly #asked = new Map<number, Waiter<Uint8Array>>();
  readonly #running = new Map<number, AbortController>();
  readonly #stateWaiters = new Set<() => void>();
  #carried: ActiveConnection | undefined;
  #closed: LinkError | undefined;
  #timer: { readonly atMs: number; readonly cancel: () => void } | undefined;
  #connectedSinceWallMs: number | undefined;

  constructor(options: LiveLinkOptions) {
    this.#options = options;
    this.peer = options.peer;
    this.session = options.session;
    this.clock = options.clock;
  }

  get state(): LinkState {
    if (this.#closed !== undefined) return 'closed';
    return this.session.state === 'connected' ? 'connected' : 'reconnecting';
  }

  get connectedSinceMs(): number | undefined {
    return this.state === 'connected' ? this.#connectedSinceWallMs : undefined;
  }

  async call(
    method: string,
    body: Uint8Array,
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Uint8Array> {
    this.#requireOpen();
    const { signal, timeoutMs } = options;
    if (signal?.aborted) throw new LinkError('cancelled', `the call of ${method} was cancelled`);
    const call = this.session.ask({ method, body, timeoutMs }, this.clock.nowMs());
    const waiter = new Waiter<Uint8Array>();
    this.#asked.set(call, waiter);
    if (signal !== undefined) waiter.limit({ signal }, this.clock, `the answer to ${method}`);
    this.wake();
    try {
      return await waiter.promise;
    } finally {
      // Not there any more once the session has settled it: what is left was cancelled.
      if (this.#asked.delete(call)) {
        this.session.giveUp(call);
        this.wake();
      }
    }
  }

  channel(name: string): Channel {
    this.#requireOpen();
    const known = this.#channelsByName.get(name);
    if (known !== undefined) return known;
    const channel = new LiveChannel(name, this.session.open(name), this);
    this.#channelsByName.set(name, channel);
    this.#channelsByNumber.set(channel.number, channel);
    this.#dispatch();
    return channel;
  }

  /** Uses a new connection in place of any earlier one. */
  carry(connection: Connection): Carried {
    this.#carried?.end(new LinkError('superseded', `another connection to ${this.peer} took over`));
    const active = new ActiveConnection(this, connection);
    this.#carried = active;
    this.session.attach(this.clock.nowMs(), { wallMs: this.clock.wallMs() });
    this.#stateChanged();
    connection.start({
      frame: (frame) => {
        if (active.over) return;
        this.session.receive(frame, this.clock.nowMs());
        this.#dispatch();
      },
      ended: (error) => {
        if (!active.over && (error.code === 'protocol' || error.code === 'frame-too-large')) {
          this.session.receiveFailed(error);
          this.#dispatch();
        }
        active.end(error);
      },
    });
    this.#dispatch();
    return active;
  }

  /** Resolves once connected. @throws {LinkError} `timeout`, `cancelled`, or why the link is closed. */
  async connected(limits: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<void> {
    const waiter = new Waiter<void>();
    const check = () => {
      if (this.#closed !== undefined) waiter.reject(this.#closed);
      else if (this.state === 'connected') waiter.resolve();
    };
    check();
    if (waiter.settled) return waiter.promise;
    this.#stateWaiters.add(check);
    waiter.limit(limits, this.clock, `the link to ${this.peer}`);
    await waiter.promise.finally(() => this.#stateWaiters.delete(check));
  }

  /** Resolves once the peer's session has everything that was sent, or after `timeoutMs`, or without a connection. */
  async delivered(limits: { timeoutMs: number }): Promise<void> {
    const untilMs = this.clock.nowMs() + limits.timeoutMs;
    while (this.state === 'connected' && !this.session.delivered && this.clock.nowMs() < untilMs) {
      await new Promise<void>((resolve) => this.clock.after(5, resolve));
    }
  }

  /** Asks the peer at once whether it is there. */
  suspect(): void {
    this.session.suspect(this.clock.nowMs());
    this.wake();
  }

  /** Ends the session; the peer is told why. */
  end(error: LinkError): void {
    this.session.end(error);
    this.#dispatch();
  }

  /** Lets go of everything without a word to the peer, as a process that stops does: the peer goes on dialling. */
  stop(error: LinkError): void {
    this.#carried?.end(error);
    this.session.end(error);
    while (this.session.nextFrame(this.clock.nowMs()) !== undefined);
    this.#dispatch();
  }

  /** The session may have something to send or to tell. */
  wake(): void {
    this.#carried?.wake();
    this.#armTimer();
  }

  released(channel: LiveChannel): void {
    if (this.#channelsByName.get(channel.name) === channel) this.#channelsByName.delete(channel.name);
    this.#channelsByNumber.delete(channel.number);
  }

  /** The connection ended. */
  lost(active: ActiveConnection): void {
    if (this.#carried !== active) return;
    this.#carried = undefined;
    this.session.detach();
    this.#stateChanged();
    this.#dispatch();
  }

  #dispatch(): void {
    for (let events = this.session.events(); events.length > 0; events = this.session.events()) {
      for (const event of events) this.#handle(event);
    }
    this.wake();
  }

  #handle(event: SessionEvent): void {
    switch (event.kind) {
      case 'connected':
        this.#connectedSinceWallMs = this.clock.wallMs();
        this.#stateChanged();
        break;
      case 'cut':
        this.#carried?.end(event.error);
        break;
      case 'ended':
        this.#close(event.error);
        break;
      case 'peer-restarted':
        break;
      case 'readable':
        this.#channelsByNumber.get(event.channel)?.readable();
        break;
      case 'writable':
        this.#channelsByNumber.get(event.channel)?.writable();
        break;
      case 'channel-closed':
        this.#channelsByNumber.get(event.channel)?.ended(event.error);
        break;
      case 'called':
        void this.#run(event);
        break;
      case 'call-cancelled':
        this.#running.get(event.call)?.abort(event.error);
        break;
      case 'answered':
        this.#settleCall(event.call)?.resolve(event.body);
        break;
      case 'call-failed':
        this.#settleCall(event.call)?.reject(event.error);
        break;
    }
  }

  #settleCall(call: number): Waiter<Uint8Array> | undefined {
    const waiter = this.#asked.get(call);
    this.#asked.delete(call);
    return waiter;
  }

  async #run({ call, method, body }: { call: number; method: string; body: Uint8Array }): Promise<void> {
    const handler = this.#options.handler(method);
    const cancel = new AbortController();
    this.#running.set(call, cancel);
    let outcome: { body: Uint8Array } | { failure: PeerFailure };
    try {
      outcome =
        handler === undefined
          ? { failure: { code: 'unknown-method', detail: `this node does not answer ${method}` } }
          : { body: await handler(this.peer, body, cancel.signal) };
    } catch (error) {
      outcome = { failure: this.#failureOf(method, error, cancel.signal) };
    }
    this.#running.delete(call);
    this.session.answer(call, outcome);
    this.wake();
  }

  #failureOf(method: string, error: unknown, signal: AbortSignal): PeerFailure {
    if (error instanceof CallRefused) return { code: error.code, detail: error.detail };
    if (signal.aborted) return { code: 'cancelled', detail: 'the call was cancelled' };
    this.#options.onHandlerError?.({ peer: this.peer, method, error });
    return { code: 'internal', detail: `${method} failed on this node: see its log` };
  }

  #close(error: LinkError): void {
    this.#closed = error;
    this.#timer?.cancel();
    this.#timer = undefined;
    const last = this.#carried;
    this.#carried = undefined;
    last?.finish(error);
    this.#stateChanged();
    this.#stateWaiters.clear();
  }

  #stateChanged(): void {
    for (const changed of [...this.#stateWaiters]) changed();
  }

  #requireOpen(): void {
    if (this.#closed !== undefined) throw this.#closed;
  }

  #armTimer(): void {
    const atMs = this.session.wakeAtMs;
    if (atMs === Number.POSITIVE_INFINITY || this.#closed !== undefined) return;
    if (this.#timer !== undefined) {
      // A timer that rings early is cheaper than one that is set anew for every frame.
      if (this.#timer.atMs <= atMs) return;
      this.#timer.cancel();
    }
    const leastMs = this.#carried?.waiting === false ? BUSY_TIMER_MS : 0;
    const cancel = this.clock.after(Math.max(Math.ceil(atMs - this.clock.nowMs()), leastMs), () => this.#ring());
    this.#timer = { atMs, cancel };
  }

  #ring(): void {
    this.#timer = undefined;
    const nowMs = this.clock.nowMs();
    if (nowMs >= this.session.wakeAtMs) this.session.tick(nowMs);
    this.#dispatch();
  }
}
