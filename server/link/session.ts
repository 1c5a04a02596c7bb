/**
 * One session of two nodes, as a state machine without I/O: time comes in as milliseconds, randomness as the incarnation, frames in
 * and out as values. Connections may cut, and (in the simulation) lose, repeat, delay and reorder frames; calls and channel
 * messages are delivered exactly once and in order all the same.
 *
 * How: frames with segments are numbered and kept until the peer acknowledges them; on a new connection each side says in its hello
 * how far it has received, and the other goes on from there. Nothing is accepted out of order (go-back-N), so the reader holds no
 * gaps. The host drives it: after every input it takes `events()` and sends what `nextFrame()` gives, and it calls `tick()` at
 * `wakeAtMs`.
 *
 * The peer is a member, authenticated by TLS, and may still be hostile or broken: whatever it holds here is bounded (limits.ts), and
 * a broken rule ends the session with a name.
 */

import { createHash } from 'node:crypto';
import { bytesToHex, compareBytes, equalBytes } from '@causeway/core/bytes';
import { Calls } from './calls.ts';
import { Channels } from './channels.ts';
import { LinkError, type LinkErrorCode, type PeerFailure } from './error.ts';
import type { SessionEvent } from './events.ts';
import {
  boundedFailure,
  FRAME_OVERHEAD_BYTES,
  type Frame,
  type HelloFrame,
  type Segment,
  segmentBytesMax,
} from './frame.ts';
import {
  INCARNATION_BYTES,
  MESSAGE_COST_BYTES,
  type SessionLimits,
  type SessionTiming,
  sessionLimits,
  sessionTiming,
  VERSION_MAX,
  VERSION_MIN,
} from './limits.ts';
import { Liveness } from './liveness.ts';
import { SentFrames } from './sent-frames.ts';

export interface SessionOptions {
  /** 16 random bytes, drawn anew for every session. */
  readonly incarnation: Uint8Array;
  readonly limits?: Partial<SessionLimits>;
  readonly timing?: Partial<SessionTiming>;
  /** The protocol versions that this side offers. */
  readonly versions?: { readonly min: number; readonly max: number };
}

/** `detached`: no connection. `greeting`: the peer's hello has not come. */
export type SessionState = 'detached' | 'greeting' | 'connected' | 'ended';

export class Session {
  readonly #incarnation: Uint8Array;
  readonly #limits: SessionLimits;
  readonly #timing: SessionTiming;
  readonly #versions: { readonly min: number; readonly max: number };
  readonly #channels: Channels;
  readonly #calls: Calls;
  #events: SessionEvent[] = [];

  #state: SessionState = 'detached';
  #peerIncarnation: Uint8Array = new Uint8Array(0);
  #session = 0n;
  #refusal: PeerFailure | undefined;

  readonly #sent = new SentFrames();
  #received = 0;
  #acknowledgeAtMs = Number.POSITIVE_INFINITY;

  #helloDue = false;
  /** The peer has shown on this connection that it has our hello. */
  #confirmed = false;
  #helloSentAtMs = 0;
  #attachedAtMs = 0;
  #wallAheadMs = 0;
  readonly #liveness: Liveness;
  #peerClockAheadMs: number | undefined;
  #applicationWakeAtMs = Number.POSITIVE_INFINITY;

  constructor(options: SessionOptions) {
    if (options.incarnation.length !== INCARNATION_BYTES) {
      throw new RangeError(`expected an incarnation of ${INCARNATION_BYTES} bytes, got ${options.incarnation.length}`);
    }
    this.#incarnation = options.incarnation;
    this.#limits = { ...sessionLimits, ...options.limits };
    this.#timing = { ...sessionTiming, ...options.timing };
    this.#liveness = new Liveness(this.#timing);
    this.#versions = options.versions ?? { min: VERSION_MIN, max: VERSION_MAX };
    const emit = (event: SessionEvent) => void this.#events.push(event);
    this.#channels = new Channels(this.#limits, emit);
    this.#calls = new Calls(this.#limits, emit);
  }

  get state(): SessionState {
    return this.#state;
  }

  get limits(): SessionLimits {
    return this.#limits;
  }

  /** Of the last probe; undefined before the first answer. */
  get roundTripMs(): number | undefined {
    return this.#liveness.roundTripMs;
  }

  /** How far the peer's clock was ahead of ours at the last hello. */
  get peerClockAheadMs(): number | undefined {
    return this.#peerClockAheadMs;
  }

  /** What has happened since the last call, in order. */
  events(): readonly SessionEvent[] {
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }

  /**
   * A new connection is there, and any earlier one is of no more use.
   * @param clock.wallMs this node's own time, told to the peer; `nowMs` need not be a time of day.
   */
  attach(nowMs: number, clock: { wallMs: number }): void {
    if (this.#state === 'ended') return;
    this.#detach();
    this.#wallAheadMs = clock.wallMs - nowMs;
    this.#state = 'greeting';
    this.#helloDue = true;
    this.#attachedAtMs = nowMs;
    this.#liveness.heard(nowMs);
  }

  /** The connection is gone; what was on its way is sent again on the next one. */
  detach(): void {
    if (this.#state !== 'ended') this.#detach();
  }

  /** Takes a frame of the current connection. A peer that breaks a rule ends the session: an `ended` event says why. */
  receive(frame: Frame, nowMs: number): void {
    if (this.#state === 'detached' || this.#state === 'ended') return;
    try {
      this.#liveness.heard(nowMs);
      if (frame.kind === 'hello') this.#receiveHello(frame, nowMs);
      else if (frame.kind === 'refusal') this.#receiveRefusal(frame);
      else this.#receiveSessionFrame(frame, nowMs);
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.#refuse(error);
    }
  }

  /** What could not be decoded counts as a broken rule too. */
  receiveFailed(error: LinkError): void {
    if (this.#state !== 'ended') this.#refuse(error);
  }

  /** The next frame for the connection, or nothing now. */
  nextFrame(nowMs: number): Frame | undefined {
    if (this.#refusal !== undefined) {
      const refusal = this.#refusal;
      this.#refusal = undefined;
      return { kind: 'refusal', session: this.#session, ...refusal };
    }
    if (this.#state === 'detached' || this.#state === 'ended') return undefined;
    if (this.#helloDue) {
      this.#helloDue = false;
      this.#helloSentAtMs = nowMs;
      return this.#hello(nowMs);
    }
    if (this.#state === 'greeting') return undefined;
    const probe = this.#liveness.next(nowMs);
    if (probe !== undefined) return { kind: 'probe', session: this.#session, acknowledged: this.#received, ...probe };
    return this.#nextSegments(nowMs) ?? this.#acknowledgement(nowMs);
  }

  /** When `tick` is due at the latest. */
  get wakeAtMs(): number {
    if (this.#state === 'ended') return Number.POSITIVE_INFINITY;
    let wakeAtMs = Math.min(this.#applicationWakeAtMs, this.#acknowledgeAtMs);
    if (this.#state === 'detached') return this.#applicationWakeAtMs;
    wakeAtMs = Math.min(wakeAtMs, this.#silentAtMs());
    const { retransmitAfterMs } = this.#timing;
    if (retransmitAfterMs === undefined) return wakeAtMs;
    if (!this.#confirmed && !this.#helloDue) wakeAtMs = Math.min(wakeAtMs, this.#helloSentAtMs + retransmitAfterMs);
    const sentAtMs = this.#state === 'connected' ? this.#sent.oldestSentAtMs : undefined;
    return sentAtMs === undefined ? wakeAtMs : Math.min(wakeAtMs, sentAtMs + retransmitAfterMs);
  }

  /** Does what is due by now: time-outs, probes, frames that go out again. */
  tick(nowMs: number): void {
    if (this.#state === 'ended') return;
    if (nowMs >= this.#applicationWakeAtMs) this.#expire(nowMs);
    if (this.#state === 'detached') return;
    this.#retransmit(nowMs);
    this.#checkSilence(nowMs);
  }

  /** The connection may be dead: asks the peer at once, and gives the connection up where no answer comes. */
  suspect(nowMs: number): void {
    if (this.#state === 'connected') this.#liveness.ask(nowMs);
  }

  /** Asks the peer: `answered` or `call-failed` follows. @throws {LinkError} `limit`, `closed`. */
  ask(question: { method: string; body: Uint8Array; timeoutMs: number }, nowMs: number): number {
    this.#requireOpen();
    const call = this.#calls.ask(question, nowMs);
    this.#applicationWakeAtMs = Math.min(this.#applicationWakeAtMs, nowMs + question.timeoutMs);
    return call;
  }

  /** Nobody waits for this answer any more. */
  giveUp(call: number): void {
    this.#calls.giveUp(call);
  }

  /** Answers a `called` event. */
  answer(call: number, outcome: { body: Uint8Array } | { failure: PeerFailure }): void {
    if (this.#state !== 'ended') this.#calls.answer(call, outcome);
  }

  /** @returns the number of this side's half. @throws {LinkError} `channel-busy`, `limit`, `closed`. */
  open(name: string): number {
    this.#requireOpen();
    return this.#channels.open(name);
  }

  /** @returns false where flow control does not admit the message now. @throws {LinkError} `closed`, `limit`. */
  send(channel: number, message: Uint8Array): boolean {
    this.#requireOpen();
    return this.#channels.send(channel, message);
  }

  /** The next message that came, if there is one. */
  take(channel: number): Uint8Array | undefined {
    return this.#channels.take(channel);
  }

  close(channel: number, failure?: PeerFailure): void {
    if (this.#state !== 'ended') this.#channels.close(channel, failure);
  }

  /** Whether all that was sent has arrived at the peer's session. */
  get delivered(): boolean {
    return this.#sent.empty && !this.#channels.pending && !this.#calls.pending;
  }

  /** Ends the session for good and tells the peer why. */
  end(error: LinkError): void {
    if (this.#state !== 'ended') this.#refuse(error);
  }

  #receiveHello(hello: HelloFrame, nowMs: number): void {
    const { min, max } = this.#versions;
    if (hello.versionMax < min) {
      throw new LinkError('version', `the peer offers protocol ${hello.versionMax}, this node requires >= ${min}`);
    }
    if (hello.versionMin > max) {
      throw new LinkError('version', `the peer requires protocol >= ${hello.versionMin}, this node offers ${max}`);
    }
    if (equalBytes(hello.incarnation, this.#incarnation)) throw broken('it sent our own hello back');
    if (this.#state === 'connected') {
      if (!equalBytes(hello.incarnation, this.#peerIncarnation)) throw broken('a second hello of another process');
      this.#acknowledgeAtMs = nowMs;
      return;
    }
    if (!equalBytes(hello.incarnation, this.#peerIncarnation)) this.#meet(hello.incarnation);
    const remembersUs = equalBytes(hello.peerIncarnation, this.#incarnation);
    if (!remembersUs && this.#sent.begun) throw broken('it forgot this session');
    this.#state = 'connected';
    this.#receiveAcknowledgement(remembersUs ? hello.received : 0);
    this.#sent.rewind();
    this.#peerClockAheadMs = hello.timeMs - (nowMs + this.#wallAheadMs);
    // At once, so that the peer sees that its hello has come.
    this.#acknowledgeAtMs = nowMs;
    this.#liveness.ask(nowMs);
    this.#events.push({ kind: 'connected' });
  }

  /** A peer process that we do not know yet. */
  #meet(incarnation: Uint8Array): void {
    if (this.#peerIncarnation.length > 0) {
      const error = new LinkError('peer-restarted', 'the peer began anew: resume from the last checkpoint');
      this.#events.push({ kind: 'peer-restarted' });
      this.#forget(error);
    }
    this.#peerIncarnation = incarnation;
    this.#session = sessionOf(this.#incarnation, incarnation);
  }

  #receiveRefusal({ code, detail }: PeerFailure): void {
    const known: readonly string[] = [
      'closed',
      'version',
      'protocol',
      'frame-too-large',
      'foreign-session',
      'not-a-member',
    ];
    const ours = (known.includes(code) ? code : 'protocol') as LinkErrorCode;
    this.#finish(new LinkError(ours, `the peer ended the session: ${detail} (${code})`, { peer: { code, detail } }));
  }

  #receiveSessionFrame(frame: Exclude<Frame, { kind: 'hello' | 'refusal' }>, nowMs: number): void {
    if (this.#state === 'greeting') {
      // Only a connection that reorders brings anything before the hello; it comes again.
      if (this.#timing.retransmitAfterMs !== undefined) return;
      throw broken('it did not begin with a hello');
    }
    if (frame.session !== this.#session) {
      throw new LinkError('foreign-session', 'the peer sent a message that belongs to another session');
    }
    this.#confirmed = true;
    this.#receiveAcknowledgement(frame.acknowledged);
    if (frame.kind === 'probe') this.#receiveProbe(frame.nonce, frame.answer, nowMs);
    if (frame.kind === 'segments') this.#receiveSegments(frame.sequence, frame.segments, nowMs);
  }

  #receiveSegments(sequence: number, segments: readonly Segment[], nowMs: number): void {
    if (sequence !== this.#received + 1) {
      const lossy = this.#timing.retransmitAfterMs !== undefined;
      if (sequence > this.#received && !lossy) throw broken('a frame is missing');
      // Repeated, or after a gap: say again how far we are.
      this.#acknowledgeAtMs = Math.min(this.#acknowledgeAtMs, nowMs + this.#timing.acknowledgeWithinMs);
      return;
    }
    this.#received = sequence;
    let bytes = 0;
    for (const segment of segments) {
      switch (segment.kind) {
        case 'call':
        case 'answer':
        case 'cancel':
          this.#calls.receive(segment, nowMs);
          break;
        case 'open':
        case 'data':
        case 'credit':
        case 'close':
          this.#channels.receive(segment, nowMs);
          if (segment.kind === 'data') bytes += segment.data.length;
          break;
      }
    }
    const soonMs = nowMs + (bytes * 4 > this.#limits.frameBytesMax ? 0 : this.#timing.acknowledgeWithinMs);
    this.#acknowledgeAtMs = Math.min(this.#acknowledgeAtMs, soonMs);
    this.#expire(nowMs);
  }

  #receiveAcknowledgement(acknowledged: number): void {
    if (acknowledged > this.#sent.last) throw broken('it acknowledged what was never sent');
    this.#channels.acknowledged(this.#sent.acknowledge(acknowledged));
  }

  #receiveProbe(nonce: number, answer: boolean, nowMs: number): void {
    if (answer) this.#liveness.answered(nonce, nowMs);
    else if (!this.#liveness.asked(nonce)) throw broken('too many probes');
  }

  #nextSegments(nowMs: number): Frame | undefined {
    let frame = this.#sent.next(nowMs);
    if (frame === undefined && this.#packFrame(nowMs)) frame = this.#sent.next(nowMs);
    if (frame === undefined) return undefined;
    this.#acknowledgeAtMs = Number.POSITIVE_INFINITY;
    const { sequence, segments } = frame;
    return { kind: 'segments', session: this.#session, acknowledged: this.#received, sequence, segments };
  }

  /** @returns whether there was anything to send. */
  #packFrame(nowMs: number): boolean {
    const segments: Segment[] = [];
    let roomBytes = this.#limits.frameBytesMax - FRAME_OVERHEAD_BYTES;
    let costBytes = 0;
    for (;;) {
      const segment = this.#calls.pack(roomBytes, nowMs) ?? this.#channels.pack(roomBytes);
      if (segment === undefined) break;
      segments.push(segment);
      roomBytes -= segmentBytesMax(segment);
      if (segment.kind === 'data') costBytes += segment.data.length + (segment.left > 0 ? 0 : MESSAGE_COST_BYTES);
    }
    if (segments.length > 0) this.#sent.push({ segments, costBytes });
    return segments.length > 0;
  }

  #acknowledgement(nowMs: number): Frame | undefined {
    if (nowMs < this.#acknowledgeAtMs) return undefined;
    this.#acknowledgeAtMs = Number.POSITIVE_INFINITY;
    return { kind: 'acknowledgement', session: this.#session, acknowledged: this.#received };
  }

  #hello(nowMs: number): HelloFrame {
    return {
      kind: 'hello',
      versionMin: this.#versions.min,
      versionMax: this.#versions.max,
      incarnation: this.#incarnation,
      peerIncarnation: this.#peerIncarnation,
      received: this.#received,
      timeMs: nowMs + this.#wallAheadMs,
    };
  }

  #silentAtMs(): number {
    const greetUntilMs = this.#attachedAtMs + this.#timing.answerWithinMs;
    return this.#state === 'greeting' ? greetUntilMs : this.#liveness.actAtMs;
  }

  #checkSilence(nowMs: number): void {
    const gone = this.#state === 'greeting' ? nowMs >= this.#silentAtMs() : this.#liveness.check(nowMs);
    if (!gone) return;
    const what = this.#state === 'greeting' ? 'greet' : 'answer';
    this.#detach();
    const message = `the peer did not ${what} within ${this.#timing.answerWithinMs} ms: the connection is given up`;
    this.#events.push({ kind: 'cut', error: new LinkError('timeout', message) });
  }

  #retransmit(nowMs: number): void {
    const { retransmitAfterMs } = this.#timing;
    if (retransmitAfterMs === undefined) return;
    if (!this.#confirmed && nowMs >= this.#helloSentAtMs + retransmitAfterMs) this.#helloDue = true;
    const sentAtMs = this.#sent.oldestSentAtMs;
    if (sentAtMs !== undefined && nowMs >= sentAtMs + retransmitAfterMs) this.#sent.rewind();
  }

  #expire(nowMs: number): void {
    const callsMs = this.#calls.expire(nowMs);
    this.#applicationWakeAtMs = Math.min(callsMs, this.#channels.expire(nowMs, this.#timing.unclaimedMs));
  }

  #detach(): void {
    this.#state = 'detached';
    this.#helloDue = false;
    this.#confirmed = false;
    this.#liveness.reset();
    this.#acknowledgeAtMs = Number.POSITIVE_INFINITY;
  }

  #refuse(error: LinkError): void {
    const told = this.#state !== 'detached';
    this.#finish(error);
    if (told) this.#refusal = boundedFailure({ code: error.code, detail: error.message });
  }

  #finish(error: LinkError): void {
    this.#detach();
    this.#forget(error);
    this.#state = 'ended';
    this.#events.push({ kind: 'ended', error });
  }

  #forget(error: LinkError): void {
    this.#sent.clear();
    this.#received = 0;
    this.#calls.reset(error);
    this.#channels.reset(error);
  }

  #requireOpen(): void {
    if (this.#state === 'ended') throw new LinkError('closed', 'the link is closed');
  }
}

/** The first 8 bytes of SHA-256 over both incarnations, the smaller first. */
function sessionOf(a: Uint8Array, b: Uint8Array): bigint {
  const [first, second] = compareBytes(a, b) < 0 ? [a, b] : [b, a];
  const digest = createHash('sha256').update(first).update(second).digest();
  return BigInt(`0x${bytesToHex(digest.subarray(0, 8))}`);
}

function broken(what: string): LinkError {
  return new LinkError('protocol', `the peer broke the link protocol: ${what}`);
}
