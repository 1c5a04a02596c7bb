/** What both sides compare at the end of a run, whatever protocol they have run. */
import { equalBytes } from '../bytes/index.ts';
import { ProtocolError } from './protocol-error.ts';

/** @throws {ProtocolError} `commitment` unless what came is what the peer committed to in its hello. */
export function checkCommitment(root: { readonly received: Uint8Array; readonly committed: Uint8Array }): void {
  if (!equalBytes(root.received, root.committed)) {
    throw new ProtocolError(
      'commitment',
      "the partner's list differs from the one it committed to at the start of this run",
    );
  }
}

/** @throws {ProtocolError} `transcript` unless the peer saw the messages that this side saw. */
export function checkTranscript(digest: { readonly own: Uint8Array; readonly peer: Uint8Array }): void {
  if (!equalBytes(digest.own, digest.peer)) {
    throw new ProtocolError('transcript', 'the two sides did not see the same messages');
  }
}
