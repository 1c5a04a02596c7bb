import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter, utf8ToBytes } from '../../bytes/index.ts';

/**
 * @param said.points Merkle root over the batches of points. @param said.answers the same over the answers.
 * @returns the digest that both sides compare at the end and put into the evidence, 32 bytes.
 */
export function transcriptDigest(
  run: Uint8Array,
  said: { readonly count: number; readonly points: Uint8Array; readonly answers: Uint8Array },
): Uint8Array {
  const writer = new ByteWriter().raw(utf8ToBytes('causeway/v1/join-spine/transcript')).raw(run);
  return sha256(writer.u64(said.count).raw(said.points).raw(said.answers).finish());
}
