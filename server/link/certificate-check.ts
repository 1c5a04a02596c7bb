/** The checks of a partner's certificate, each with its own name. There is no way to go on after one that fails. */

import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { certificateFingerprint } from '../keys/certificate.ts';
import { LinkError } from './error.ts';

export interface PeerCertificate {
  /** SHA-256 of the certificate (DER), lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly expiresAtMs: number;
}

/** Two nodes' clocks may differ by this much. */
export const CLOCK_SKEW_MS_MAX = 5 * 60_000;

/** A certificate that ends within this time is warned of. */
export const EXPIRY_WARNING_MS = 14 * 86_400_000;

/**
 * Reads and checks the certificate of a connection whose handshake is done: TLS 1.3 has then proved that the peer holds its key.
 * @param peer whom the messages name.
 * @throws {LinkError} `tls`, `weak-certificate`, `certificate-expired`, `certificate-not-yet-valid`.
 */
export function checkPeerCertificate(
  socket: Pick<TLSSocket, 'getPeerX509Certificate' | 'getProtocol'>,
  { peer, nowMs }: { peer: string; nowMs: number },
): PeerCertificate {
  const protocol = socket.getProtocol();
  if (protocol !== 'TLSv1.3') throw new LinkError('tls', `${peer} speaks ${protocol ?? 'no TLS'}, not TLS 1.3`);
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) throw new LinkError('tls', `${peer} showed no certificate`);
  return checkCertificate(certificate, { peer, nowMs });
}

/** @throws {LinkError} `weak-certificate`, `certificate-expired`, `certificate-not-yet-valid`. */
export function checkCertificate(
  certificate: X509Certificate,
  { peer, nowMs }: { peer: string; nowMs: number },
): PeerCertificate {
  const fromMs = certificate.validFromDate.getTime();
  const toMs = certificate.validToDate.getTime();
  if (!hasStrongKey(certificate)) {
    throw new LinkError(
      'weak-certificate',
      `the certificate of ${peer} has a weak key: P-256, Ed25519 or RSA of 2048 bits at least`,
    );
  }
  // Not a number, where the date could not be read: then no comparison holds.
  if (!(nowMs <= toMs + CLOCK_SKEW_MS_MAX)) {
    const when = Number.isNaN(toMs) ? 'at an unreadable date' : `on ${dayOf(toMs)}`;
    throw new LinkError(
      'certificate-expired',
      `the certificate of ${peer} expired ${when}: ${peer} must publish a new one`,
    );
  }
  if (!(nowMs >= fromMs - CLOCK_SKEW_MS_MAX)) {
    throw new LinkError(
      'certificate-not-yet-valid',
      `the certificate of ${peer} is valid from ${dayOf(fromMs)}; this node's clock says ${dayOf(nowMs)}: check both clocks`,
    );
  }
  return { fingerprint: certificateFingerprint(certificate), expiresAtMs: toMs };
}

/** A warning for a person where a certificate ends soon. */
export function expiryWarning(whose: string, expiresAtMs: number, nowMs: number): string | undefined {
  if (expiresAtMs - nowMs > EXPIRY_WARNING_MS) return undefined;
  return `the certificate of ${whose} expires on ${dayOf(expiresAtMs)}: publish a new one before that`;
}

function hasStrongKey({ publicKey }: X509Certificate): boolean {
  const { asymmetricKeyType, asymmetricKeyDetails } = publicKey;
  if (asymmetricKeyType === 'ed25519') return true;
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  const curves = ['prime256v1', 'secp384r1', 'secp521r1'];
  return asymmetricKeyType === 'ec' && curves.includes(asymmetricKeyDetails?.namedCurve ?? '');
}

function dayOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'an unreadable date' : date.toISOString().slice(0, 16).replace('T', ' ');
}
