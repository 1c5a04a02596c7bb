/** The public numbers of a run, all computed from the two set sizes; none is received. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../../bytes/index.ts';
import { bindingBytes, type RunBinding } from '../party.ts';

/** Version of the messages; a peer with another one is refused. */
export const protocolVersion = 1;
/** Domain separation of hash-to-group (RFC 9380 §3.1). */
export const hashToGroupDst: Uint8Array = utf8ToBytes('causeway/v1/psi-ecdh/h2g');

/** @returns the 32 bytes that name this exchange on the wire. */
export function runId(binding: RunBinding): Uint8Array {
  return sha256(concatBytes(utf8ToBytes('causeway/v1/psi-ecdh/run'), bindingBytes(binding)));
}

/** @returns what stands before each match key in the hash input, so that equal ids in two runs give unrelated points. */
export function hashPrefix(binding: RunBinding): Uint8Array {
  return bindingBytes(binding);
}

/** @returns what stands before a doubly blinded point when its tag is taken. */
export function tagContext(run: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes('causeway/v1/psi-ecdh/tag'), run);
}

/**
 * Bytes of a tag: any two of the n tags of both lists collide with probability below 2^-40 (union bound over pairs).
 * @param counts rows of each side.
 */
export function tagBytes(counts: { readonly own: number; readonly peer: number }): number {
  const total = Math.max(2, counts.own + counts.peer);
  return Math.ceil((40 + 2 * Math.log2(total)) / 8);
}
