/** What one peer may make this process hold. A peer that goes over a limit broke the protocol, and its session ends. */

/** The protocol versions that this code speaks. */
export const VERSION_MIN = 1;
export const VERSION_MAX = 1;

export interface SessionLimits {
  /** One frame as encoded. */
  readonly frameBytesMax: number;
  /** One channel message, one call's body, one answer. */
  readonly messageBytesMax: number;
  /** Channels that one side has opened and that are not closed by both. */
  readonly channelCountMax: number;
  /** Calls of one side that are not answered yet; further ones wait on that side. */
  readonly callCountMax: number;
  /** Calls that wait on this side for one of those places. */
  readonly callWaitingCountMax: number;
  /** What every channel may send before its reader takes anything: one message at least. Part of the protocol. */
  readonly channelWindowBytes: number;
  /** What a channel that is being read may send ahead of its reader. */
  readonly channelWindowBytesMax: number;
  /** How much the windows of all channels together go over `channelWindowBytes` each. */
  readonly linkWindowBytes: number;
  /** Channel data that this side holds for the peer: queued, or sent and not acknowledged. */
  readonly unacknowledgedBytesMax: number;
}

/** What a message costs beside its length: its own bookkeeping, so that a million empty messages are not free. */
export const MESSAGE_COST_BYTES = 256;

export const CHANNEL_NAME_LENGTH_MAX = 200;
export const METHOD_NAME_LENGTH_MAX = 100;
export const FAILURE_CODE_LENGTH_MAX = 64;
export const FAILURE_DETAIL_LENGTH_MAX = 1000;
export const INCARNATION_BYTES = 16;

const KIB = 1024;
const MIB = 1024 * KIB;

export const sessionLimits: SessionLimits = {
  frameBytesMax: 256 * KIB,
  messageBytesMax: MIB,
  channelCountMax: 32,
  callCountMax: 32,
  callWaitingCountMax: 1024,
  channelWindowBytes: MIB + MESSAGE_COST_BYTES,
  channelWindowBytesMax: 4 * MIB,
  linkWindowBytes: 16 * MIB,
  unacknowledgedBytesMax: 16 * MIB,
};

export interface SessionTiming {
  /** Silence after which the peer is asked whether it is there. */
  readonly keepAliveMs: number;
  /** How long it has for the answer, and for its hello on a new connection. */
  readonly answerWithinMs: number;
  /** An acknowledgement waits this long for a frame to ride on. */
  readonly acknowledgeWithinMs: number;
  /**
   * After how long an unacknowledged frame goes out again on the same connection. `undefined` over TLS, which loses nothing while a
   * connection lives: a second copy would only add to a slow line's queue.
   */
  readonly retransmitAfterMs: number | undefined;
  /** A channel that the peer opened and closed, and that nobody here opened, is dropped after this. */
  readonly unclaimedMs: number;
}

export const sessionTiming: SessionTiming = {
  keepAliveMs: 10_000,
  answerWithinMs: 5_000,
  acknowledgeWithinMs: 5,
  retransmitAfterMs: undefined,
  unclaimedMs: 60_000,
};
