import { createCipheriv, createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64ToBytes, bytesToHex, hexToBytes, utf8ToBytes } from '../../bytes/index.ts';
import type { Aead } from '../../crypto/index.ts';
import { SeededRandom } from '../../random/index.ts';
import { haveListNonces, LabelCipher, labelBytes, labelCharacters, nonceBytes, nonceDistance } from './index.ts';

/** AES-128-GCM as the standard library has it: what the bulk form is held to. */
const aead: Aead = {
  id: 1,
  keyBytes: 16,
  seal: ({ key, nonce, aad, message }) => {
    const cipher = createCipheriv('aes-128-gcm', key, nonce);
    cipher.setAAD(aad);
    return new Uint8Array(Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]));
  },
  open: () => undefined,
};
const matchId = '2VwhmTY9MecgWsu6';

function cipherOf(key: Uint8Array, id = matchId): LabelCipher {
  const blocks = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return new LabelCipher({ aead, key, aad: utf8ToBytes(id), encrypt: (plain) => new Uint8Array(blocks.update(plain)) });
}

const key = new SeededRandom('label key').bytes(16);
const base = new SeededRandom('nonce').bytes(nonceBytes);
const sealed = (count: number, of: { key?: Uint8Array; first?: number } = {}) =>
  cipherOf(of.key ?? key).seal({ base, first: of.first ?? 0, count, isMatched: (i) => i % 3 === 0 });
const labelAt = (labels: Uint8Array, i: number) => labels.slice(i * labelBytes, (i + 1) * labelBytes);

describe('a label', () => {
  it('of the guide opens under the key that the guide gives, and under no other match', () => {
    const published = base64ToBytes('WY84ZZEz0pq3Z1X6bFoMe4l7OfSbatsd02cSFmI=');
    const published16 = hexToBytes('32e3a3f7854de1cf5e15adc9eb7105a6');
    expect(published).toHaveLength(labelBytes);
    expect(cipherOf(published16).open(published)).toEqual(['unmatched']);
    expect(cipherOf(published16, '2VwhmTY9MecgWsu7').open(published)).toEqual(['refused']);
  });

  it('is what AES-128-GCM makes of its byte under its nonce', () => {
    const labels = sealed(5, { first: 254 });
    for (let i = 0; i < 5; i++) {
      const label = labelAt(labels, i);
      const decipher = createDecipheriv('aes-128-gcm', key, label.subarray(0, nonceBytes));
      decipher.setAAD(utf8ToBytes(matchId)).setAuthTag(label.subarray(nonceBytes + 1));
      const plain = Buffer.concat([decipher.update(label.subarray(nonceBytes, nonceBytes + 1)), decipher.final()]);
      expect([...plain]).toEqual([(254 + i) % 3 === 0 ? 0xff : 0x00]);
    }
  });

  it('is as long for everybody, and its nonce is base XOR index', () => {
    const labels = sealed(300);
    expect(labels).toHaveLength(300 * labelBytes);
    expect(labelCharacters).toBe(40);
    expect(haveListNonces(labels, 0, base)).toBe(true);
    expect(haveListNonces(labels.subarray(7 * labelBytes), 7, base)).toBe(true);
    expect(haveListNonces(labels.subarray(7 * labelBytes), 8, base)).toBe(false);
    expect(bytesToHex(labelAt(labels, 257).subarray(0, nonceBytes - 2))).toBe(bytesToHex(base.subarray(0, -2)));
    expect(labels[257 * labelBytes + nonceBytes - 2]).toBe(base[nonceBytes - 2]! ^ 1);
    expect(nonceDistance(labels, 257 * labelBytes, labelAt(labels, 0))).toBe(257);
  });

  it('opens in any order, in parts of a list, and again', () => {
    const labels = new Uint8Array([...sealed(4, { first: 4 }), ...sealed(4)]);
    const said = cipherOf(key).open(labels);
    expect(said.map((verdict) => verdict === 'matched')).toEqual([4, 5, 6, 7, 0, 1, 2, 3].map((i) => i % 3 === 0));
    expect(cipherOf(key).open(labels)).toEqual(said);
  });

  it('is refused with any bit changed, under another key, and with another byte in it', () => {
    const label = labelAt(sealed(1), 0);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: labelBytes * 8 - 1 }), (bit) => {
        const changed = label.slice();
        changed[bit >>> 3]! ^= 1 << (bit & 7);
        expect(cipherOf(key).open(changed)).toEqual(['refused']);
      }),
    );
    expect(cipherOf(new SeededRandom('another').bytes(16)).open(label)).toEqual(['refused']);
    const other = aead.seal({ key, nonce: base, aad: utf8ToBytes(matchId), message: Uint8Array.of(0xef) });
    expect(cipherOf(key).open(new Uint8Array([...base, ...other]))).toEqual(['refused']);
  });

  it('of another list has no distance to this one', () => {
    const far = sealed(1);
    far[0]! ^= 1;
    expect(nonceDistance(far, 0, labelAt(sealed(1), 0))).toBeUndefined();
  });
});
