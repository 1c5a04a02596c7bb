import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex, utf8ToBytes } from '../bytes/index.ts';
import { digestNames, digestText } from './index.ts';
import { sm3 } from './sm3.ts';

describe('SM3', () => {
  it.each([
    ['GB/T 32905-2016 A.1', 'abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['GB/T 32905-2016 A.2', 'abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('%s', (_, message, digest) => expect(bytesToHex(sm3(utf8ToBytes(message)))).toBe(digest));

  it('equals the platform at every length around a block', () => {
    for (let length = 0; length <= 200; length++) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
      expect(bytesToHex(sm3(message))).toBe(createHash('sm3').update(message).digest('hex'));
    }
  });
});

describe('digests of text', () => {
  it('equal the platform, and a chain works on the hexadecimal before it', () => {
    const chain = fc.array(fc.constantFrom(...digestNames), { maxLength: 3 });
    fc.assert(
      fc.property(chain, fc.string({ unit: 'grapheme' }), (steps, text) => {
        const expected = steps.reduce((current, step) => createHash(step).update(current, 'utf8').digest('hex'), text);
        expect(digestText(steps, text)).toBe(expected);
      }),
    );
  });
});
