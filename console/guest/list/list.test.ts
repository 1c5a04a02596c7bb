import { bytesToHex } from '@causeway/core/bytes';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserRandom } from '../run/browser-random.ts';
import { type IdColumn, idColumns } from './id-columns.ts';
import { keyList } from './key-list.ts';
import { readTable } from './read-table.ts';
import type { Table } from './table.ts';

const read = async (...parts: (string | Uint8Array<ArrayBuffer>)[]) => (await readTable(new Blob(parts))).table;

describe('the text of a file', () => {
  it('[F2] is read in the encoding that its bytes are valid in', async () => {
    const name = async (...head: number[]) => (await read(Uint8Array.from(head), '\nx\n')).header;
    // "姓名" in GB 18030.
    expect(await name(0xd0, 0xd5, 0xc3, 0xfb)).toEqual(['姓名']);
    expect((await read('姓名\nx')).header).toEqual(['姓名']);
    expect(await name(0xef, 0xbb, 0xbf, 0x61)).toEqual(['a']);
    expect((await read(Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x0a, 0, 0x62, 0))).rows).toEqual([['b']]);
  });

  it('[F2] that begins in ASCII and goes on in GB 18030 is read as that, past the first megabytes too', async () => {
    const lines = 'id,name\n'.padEnd(5 * 1024 * 1024, '1,abcdefgh\n');
    const table = await read(`${lines.slice(0, lines.lastIndexOf('\n') + 1)}2,`, Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb));
    expect(table.rows.at(-1)).toEqual(['2', '姓名']);
    expect(new Set(table.rows.slice(0, -1).map((row) => row.join())).size).toBe(1);
  });

  it.each<[string, number[]]>([
    ['bytes that are none', [0x61, 0, 0, 0xff]],
    ['no encoding', [0xff, 0xff, 0xff]],
    // "Müller,Köln" in Latin-1, which GB 18030 would read as something else.
    ['Latin-1', [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72, 0x2c, 0x4b, 0xf6, 0x6c, 0x6e, 0x0a]],
  ])('is refused where it is %s', async (_, bytes) => {
    await expect(read(Uint8Array.from(bytes))).rejects.toMatchObject({ name: 'ListError', code: 'encoding' });
  });
});

describe('a delimited table', () => {
  it.each([
    ['a,b\n1,2\n', [['1', '2']]],
    ['a;b\r\n1;"2;3"\r\n', [['1', '2;3']]],
    ['a\tb\r1\t"say ""hi"""\r', [['1', 'say "hi"']]],
    ['"a,x",b\n"line\nend",2', [['line\nend', '2']]],
    [
      'a,b\n1,"2\n3,4\n',
      [
        ['1', '"2'],
        ['3', '4'],
      ],
    ],
    [
      'a,b\n\n1,\n\n\n',
      [
        ['', ''],
        ['1', ''],
      ],
    ],
  ])('%j', async (text, rows) => expect((await read(text)).rows).toEqual(rows));

  it('without a header keeps its first row', async () => {
    const table = await read('\n13800000001,a\n13800000002,b\n');
    expect(table).toMatchObject({ header: ['column1', 'column2'], hasHeader: false });
    expect(table.rows).toEqual([
      ['', ''],
      ['13800000001', 'a'],
      ['13800000002', 'b'],
    ]);
    expect(await read('mobile\n13800000001\n')).toMatchObject({ header: ['mobile'], hasHeader: true });
  });

  it.each([
    ['a row with fewer cells', 'a,b\n1,2\n3\n', 'uneven', 3],
    ['a quote that is never closed', 'a,b\n"1,2",3\n1,"2\n', 'open-quote', 3],
    ['a row after 10,001 empty ones', `a,b\n${'\n'.repeat(10_001)}1,2\n`, 'far-row', 10_003],
    ['a row of 10,001 cells', `a,b\n1${',1'.repeat(10_000)}\n`, 'too-many-columns', 2],
    ['a header alone', 'a,b\n', 'no-rows', undefined],
    ['an empty line', '\n', 'no-rows', undefined],
    ['nothing', '', 'no-rows', undefined],
  ])('with %s is refused, with the row as a spreadsheet counts', async (_, text, code, place) => {
    await expect(read(text)).rejects.toMatchObject({ name: 'ListError', code, place });
  });
});

describe('the keys of a list', () => {
  let table: Table;
  let column: IdColumn;
  beforeAll(async () => {
    const cells = ['a,13800000001', 'b,+86 138 0000 0001', 'c,13800000002', 'd,', 'e,nothing', 'f,13900000003'];
    table = await read(['name,手机', ...cells].join('\n'));
    column = idColumns(table, 'phone/sha256')[0]!;
  });
  const made = () => keyList(table, column, { network: 'harbour', random: browserRandom });

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

  it('say how densely numbers lie in their densest segment', async () => {
    const dense = Array.from({ length: 300 }, (_, i) => `1380000${String(i).padStart(4, '0')}`);
    const list = async (text: string, host: string) => {
      const lines = await read(text);
      return keyList(lines, idColumns(lines, host)[0]!, { network: 'harbour', random: browserRandom });
    };
    expect((await list(`phone\n${dense.join('\n')}\n${dense.join('\n')}`, 'phone')).density).toBe(3);
    const mails = dense.map((number) => `${number}@example.org`);
    expect((await list(`email\n${mails.join('\n')}`, 'email')).density).toBeUndefined();
  });

  it('a column in another form is not offered', () => {
    expect(idColumns(table, 'email')).toEqual([]);
  });
});
