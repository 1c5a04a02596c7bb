/** Why a link, a call or a channel failed. Tests and callers decide on the code, people read the message. */
export type LinkErrorCode =
  /** the peer's handler failed; `peer` holds its code and detail */
  | 'peer'
  /** this side, or the peer, closed the channel or the link; `peer` holds the reason where one was given */
  | 'closed'
  /** the peer's process began anew: what was open is lost, the job above resumes from its checkpoint */
  | 'peer-restarted'
  | 'timeout'
  | 'cancelled'
  /** a limit that this side must keep (message size, channels, calls waiting) */
  | 'limit'
  /** the name is still held by an earlier channel that the peer has not closed yet */
  | 'channel-busy'
  /** the peer broke the protocol; the session is over */
  | 'protocol'
  /** a frame of another session (replayed or misdirected) */
  | 'foreign-session'
  | 'frame-too-large'
  /** no protocol version in common */
  | 'version'
  | 'not-a-member'
  | 'no-endpoint'
  | 'address-not-allowed'
  | 'dns'
  | 'unreachable'
  /** no TLS 1.3, or no mutual certificate */
  | 'tls'
  | 'wrong-certificate'
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'weak-certificate'
  /** the two clocks differ by more than is allowed */
  | 'clock'
  /** a proxy or another server answered */
  | 'not-causeway'
  /** the other connection of this pair is in use */
  | 'superseded'
  | 'invite';

/** What a peer reports about its own failure. */
export interface PeerFailure {
  readonly code: string;
  readonly detail: string;
}

/** A failure between nodes. The message names the partner and what to do; it never holds payload bytes. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code: LinkErrorCode;
  /** The peer's own words, where the failure is the peer's. */
  readonly peer: PeerFailure | undefined;

  constructor(code: LinkErrorCode, message: string, options: { peer?: PeerFailure; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.peer = options.peer;
  }
}
