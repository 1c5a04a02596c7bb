/**
 * Guests: who takes part in one run without being a member. A guest is its key, made for that run alone; it has agreed where the key has
 * signed the very agreement, and the member that invited it puts that on the ledger.
 */
import { base64ToBytes, bytesToBase64, bytesToHex, utf8ToBytes } from '../bytes/index.ts';
import { type Ed25519KeyPair, sha256, sign, verify } from '../crypto/index.ts';

/** What the name of a guest begins with, and that of no member. */
export const guestPrefix = 'guest-';
const nameDigits = 16;

/** The name under which a guest signs and is spoken of: from its key (Base64), so that nobody chooses it. */
export function guestName(key: string): string {
  return guestPrefix + bytesToHex(sha256(base64ToBytes(key))).slice(0, nameDigits);
}

/** What a guest signs to agree: the network, the member that invited it, and the hash of the terms. */
export function guestConsentBytes(of: {
  readonly network: string;
  readonly host: string;
  readonly agreement: string;
}): Uint8Array {
  return utf8ToBytes(`causeway/v1/guest-consent\n${of.network}\n${of.host}\n${of.agreement}`);
}

/** @returns the signature in Base64, as `agreement.proposed` carries it. */
export function signGuestConsent(of: Parameters<typeof guestConsentBytes>[0], keyPair: Ed25519KeyPair): string {
  return bytesToBase64(sign(guestConsentBytes(of), keyPair));
}

/** Whether the holder of the key has agreed. Key and signature are Base64. */
export function hasGuestConsented(
  { key, consent }: { readonly key: string; readonly consent: string },
  of: Parameters<typeof guestConsentBytes>[0],
): boolean {
  return verify(base64ToBytes(consent), guestConsentBytes(of), base64ToBytes(key));
}
