import { readdirSync, readFileSync } from 'node:fs';
import { type Dialect, detectDialect, fieldText } from '@causeway/core/table';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../testing/shared.ts';
import { DelimitedScanner } from './delimited.ts';
import { limits } from './limits.ts';

const comma: Dialect = { delimiter: 0x2c, quote: 'double' };

/** All records; an empty line is an empty array. `cuts` are where the text is cut into writes. */
function scan(text: string | Uint8Array, dialect = comma, cuts: readonly number[] = []): string[][] {
  const bytes = Buffer.from(text as string);
  const records: string[][] = [];
  const scanner = new DelimitedScanner({
    path: 'people.csv',
    dialect,
    sink: {
      record: (record, index) => {
        expect(index).toBe(records.length);
        records.push(Array.from({ length: record.fieldCount }, (_, i) => fieldText(record, i)));
      },
      emptyLine: () => records.push([]),
    },
  });
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    // A buffer of its own, overwritten afterwards: the scanner must not keep it.
    const part = Uint8Array.from(bytes.subarray(from, cut));
    scanner.write(part);
    part.fill(0x21);
    from = cut;
  }
  scanner.end();
  expect(scanner.recordCount).toBe(records.length);
  return records;
}

const faulty = (code: string, details: object) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });

describe('records of delimited text', () => {
  it('end at LF, CRLF or CR, mixed in one file, and the last needs none [F2]', () => {
    expect(scan('a,b\n1,2\r\n3,4\r5,6')).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
    expect(scan('a\r\n\r\n')).toEqual([['a']]);
  });

  it('may hold line ends, delimiters and doubled quotes in quotes; a quote inside a plain value is a character', () => {
    expect(scan('"a\r\nb","c""d","",e"f\n')).toEqual([['a\r\nb', 'c"d', '', 'e"f']]);
  });

  it('are the same wherever the text is cut', () => {
    const text = 'id,name\r\n1,"a ""quoted""\r\nline"\r\n\r\n"2",北京\r3,\n';
    const whole = scan(text);
    const bytes = Buffer.byteLength(text);
    for (let cut = 0; cut <= bytes; cut++) expect(scan(text, comma, [cut])).toEqual(whole);
    expect(
      scan(
        text,
        comma,
        Array.from({ length: bytes }, (_, i) => i),
      ),
    ).toEqual(whole);
  });

  it('written by any writer come back as they were', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\0', '长', '\t', ';'),
      maxLength: 6,
    });
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      );
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(60), { maxLength: 4 }),
        (rows, end, cuts) => {
          const text =
            rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join(end) + end;
          const at = cuts.filter((cut) => cut < Buffer.byteLength(text)).sort((a, b) => a - b);
          expect(scan(text, comma, at)).toEqual(rows);
        },
      ),
    );
  });

  it('keep step with a spreadsheet: an empty line is a row, empty lines at the end are none', () => {
    expect(scan('a,b\n\n1,2\n\n\n')).toEqual([['a', 'b'], [], ['1', '2']]);
  });

  it('a row with another number of columns is named with row number and byte offset [F3]', () => {
    expect(() => scan('a,b\n1,2\n\n3\n')).toThrow(faulty('bad-row', { row: 4, byteOffset: 9 }));
    expect(() => scan('a,b\n1,2,3\n')).toThrow(faulty('bad-row', { row: 2, byteOffset: 4 }));
  });

  it('a quote that is not closed, and text after a closing quote, are named [F3]', () => {
    expect(() => scan('a,b\n1,"2\n3,4\n')).toThrow(faulty('bad-row', { row: 2, byteOffset: 6 }));
    expect(() => scan('a,b\n1,"2"x\n')).toThrow(faulty('bad-row', { row: 2, byteOffset: 9 }));
  });

  it('no message repeats a value of the file', () => {
    const secret = '13800138000';
    for (const text of [`a,b\n${secret}\n`, `a,b\n"${secret}"${secret},1\n`, `a,b\n${secret},"${secret}`]) {
      expect(() => scan(text)).toThrow(expect.objectContaining({ message: expect.not.stringContaining(secret) }));
    }
  });
});

describe('limits [F3]', () => {
  const columns = (count: number) => `${Array.from({ length: count }, () => 'x').join(',')}\n`;

  it('10,000 columns are read, 10,001 are refused', () => {
    expect(scan(columns(limits.columns))[0]).toHaveLength(limits.columns);
    expect(() => scan(columns(limits.columns + 1))).toThrow(
      faulty('too-many-columns', { row: 1, limit: limits.columns }),
    );
  });

  it('a row of 16 MiB is read, one byte more is refused, however it is cut', () => {
    const row = Buffer.alloc(limits.rowBytes, 0x78);
    row[limits.rowBytes - 1] = 0x0a;
    expect(scan(row)[0]![0]).toHaveLength(limits.rowBytes - 1);
    const longer = Buffer.concat([Buffer.from('id\n'), Buffer.from('y'), row]);
    const refused = faulty('row-too-large', { row: 2, byteOffset: 3 });
    expect(() => scan(longer)).toThrow(refused);
    expect(() => scan(longer, comma, [10, 5_000_000, 9_000_000])).toThrow(refused);
  });

  it('10,000 empty lines before a row are rows, 10,001 are refused', () => {
    const after = (count: number) => scan(`a,b\n${'\n'.repeat(count)}1,2\n`);
    expect(after(limits.emptyRows)).toHaveLength(limits.emptyRows + 2);
    expect(() => after(limits.emptyRows + 1)).toThrow(faulty('bad-row', { row: limits.emptyRows + 3 }));
    expect(scan(`a,b\n1,2\n${'\n'.repeat(limits.emptyRows + 1)}`)).toHaveLength(2);
  });

  it('a line of 200 MB ends the reading after little more than the limit', () => {
    const scanner = new DelimitedScanner({
      path: 'long.csv',
      dialect: comma,
      sink: { record: () => {}, emptyLine: () => {} },
    });
    const block = new Uint8Array(4 * 1024 * 1024).fill(0x78);
    let written = 0;
    expect(() => {
      for (; written < 50; written++) scanner.write(block);
    }).toThrow(faulty('row-too-large', { row: 1, byteOffset: 0 }));
    expect(written).toBeLessThan(10);
  });
});

describe('the dialect', () => {
  const detect = (text: string, chosen = {}) => detectDialect(Buffer.from(text), chosen, { whole: true });

  it.each([
    ['a,b\n1,2\n', ','],
    ['a\tb\n1,5\t2\n', '\t'],
    ['a;b\n1,5;2\n', ';'],
    ['a|b\n1|2\n', '|'],
    ['a\u0001b\n1\u00012\n', '\u0001'],
    ['"a,x";b\n"1,2";3\n', ';'],
  ])('of %j is %j', (text, delimiter) =>
    expect(detect(text)).toEqual({ delimiter: delimiter.charCodeAt(0), quote: 'double' }),
  );

  it('has no quotes where they would not close', () => {
    expect(detect('a\tb\n"x\t1\ny\t2\n')).toEqual({ delimiter: 9, quote: 'none' });
  });

  it('is what the user fixed', () => {
    expect(detect('a,b;c\n1,2;3\n', { delimiter: 0x3b })).toEqual({ delimiter: 0x3b, quote: 'double' });
  });

  it('leads to the faulty row where there is one, not to a single column', () => {
    const dialect = detect('a,b,c\n1,2,3\n4,5\n');
    expect(dialect.delimiter).toBe(0x2c);
    expect(() => scan('a,b,c\n1,2,3\n4,5\n', dialect)).toThrow(faulty('bad-row', { row: 3 }));
  });
});

describe.skipIf(!hasShared)('csv-spectrum [F2, F3]', () => {
  const folder = sharedPath('vectors/bad_inputs/csv-spectrum');
  const names = hasShared ? readdirSync(`${folder}/csvs`).map((name) => name.slice(0, -4)) : [];

  it.each(names)('%s', (name) => {
    const stored = JSON.parse(readFileSync(`${folder}/json/${name}.json`, 'utf8')) as
      | Record<string, string>
      | Record<string, string>[];
    // One expected file is an object instead of a list, with another telephone number than its CSV has.
    const expected = Array.isArray(stored) ? stored : [{ ...stored, 'Contact Phone Number': '2095257564' }];
    // The copies of the CRLF files have LF; their expected values show what they were.
    const csv = readFileSync(`${folder}/csvs/${name}.csv`, 'utf8');
    const text = name.endsWith('_crlf') ? csv.replaceAll(/\r?\n/g, '\r\n') : csv;
    const dialect = detectDialect(Buffer.from(text), {}, { whole: true });
    const [header = [], ...rows] = scan(text, dialect);
    expect(rows.map((row) => Object.fromEntries(header.map((column, i) => [column, row[i]])))).toEqual(expected);
  });
});
