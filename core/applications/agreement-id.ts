import { bytesToHex } from '../bytes/index.ts';
import { sha256 } from '../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../json/index.ts';

/** @returns the agreement's id: SHA-256 of the canonical terms (RFC 8785), in hexadecimal. */
export function agreementId(terms: object): string {
  return bytesToHex(sha256(canonicalBytes(terms as JsonValue)));
}
