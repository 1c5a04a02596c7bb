import type { LinkError } from './error.ts';

/**
 * What a session tells its host, in order. Channels and calls are named by this side's own numbers, which are never used twice
 * in a session's life.
 */
export type SessionEvent =
  /** The peer's hello came: both directions work. */
  | { readonly kind: 'connected' }
  /** The connection is of no more use (the peer is silent): close it and dial again. */
  | { readonly kind: 'cut'; readonly error: LinkError }
  /** The session is over for good; send what `nextFrame` still has, then close the connection. */
  | { readonly kind: 'ended'; readonly error: LinkError }
  /** The peer's process is another one: everything that was open has failed. */
  | { readonly kind: 'peer-restarted' }
  /** The inbox of a channel was empty and is not any more. */
  | { readonly kind: 'readable'; readonly channel: number }
  /** A channel that refused a message may take one now. */
  | { readonly kind: 'writable'; readonly channel: number }
  /** The peer closed, or the channel failed: no message follows those in the inbox. */
  | { readonly kind: 'channel-closed'; readonly channel: number; readonly error: LinkError }
  | {
      readonly kind: 'called';
      readonly call: number;
      readonly method: string;
      readonly body: Uint8Array;
      readonly timeoutMs: number;
    }
  /** Nobody waits for this answer any more. */
  | { readonly kind: 'call-cancelled'; readonly call: number; readonly error: LinkError }
  | { readonly kind: 'answered'; readonly call: number; readonly body: Uint8Array }
  | { readonly kind: 'call-failed'; readonly call: number; readonly error: LinkError };

export type EmitEvent = (event: SessionEvent) => void;
