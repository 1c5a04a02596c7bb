/**
 * What a peer did that ends a run. Such a message is never repaired or ignored: nothing of the run is released.
 *
 * - `malformed-message`: bytes that are not a message of this protocol.
 * - `wrong-session`: a message of another run, or our own sent back to us.
 * - `wrong-plan`: the peer runs another agreement, mode or version than this side.
 * - `wrong-order`: a message that is repeated, early or late.
 * - `wrong-count`: more, fewer or longer than announced.
 * - `set-size`: a list smaller or larger than the agreement allows.
 * - `malformed-point`: a group element that is not canonical, or the identity.
 * - `not-distinct`: one element twice in a list, or an element of ours in the peer's list.
 * - `wrong-key`: a key other than the one that the peer has published for this list.
 * - `wrong-proof`: answers that were not all made with that key, or stand in another order.
 * - `commitment`: the list differs from the one that the peer committed to.
 * - `verdict-lie`: a verdict that is wrong where this side knows the right one.
 * - `sum-out-of-range`: a sum outside the bounds that were agreed.
 * - `transcript`: the two sides saw different messages.
 */
export type ProtocolErrorCode =
  | 'malformed-message'
  | 'wrong-session'
  | 'wrong-plan'
  | 'wrong-order'
  | 'wrong-count'
  | 'set-size'
  | 'malformed-point'
  | 'not-distinct'
  | 'wrong-key'
  | 'wrong-proof'
  | 'commitment'
  | 'verdict-lie'
  | 'sum-out-of-range'
  | 'transcript';

export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
