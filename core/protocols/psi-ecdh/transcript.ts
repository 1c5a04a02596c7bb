import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter, utf8ToBytes } from '../../bytes/index.ts';

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
