/**
 * What makes psi/ecdh the two-sided list of IAB PAIR 1.0 ("Two Data Clean Rooms"): the hash is keyed by the publisher (Ks), the publisher's scalar (Kp)
 * outlives a run, and what it sends is its list of publisher ids (KsKp). The advertiser's scalar (Ka) is of one run.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToBase64, concatBytes, lengthPrefixed, utf8ToBytes } from '../../bytes/index.ts';
import { elementBytes } from '../../group/index.ts';
import { bindingBytes, type RunBinding } from '../party.ts';

/**
 * The cipher as terms name it. PAIR leaves group, hash and encoding to the parties: here ristretto255 (RFC 9496), hash_to_ristretto255 (RFC 9380 appendix B)
 * of the key and the match key, and the element's 32 bytes.
 */
export const pairCipher = 'ristretto255/h2g/1';
/** Domain separation of hash-to-group (RFC 9380 §3.1). */
export const hashToGroupDst: Uint8Array = utf8ToBytes('causeway/v1/pair/h2g');
/** Bytes of the publisher's hash key Ks. */
export const hashKeyBytes = 32;
/** Characters of a publisher id: Base64 with padding (RFC 4648 §4), as PAIR asks. */
export const publisherIdCharacters: number = 4 * Math.ceil(elementBytes / 3);

/** @returns the 32 bytes that name this exchange on the wire. */
export function runId(binding: RunBinding): Uint8Array {
  return sha256(concatBytes(utf8ToBytes('causeway/v1/pair/run'), bindingBytes(binding)));
}

/** @returns what stands before each match key in the hash input: the key, and nothing of a run, so that a person's id stays the same. */
export function hashPrefix(hashKey: Uint8Array): Uint8Array {
  return lengthPrefixed(hashKey);
}

/** @returns the digest that both sides sign in place of the key, 32 bytes; nothing follows from it, for the key is uniformly random. */
export function hashKeyDigest(hashKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8ToBytes('causeway/v1/pair/hash-key'), hashKey));
}

/** A publisher id as it stands in a file and in a bid request (`user.eids[].uids[].id`). @param point 32 bytes. */
export function publisherIdText(point: Uint8Array): string {
  return bytesToBase64(point);
}
