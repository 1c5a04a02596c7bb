/** Match keys: what an identifier is in every protocol, 16 bytes that are bound to the network and the form of the identifiers. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, lengthPrefixed, utf8ToBytes } from '../bytes/index.ts';

/** Bytes of a match key. */
export const matchKeyBytes = 16;

/**
 * What match keys are bound to. Keys of one network and form stay comparable inside a node, for its difference guard; on the wire
 * everything is bound to the agreement and the job as well.
 * @returns 64 hexadecimal digits.
 */
export function keyContext(network: string, form: string): string {
  return bytesToHex(
    sha256(concatBytes(utf8ToBytes('causeway/v1/match-key'), lengthPrefixed(utf8ToBytes(network), utf8ToBytes(form)))),
  );
}

/** @param value the identifier's text in the common form. @returns the first 16 bytes of SHA-256 over `context:value`. */
export function matchKey(context: string, value: string): Uint8Array {
  return sha256(utf8ToBytes(`${context}:${value}`)).subarray(0, matchKeyBytes);
}
