import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter, equalBytes, utf8ToBytes } from '../../bytes/index.ts';
import { ProtocolError } from '../protocol-error.ts';

/** What one side said, in numbers and digests. */
export interface Said {
  readonly count: number;
  /** Merkle root over its batches of points. */
  readonly root: Uint8Array;
  /** SHA-256 over all the tags that it sent, in order of sending; over nothing where it sent none. */
  readonly tags: Uint8Array;
}

/** @returns the digest that both sides compare at the end and put into the evidence, 32 bytes. */
export function transcriptDigest(
  run: Uint8Array,
  said: { readonly proposer: Said; readonly partner: Said },
): Uint8Array {
  const writer = new ByteWriter().raw(utf8ToBytes('causeway/v1/psi-ecdh/transcript')).raw(run);
  for (const side of [said.proposer, said.partner]) writer.u64(side.count).raw(side.root).raw(side.tags);
  return sha256(writer.finish());
}

/** @throws {ProtocolError} `commitment` unless the points that came are those that the peer committed to in its hello. */
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
