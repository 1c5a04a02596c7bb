/** What the rest of a node sees of its partners: one link to each, carrying calls and named channels in both directions. */

import type { PeerFailure } from './error.ts';

export type LinkState = 'connected' | 'reconnecting' | 'closed';

/**
 * The one connection of two organisations. It survives cuts: calls and channel messages are delivered exactly once and in order
 * after a reconnect, for as long as both processes live.
 */
export interface Link {
  /** The organisation at the other end. */
  readonly peer: string;
  readonly state: LinkState;
  /**
   * Asks the peer and waits for its answer; a cut in between is bridged.
   * @param body at most 1 MiB.
   * @param options.timeoutMs from now, the time without a connection included.
   * @returns the answer, at most 1 MiB.
   * @throws {LinkError} `peer` (the handler's own failure in `peer`), `timeout`, `cancelled`, `peer-restarted` (whether the
   *   handler ran is unknown), `closed`, `limit`.
   */
  call(method: string, body: Uint8Array, options: { timeoutMs: number; signal?: AbortSignal }): Promise<Uint8Array>;
  /**
   * Opens a channel of this name, or returns the one that is open. Both sides open the same name (`job/<id>/<attempt>`); what was
   * sent before the other side opened it waits within the window.
   * @throws {LinkError} `channel-busy`, `limit`, `closed`.
   */
  channel(name: string): Channel;
}

/** A stream of messages in both directions, in order, each exactly once. */
export interface Channel {
  readonly name: string;
  /**
   * Queues one message. The bytes belong to the channel from here on: do not change them.
   * @param message at most 1 MiB.
   * @returns once flow control admits the message (not when the peer has read it).
   * @throws {LinkError} `closed`, `peer-restarted`, `limit`.
   */
  send(message: Uint8Array): Promise<void>;
  /**
   * The next message; messages sent before the peer closed are delivered first.
   * @throws {LinkError} `closed` (the peer's reason in `peer`), `peer-restarted`, `timeout`, `cancelled`.
   */
  receive(options?: { signal?: AbortSignal; timeoutMs?: number }): Promise<Uint8Array>;
  /** Closes both directions: what was sent is still delivered, what comes is discarded. A second close does nothing. */
  close(reason?: PeerFailure): void;
}

/**
 * Answers a peer's call. Throw {@link CallRefused} to give the caller a code and a detail; anything else that is thrown
 * reaches the caller as `internal` without its message.
 */
export type CallHandler = (peer: string, body: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>;

/** All links of one node. */
export interface Links {
  /**
   * The link to a member, dialling it if need be; resolves once connected.
   * @throws {LinkError} why there is none: `not-a-member`, `no-endpoint`, or the failed check of the last attempt.
   */
  to(organisation: string, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<Link>;
  /** Registers the one handler of a method. @throws {RangeError} for a second one. */
  onCall(method: string, handler: CallHandler): void;
  status(): readonly LinkStatus[];
  /** Takes the members anew from the host: who left is cut, who joined is dialled. */
  refresh(): void;
  close(): Promise<void>;
}

export interface LinkStatus {
  readonly organisation: string;
  readonly state: LinkState;
  readonly dialledBy: 'us' | 'peer' | undefined;
  readonly connectedSinceMs: number | undefined;
  readonly reconnectCount: number;
  readonly roundTripMs: number | undefined;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly peerCertificateExpiresAtMs: number | undefined;
  /** Sentences for a person, such as a certificate that expires within 14 days. */
  readonly warnings: readonly string[];
  /** Why the last attempt failed or the last connection ended. */
  readonly lastFailure: { readonly code: string; readonly detail: string; readonly atMs: number } | undefined;
}

/** For a node's log and audit. */
export interface LinkEvent {
  readonly kind: 'connected' | 'disconnected' | 'dial-failed' | 'refused' | 'handler-failed';
  /** The organisation, where it is known. */
  readonly peer: string | undefined;
  readonly detail: string;
  readonly code?: string;
  /** How many attempts have failed since the last connection, this one included. */
  readonly attempt?: number;
  /** What this node's own code threw, for its log alone. */
  readonly error?: unknown;
}

/** A handler's refusal, carried to the caller as it is: choose words that hold no identifier and no secret. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
  readonly code: string;
  readonly detail: string;

  constructor(failure: PeerFailure) {
    super(`${failure.code}: ${failure.detail}`);
    this.code = failure.code;
    this.detail = failure.detail;
  }
}
