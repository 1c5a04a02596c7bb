import type { SessionTiming } from './limits.ts';
import { Queue } from './queue.ts';

/** Probes of the peer that wait for an answer of ours: more are not honest. */
const ANSWERS_WAITING_MAX = 16;

interface Probe {
  readonly nonce: number;
  readonly startedAtMs: number;
  sentAtMs: number | undefined;
}

/** Whether the peer is there: what was heard of it, the probes in both directions, the round trip. */
export class Liveness {
  readonly #timing: SessionTiming;
  readonly #answers = new Queue<number>();
  #heardAtMs = 0;
  #probe: Probe | undefined;
  #lastNonce = 0;
  #roundTripMs: number | undefined;

  constructor(timing: SessionTiming) {
    this.#timing = timing;
  }

  /** Of the last probe; undefined before the first answer. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** When silence is next acted upon: with a probe at first, with the end of the connection after that. */
  get actAtMs(): number {
    const probedAtMs = this.#probedAtMs();
    return probedAtMs === undefined
      ? this.#heardAtMs + this.#timing.keepAliveMs
      : probedAtMs + this.#timing.answerWithinMs;
  }

  heard(nowMs: number): void {
    this.#heardAtMs = nowMs;
  }

  /** Acts on silence. @returns whether the peer is given up. */
  check(nowMs: number): boolean {
    if (nowMs < this.actAtMs) return false;
    if (this.#probedAtMs() !== undefined) return true;
    this.ask(nowMs);
    return false;
  }

  /** Asks the peer, unless it is being asked. */
  ask(nowMs: number): void {
    if (this.#probedAtMs() !== undefined) return;
    this.#lastNonce += 1;
    this.#probe = { nonce: this.#lastNonce, startedAtMs: nowMs, sentAtMs: undefined };
  }

  /** @returns false where the peer asks too much. */
  asked(nonce: number): boolean {
    if (this.#answers.length >= ANSWERS_WAITING_MAX) return false;
    this.#answers.push(nonce);
    return true;
  }

  answered(nonce: number, nowMs: number): void {
    if (this.#probe?.nonce !== nonce || this.#probe.sentAtMs === undefined) return;
    this.#roundTripMs = nowMs - this.#probe.sentAtMs;
    this.#probe = undefined;
  }

  /** The next probe, or answer to one, to send. */
  next(nowMs: number): { readonly nonce: number; readonly answer: boolean } | undefined {
    const nonce = this.#answers.shift();
    if (nonce !== undefined) return { nonce, answer: true };
    if (this.#probe === undefined || this.#probe.sentAtMs !== undefined) return undefined;
    this.#probe.sentAtMs = nowMs;
    return { nonce: this.#probe.nonce, answer: false };
  }

  /** The connection is gone. */
  reset(): void {
    this.#probe = undefined;
    this.#answers.clear();
  }

  /** When the silence that lasts now was first asked about. A probe that cannot even be sent counts: the line is stuck. */
  #probedAtMs(): number | undefined {
    const probe = this.#probe;
    return probe !== undefined && probe.startedAtMs >= this.#heardAtMs ? probe.startedAtMs : undefined;
  }
}
