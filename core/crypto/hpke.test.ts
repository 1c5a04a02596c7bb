import { createCipheriv, createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedJson, sharedPath } from '../../test/shared.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../bytes/index.ts';
import { SeededRandom } from '../random/index.ts';
import { type Aead, generateKemKeyPair, type HpkeError, setupRecipient, setupSender } from './index.ts';

const names = { 1: 'aes-128-gcm', 2: 'aes-256-gcm', 3: 'chacha20-poly1305' } as const;

function aeadOf(id: 1 | 2 | 3): Aead {
  const name = names[id] as 'aes-256-gcm';
  const options = { authTagLength: 16 };
  return {
    id,
    keyBytes: id === 1 ? 16 : 32,
    seal: ({ key, nonce, aad, message }) => {
      const cipher = createCipheriv(name, key, nonce, options).setAAD(aad, { plaintextLength: message.length });
      return Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]);
    },
    open: ({ key, nonce, aad, message }) => {
      if (message.length < 16) return undefined;
      const decipher = createDecipheriv(name, key, nonce, options)
        .setAAD(aad, { plaintextLength: message.length - 16 })
        .setAuthTag(message.subarray(-16));
      try {
        return Buffer.concat([decipher.update(message.subarray(0, -16)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

const aead = aeadOf(2);
const info = utf8ToBytes('room');
const recipient = generateKemKeyPair(new SeededRandom('recipient'));
const sender = generateKemKeyPair(new SeededRandom('sender'));
const aad = utf8ToBytes('chunk 0');
const message = utf8ToBytes('rows');

const codeOf = (work: () => unknown) => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as HpkeError).code;
  }
};

interface Vector {
  readonly mode: number;
  readonly kem_id: number;
  readonly kdf_id: number;
  readonly aead_id: 1 | 2 | 3;
  readonly encryptions: readonly { readonly aad: string; readonly ct: string; readonly pt: string }[];
  readonly exports: readonly {
    readonly exporter_context: string;
    readonly L: number;
    readonly exported_value: string;
  }[];
  readonly [hex: string]: unknown;
}

/** Of the suites and modes that are built. */
function publishedVectors(): Vector[] {
  const packed = readFileSync(sharedPath('vectors/circl/vectors_rfc9180_5f503c5.json.gz'));
  return (JSON.parse(gunzipSync(packed).toString()) as Vector[]).filter(
    ({ mode, kem_id, kdf_id, aead_id }) => [0, 2].includes(mode) && kem_id === 0x20 && kdf_id === 1 && aead_id <= 3,
  );
}

describe.skipIf(!hasShared('vectors/circl'))('RFC 9180 test vectors', () => {
  const vectors = hasShared('vectors/circl') ? publishedVectors() : [];

  it('are there for base and auth mode, with each cipher', () => expect(vectors).toHaveLength(6));

  it.each(vectors)('[F36] mode $mode, AEAD $aead_id: enc, every ciphertext and every export', (vector) => {
    const hex = (name: string) => hexToBytes(vector[name] as string);
    const cipher = aeadOf(vector.aead_id);
    const isAuth = vector.mode === 2;
    const given = { aead: cipher, info: hex('info') };
    const keys = (name: string) => ({ secretKey: hex(`sk${name}m`), publicKey: hex(`pk${name}m`) });
    const { enc, context } = setupSender(
      { ...given, recipient: hex('pkRm'), ...(isAuth ? { sender: keys('S') } : {}) },
      { bytes: () => hex('skEm') },
    );
    const receiving = setupRecipient({
      ...given,
      enc,
      recipient: keys('R'),
      ...(isAuth ? { sender: hex('pkSm') } : {}),
    });
    expect(bytesToHex(enc)).toBe(vector.enc);
    for (const { aad, ct, pt } of vector.encryptions) {
      expect(bytesToHex(context.seal(hexToBytes(pt), hexToBytes(aad)))).toBe(ct);
      expect(bytesToHex(receiving.open(hexToBytes(ct), hexToBytes(aad)))).toBe(pt);
    }
    for (const { exporter_context, L, exported_value } of vector.exports) {
      for (const end of [context, receiving])
        expect(bytesToHex(end.export(hexToBytes(exporter_context), L))).toBe(exported_value);
    }
  });
});

describe.skipIf(!hasShared('vectors/wycheproof'))('Wycheproof', () => {
  it('[F18] public keys that give a secret of zeros are refused', () => {
    const { testGroups } = sharedJson('vectors/wycheproof/x25519_test.json');
    const zero = testGroups
      .flatMap(({ tests }: { tests: { shared: string; public: string }[] }) => tests)
      .filter(({ shared }: { shared: string }) => /^0+$/.test(shared));
    expect(zero.length).toBeGreaterThan(5);
    for (const { public: key } of zero)
      expect(codeOf(() => setupSender({ aead, info, recipient: hexToBytes(key) }, new SeededRandom('x')))).toBe(
        'bad-key',
      );
  });
});

describe('a sealed message', () => {
  const sealed = () => {
    const { enc, context } = setupSender({ aead, info, recipient: recipient.publicKey }, new SeededRandom('ephemeral'));
    return { enc, first: context.seal(message, aad), second: context.seal(message, aad) };
  };

  it('opens for the recipient, in order', () => {
    const { enc, first, second } = sealed();
    const context = setupRecipient({ aead, info, enc, recipient });
    expect([context.open(first, aad), context.open(second, aad)].map(bytesToHex)).toEqual(
      [message, message].map(bytesToHex),
    );
    expect(bytesToHex(first)).not.toBe(bytesToHex(second));
  });

  it('[F36] is refused with any bit changed, cut short, out of order, twice, or under other data', () => {
    const { enc, first, second } = sealed();
    const open = (bytes: Uint8Array, data = aad) =>
      codeOf(() => setupRecipient({ aead, info, enc, recipient }).open(bytes, data));
    for (let bit = 0; bit < first.length * 8; bit++) {
      const changed = Uint8Array.from(first);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(open(changed)).toBe('not-authentic');
    }
    for (let length = 0; length < first.length; length++) expect(open(first.slice(0, length))).toBe('not-authentic');
    expect(open(second)).toBe('not-authentic');
    expect(open(first, utf8ToBytes('chunk 1'))).toBe('not-authentic');
    const context = setupRecipient({ aead, info, enc, recipient });
    context.open(first, aad);
    expect(codeOf(() => context.open(first, aad))).toBe('not-authentic');
    // What was refused takes no place: the one that is awaited still opens.
    expect(bytesToHex(context.open(second, aad))).toBe(bytesToHex(message));
  });

  it('[F36] is refused by another recipient, for another purpose, and from another sender', () => {
    const { enc, first } = sealed();
    const refused = (changes: object) =>
      codeOf(() => setupRecipient({ aead, info, enc, recipient, ...changes }).open(first, aad));
    expect(refused({ recipient: sender })).toBe('not-authentic');
    expect(refused({ info: utf8ToBytes('another room') })).toBe('not-authentic');
    expect(refused({ sender: sender.publicKey })).toBe('not-authentic');
    const auth = setupSender({ aead, info, recipient: recipient.publicKey, sender }, new SeededRandom('e'));
    const bytes = auth.context.seal(message, aad);
    const from = (key: Uint8Array) => setupRecipient({ aead, info, enc: auth.enc, recipient, sender: key });
    expect(bytesToHex(from(sender.publicKey).open(bytes, aad))).toBe(bytesToHex(message));
    expect(codeOf(() => from(recipient.publicKey).open(bytes, aad))).toBe('not-authentic');
  });

  it('is never sealed under the nonce of another one', () => {
    const { context } = setupSender({ aead, info, recipient: recipient.publicKey }, new SeededRandom('n'));
    const sealedOnes = Array.from({ length: 300 }, () => bytesToHex(context.seal(new Uint8Array(16), aad)));
    expect(new Set(sealedOnes).size).toBe(300);
  });
});
