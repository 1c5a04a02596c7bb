import { bytesToHex } from '@causeway/core/bytes';
import { describe, expect, it } from 'vitest';
import { browserRandom } from '../run/browser-random.ts';
import { idColumns } from './id-columns.ts';
import { keyList } from './key-list.ts';
import { ListError } from './list-error.ts';
import { parseCsv } from './parse-csv.ts';
import { readText } from './read-text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof ListError ? [error.code, error.place] : error;
  }
};

describe('the text of a file', () => {
  it('[F2] is read in the encoding that its bytes are valid in', () => {
    // "姓名" in GB 18030.
    expect(readText(Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb))).toBe('姓名');
    expect(readText(bytes('姓名'))).toBe('姓名');
    expect(readText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('a');
    expect(readText(Uint8Array.of(0xff, 0xfe, 0x61, 0x00))).toBe('a');
  });

  it('is refused where it is none', () => {
    expect(codeOf(() => readText(Uint8Array.of(0x61, 0, 0, 0xff)))).toEqual(['encoding', undefined]);
    expect(codeOf(() => readText(Uint8Array.of(0xff, 0xff, 0xff)))).toEqual(['encoding', undefined]);
  });
});

describe('a delimited table', () => {
  it.each([
    ['a,b\n1,2\n', [['1', '2']]],
    ['a;b\r\n1;"2;3"\r\n', [['1', '2;3']]],
    ['a\tb\r1\t"say ""hi"""\r', [['1', 'say "hi"']]],
    ['"a,x",b\n"line\nend",2', [['line\nend', '2']]],
    [
      'a,b\n\n1,\n\n\n',
      [
        ['', ''],
        ['1', ''],
      ],
    ],
  ])('%j', (text, rows) => expect(parseCsv(text).rows).toEqual(rows));

  it('without a header keeps its first row', () => {
    const table = parseCsv('13800000001,a\n13800000002,b\n');
    expect(table).toMatchObject({ header: ['column1', 'column2'], hasHeader: false });
    expect(table.rows).toHaveLength(2);
    expect(parseCsv('mobile\n13800000001\n').hasHeader).toBe(true);
  });

  it('is refused where a row was read wrong, with the row as a spreadsheet counts', () => {
    expect(codeOf(() => parseCsv('a,b\n1,2\n3\n'))).toEqual(['uneven', 3]);
    expect(codeOf(() => parseCsv('a,b\n1,"2\n'))).toEqual(['open-quote', 2]);
    expect(codeOf(() => parseCsv('a,b\n'))).toEqual(['no-rows', undefined]);
    expect(codeOf(() => parseCsv(''))).toEqual(['no-rows', undefined]);
  });
});

describe('the keys of a list', () => {
  const table = parseCsv(
    ['name,手机', 'a,13800000001', 'b,+86 138 0000 0001', 'c,13800000002', 'd,', 'e,nothing', 'f,13900000003'].join(
      '\n',
    ),
  );
  const [column] = idColumns(table, 'phone/sha256');
  const made = () => keyList(table, column!, { network: 'harbour', random: browserRandom });

  it('stand for distinct identifiers, each with the rows that carry it', () => {
    expect(column).toMatchObject({ name: '手机', profile: 'phone', form: 'phone/sha256' });
    const list = made();
    expect([list.count, list.keys.length, list.rowCount]).toEqual([3, 48, 4]);
    expect([...list.rows].sort((a, b) => a[0]! - b[0]!)).toEqual([[0, 1], [2], [5]]);
    expect([...list.refused.values()].reduce((a, b) => a + b)).toBe(2);
  });

  it('are the same whoever makes them, in an order that nobody can tell', () => {
    const orders = new Set<string>();
    const sorted = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const { keys } = made();
      const rows = [0, 1, 2].map((row) => bytesToHex(keys.subarray(row * 16, row * 16 + 16)));
      orders.add(rows.join());
      sorted.add(rows.sort().join());
    }
    expect(sorted.size).toBe(1);
    expect(orders.size).toBeGreaterThan(3);
  });

  it('say how densely numbers lie in their densest segment', () => {
    const dense = Array.from({ length: 300 }, (_, i) => `1380000${String(i).padStart(4, '0')}`);
    const list = (text: string, host: string) => {
      const lines = parseCsv(text);
      return keyList(lines, idColumns(lines, host)[0]!, { network: 'harbour', random: browserRandom });
    };
    expect(list(`phone\n${dense.join('\n')}\n${dense.join('\n')}`, 'phone').density).toBe(3);
    expect(list(`email\n${dense.map((n) => `${n}@example.org`).join('\n')}`, 'email').density).toBeUndefined();
  });

  it('a column in another form is not offered', () => {
    expect(idColumns(table, 'email')).toEqual([]);
  });
});
