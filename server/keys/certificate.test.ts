import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeCertificate } from './certificate.ts';

it('makes a certificate that its own key signed, with the validity asked for', async () => {
  const nowMs = Date.UTC(2026, 0, 10);
  const made = await makeCertificate({ organisation: 'aurora', nowMs, validDays: 400 });
  const certificate = new X509Certificate(made.certificate);
  expect(certificate.checkPrivateKey(createPrivateKey(made.privateKey))).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.subject).toBe('CN=aurora');
  expect(certificate.ca).toBe(false);
  expect(certificate.validFromDate.getTime()).toBe(nowMs - 86_400_000);
  expect(certificate.validToDate.getTime()).toBe(made.expiresAtMs);
  expect(made.fingerprint).toBe(certificate.fingerprint256.replaceAll(':', '').toLowerCase());
});

it('two certificates of one organisation differ in key and serial number', async () => {
  const options = { organisation: 'aurora', nowMs: Date.now(), validDays: 1 };
  const [a, b] = [await makeCertificate(options), await makeCertificate(options)].map(
    (made) => new X509Certificate(made.certificate),
  );
  expect(a!.serialNumber).not.toBe(b!.serialNumber);
  expect(a!.publicKey.equals(b!.publicKey)).toBe(false);
});
