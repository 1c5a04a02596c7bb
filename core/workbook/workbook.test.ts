import { describe, expect, it } from 'vitest';
import { utf8ToBytes } from '../bytes/index.ts';
import {
  columnLetters,
  detectSheet,
  feedSheet,
  openSheet,
  type Part,
  type SheetChoices,
  workbookLimits,
} from './index.ts';
import { inMemory, plainRow, type TestWorkbook, workbookParts } from './testing/workbook.ts';

interface ReadTable {
  readonly columns: readonly string[];
  readonly headerRow: number;
  readonly rows: (string | undefined)[][];
  readonly formulas: string[];
  readonly rowsEstimate: number;
}

async function read(parts: readonly Part[], choices: SheetChoices = {}): Promise<ReadTable> {
  const sheet = await detectSheet(parts, choices);
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
  return { columns, headerRow, rows, formulas, rowsEstimate: sheet.rowsEstimate };
}

const people = (rows: string, more: Partial<TestWorkbook> = {}) =>
  read(inMemory(workbookParts({ sheets: [{ name: 'People', rows }], ...more })));
const header = plainRow(1, ['mobile', 'city']);
const damaged = expect.objectContaining({ code: 'damaged' });

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

  it('come from the first visible sheet with rows, or the one that was chosen; macros and links are told and left alone [F15]', async () => {
    const parts = inMemory(
      workbookParts({
        sheets: [
          { name: 'Secret', rows: plainRow(1, ['hidden']), state: 'hidden' },
          { name: 'Cover', rows: '<row r="1"><c r="A1" s="0"/></row>' },
          { name: 'One', rows: plainRow(1, ['one']) },
          { name: 'Two', rows: plainRow(1, ['two']) },
        ],
        more: [
          { name: 'xl/vbaProject.bin', data: 'x' },
          { name: 'xl/externalLinks/externalLink1.xml', data: '<externalLink/>' },
        ],
      }),
    );
    const first = await detectSheet(parts, {});
    expect(first.layout.columns).toEqual(['one']);
    expect(first.workbook).toMatchObject({ hasMacros: true, hasExternalLinks: true });
    expect(first.workbook.sheets.map(({ name }) => name)).toEqual(['Cover', 'One', 'Two']);
    expect((await read(parts, { sheet: 'Two' })).columns).toEqual(['two']);
    await expect(read(parts, { sheet: 'Cover' })).rejects.toMatchObject({ code: 'empty' });
    await expect(read(parts, { sheet: 'Secret' })).rejects.toMatchObject({ code: 'no-sheet' });
  });

  it('are the same however the archive cuts its parts, between the bytes of a character too', async () => {
    const parts = workbookParts({
      sheets: [
        { name: 'S', rows: `${header}${plainRow(2, ['𠮷野家', '上海'])}<row r="3"><c t="s"><v>0</v></c></row>` },
      ],
      sharedStrings: '<si><t>深圳</t></si>',
    });
    const whole = await read(inMemory(parts, 1e6));
    expect(whole.rows).toEqual([['𠮷野家', '上海'], ['深圳']]);
    for (const pieceBytes of [1, 2, 3, 7, 64]) expect(await read(inMemory(parts, pieceBytes))).toEqual(whole);
  });

  it('open again as they were understood', async () => {
    const parts = inMemory(workbookParts({ sheets: [{ name: 'S', rows: header + plainRow(2, [1, 'x']) }] }));
    const { layout } = await detectSheet(parts, {});
    const rows: unknown[] = [];
    for await (const _ of feedSheet(await openSheet(parts, layout), {
      row: (cells) => rows.push(cells),
      emptyRow() {},
    }));
    expect(rows).toEqual([['1', 'x']]);
    await expect(openSheet(parts, { ...layout, sheet: 'Gone' })).rejects.toMatchObject({ code: 'no-sheet' });
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
      code: 'far-row',
      details: { row: 1_048_576 },
    });
  });

  it('a document type is refused before any entity is looked at', async () => {
    const more = [{ name: 'xl/styles.xml', data: '<!DOCTYPE x [<!ENTITY a "aaaa">]><styleSheet/>' }];
    await expect(people(header, { more })).rejects.toThrow(damaged);
  });

  it('an empty sheet has no rows, and other office documents are named', async () => {
    await expect(people('')).rejects.toMatchObject({ code: 'empty' });
    const types = { name: '[Content_Types].xml', data: '<Types/>' };
    for (const other of ['word/document.xml', 'xl/workbook.bin'])
      await expect(read(inMemory([types, { name: other, data: '<w/>' }]))).rejects.toMatchObject({ code: 'foreign' });
  });

  it('a text without an end is not held', async () => {
    const endless: Part = {
      name: 'xl/worksheets/sheet1.xml',
      unpackedBytes: 0,
      async *chunks() {
        yield utf8ToBytes('<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>');
        for (const piece = new Uint8Array(1024 * 1024).fill(0x61); ; ) yield piece;
      },
    };
    const parts = inMemory(workbookParts({ sheets: [{ name: 'S', rows: '' }] }));
    await expect(read(parts.map((part) => (part.name === endless.name ? endless : part)))).rejects.toMatchObject({
      code: 'too-much-text',
      details: { limit: workbookLimits.textLength },
    });
  });

  it('what the archive or the reader of rows throws goes through as it is', async () => {
    const failure = new Error('the disk');
    const parts = inMemory(workbookParts({ sheets: [{ name: 'S', rows: header + plainRow(2, [1, 'x']) }] }));
    const sheet = await detectSheet(parts, {});
    const failing = () => {
      throw failure;
    };
    const fed = async (opened: typeof sheet, row: () => void) => {
      for await (const _ of feedSheet(opened, { row, emptyRow() {} }));
    };
    await expect(fed(sheet, failing)).rejects.toBe(failure);
    await expect(fed({ ...sheet, part: { ...sheet.part, chunks: failing } }, () => {})).rejects.toBe(failure);
  });
});

it('columns have the letters that a spreadsheet gives them', () => {
  expect([0, 25, 26, 701, 702, 16_383].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
});
