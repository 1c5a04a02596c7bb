/** The hashes that the rest of `core` names, pure and synchronous (@noble/hashes), so that one code runs in a browser and in Node. */
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256, sha512 as nobleSha512 } from '@noble/hashes/sha2.js';

/** SHA-256 (FIPS 180-4). @returns 32 bytes. */
export function sha256(message: Uint8Array): Uint8Array {
  return nobleSha256(message);
}

/** SHA-512 (FIPS 180-4). @returns 64 bytes. */
export function sha512(message: Uint8Array): Uint8Array {
  return nobleSha512(message);
}

/** HMAC-SHA-256 (RFC 2104). @returns 32 bytes. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(nobleSha256, key, message);
}

/**
 * HKDF-SHA-256, extract then expand (RFC 5869).
 * @param from.length bytes of output, 1 to 8160 (255 blocks).
 * @throws {RangeError} for a length outside of that.
 */
export function hkdfSha256(from: {
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  readonly length: number;
}): Uint8Array {
  if (!Number.isInteger(from.length) || from.length < 1 || from.length > 8160) {
    throw new RangeError(`expected a length of 1 to 8160 bytes, got ${from.length}`);
  }
  return hkdf(nobleSha256, from.secret, from.salt, from.info, from.length);
}
