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
import { Queue } from './queue.ts';

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

interface SentFrame {
  readonly sequence: number;
  readonly segments: readonly Segment[];
  /** What of the channels' budget it holds. */
  readonly costBytes: number;
  sentAtMs: number;
}

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

  /** Sent or about to be sent again; the first has sequence `#acknowledged + 1`. */
  readonly #unacknowledged = new Queue<SentFrame>();
  #acknowledged = 0;
  /** The next sequence to put on this connection. */
  #cursor = 1;
  #lastSequence = 0;
  #received = 0;
  #acknowledgeAtMs = Number.POSITIVE_INFINITY;

  #helloDue = false;
  /** The peer has shown on this connection that it has our hello. */
  #confirmed = false;
  #helloSentAtMs = 0;
  #attachedAtMs = 0;
  #wallAheadMs = 0;
  #heardAtMs = 0;
  #probe: { readonly nonce: number; readonly startedAtMs: number; sentAtMs: number; due: boolean } | undefined;
  readonly #probeAnswers = new Queue<number>();
  #lastNonce = 0;
  #roundTripMs: number | undefined;
  #peerClockAheadMs: number | undefined;
  #applicationWakeAtMs = Number.POSITIVE_INFINITY;

  constructor(options: SessionOptions) {
    if (options.incarnation.length !== INCARNATION_BYTES) {
      throw new RangeError(`expected an incarnation of ${INCARNATION_BYTES} bytes, got ${options.incarnation.length}`);
    }
    this.#incarnation = options.incarnation;
    this.#limits = { ...sessionLimits, ...options.limits };
    this.#timing = { ...sessionTiming, ...options.timing };
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
    return this.#roundTripMs;
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
    this.#heardAtMs = nowMs;
  }

  /** The connection is gone; what was on its way is sent again on the next one. */
  detach(): void {
    if (this.#state !== 'ended') this.#detach();
  }

  /** Takes a frame of the current connection. A peer that breaks a rule ends the session: an `ended` event says why. */
  receive(frame: Frame, nowMs: number): void {
    if (this.#state === 'detached' || this.#state === 'ended') return;
    try {
      this.#heardAtMs = nowMs;
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
    const answer = this.#probeAnswers.shift();
    if (answer !== undefined) return this.#probeFrame(answer, true);
    if (this.#probe?.due) {
      this.#probe.due = false;
      this.#probe.sentAtMs = nowMs;
      return this.#probeFrame(this.#probe.nonce, false);
    }
    return this.#nextSegments(nowMs) ?? this.#acknowledgement(nowMs);
  }

  /** When `tick` is due at the latest. */
  get wakeAtMs(): number {
    if (this.#state === 'ended') return Number.POSITIVE_INFINITY;
    let wakeAtMs = Math.min(this.#applicationWakeAtMs, this.#acknowledgeAtMs);
    if (this.#state === 'detached') return this.#applicationWakeAtMs;
    wakeAtMs = Math.min(wakeAtMs, this.#silentAtMs());
    const retransmitAfterMs = this.#timing.retransmitAfterMs;
    if (retransmitAfterMs !== undefined) {
      if (!this.#confirmed && !this.#helloDue) wakeAtMs = Math.min(wakeAtMs, this.#helloSentAtMs + retransmitAfterMs);
      const oldest = this.#unacknowledged.peek();
      if (oldest !== undefined && this.#cursor > oldest.sequence && this.#state === 'connected') {
        wakeAtMs = Math.min(wakeAtMs, oldest.sentAtMs + retransmitAfterMs);
      }
    }
    return wakeAtMs;
  }

  /** Does what is due by now: time-outs, probes, frames that go out again. */
  tick(nowMs: number): void {
    if (this.#state === 'ended') return;
    if (nowMs >= this.#applicationWakeAtMs) this.#expire(nowMs);
    if (this.#state === 'detached') return;
    this.#retransmit(nowMs);
    if (nowMs >= this.#silentAtMs()) this.#checkSilence(nowMs);
  }

  /** The connection may be dead: asks the peer at once, and gives the connection up where no answer comes. */
  suspect(nowMs: number): void {
    if (this.#state === 'connected' && this.#probedAtMs() === undefined) this.#startProbe(nowMs);
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
    return this.#unacknowledged.length === 0 && !this.#channels.pending && !this.#calls.pending;
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
    if (!remembersUs && this.#acknowledged > 0) throw broken('it forgot this session');
    this.#state = 'connected';
    this.#receiveAcknowledgement(remembersUs ? hello.received : 0);
    this.#cursor = this.#acknowledged + 1;
    this.#peerClockAheadMs = hello.timeMs - (nowMs + this.#wallAheadMs);
    // At once, so that the peer sees that its hello has come.
    this.#acknowledgeAtMs = nowMs;
    this.#startProbe(nowMs);
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
    if (acknowledged > this.#lastSequence) throw broken('it acknowledged what was never sent');
    let costBytes = 0;
    while (this.#acknowledged < acknowledged) {
      costBytes += this.#unacknowledged.shift()!.costBytes;
      this.#acknowledged += 1;
    }
    this.#cursor = Math.max(this.#cursor, this.#acknowledged + 1);
    this.#channels.acknowledged(costBytes);
  }

  #receiveProbe(nonce: number, answer: boolean, nowMs: number): void {
    if (!answer) {
      if (this.#probeAnswers.length >= 16) throw broken('too many probes');
      this.#probeAnswers.push(nonce);
    } else if (this.#probe?.nonce === nonce) {
      this.#roundTripMs = nowMs - this.#probe.sentAtMs;
      this.#probe = undefined;
    }
  }

  #nextSegments(nowMs: number): Frame | undefined {
    const again = this.#unacknowledged.at(this.#cursor - this.#acknowledged - 1);
    const sent = again ?? this.#packFrame(nowMs);
    if (sent === undefined) return undefined;
    sent.sentAtMs = nowMs;
    this.#cursor = sent.sequence + 1;
    this.#acknowledgeAtMs = Number.POSITIVE_INFINITY;
    const { sequence, segments } = sent;
    return { kind: 'segments', session: this.#session, acknowledged: this.#received, sequence, segments };
  }

  #packFrame(nowMs: number): SentFrame | undefined {
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
    if (segments.length === 0) return undefined;
    this.#lastSequence += 1;
    const sent = { sequence: this.#lastSequence, segments, costBytes, sentAtMs: 0 };
    this.#unacknowledged.push(sent);
    return sent;
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

  #probeFrame(nonce: number, answer: boolean): Frame {
    return { kind: 'probe', session: this.#session, acknowledged: this.#received, nonce, answer };
  }

  #startProbe(nowMs: number): void {
    this.#probe = { nonce: ++this.#lastNonce, startedAtMs: nowMs, sentAtMs: nowMs, due: true };
  }

  /** When silence is next acted upon: with a probe at first, with a cut after that. */
  #silentAtMs(): number {
    if (this.#state === 'greeting') return this.#attachedAtMs + this.#timing.answerWithinMs;
    const probedAtMs = this.#probedAtMs();
    if (probedAtMs !== undefined) return probedAtMs + this.#timing.answerWithinMs;
    return this.#heardAtMs + this.#timing.keepAliveMs;
  }

  /** When the silence that lasts now was first asked about. A probe that cannot even be sent counts: the line is stuck. */
  #probedAtMs(): number | undefined {
    const probe = this.#probe;
    return probe !== undefined && probe.startedAtMs >= this.#heardAtMs ? probe.startedAtMs : undefined;
  }

  #checkSilence(nowMs: number): void {
    if (this.#state === 'connected' && this.#probedAtMs() === undefined) {
      this.#startProbe(nowMs);
      return;
    }
    const limit = `${this.#timing.answerWithinMs} ms`;
    const what = this.#state === 'connected' ? `did not answer within ${limit}` : `did not greet within ${limit}`;
    this.#detach();
    const error = new LinkError('timeout', `the peer ${what}: the connection is given up`);
    this.#events.push({ kind: 'cut', error });
  }

  #retransmit(nowMs: number): void {
    const { retransmitAfterMs } = this.#timing;
    if (retransmitAfterMs === undefined) return;
    if (!this.#confirmed && nowMs >= this.#helloSentAtMs + retransmitAfterMs) this.#helloDue = true;
    const oldest = this.#unacknowledged.peek();
    if (oldest !== undefined && this.#cursor > oldest.sequence && nowMs >= oldest.sentAtMs + retransmitAfterMs) {
      this.#cursor = oldest.sequence;
    }
  }

  #expire(nowMs: number): void {
    const callsMs = this.#calls.expire(nowMs);
    this.#applicationWakeAtMs = Math.min(callsMs, this.#channels.expire(nowMs, this.#timing.unclaimedMs));
  }

  #detach(): void {
    this.#state = 'detached';
    this.#helloDue = false;
    this.#confirmed = false;
    this.#probe = undefined;
    this.#probeAnswers.clear();
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
    this.#unacknowledged.clear();
    this.#acknowledged = 0;
    this.#cursor = 1;
    this.#lastSequence = 0;
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
