import type { Dialect, Encoding } from '@causeway/core/table';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelimitedScanner } from './delimited.ts';
import { decodeToUtf8, detectEncoding } from './encoding.ts';
import { shapeOf } from './shape.ts';

/** "手机号,城市" and some rows, in GB 18030 (made with iconv). */
const chinese = '手机号,城市,姓名\n13800138000,上海,张三\n13800138001,北京市朝阳区,李四\n';
const chineseGb = Buffer.from(
  'cad6bbfabac52cb3c7cad02cd0d5c3fb0a31333830303133383030302cc9cfbaa32cd5c5c8fd0a31333830303133383030312cb1b1bea9cad0b3afd1f4c7f82cc0eecbc40a',
  'hex',
);

function utf16(text: string, encoding: 'utf-16le' | 'utf-16be'): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? bytes : bytes.swap16();
}

const detect = (bytes: Uint8Array, whole = true) => detectEncoding(bytes, 'people.csv', { whole });

async function decode(
  bytes: Uint8Array,
  options: { readonly cuts?: readonly number[]; readonly encoding?: Encoding } = {},
): Promise<string> {
  const detected =
    options.encoding === undefined ? detect(bytes) : { encoding: options.encoding, markBytes: 0, certain: true };
  async function* chunks() {
    let from = 0;
    for (const cut of [...(options.cuts ?? []), bytes.length]) {
      yield bytes.subarray(from, cut);
      from = cut;
    }
  }
  const parts: Buffer[] = [];
  for await (const part of decodeToUtf8(chunks(), detected, 'people.csv')) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

describe('the encoding of a text [F2]', () => {
  it.each([
    ['UTF-8', Buffer.from(chinese), 'utf-8', 0],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${chinese}`), 'utf-8', 3],
    ['UTF-16 LE with a mark', utf16(`\ufeff${chinese}`, 'utf-16le'), 'utf-16le', 2],
    ['UTF-16 BE with a mark', utf16(`\ufeff${chinese}`, 'utf-16be'), 'utf-16be', 2],
    ['UTF-16 LE without', utf16(chinese, 'utf-16le'), 'utf-16le', 0],
    ['UTF-16 BE without', utf16(chinese, 'utf-16be'), 'utf-16be', 0],
    ['GB 18030', chineseGb, 'gb18030', 0],
  ] as const)('%s is found, and read as it was meant wherever it is cut', async (_, bytes, encoding, markBytes) => {
    expect(detect(bytes)).toMatchObject({ encoding, markBytes });
    for (let cut = 0; cut <= bytes.length; cut += 3) expect(await decode(bytes, { cuts: [cut] })).toBe(chinese);
    expect(await decode(bytes, { cuts: Array.from(bytes.keys()) })).toBe(chinese);
  });

  it('four-byte characters of GB 18030 are read right [F113]', async () => {
    // U+1F600 is 94 39 FC 36.
    expect(await decode(Buffer.concat([chineseGb, Buffer.from('9439fc36', 'hex')]))).toBe(`${chinese}😀`);
  });

  it('a sample that ends inside a character is what it begins as', () => {
    const bytes = Buffer.from(chinese);
    for (let length = 20; length < bytes.length; length++)
      expect(detect(bytes.subarray(0, length), false).encoding).toBe('utf-8');
    for (let length = 20; length < chineseGb.length; length++) {
      expect(detect(chineseGb.subarray(0, length), false).encoding).toBe('gb18030');
    }
  });

  it.each([
    ['Latin-1', 'nom,ville\nRené,Besançon\nZoë,Nîmes\n', 'latin1'],
    ['Latin-1 that is valid GB 18030 by chance', 'Müller,Köln\nJürgen,Düsseldorf\n', 'latin1'],
  ] as const)('%s is refused, not shown as something else', (_, text, encoding) => {
    expect(() => detect(Buffer.from(text, encoding))).toThrow(expect.objectContaining({ code: 'unknown-encoding' }));
  });

  it('Shift JIS is refused', () => {
    // "名前,電話" and "山田太郎,090" in Shift JIS.
    const bytes = Buffer.from('96bc914f2c93648c620a8e5293639198d94f2c3039300a', 'hex');
    expect(() => detect(bytes)).toThrow(expect.objectContaining({ code: 'unknown-encoding' }));
  });

  it('bytes that are no text are refused', () => {
    expect(() => detect(new Uint8Array(100))).toThrow(expect.objectContaining({ code: 'unknown-format' }));
    expect(() => detect(Uint8Array.from({ length: 4096 }, (_, i) => (i * 7) % 251))).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^unknown-/) }),
    );
  });

  it('an invalid byte is named by its offset', async () => {
    const bytes = Buffer.from(`\ufeff${chinese}`);
    for (const at of [3, 10, bytes.length - 1]) {
      const broken = Uint8Array.from(bytes);
      broken[at] = 0xff;
      const failure = await decode(broken, { cuts: [7, 20], encoding: 'utf-8' }).catch((error) => error);
      expect(failure).toMatchObject({ code: 'bad-encoding' });
      expect(Math.abs(failure.details.byteOffset - at)).toBeLessThanOrEqual(2);
    }
    await expect(decode(Buffer.from('a\xe4\xb8', 'latin1'), { encoding: 'utf-8' })).rejects.toMatchObject({
      details: { byteOffset: 1 },
    });
  });
});

describe('the structure of a text in its own encoding', () => {
  const dialect: Dialect = { delimiter: 0x7c, quote: 'double' };

  /** Every record's bytes, with its line end. */
  function records(bytes: Buffer, encoding: Encoding, cuts: readonly number[]): Buffer[] {
    const shape = shapeOf(encoding);
    const found: Buffer[] = [];
    const scanner = new DelimitedScanner({
      path: 'x',
      dialect,
      unitBytes: shape.unitBytes,
      sink: {
        record: ({ start, end }) => {
          const offset = scanner.windowOffset;
          found.push(bytes.subarray((offset + start) * shape.unitBytes, (offset + end) * shape.unitBytes));
        },
        emptyLine: () => found.push(Buffer.alloc(0)),
      },
    });
    let from = 0;
    for (const cut of [...cuts, bytes.length]) {
      scanner.write(shape.of(bytes.subarray(from, cut)));
      from = cut;
    }
    scanner.end();
    return found;
  }

  // Of GB 18030: 丨 is D8 AD, and 齶 (FD 7C in GBK's extension) ends with the byte of the bar.
  const cell = fc.string({ unit: fc.constantFrom('a', '|', '"', '\n', '长', '堤', '😀', 'é'), maxLength: 5 });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 });

  it.each(['utf-16le', 'utf-16be'] as const)('%s: the same records as in UTF-8', (encoding) => {
    fc.assert(
      fc.property(table, fc.array(fc.nat(80), { maxLength: 4 }), (rows, cuts) => {
        const text = `${rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join('|')).join('\r\n')}\r\n`;
        const expected = records(Buffer.from(text), 'utf-8', []).map(String);
        const bytes = utf16(text, encoding);
        const at = cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b);
        const found = records(bytes, encoding, at).map((record) => new TextDecoder(encoding).decode(record));
        expect(found).toEqual(expected);
      }),
    );
  });

  it('GB 18030: a second byte that looks like a bar or a letter is none', () => {
    // 丂 is 81 40, 亅 is 81 7C, 😀 is 94 39 FC 36: "丂亅|😀" CR LF "亅|x".
    const bytes = Buffer.from('8140817c7c9439fc360d0a817c7c78', 'hex');
    expect(new TextDecoder('gb18030').decode(bytes)).toMatch(/^丂.\|😀\r\n.\|x$/u);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(records(bytes, 'gb18030', [cut]).map((record) => record.length)).toEqual([11, 4]);
    }
  });
});
