/**
 * The certificate that a node shows to its partners: self-signed, because partners pin its SHA-256 fingerprint on the ledger and ask no
 * authority.
 */

import 'reflect-metadata';
import { createHash, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface NodeCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. A secret. */
  readonly privateKey: string;
  /** SHA-256 of the certificate (DER), lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly expiresAtMs: number;
}

/**
 * Makes a P-256 key and a self-signed certificate for it, valid from a day ago (clocks differ).
 * @param organisation the common name; nothing is decided by it.
 */
export async function makeCertificate(options: {
  organisation: string;
  nowMs: number;
  validDays: number;
}): Promise<NodeCertificate> {
  const { organisation, nowMs, validDays } = options;
  const dayMs = 86_400_000;
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const serial = randomBytes(16);
  // A positive integer that needs no leading zero (RFC 5280 §4.1.2.2).
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  const made = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial.toString('hex'),
    name: [{ CN: [organisation] }],
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + validDays * dayMs),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    ],
  });
  const privateKey = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const certificate = made.toString('pem');
  return {
    certificate,
    privateKey: `-----BEGIN PRIVATE KEY-----\n${privateKey.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
    fingerprint: certificateFingerprint(new X509Certificate(certificate)),
    expiresAtMs: made.notAfter.getTime(),
  };
}

/** SHA-256 of the certificate (DER), lower-case hexadecimal. */
export function certificateFingerprint(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('hex');
}
