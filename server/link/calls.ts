/**
 * The calls of one session: questions asked here, and questions of the peer answered here. At most `callCountMax` of each are under
 * way; more wait here, so a peer never sees more than its limit. A call runs at most once: frames are not repeated to the reader.
 */

import { LinkError, type PeerFailure } from './error.ts';
import type { EmitEvent } from './events.ts';
import { boundedFailure, SEGMENT_OVERHEAD_BYTES, type Segment, segmentBytesMax } from './frame.ts';
import { METHOD_NAME_LENGTH_MAX, type SessionLimits } from './limits.ts';
import { nextPart, type Part, PartialMessage } from './parts.ts';
import { Queue } from './queue.ts';

/** The asking side cancels when its time is over; this side does so itself only where that word does not come through. */
const CANCEL_LATE_MS = 5_000;

type CallSegment = Extract<Segment, { kind: 'call' | 'answer' | 'cancel' }>;

/** A question asked here. Its place is taken until the answer comes, even where nobody waits for it any more. */
interface Asked {
  readonly call: number;
  readonly method: string;
  readonly body: Uint8Array;
  readonly deadlineMs: number;
  stage: 'waiting' | 'sending' | 'asked' | 'given-up';
  readonly partial: PartialMessage;
}

/** A question of the peer's. */
interface Received {
  /** This side's name for it. */
  readonly call: number;
  /** The peer's. */
  readonly peerCall: number;
  readonly method: string;
  readonly timeoutMs: number;
  readonly partial: PartialMessage;
  stage: 'arriving' | 'running' | 'cancelled';
  deadlineMs: number;
}

interface Sending {
  readonly kind: 'call' | 'answer';
  readonly call: number;
  readonly method: string;
  readonly timeoutMs: number;
  readonly body: Uint8Array;
  readonly failure: PeerFailure | undefined;
  sentBytes: number;
}

export class Calls {
  readonly #limits: SessionLimits;
  readonly #emit: EmitEvent;
  readonly #asked = new Map<number, Asked>();
  readonly #waiting = new Set<Asked>();
  readonly #received = new Map<number, Received>();
  readonly #receivedByPeerCall = new Map<number, Received>();
  readonly #cancels = new Queue<number>();
  readonly #sending = new Queue<Sending>();
  #lastCall = 0;
  #lastPeerCall = 0;

  constructor(limits: SessionLimits, emit: EmitEvent) {
    this.#limits = limits;
    this.#emit = emit;
  }

  /**
   * Asks. `answered` or `call-failed` follows, once.
   * @throws {LinkError} `limit`.
   */
  ask(question: { method: string; body: Uint8Array; timeoutMs: number }, nowMs: number): number {
    const { method, body, timeoutMs } = question;
    if (method.length === 0 || method.length > METHOD_NAME_LENGTH_MAX) {
      throw new LinkError(
        'limit',
        `a method's name has 1 to ${METHOD_NAME_LENGTH_MAX} characters, not ${method.length}`,
      );
    }
    if (body.length > this.#limits.messageBytesMax) throw this.#tooLong('call', body.length);
    if (this.#waiting.size >= this.#limits.callWaitingCountMax) {
      throw new LinkError('limit', `${this.#waiting.size} calls wait for this peer already: try again later`);
    }
    const call = ++this.#lastCall;
    const deadlineMs = nowMs + timeoutMs;
    const asked: Asked = { call, method, body, deadlineMs, stage: 'waiting', partial: new PartialMessage() };
    if (this.#asked.size < this.#limits.callCountMax) this.#begin(asked, nowMs);
    else this.#waiting.add(asked);
    return call;
  }

  /** Nobody waits for the answer any more; no event follows. */
  giveUp(call: number): void {
    const asked = this.#asked.get(call);
    if (asked === undefined) {
      for (const waiting of this.#waiting) if (waiting.call === call) this.#waiting.delete(waiting);
      return;
    }
    if (asked.stage === 'given-up') return;
    // A body that is half sent goes out whole, or the peer would wait for the rest; one that is not begun never goes.
    if (asked.stage === 'asked') this.#cancels.push(call);
    asked.stage = 'given-up';
  }

  /** Answers a `called` event. Nothing happens where the call is gone (the peer restarted). */
  answer(call: number, outcome: { body: Uint8Array } | { failure: PeerFailure }): void {
    const received = this.#received.get(call);
    if (received === undefined || received.stage === 'arriving') return;
    let failure = 'failure' in outcome ? boundedFailure(outcome.failure) : undefined;
    let body = 'failure' in outcome ? new Uint8Array(0) : outcome.body;
    if (body.length > this.#limits.messageBytesMax) {
      failure = { code: 'limit', detail: this.#tooLong('answer', body.length).message };
      body = new Uint8Array(0);
    }
    this.#received.delete(call);
    this.#sending.push({
      kind: 'answer',
      call: received.peerCall,
      method: '',
      timeoutMs: 0,
      body,
      failure,
      sentBytes: 0,
    });
  }

  get pending(): boolean {
    return this.#cancels.length > 0 || this.#sending.length > 0;
  }

  /** The next segment that fits into `roomBytes`, or nothing. */
  pack(roomBytes: number, nowMs: number): CallSegment | undefined {
    if (this.#cancels.length > 0) {
      if (roomBytes < SEGMENT_OVERHEAD_BYTES) return undefined;
      return { kind: 'cancel', call: this.#cancels.shift()! };
    }
    this.#skipGivenUp(nowMs);
    const sending = this.#sending.peek();
    if (sending === undefined) return undefined;
    const { kind, call, failure } = sending;
    const method = sending.sentBytes === 0 ? sending.method : '';
    const empty = this.#segment(sending, { method, data: new Uint8Array(0), left: 0 });
    const part = nextPart(sending.body, sending.sentBytes, roomBytes - segmentBytesMax(empty));
    if (part === undefined || segmentBytesMax(empty) > roomBytes) return undefined;
    sending.sentBytes += part.data.length;
    if (part.left === 0) {
      this.#sending.shift();
      if (kind === 'call') this.#wholeQuestionSent(call);
      else this.#receivedByPeerCall.delete(call);
    }
    return this.#segment(sending, { method, ...part, ...(failure === undefined ? {} : { failure }) });
  }

  /** @throws {LinkError} `protocol` where the peer breaks a rule. */
  receive(segment: CallSegment, nowMs: number): void {
    switch (segment.kind) {
      case 'call':
        this.#receiveCall(segment, nowMs);
        break;
      case 'answer':
        this.#receiveAnswer(segment, nowMs);
        break;
      case 'cancel':
        this.#receiveCancel(segment.call);
        break;
    }
  }

  /** Fails what is past its time. @returns when to look again. */
  expire(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const asked of [...this.#waiting, ...this.#asked.values()]) {
      if (asked.stage === 'given-up') continue;
      if (asked.deadlineMs > nowMs) {
        nextMs = Math.min(nextMs, asked.deadlineMs);
        continue;
      }
      this.giveUp(asked.call);
      const error = new LinkError('timeout', `the peer did not answer ${asked.method} in time`);
      this.#emit({ kind: 'call-failed', call: asked.call, error });
    }
    for (const received of this.#received.values()) {
      if (received.stage !== 'running') continue;
      if (received.deadlineMs > nowMs) nextMs = Math.min(nextMs, received.deadlineMs);
      else
        this.#cancelReceived(
          received,
          new LinkError('timeout', `the time that the peer gave ${received.method} is over`),
        );
    }
    return nextMs;
  }

  /** Fails every question and forgets the peer's. */
  reset(error: LinkError): void {
    const asked = [...this.#asked.values(), ...this.#waiting].filter(({ stage }) => stage !== 'given-up');
    const running = [...this.#received.values()].filter(({ stage }) => stage === 'running');
    this.#asked.clear();
    this.#waiting.clear();
    this.#received.clear();
    this.#receivedByPeerCall.clear();
    this.#cancels.clear();
    this.#sending.clear();
    this.#lastPeerCall = 0;
    for (const { call } of asked) this.#emit({ kind: 'call-failed', call, error });
    for (const { call } of running) this.#emit({ kind: 'call-cancelled', call, error });
  }

  #begin(asked: Asked, nowMs: number): void {
    asked.stage = 'sending';
    this.#asked.set(asked.call, asked);
    const { call, method, body } = asked;
    const timeoutMs = Math.min(Math.max(Math.ceil(asked.deadlineMs - nowMs), 1), 2 ** 31 - 1);
    this.#sending.push({ kind: 'call', call, method, timeoutMs, body, failure: undefined, sentBytes: 0 });
  }

  #skipGivenUp(nowMs: number): void {
    for (let next = this.#sending.peek(); next?.kind === 'call' && next.sentBytes === 0; next = this.#sending.peek()) {
      if (this.#asked.get(next.call)?.stage !== 'given-up') return;
      this.#sending.shift();
      this.#freePlace(next.call, nowMs);
    }
  }

  #freePlace(call: number, nowMs: number): void {
    this.#asked.delete(call);
    for (const waiting of this.#waiting) {
      this.#waiting.delete(waiting);
      this.#begin(waiting, nowMs);
      break;
    }
  }

  #wholeQuestionSent(call: number): void {
    const asked = this.#asked.get(call);
    if (asked === undefined) return;
    if (asked.stage === 'given-up') this.#cancels.push(call);
    else asked.stage = 'asked';
  }

  #receiveCall(segment: Extract<Segment, { kind: 'call' }>, nowMs: number): void {
    let received = this.#receivedByPeerCall.get(segment.call);
    if (received === undefined) {
      if (segment.call <= this.#lastPeerCall) throw broken('a call number was used twice');
      if (segment.method === '') throw broken('a call without a method');
      if (this.#receivedByPeerCall.size >= this.#limits.callCountMax) throw broken('too many calls');
      this.#lastPeerCall = segment.call;
      received = {
        call: ++this.#lastCall,
        peerCall: segment.call,
        method: segment.method,
        timeoutMs: segment.timeoutMs,
        partial: new PartialMessage(),
        stage: 'arriving',
        deadlineMs: Number.POSITIVE_INFINITY,
      };
      this.#received.set(received.call, received);
      this.#receivedByPeerCall.set(received.peerCall, received);
    } else if (received.stage !== 'arriving' || segment.method !== '') {
      throw broken('a call was asked twice');
    }
    const body = received.partial.add(
      { data: segment.body, left: segment.left },
      { bytesMax: this.#limits.messageBytesMax },
    );
    if (body === undefined) return;
    received.stage = 'running';
    received.deadlineMs = nowMs + received.timeoutMs + CANCEL_LATE_MS;
    const { call, method, timeoutMs } = received;
    this.#emit({ kind: 'called', call, method, body, timeoutMs });
  }

  #receiveAnswer(segment: Extract<Segment, { kind: 'answer' }>, nowMs: number): void {
    const asked = this.#asked.get(segment.call);
    if (asked === undefined || asked.stage === 'waiting' || asked.stage === 'sending') {
      throw broken('an answer to no question');
    }
    const part = { data: segment.body, left: segment.left };
    const body = asked.partial.add(part, { bytesMax: this.#limits.messageBytesMax });
    if (body === undefined) return;
    this.#freePlace(asked.call, nowMs);
    if (asked.stage === 'given-up') return;
    if (segment.failure === undefined) {
      this.#emit({ kind: 'answered', call: asked.call, body });
    } else {
      const { code, detail } = segment.failure;
      const error = new LinkError('peer', `the peer answered ${asked.method} with ${code}: ${detail}`, {
        peer: segment.failure,
      });
      this.#emit({ kind: 'call-failed', call: asked.call, error });
    }
  }

  #receiveCancel(peerCall: number): void {
    if (peerCall === 0 || peerCall > this.#lastPeerCall) throw broken('a cancelled call that was never asked');
    const received = this.#receivedByPeerCall.get(peerCall);
    if (received?.stage !== 'running' || !this.#received.has(received.call)) return;
    this.#cancelReceived(received, new LinkError('cancelled', `the peer no longer waits for ${received.method}`));
  }

  /** The handler is told; its answer, whatever it is, still closes the call. */
  #cancelReceived(received: Received, error: LinkError): void {
    received.stage = 'cancelled';
    this.#emit({ kind: 'call-cancelled', call: received.call, error });
  }

  #segment(
    { kind, call, timeoutMs }: Sending,
    { method, data, left, failure }: Part & { method: string; failure?: PeerFailure },
  ): CallSegment {
    return kind === 'call'
      ? { kind, call, method, timeoutMs, body: data, left }
      : { kind, call, body: data, left, failure };
  }

  #tooLong(what: string, length: number): LinkError {
    const limit = this.#limits.messageBytesMax;
    return new LinkError(
      'limit',
      `a body of ${length} bytes for a ${what} is over the limit of ${limit}: send it in parts`,
    );
  }
}

function broken(what: string): LinkError {
  return new LinkError('protocol', `the peer broke the link protocol: ${what}`);
}
