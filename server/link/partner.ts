/** One partner of a node: its link, whichever connection carries it now, and the dialling of the next one. */

import { randomBytes } from 'node:crypto';
import { backoffMs, type Reconnect } from './backoff.ts';
import type { Carried, Connection } from './carried.ts';
import { CLOCK_SKEW_MS_MAX, expiryWarning } from './certificate-check.ts';
import type { LinkClock } from './clock.ts';
import type { DialledConnection } from './dial.ts';
import { LinkError } from './error.ts';
import type { Frame } from './frame.ts';
import { INCARNATION_BYTES, type SessionTiming } from './limits.ts';
import type { LinkEvent, LinkStatus } from './link.ts';
import { LiveLink, type LiveLinkOptions } from './live-link.ts';
import { Session } from './session.ts';
import type { Wire } from './transport.ts';

export interface Member {
  readonly organisation: string;
  /** SHA-256 of its certificate (DER), lower-case hexadecimal. */
  readonly tlsFingerprint: string;
  /** `host:port`; absent for a node that only dials. */
  readonly endpoint?: string;
}

export interface PartnerHost {
  /** This node's organisation. */
  readonly organisation: string;
  readonly clock: LinkClock;
  readonly timing: Partial<SessionTiming> | undefined;
  readonly reconnect: Reconnect;
  /** Whether the partner can dial this node. */
  readonly listens: boolean;
  /** The partner's entry among the members; `undefined` once it has left. */
  member(organisation: string): Member | undefined;
  dial(member: Member & { endpoint: string }, signal: AbortSignal): Promise<DialledConnection>;
  readonly link: Pick<LiveLinkOptions, 'handler' | 'onHandlerError'>;
  /** For the node's log: no payload. */
  report(event: LinkEvent): void;
}

interface Current {
  readonly dialledBy: 'us' | 'peer';
  readonly wire: Wire;
  readonly carried: Carried;
  readonly sinceMs: number;
}

/** A connection that lasts this long was a good one: the next dialling begins without a long wait. */
const STEADY_MS = 5_000;
/** The side whose connection would lose waits, so that two nodes do not dial each other at once. */
const YIELD_MS = 1_000;

export class Partner {
  readonly organisation: string;
  readonly #host: PartnerHost;
  #link: LiveLink | undefined;
  #current: Current | undefined;
  #dialling: AbortController | undefined;
  #cancelRetry: (() => void) | undefined;
  #attempt = 0;
  #failedAttempts = 0;
  #reconnectCount = 0;
  #pastBytes = { sent: 0, received: 0 };
  #lastFailure: { code: string; detail: string; atMs: number } | undefined;
  readonly #watchers = new Set<(error: LinkError) => void>();
  #stopped = false;

  constructor(organisation: string, host: PartnerHost) {
    this.organisation = organisation;
    this.#host = host;
  }

  /** The link; a new one where the last was closed. */
  get link(): LiveLink {
    if (this.#link === undefined || this.#link.state === 'closed') {
      const { clock, link, timing } = this.#host;
      const session = new Session({ incarnation: randomBytes(INCARNATION_BYTES), ...(timing && { timing }) });
      this.#link = new LiveLink({ peer: this.organisation, session, clock, ...link });
    }
    return this.#link;
  }

  /** Why there is no connection, as far as is known. */
  get lastFailure(): { code: string; detail: string; atMs: number } | undefined {
    return this.#lastFailure;
  }

  /** Tells of every failed attempt. @returns what stops it. */
  watchFailures(failed: (error: LinkError) => void): () => void {
    this.#watchers.add(failed);
    return () => this.#watchers.delete(failed);
  }

  /** The fingerprint that the current connection was accepted with. */
  get connectedFingerprint(): string | undefined {
    return this.#current?.wire.fingerprint;
  }

  /** Dials at once, where there is an endpoint and no connection. */
  dialNow(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    if (this.#stopped || this.#current !== undefined || this.#dialling !== undefined) return;
    const member = this.#host.member(this.organisation);
    if (member?.endpoint === undefined) return;
    void this.#dial({ ...member, endpoint: member.endpoint });
  }

  /** Dials when it is this side's turn, where there is no connection and no attempt is due. */
  dialSoon(): void {
    if (this.#stopped || this.#cancelRetry !== undefined) return;
    if (this.#current !== undefined || this.#dialling !== undefined) return;
    const waitMs = backoffMs(this.#host.reconnect, this.#attempt, randomBytes(4).readUInt32LE() / 2 ** 32);
    const yields = !this.#weWin && this.#host.listens && this.#attempt === 0;
    this.#cancelRetry = this.#host.clock.after(waitMs + (yields ? YIELD_MS : 0), () => {
      this.#cancelRetry = undefined;
      this.dialNow();
    });
  }

  /**
   * Takes a connection that the partner dialled.
   * @throws {LinkError} `superseded` where ours is in use and takes precedence.
   */
  accept(connection: Connection, wire: Wire): AsyncIterable<Frame> {
    if (this.#stopped) throw new LinkError('closed', 'this node is stopping');
    if (this.#current?.dialledBy === 'us' && this.#weWin && this.link.state === 'connected') {
      // It would not dial if it had a connection: ours may be dead without our knowing.
      this.#link?.suspect();
      throw new LinkError(
        'superseded',
        `${this.#host.organisation} has a connection in use: it is being tested, dial again soon`,
      );
    }
    return this.#use('peer', wire, this.link.carry(connection)).outgoing;
  }

  /** Ends the connection, not the session: the next one must pass the checks again. */
  disconnect(error: LinkError): void {
    this.#current?.carried.end(error);
  }

  /** Ends the session with a word to the partner, and dials no more. */
  async end(error: LinkError): Promise<void> {
    this.#stop();
    const closed = this.#current?.wire.closed;
    this.#link?.end(error);
    await closed;
  }

  /** Lets go without a word, as a process that stops does. */
  stop(error: LinkError): void {
    this.#stop();
    this.#link?.stop(error);
  }

  status(): LinkStatus {
    const link = this.#link;
    const current = this.#current;
    const bytes = current?.wire.bytes() ?? { sent: 0, received: 0 };
    return {
      organisation: this.organisation,
      state: link?.state ?? 'reconnecting',
      dialledBy: current?.dialledBy,
      connectedSinceMs: link?.connectedSinceMs,
      reconnectCount: this.#reconnectCount,
      roundTripMs: link?.session.roundTripMs,
      sentBytes: this.#pastBytes.sent + bytes.sent,
      receivedBytes: this.#pastBytes.received + bytes.received,
      peerCertificateExpiresAtMs: current?.wire.certificateExpiresAtMs,
      warnings: this.#warnings(),
      lastFailure: this.#lastFailure,
    };
  }

  /** Of two connections of a pair, the one dialled by the organisation whose name sorts first stays. */
  get #weWin(): boolean {
    return this.#host.organisation < this.organisation;
  }

  async #dial(member: Member & { endpoint: string }): Promise<void> {
    const dialling = new AbortController();
    this.#dialling = dialling;
    try {
      const dialled = await this.#host.dial(member, dialling.signal);
      const overtaken = this.#current !== undefined && !this.#weWin;
      if (
        this.#stopped ||
        overtaken ||
        this.#host.member(this.organisation)?.tlsFingerprint !== dialled.wire.fingerprint
      ) {
        dialled.wire.destroy();
      } else {
        this.#use('us', dialled.wire, dialled.attach(this.link));
      }
    } catch (error) {
      this.#failed('dial-failed', error);
    } finally {
      this.#dialling = undefined;
    }
    this.#retry();
  }

  #use(dialledBy: 'us' | 'peer', wire: Wire, carried: Carried): Carried {
    const current: Current = { dialledBy, wire, carried, sinceMs: this.#host.clock.nowMs() };
    this.#current = current;
    this.#failedAttempts = 0;
    const detail = dialledBy === 'us' ? 'this node dialled' : 'the partner dialled';
    this.#host.report({ kind: 'connected', peer: this.organisation, detail });
    void carried.ended.then((error) => this.#ended(current, error));
    return carried;
  }

  #ended(connection: Current, error: LinkError): void {
    const bytes = connection.wire.bytes();
    this.#pastBytes.sent += bytes.sent;
    this.#pastBytes.received += bytes.received;
    this.#reconnectCount += 1;
    if (this.#current !== connection) return;
    this.#current = undefined;
    if (this.#host.clock.nowMs() - connection.sinceMs >= STEADY_MS) this.#attempt = 0;
    this.#failed('disconnected', error);
    this.#retry();
  }

  #retry(): void {
    if (this.#stopped || this.#current !== undefined) return;
    this.dialSoon();
    this.#attempt += 1;
  }

  #failed(kind: 'disconnected' | 'dial-failed', error: unknown): void {
    const known =
      error instanceof LinkError ? error : new LinkError('unreachable', 'dialling failed', { cause: error });
    if (known.code === 'cancelled') return;
    this.#lastFailure = { code: known.code, detail: known.message, atMs: this.#host.clock.wallMs() };
    if (kind === 'dial-failed') this.#failedAttempts += 1;
    const attempt = kind === 'dial-failed' ? { attempt: this.#failedAttempts } : {};
    const event = { kind, peer: this.organisation, detail: known.message, code: known.code, ...attempt };
    this.#host.report(error === known ? event : { ...event, error });
    for (const failed of [...this.#watchers]) failed(known);
  }

  #warnings(): string[] {
    const warnings: string[] = [];
    const nowMs = this.#host.clock.wallMs();
    const expiresAtMs = this.#current?.wire.certificateExpiresAtMs;
    const expiry = expiresAtMs === undefined ? undefined : expiryWarning(this.organisation, expiresAtMs, nowMs);
    if (expiry !== undefined) warnings.push(expiry);
    const aheadMs = this.#link?.session.peerClockAheadMs ?? 0;
    if (Math.abs(aheadMs) > CLOCK_SKEW_MS_MAX) {
      const minutes = Math.round(Math.abs(aheadMs) / 60_000);
      const direction = aheadMs > 0 ? 'ahead of' : 'behind';
      warnings.push(
        `the clock of ${this.organisation} is ${minutes} minutes ${direction} this node's: set both by NTP`,
      );
    }
    return warnings;
  }

  #stop(): void {
    this.#stopped = true;
    this.#dialling?.abort();
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }
}
