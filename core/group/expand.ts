/** expand_message_xmd with SHA-512 (RFC 9380 §5.3.1). */
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../bytes/index.ts';

const digestBytes = 64;
const blockBytes = 128;

/**
 * Expands a message to uniformly random bytes.
 * @param dst domain separation tag; one over 255 bytes is replaced by its hash (§5.3.3).
 * @param length bytes wanted, 1 to 16,320 (255 digests).
 * @throws {RangeError} for an empty tag (§3.1) or a length out of range.
 */
export function expandMessageXmd(message: Uint8Array, dst: Uint8Array, length: number): Uint8Array {
  if (dst.length === 0) throw new RangeError('the domain separation tag must not be empty (RFC 9380 §3.1)');
  const digests = Math.ceil(length / digestBytes);
  if (length < 1 || digests > 255)
    throw new RangeError(`expected a length of 1 to ${255 * digestBytes}, got ${length}`);
  const tag = dst.length > 255 ? sha512(concatBytes(utf8ToBytes('H2C-OVERSIZE-DST-'), dst)) : dst;
  const dstPrime = concatBytes(tag, Uint8Array.of(tag.length));
  const lengthBytes = Uint8Array.of(length >> 8, length & 255);
  const b0 = sha512(concatBytes(new Uint8Array(blockBytes), message, lengthBytes, Uint8Array.of(0), dstPrime));
  const out = new Uint8Array(digests * digestBytes);
  let previous = new Uint8Array(digestBytes);
  for (let i = 1; i <= digests; i++) {
    const mixed = new Uint8Array(digestBytes);
    for (let k = 0; k < digestBytes; k++) mixed[k] = b0[k]! ^ previous[k]!;
    previous = sha512(concatBytes(mixed, Uint8Array.of(i), dstPrime)) as Uint8Array<ArrayBuffer>;
    out.set(previous, (i - 1) * digestBytes);
  }
  return out.slice(0, length);
}
