import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../testing/context.ts';
import { hasShared, sharedPath } from '../../testing/shared.ts';
import { makeWorkbook, plainRow, type TestWorkbook } from '../../testing/workbook.ts';
import { makeZip } from '../../testing/zip.ts';
import type { ReadChoices } from '../layout.ts';
import { openSource } from '../source.ts';
import { openContent } from '../unpack.ts';
import { dateText, isDateFormat, numberText } from './cell-number.ts';
import { columnLetters } from './sheet.ts';
import { detectSheet, feedSheet } from './table.ts';

interface ReadTable {
  readonly columns: readonly string[];
  readonly headerRow: number;
  readonly rows: (string | undefined)[][];
  readonly formulas: string[];
  readonly warnings: readonly string[];
  readonly rowsEstimate: number;
}

async function read(bytes: Uint8Array, choices: ReadChoices = {}): Promise<ReadTable> {
  const path = join(testFolder(), 'people.xlsx');
  writeFileSync(path, bytes);
  const source = await openSource(path);
  try {
    const content = await openContent(source);
    if (content.kind !== 'workbook') throw new Error(`expected a workbook, got ${content.kind}`);
    const sheet = await detectSheet(content.entries, path, choices);
    const rows: (string | undefined)[][] = [];
    const formulas: string[] = [];
    const sink = {
      row: (cells: readonly (string | undefined)[], isFormula: readonly boolean[], number: number) => {
        rows.push([...cells]);
        for (const [i, found] of isFormula.entries()) if (found) formulas.push(`${columnLetters(i)}${number}`);
      },
      emptyRow: () => void rows.push([]),
    };
    for await (const _ of feedSheet(sheet, sink));
    const { columns, headerRow } = sheet.layout;
    return {
      columns,
      headerRow,
      rows,
      formulas,
      warnings: sheet.warnings.map(({ en }) => en),
      rowsEstimate: sheet.rowsEstimate,
    };
  } finally {
    await source.close();
  }
}

const people = (rows: string, more: Partial<TestWorkbook> = {}) =>
  read(makeWorkbook({ sheets: [{ name: 'People', rows }], ...more }));
const header = plainRow(1, ['mobile', 'city']);
const damaged = expect.objectContaining({ code: 'workbook-damaged' });

describe('the rows of a workbook', () => {
  it('are its cells as a person sees them, by column, gaps kept', async () => {
    const table = await people(
      `${header}${plainRow(2, [13800138000, '上海 & <b>'])}<row r="5"><c r="B5" t="s"><v>1</v></c></row><row r="6"/><row r="7"><c r="A7"/></row>`,
      {
        sharedStrings:
          '<si><t>zero</t></si><si><r><t>北</t></r><r><t xml:space="preserve">京 </t></r><rPh><t>beijing</t></rPh></si>',
      },
    );
    expect(table.columns).toEqual(['mobile', 'city']);
    expect(table.rows).toEqual([['13800138000', '上海 & <b>'], [], [], [undefined, '北京 ']]);
  });

  it('without a header are numbered from where they begin', async () => {
    const table = await people(plainRow(3, [13800138000, 'x']) + plainRow(4, [13800138001, 'y']));
    expect(table).toMatchObject({ columns: ['column1', 'column2'], headerRow: 2, rowsEstimate: 2 });
  });

  it('hold dates, truth values, errors and escaped characters as text', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/></cellXfs>';
    const cells = [
      '<c r="A2" s="1"><v>45292.5</v></c>',
      '<c r="B2" s="2"><v>45351</v></c>',
      '<c r="C2" t="b"><v>1</v></c>',
      '<c r="D2" t="e"><v>#N/A</v></c>',
      '<c r="E2" t="inlineStr"><is><t>a_x000D_b</t></is></c>',
      '<c r="F2" t="d"><v>2024-01-01T00:00:00</v></c>',
    ];
    const table = await people(`${plainRow(1, ['a', 'b', 'c', 'd', 'e', 'f'])}<row r="2">${cells.join('')}</row>`, {
      styles,
    });
    expect(table.rows[0]).toEqual([
      '2024-01-01 12:00:00',
      '2024-02-29',
      'TRUE',
      undefined,
      'a\rb',
      '2024-01-01T00:00:00',
    ]);
  });

  it('say where a formula is, and are not computed [F15]', async () => {
    const table = await people(
      `${header}<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>WEBSERVICE("http://x")</f><v>y</v></c></row>`,
    );
    expect(table.rows).toEqual([['2', 'y']]);
    expect(table.formulas).toEqual(['A2', 'B2']);
  });

  it('come from the first visible sheet, or the one that was chosen; macros and links are told and left alone [F15]', async () => {
    const bytes = makeWorkbook({
      sheets: [
        { name: 'Secret', rows: plainRow(1, ['hidden']), state: 'hidden' },
        { name: 'One', rows: plainRow(1, ['one']) },
        { name: 'Two', rows: plainRow(1, ['two']) },
      ],
      more: [
        { name: 'xl/vbaProject.bin', data: 'x' },
        { name: 'xl/externalLinks/externalLink1.xml', data: '<externalLink/>' },
      ],
    });
    const first = await read(bytes);
    expect(first.columns).toEqual(['one']);
    expect(first.warnings).toEqual([
      expect.stringMatching('"One"'),
      expect.stringMatching('macros'),
      expect.stringMatching('other files'),
    ]);
    expect((await read(bytes, { sheet: 'Two' })).columns).toEqual(['two']);
    await expect(read(bytes, { sheet: 'Secret' })).rejects.toMatchObject({ code: 'missing-column' });
  });
});

describe('a workbook that is hostile or broken', () => {
  it.each([
    ['a row twice', `${header}${header}`],
    ['rows out of order', `${plainRow(2, ['a'])}${plainRow(1, ['b'])}`],
    ['a row past the limit', `${header}<row r="1048577"><c r="A1"><v>1</v></c></row>`],
    ['a row number that is none', '<row r="x"/>'],
    ['a column past the limit', `${header}<row r="2"><c r="XFD2"><v>1</v></c></row>`],
    ['cells out of order', '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'],
    ['a shared text that is not there', `${header}<row r="2"><c r="A2" t="s"><v>7</v></c></row>`],
    ['XML that is not well-formed', '<row r="1"><c></row>'],
    ['an entity of its own', '<row r="1"><c r="A1" t="inlineStr"><is><t>&lol;</t></is></c></row>'],
  ])('%s: refused', async (_, rows) => {
    await expect(people(rows)).rejects.toThrow(damaged);
  });

  it('a row far below all others is named, not reached through a million empty ones', async () => {
    await expect(
      people(`${header}${plainRow(2, ['x'])}<row r="1048576"><c r="A1048576"><v>1</v></c></row>`),
    ).rejects.toMatchObject({
      code: 'bad-row',
      details: { row: 1_048_576 },
    });
  });

  it('a document type is refused before any entity is looked at', async () => {
    const sharedStrings = '';
    const bytes = makeWorkbook({
      sheets: [{ name: 'People', rows: header }],
      sharedStrings,
      more: [{ name: 'xl/styles.xml', data: '<!DOCTYPE x [<!ENTITY a "aaaa">]><styleSheet/>' }],
    });
    await expect(read(bytes)).rejects.toThrow(damaged);
  });

  it('an empty sheet has no rows, and other office documents are named', async () => {
    await expect(people('')).rejects.toMatchObject({ code: 'empty' });
    const document = makeZip([
      { name: '[Content_Types].xml', data: '<Types/>' },
      { name: 'word/document.xml', data: '<w/>' },
    ]);
    await expect(read(document)).rejects.toMatchObject({ code: 'unknown-format' });
    const binary = makeZip([
      { name: '[Content_Types].xml', data: '<Types/>' },
      { name: 'xl/workbook.bin', data: 'x' },
    ]);
    await expect(read(binary)).rejects.toMatchObject({ code: 'unknown-format' });
  });
});

describe('a number cell', () => {
  it.each([
    ['13800138000', '13800138000'],
    ['1.3800138E10', '13800138000'],
    ['0.30000000000000004', '0.3'],
    ['352099001761481', '352099001761481'],
    ['3.52099001761481E14', '352099001761481'],
    ['1.23456789012346E+18', '1.23456789012346E+18'],
    ['-5', '-5'],
    ['', ''],
  ])('%j is %j', (stored, text) => expect(numberText(stored)).toBe(text));

  it.each([
    ['1', '1900-01-01'],
    ['59', '1900-02-28'],
    ['60', '1900-02-29'],
    ['61', '1900-03-01'],
    ['45351', '2024-02-29'],
    ['45292.999999', '2024-01-02'],
    ['45292.75', '2024-01-01 18:00:00'],
    ['0.25', '06:00:00'],
    ['2958465', '9999-12-31'],
    ['2958466', '2958466'],
    ['-1', '-1'],
  ])('as a date, %j is %j [F16]', (stored, text) => expect(dateText(stored, false)).toBe(text));

  it('counts from 1904 where the workbook says so', () => expect(dateText('43889', true)).toBe('2024-02-29'));

  it.each([
    [14, undefined, true],
    [0, undefined, false],
    [164, 'yyyy-mm-dd', true],
    [164, '0.00"days"', false],
    [164, '[Red]0', false],
    [164, '#,##0;[Red]-#,##0', false],
    [164, 'General', false],
    [164, 'h:mm AM/PM', true],
  ])('format %i %j shows a date: %s', (format, code, expected) => expect(isDateFormat(format, code)).toBe(expected));

  it('has a column in letters', () => {
    expect([0, 25, 26, 701, 702, 16_383].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
  });
});

describe.skipIf(!hasShared)('a real workbook of 51,000 rows', () => {
  it('is read whole: rows, missing customers, dates', async () => {
    const bytes = gunzipSync(readFileSync(sharedPath('data/uci_online_retail/online_retail_part.xlsx.gz')));
    const { columns, rows } = await read(bytes);
    expect(columns).toEqual([
      'InvoiceNo',
      'StockCode',
      'Description',
      'Quantity',
      'InvoiceDate',
      'UnitPrice',
      'CustomerID',
    ]);
    expect(rows).toHaveLength(50_999);
    expect(rows.filter((row) => row[6] === undefined)).toHaveLength(18_402);
    expect(rows.filter((row) => row[2] === undefined)).toHaveLength(144);
    expect(rows[0]).toEqual([
      '536365',
      '85123A',
      'WHITE HANGING HEART T-LIGHT HOLDER',
      '6',
      '2010-12-01 08:26:00',
      '2.55',
      '17850',
    ]);
    expect(rows.every((row) => /^201[01]-\d\d-\d\d \d\d:\d\d:00$/.test(row[4]!))).toBe(true);
  });
});
