import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  base64Characters,
  base64ToBytes,
  bytesToBase64,
  bytesToHex,
  bytesToUtf8,
  hexToBytes,
  lengthPrefixed,
  readBase64,
  utf8ToBytes,
  writeBase64,
} from './index.ts';

describe('text encodings agree with the platform', () => {
  it('UTF-8 both ways, any Unicode text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const bytes = utf8ToBytes(text);
        expect(bytes).toEqual(new TextEncoder().encode(text));
        expect(bytesToUtf8(bytes)).toBe(text);
      }),
    );
  });

  it('bytes that the platform refuses as UTF-8 are refused, all others read the same', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        let expected: string | undefined;
        try {
          expected = strict.decode(bytes);
        } catch {
          expect(() => bytesToUtf8(bytes)).toThrow(RangeError);
          return;
        }
        expect(bytesToUtf8(bytes)).toBe(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it('a lone surrogate has no UTF-8 form', () => {
    expect(() => utf8ToBytes('a\ud800')).toThrow(RangeError);
  });

  it('hexadecimal and Base64 both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(bytesToHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(hexToBytes(bytesToHex(bytes).toUpperCase())).toEqual(bytes);
        expect(bytesToBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(base64ToBytes(bytesToBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it('rows of Base64 are written and read in their places, and touch nothing beside them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(5), fc.nat(5), (row, from, at) => {
        const bytes = new Uint8Array([...new Uint8Array(from).fill(7), ...row, 7]);
        const text = new Uint8Array(at + base64Characters(row.length) + 1).fill(1);
        writeBase64(bytes, from, row.length, text, at);
        const expected = Buffer.from(row).toString('base64');
        expect(Buffer.from(text).toString('latin1')).toBe(`${'\u0001'.repeat(at)}${expected}\u0001`);
        const back = bytes.slice().fill(9);
        expect(readBase64(text, at, row.length, back, from)).toBe(true);
        expect([...back]).toEqual([...new Uint8Array(from).fill(9), ...row, 9]);
      }),
    );
  });

  it('a row of Base64 is read in its one form alone', () => {
    const isRead = (text: string, rowBytes: number) =>
      readBase64(utf8ToBytes(text), 0, rowBytes, new Uint8Array(rowBytes), 0);
    const ofRow = Buffer.from([1, 2, 3, 4, 5]).toString('base64');
    expect([isRead(ofRow, 5), isRead(ofRow, 4), isRead(ofRow, 6)]).toEqual([true, false, false]);
    for (const other of ['AQIDBAV=', 'AQIDBAU-', 'AQID BA=', 'AQIDBAUA', '=QIDBAU=', 'AQID'])
      expect(isRead(other, 5)).toBe(false);
  });

  it.each(['a', 'zz', 'abc'])('%s is not hexadecimal', (text) => expect(() => hexToBytes(text)).toThrow(RangeError));
  it.each(['A', 'AAA', 'AB==', 'AAB=', 'A===', '====', 'AA=A', 'A A='])('%s is not canonical Base64', (text) => {
    expect(() => base64ToBytes(text)).toThrow(RangeError);
  });
});

describe('message fields', () => {
  it('are read back as written, and nothing may follow', () => {
    const bytes = new ByteWriter()
      .u8(7)
      .u32(0xdeadbeef)
      .u64(Number.MAX_SAFE_INTEGER)
      .prefixed(utf8ToBytes('长堤'))
      .raw(new Uint8Array(3))
      .finish();
    const reader = new ByteReader(bytes);
    expect([reader.u8(), reader.u32(), reader.u64()]).toEqual([7, 0xdeadbeef, Number.MAX_SAFE_INTEGER]);
    expect(bytesToUtf8(reader.prefixed({ bytesMax: 6 }))).toBe('长堤');
    expect(() => reader.end()).toThrow(expect.objectContaining({ code: 'trailing-bytes' }));
    reader.raw(3);
    reader.end();
    expect(() => reader.u8()).toThrow(expect.objectContaining({ code: 'truncated' }));
  });

  it('[F39] a huge length is refused before anything is allocated', () => {
    const reader = new ByteReader(new ByteWriter().u32(0xffffffff).finish());
    expect(() => reader.prefixed({ bytesMax: 1024 })).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
    expect(() => new ByteReader(new Uint8Array(8).fill(255)).u64()).toThrow(
      expect.objectContaining({ code: 'limit-exceeded' }),
    );
  });

  it('[F97] two different lists never give one byte string', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 4 })), fc.array(fc.uint8Array({ maxLength: 4 })), (a, b) => {
        const same = a.length === b.length && a.every((part, i) => bytesToHex(part) === bytesToHex(b[i]!));
        expect(bytesToHex(lengthPrefixed(...a)) === bytesToHex(lengthPrefixed(...b))).toBe(same);
      }),
    );
  });
});
