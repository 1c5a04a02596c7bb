import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedJson } from '../../test/shared.ts';
import { bytesToHex, hexToBytes } from '../bytes/index.ts';
import { hkdfSha256, hmacSha256, sha256, sha512 } from './index.ts';

describe('hashes', () => {
  it('agree with the platform', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 150 }), (message, key) => {
        expect(bytesToHex(sha256(message))).toBe(createHash('sha256').update(message).digest('hex'));
        expect(bytesToHex(sha512(message))).toBe(createHash('sha512').update(message).digest('hex'));
        expect(bytesToHex(hmacSha256(key, message))).toBe(createHmac('sha256', key).update(message).digest('hex'));
      }),
    );
  });

  it('HKDF gives RFC 5869 A.1, and a length without output is refused', () => {
    const input = {
      secret: new Uint8Array(22).fill(0x0b),
      salt: hexToBytes('000102030405060708090a0b0c'),
      info: hexToBytes('f0f1f2f3f4f5f6f7f8f9'),
    };
    expect(bytesToHex(hkdfSha256({ ...input, length: 42 }))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
    for (const length of [0, 8161, 1.5]) expect(() => hkdfSha256({ ...input, length })).toThrow(RangeError);
  });
});

describe.skipIf(!hasShared('vectors/wycheproof'))('Wycheproof', () => {
  it('HMAC-SHA-256: valid tags are ours, invalid ones are not (174)', () => {
    let count = 0;
    for (const { tagSize, tests } of sharedJson('vectors/wycheproof/hmac_sha256_test.json').testGroups) {
      for (const { tcId, key, msg, tag, result } of tests) {
        const ours = bytesToHex(hmacSha256(hexToBytes(key), hexToBytes(msg)).subarray(0, tagSize / 8));
        expect(ours === tag, `case ${tcId}`).toBe(result === 'valid');
        count += 1;
      }
    }
    expect(count).toBe(174);
  });

  it('HKDF-SHA-256: valid outputs are ours, sizes that cannot be are refused (86)', () => {
    let count = 0;
    for (const { tests } of sharedJson('vectors/wycheproof/hkdf_sha256_test.json').testGroups) {
      for (const { tcId, ikm, salt, info, size, okm, result } of tests) {
        const input = { secret: hexToBytes(ikm), salt: hexToBytes(salt), info: hexToBytes(info), length: size };
        if (result === 'valid') expect(bytesToHex(hkdfSha256(input)), `case ${tcId}`).toBe(okm);
        else expect(() => hkdfSha256(input), `case ${tcId}`).toThrow(RangeError);
        count += 1;
      }
    }
    expect(count).toBe(86);
  });
});
