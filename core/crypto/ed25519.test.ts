import { generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedJson } from '../../test/shared.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../bytes/index.ts';
import { keyPairFromSeed, sign, verify } from './index.ts';

describe('signing', () => {
  it('gives the signatures of RFC 8032 §7.1', () => {
    const cases = [
      {
        seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
        key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
        message: '',
        signature:
          'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      },
      {
        seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
        key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
        message: 'af82',
        signature:
          '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
      },
    ];
    for (const { seed, key, message, signature } of cases) {
      const pair = keyPairFromSeed(hexToBytes(seed));
      expect(bytesToHex(pair.publicKey)).toBe(key);
      expect(bytesToHex(sign(hexToBytes(message), pair))).toBe(signature);
      expect(verify(hexToBytes(signature), hexToBytes(message), pair.publicKey)).toBe(true);
    }
  });

  it('agrees with another implementation, and one flipped bit anywhere is refused', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 1, maxLength: 100 }),
        fc.nat(),
        (seed, message, position) => {
          const pair = keyPairFromSeed(seed);
          const signature = sign(message, pair);
          expect(bytesToHex(signature)).toBe(bytesToHex(ed25519.sign(message, seed)));
          for (const [bytes, check] of [
            [signature, (changed: Uint8Array) => verify(changed, message, pair.publicKey)],
            [message, (changed: Uint8Array) => verify(signature, changed, pair.publicKey)],
            [pair.publicKey, (changed: Uint8Array) => verify(signature, message, changed)],
          ] as const) {
            const changed = bytes.slice();
            const bit = position % (8 * bytes.length);
            changed[bit >> 3]! ^= 1 << (bit & 7);
            expect(check(changed)).toBe(false);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('signatures of the platform verify', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
    const message = utf8ToBytes('长堤');
    expect(verify(nodeSign(null, message, privateKey), message, key)).toBe(true);
  });

  it('a wrong length is refused: seed by error, key and signature by false', () => {
    expect(() => keyPairFromSeed(new Uint8Array(31))).toThrow(RangeError);
    const pair = keyPairFromSeed(new Uint8Array(32));
    const signature = sign(new Uint8Array(1), pair);
    expect(verify(signature.subarray(0, 63), new Uint8Array(1), pair.publicKey)).toBe(false);
    expect(verify(signature, new Uint8Array(1), pair.publicKey.subarray(1))).toBe(false);
  });
});

describe.skipIf(!hasShared('vectors/cctv_ed25519'))('one strict rule set', () => {
  it('[F96] edge-case points: refused when of small order, non-canonical or held up by the cofactor alone (914)', () => {
    const vectors = sharedJson('vectors/cctv_ed25519/ed25519vectors.json');
    expect(vectors).toHaveLength(914);
    const refusing = ['low_order_A', 'low_order_R', 'non_canonical_A', 'non_canonical_R', 'low_order_residue'];
    let accepted = 0;
    for (const { number, key, sig, msg, flags } of vectors) {
      const expected = !(flags ?? []).some((flag: string) => refusing.includes(flag));
      expect(verify(hexToBytes(sig), utf8ToBytes(msg), hexToBytes(key)), `vector ${number}`).toBe(expected);
      accepted += expected ? 1 : 0;
    }
    expect(accepted).toBe(43);
  });

  it('[F96] of the twelve speccheck cases only the one with full-size points of mixed order passes', () => {
    const cases = sharedJson('vectors/ed25519_speccheck/cases.json');
    // The README's table: 0–2 small A or R; 4, 5 need the cofactor; 6, 7 S ≥ L; 8–11 non-canonical R or A.
    expect(cases.map(verifyCase)).toEqual(cases.map((_: unknown, i: number) => i === 3));
    const edges = sharedJson('vectors/ed25519_speccheck/edge-cases.json');
    expect(edges.map(verifyCase)).toEqual(edges.map((_: unknown, i: number) => i === 3));
  });

  it('[F96] the 196 pairs of small-order points of ZIP-215 are all refused', () => {
    const cases = sharedJson('vectors/ed25519_speccheck/zip215.json');
    expect(cases).toHaveLength(196);
    for (const { vk_bytes, sig_bytes } of cases) {
      expect(verify(hexToBytes(sig_bytes), utf8ToBytes('Zcash'), hexToBytes(vk_bytes))).toBe(false);
    }
  });

  it('[F96] Wycheproof: every valid signature passes, every invalid one is refused (151)', () => {
    const { testGroups } = sharedJson('vectors/wycheproof/ed25519_test.json');
    let count = 0;
    for (const { publicKey, tests } of testGroups) {
      for (const { tcId, msg, sig, result } of tests) {
        const passes = verify(hexToBytes(sig), hexToBytes(msg), hexToBytes(publicKey.pk));
        expect(passes, `case ${tcId}`).toBe(result === 'valid');
        count += 1;
      }
    }
    expect(count).toBe(151);
  });
});

function verifyCase(vector: { message: string; pub_key: string; signature: string }): boolean {
  return verify(hexToBytes(vector.signature), hexToBytes(vector.message), hexToBytes(vector.pub_key));
}
