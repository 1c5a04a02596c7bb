/** One file, two readers: a node, and the page of a guest. Both give the same table, and refuse the same files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { idColumns } from '../console/guest/list/id-columns.ts';
import { keyList } from '../console/guest/list/key-list.ts';
import { readTable } from '../console/guest/list/read-table.ts';
import { readWorkbook } from '../console/guest/list/read-workbook.ts';
import { zipParts } from '../console/guest/list/zip-parts.ts';
import { browserRandom } from '../console/guest/run/browser-random.ts';
import { expansionLimits } from '../core/archive/index.ts';
import { workbookParts } from '../core/workbook/testing/workbook.ts';
import { detectText } from '../server/engine/read/layout.ts';
import { limits } from '../server/engine/read/limits.ts';
import { openSource } from '../server/engine/read/source.ts';
import { openContent } from '../server/engine/read/unpack.ts';
import { detectSheet, feedSheet } from '../server/engine/read/workbook.ts';
import { testFolder } from '../server/engine/testing/context.ts';
import { makeWorkbook, plainRow, type TestWorkbook } from '../server/engine/testing/workbook.ts';
import { makeZip, type ZipMember } from '../server/engine/testing/zip.ts';
import { hasShared, sharedPath } from './shared.ts';

interface Read {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

async function readByNode(bytes: Uint8Array, sheet?: string): Promise<Read> {
  const path = join(testFolder(), 'list.xlsx');
  writeFileSync(path, bytes);
  const source = await openSource(path);
  try {
    const content = await openContent(source);
    if (content.kind !== 'workbook') throw Object.assign(new Error('no workbook'), { code: content.kind });
    const detected = await detectSheet(content.entries, path, sheet === undefined ? {} : { sheet });
    const { columns } = detected.layout;
    const rows: string[][] = [];
    const sink = {
      row: (cells: readonly (string | undefined)[]) => void rows.push(columns.map((_, i) => cells[i] ?? '')),
      emptyRow: () => void rows.push(columns.map(() => '')),
    };
    for await (const _ of feedSheet(detected, sink));
    return { columns, rows };
  } finally {
    await source.close();
  }
}

const inPage = (bytes: Uint8Array, sheet?: string) => readTable(new Blob([Uint8Array.from(bytes)]), sheet);

async function readByPage(bytes: Uint8Array, sheet?: string): Promise<Read> {
  const { table } = await inPage(bytes, sheet);
  return { columns: table.header, rows: table.rows };
}

const header = plainRow(1, ['name', 'mobile']);
const people = (rows: string, more: Partial<TestWorkbook> = {}) =>
  makeWorkbook({ sheets: [{ name: 'People', rows }], ...more });

const books: Readonly<Record<string, Buffer>> = {
  'plain cells, gaps and rows that are left out': people(
    `${header}${plainRow(2, ['王 & <b>', 13_800_138_000])}<row r="5"><c r="B5" t="s"><v>1</v></c></row><row r="6"/><row r="7"><c r="A7"/></row>`,
    { sharedStrings: '<si><t>zero</t></si><si><r><t>北</t></r><r><t>京 </t></r><rPh><t>beijing</t></rPh></si>' },
  ),
  'numbers as spreadsheets store them': people(
    header +
      ['1.3800138E10', '13800138000', '0.30000000000000004', '352099001761481', '1.23456789012346E+18', '-5']
        .map((number, i) => `<row r="${i + 2}"><c r="B${i + 2}"><v>${number}</v></c></row>`)
        .join(''),
  ),
  'dates, truth values, errors and formulas': people(
    `${header}<row r="2"><c r="A2" s="1"><v>45351.75</v></c><c r="B2" t="b"><v>1</v></c></row><row r="3"><c r="A3" t="e"><v>#N/A</v></c><c r="B3" t="str"><f>"a"</f><v>a</v></c></row>`,
    { styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>' },
  ),
  'days from 1904': people(`${header}<row r="2"><c r="A2" s="0"><v>43889</v></c></row>`, {
    styles: '<cellXfs><xf numFmtId="14"/></cellXfs>',
    is1904: true,
  }),
  'no header': people(plainRow(3, ['a', 13_800_138_000]) + plainRow(4, ['b', 13_800_138_001])),
  'a header below': people(plainRow(4, ['name', 'mobile']) + plainRow(6, ['a', 13_800_138_000])),
  'more cells than the header has': people(`${header}${plainRow(2, ['a', 13_800_138_000, 'beside'])}`),
  'a cover that is empty and a sheet that is hidden': makeWorkbook({
    sheets: [
      { name: 'Cover', rows: '' },
      { name: 'Secret', rows: plainRow(1, ['hidden']) + plainRow(2, ['x']), state: 'veryHidden' },
      { name: 'People', rows: header + plainRow(2, ['a', 13_800_138_000]) },
    ],
  }),
};

const retail = 'data/uci_online_retail/online_retail_part.xlsx.gz';

describe('a workbook is the same table for a node and in a guest’s page', () => {
  it.each(Object.entries(books))('with %s', async (_, bytes) => {
    const read = await readByPage(bytes);
    expect(read.rows.length).toBeGreaterThan(0);
    expect(read).toEqual(await readByNode(bytes));
  });

  it('whichever sheet is chosen; the page has all that can be seen', async () => {
    const bytes = makeWorkbook({
      sheets: ['One', 'Two', '三'].map((name) => ({ name, rows: plainRow(1, [name]) + plainRow(2, [`in ${name}`]) })),
    });
    for (const sheet of ['One', 'Two', '三']) {
      expect(await readByPage(bytes, sheet)).toEqual({ columns: [sheet], rows: [[`in ${sheet}`]] });
      expect(await readByNode(bytes, sheet)).toEqual({ columns: [sheet], rows: [[`in ${sheet}`]] });
    }
    expect(await inPage(bytes)).toMatchObject({ sheet: 'One', sheets: ['One', 'Two', '三'] });
  });

  it.skipIf(!hasShared(retail))('of 51,000 rows of a real shop: all of them, missing customers, dates', async () => {
    const bytes = gunzipSync(readFileSync(sharedPath(retail)));
    const read = await readByPage(bytes);
    expect(read).toEqual(await readByNode(bytes));
    const { columns, rows } = read;
    expect(columns.join()).toBe('InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID');
    expect(rows).toHaveLength(50_999);
    expect(rows.filter((row) => row[6] === '')).toHaveLength(18_402);
    expect(rows.filter((row) => row[2] === '')).toHaveLength(144);
    expect(rows[0]!.join()).toBe('536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850');
    expect(rows.every((row) => /^201[01]-\d\d-\d\d \d\d:\d\d:00$/.test(row[4]!))).toBe(true);
  });
});

describe('a text is the same table for a node and in a guest’s page', () => {
  it.each<[string, string | Buffer]>([
    ['commas', 'name,mobile\na,13800138000\n'],
    ['semicolons, CRLF, quotes and an empty line', 'name;mobile\r\n"a;""b""";13800138000\r\n\r\nc;\r\n'],
    ['tabs and a mark', '\ufeffname\tmobile\ra\t1,5'],
    ['the delimiter of Hive', 'name\u0001mobile\na\u000113800138000\n'],
    ['a quote that never closes', 'name,mobile\na,"13800138000\n'],
    ['one column', 'mobile\n13800138000\n\n13800138001\n\n\n'],
    ['no header, after an empty line', '\n13800138000,a\n13800138001,b\n'],
    ['UTF-16 without a mark', Buffer.from('name,mobile\na,13800138000\n', 'utf16le')],
    // "姓名,城市" and "张三,北京".
    ['GB 18030', Buffer.from('d0d5c3fb2cb3c7cad00ad5c5c8fd2cb1b1bea90a', 'hex')],
  ])('with %s', async (_, text) => {
    const path = join(testFolder(), 'list.csv');
    writeFileSync(path, text);
    const source = await openSource(path);
    try {
      const content = await openContent(source);
      if (content.kind !== 'text') throw new Error(`expected text, got ${content.kind}`);
      const { layout, rows } = await detectText(content.text, path, {});
      const { columns } = layout;
      expect(await readByPage(Buffer.from(text as string))).toEqual({
        columns,
        // An empty line has no cells there, and empty ones here.
        rows: rows.map((row) => columns.map((_, i) => row[i] ?? '')),
      });
    } finally {
      await source.close();
    }
  });
});

describe('a list in a workbook', () => {
  it('is matched by its numbers as they stand; those that have lost digits take no part', async () => {
    const stored = ['13800138000', '1.3800138E10', '1.3800138001E10', '1.23456789012346E+18', ''];
    const rows = stored.map(
      (number, i) =>
        `<row r="${i + 2}"><c r="A${i + 2}" t="str"><v>x</v></c><c r="B${i + 2}"><v>${number}</v></c></row>`,
    );
    const { table } = await inPage(people(header + rows.join('')));
    const [column] = idColumns(table, 'phone');
    expect(column).toMatchObject({ name: 'mobile', profile: 'phone' });
    const list = keyList(table, column!, { network: 'harbour', random: browserRandom });
    expect([...list.rows].sort()).toEqual([[0, 1], [2]]);
    expect([...list.refused]).toEqual([
      ['excel-scientific', 1],
      ['empty', 1],
    ]);
  });

  it('is not matched by formulas, which may show what was true once; others are taken as they stand [F15]', async () => {
    const rows = `<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><v>13800138000</v></c></row>`;
    const formula = `<row r="3"><c r="B3"><f>B2+1</f><v>13800138001</v></c></row>`;
    const list = async (bytes: Buffer) => {
      const { table } = await inPage(bytes);
      return keyList(table, idColumns(table, 'phone')[0]!, { network: 'harbour', random: browserRandom });
    };
    expect((await list(people(header + rows))).count).toBe(1);
    await expect(list(people(header + rows + formula))).rejects.toMatchObject({ code: 'formula', place: 3 });
  });

  it('is no longer than a text may be', async () => {
    const file = new Blob([Uint8Array.from(people(header + plainRow(2, ['ab', 1]) + plainRow(3, ['cd', 1])))]);
    // Two cells of two characters and two of one, each with what parts it from the next.
    expect((await readWorkbook(file, { textMax: 10 })).table.rows).toHaveLength(2);
    await expect(readWorkbook(file, { textMax: 9 })).rejects.toMatchObject({ code: 'too-large' });
  });
});

describe('a file that is hostile, broken or something else is refused by both', () => {
  const zipped = (...more: ZipMember[]) =>
    makeZip([...workbookParts({ sheets: [{ name: 'P', rows: header }] }), ...more]);
  const replaced = (name: string, member: Partial<ZipMember>) =>
    makeZip(
      workbookParts({ sheets: [{ name: 'P', rows: header + plainRow(2, ['a', 1]) }] }).map((part) =>
        part.name === name ? { ...part, ...member } : part,
      ),
    );
  const sheet = 'xl/worksheets/sheet1.xml';

  it.each<[string, () => Buffer, string, string]>([
    [
      'a name that climbs out [F13]',
      () => zipped({ name: '../x.xml', data: '' }),
      'archive-refused',
      'archive-hostile',
    ],
    ['a name from the root [F13]', () => zipped({ name: '/etc/x', data: '' }), 'archive-refused', 'archive-hostile'],
    ['a name with backslashes [F13]', () => zipped({ name: 'xl\\x', data: '' }), 'archive-refused', 'archive-hostile'],
    ['a name of a device [F13]', () => zipped({ name: 'xl/nul.xml', data: '' }), 'archive-refused', 'archive-hostile'],
    [
      'too many parts [F13]',
      () =>
        zipped(
          ...Array.from({ length: limits.workbookEntries }, (_, i) => ({ name: `${i}`, data: '', method: 0 as const })),
        ),
      'archive-refused',
      'archive-hostile',
    ],
    [
      'a document type',
      () => replaced(sheet, { data: '<!DOCTYPE x [<!ENTITY a "a">]><worksheet/>' }),
      'workbook-damaged',
      'workbook-damaged',
    ],
    [
      'an entity of its own',
      () => replaced(sheet, { data: '<worksheet>&a;</worksheet>' }),
      'workbook-damaged',
      'workbook-damaged',
    ],
    [
      'rows out of order',
      () => people(header + plainRow(3, ['a']) + plainRow(2, ['b'])),
      'workbook-damaged',
      'workbook-damaged',
    ],
    [
      'a shared text that is not there',
      () => people(`${header}<row r="2"><c r="A2" t="s"><v>7</v></c></row>`),
      'workbook-damaged',
      'workbook-damaged',
    ],
    [
      'a row far below all others',
      () => people(`${header}<row r="1048576"><c r="A1048576"><v>1</v></c></row>`),
      'bad-row',
      'far-row',
    ],
    [
      'bytes that are not UTF-8',
      () => replaced(sheet, { data: Buffer.from('<worksheet>\xff</worksheet>', 'latin1') }),
      'workbook-damaged',
      'workbook-damaged',
    ],
    ['a wrong checksum', () => replaced(sheet, { checksum: 1 }), 'archive-damaged', 'workbook-damaged'],
    ['a wrong size', () => replaced(sheet, { declaredBytes: 3 }), 'archive-damaged', 'workbook-damaged'],
    ['a part with a password', () => replaced(sheet, { flags: 0x801 }), 'archive-refused', 'workbook-foreign'],
    ['a rare packing', () => replaced(sheet, { method: 99 }), 'archive-refused', 'workbook-damaged'],
    ['an end that is missing', () => people(header).subarray(0, -3), 'archive-damaged', 'workbook-damaged'],
    ['no row', () => people(''), 'empty', 'no-rows'],
    [
      'an .xlsb',
      () =>
        makeZip([
          { name: '[Content_Types].xml', data: '' },
          { name: 'xl/workbook.bin', data: 'x' },
        ]),
      'unknown-format',
      'workbook-foreign',
    ],
    [
      'an OpenDocument sheet',
      () =>
        makeZip([
          { name: 'mimetype', data: 'x' },
          { name: 'content.xml', data: 'x' },
        ]),
      'archive-refused',
      'workbook-foreign',
    ],
    ['an .xls, or a password', () => Buffer.from('d0cf11e0a1b11ae10000', 'hex'), 'unknown-format', 'workbook-old'],
  ])('%s', async (_, make, node, page) => {
    const bytes = make();
    await expect(readByNode(bytes)).rejects.toMatchObject({ code: node });
    await expect(inPage(bytes)).rejects.toMatchObject({ name: 'ListError', code: page });
  });

  it('a bomb, after little more than 100 MB: in the page as on a node [F13]', async () => {
    const bytes = makeZip([{ name: 'bomb', data: Buffer.alloc(110 * 1024 * 1024, 0x61) }]);
    const [part] = await zipParts(new Blob([Uint8Array.from(bytes)]));
    let unpackedBytes = 0;
    const unpack = async () => {
      for await (const chunk of part!.chunks()) unpackedBytes += chunk.length;
    };
    await expect(unpack()).rejects.toMatchObject({ name: 'ListError', code: 'archive-hostile' });
    expect(unpackedBytes).toBeLessThanOrEqual(expansionLimits.expandedBytesFree);
  });
});
