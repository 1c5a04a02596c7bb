/** The public values of a run: none is received, all follow from what the parties agreed on. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, lengthPrefixed, utf8ToBytes } from '../../bytes/index.ts';
import { ristretto255 } from '../../group/index.ts';
import { bindingBytes, type RunBinding } from '../party.ts';

/** Version of the messages; a peer with another one is refused. */
export const protocolVersion = 1;
/** Domain separation of hash-to-group (RFC 9380 §3.1). */
export const hashToGroupDst: Uint8Array = utf8ToBytes('causeway/v1/join-spine/h2g');
/** Bytes of a pseudonym: among 2^32 of them two are equal by chance with probability below 2^-64. */
export const pseudonymBytes = 16;
/** Holders of a key to which one list can go: with more contributors, the agreement chooses three of them. */
export const keyHoldersMax = 4;

/** Whose list it is, and whose key answers: one exchange of a run. */
export interface Exchange {
  readonly client: string;
  /** Which of the client's lists. */
  readonly list: string;
  readonly server: string;
}

/** @returns the 32 bytes that name this exchange on the wire. */
export function runId(binding: RunBinding, { client, list, server }: Exchange): Uint8Array {
  const parties = lengthPrefixed(utf8ToBytes(client), utf8ToBytes(list), utf8ToBytes(server));
  return sha256(concatBytes(utf8ToBytes('causeway/v1/join-spine/run'), bindingBytes(binding), parties));
}

/** @returns what stands before each match key in the hash input: the same for all contributors, and for one epoch of one room alone. */
export function hashPrefix(binding: RunBinding): Uint8Array {
  return bindingBytes(binding);
}

/** @returns what stands before a point under all keys when its pseudonym is taken: the first 16 bytes of SHA-256. */
export function pseudonymContext(binding: RunBinding): Uint8Array {
  return concatBytes(utf8ToBytes('causeway/v1/join-spine/pid'), bindingBytes(binding));
}

/**
 * What a contributor multiplies its answers with, to take its blinding away and put its own key in its place.
 * @param own.blind r. @param own.key k; undefined for a contributor that holds no key.
 * @returns k·r⁻¹, or r⁻¹.
 */
export function unblindingScalar(own: {
  readonly blind: Uint8Array;
  readonly key: Uint8Array | undefined;
}): Uint8Array {
  const inverse = ristretto255.scalar.invert(own.blind);
  return own.key ? ristretto255.scalar.multiply(own.key, inverse) : inverse;
}
