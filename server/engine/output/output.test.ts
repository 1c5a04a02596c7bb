import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { rowsFile, type TestDataset, testDataset } from '../testing/dataset.ts';
import { query } from '../testing/parquet.ts';
import { makeWorkbook, plainRow } from '../testing/workbook.ts';
import { makeZip } from '../testing/zip.ts';
import { copyRows } from './copy-rows.ts';
import { exportRows } from './export-rows.ts';

const phones = { ids: [{ column: 'mobile', profile: 'phone' }] };
const refused = (code: string) => expect.objectContaining({ code });

async function copied(dataset: TestDataset, rows: readonly number[], path = dataset.path) {
  const to = join(testFolder(), 'matched');
  const report = await copyRows({ path, reading: dataset.report.reading, rows: rowsFile(rows), to }, testContext());
  const bytes = readFileSync(to);
  expect(report).toMatchObject({ rowCount: rows.length, bytes: bytes.length });
  expect(readdirSync(dirname(to))).toEqual(['matched']);
  return { bytes, report };
}

describe('copied rows', () => {
  const text = 'mobile, name \r\n13800138000,"a ""b""\r\nc"\n\n13800138002,  d\r13800138003,上海';

  it('are the bytes of the file: header, quotes, spaces and line ends as they were, in their order', async () => {
    const dataset = await testDataset(text, phones);
    expect(dataset.report.rowCount).toBe(4);
    expect((await copied(dataset, [0, 3])).bytes.toString()).toBe(
      'mobile, name \r\n13800138000,"a ""b""\r\nc"\n13800138003,上海',
    );
    expect((await copied(dataset, [2])).bytes.toString()).toBe('mobile, name \r\n13800138002,  d\r');
    expect((await copied(dataset, [])).bytes.toString()).toBe('mobile, name \r\n');
    expect((await copied(dataset, [0, 2, 3])).bytes.toString()).toBe(text.replace('\n\n', '\n'));
  });

  it('keep the encoding and its mark', async () => {
    for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
      const write = (part: string) => {
        const wide = Buffer.from(part, encoding === 'utf-8' ? 'utf8' : 'utf16le');
        return encoding === 'utf-16be' ? wide.swap16() : wide;
      };
      const dataset = await testDataset(write(`\ufeff${text}`), phones);
      expect(dataset.report.reading.layout).toMatchObject({ encoding: { encoding } });
      expect((await copied(dataset, [0, 3])).bytes).toEqual(
        write('\ufeffmobile, name \r\n13800138000,"a ""b""\r\nc"\n13800138003,上海'),
      );
    }
    // "mobile,城市" / "13800138000,上海" / "13800138001,北京" in GB 18030.
    const rows = ['mobile,b3c7cad0', '13800138000,c9cfbaa3', '13800138001,b1b1bea9'].map((row) => {
      const [plain, hex] = row.split(',');
      return Buffer.concat([Buffer.from(`${plain},`), Buffer.from(hex!, 'hex'), Buffer.from('\r\n')]);
    });
    const dataset = await testDataset(Buffer.concat(rows), phones);
    expect((await copied(dataset, [1])).bytes).toEqual(Buffer.concat([rows[0]!, rows[2]!]));
  });

  it('of an archive are unpacked, and of JSON Lines are the lines themselves', async () => {
    const expected = 'mobile,n\n13800138001,2\n';
    const csv = 'mobile,n\n13800138000,1\n13800138001,2\n';
    for (const packed of [gzipSync(csv), makeZip([{ name: 'people.csv', data: csv }])]) {
      expect((await copied(await testDataset(packed, phones), [1])).bytes.toString()).toBe(expected);
    }
    const lines = ['{"mobile": "13800138000" }', '{ "mobile":"13800138001","x":[1, 2]}', ''];
    expect((await copied(await testDataset(lines.join('\n'), phones), [1])).bytes.toString()).toBe(`${lines[1]}\n`);
  });

  it('of a file without a header begin with the first row', async () => {
    const dataset = await testDataset('13800138000,1\n13800138001,2\n', {
      ids: [{ column: 'column1', profile: 'phone' }],
    });
    expect((await copied(dataset, [1])).bytes.toString()).toBe('13800138001,2\n');
    for (const first of [1, 3]) {
      const rows = ['13800138000', '13800138001'].map((mobile, i) => plainRow(first + i, [mobile, i + 1])).join('');
      const workbook = await testDataset(
        makeWorkbook({ sheets: [{ name: 'S', rows }] }),
        { ids: [{ column: 'column1', profile: 'phone' }] },
        'p.xlsx',
      );
      expect((await copied(workbook, [1])).bytes.toString()).toBe('\ufeff13800138001,2\n');
    }
  });

  it('of a workbook or Parquet are CSV that a spreadsheet opens as text [F14]', async () => {
    const sheet = [
      ['mobile', '=name', 'n'],
      ['13800138000', 'a, b', 5],
      ['13800138001', '=1+1', -5],
    ];
    const rows = sheet.map((row, i) => plainRow(i + 2, row)).join('');
    const workbook = await copied(
      await testDataset(makeWorkbook({ sheets: [{ name: 'S', rows }] }), phones, 'p.xlsx'),
      [0, 1],
    );
    expect(workbook.bytes.toString()).toBe(`\ufeffmobile,'=name,n\n13800138000,"a, b",5\n13800138001,'=1+1,'-5\n`);
    expect(workbook.report.escapedCellCount).toBe(2);
    const path = join(testFolder(), 'p.parquet');
    await query(
      `COPY (SELECT * FROM (VALUES ('13800138000', '+x', -5), ('13800138001', 'a,b', 6), (NULL, NULL, NULL)) t(mobile, "a b", n)) TO '${path}' (FORMAT parquet)`,
    );
    const dataset = await testDataset(readFileSync(path), phones, 'p.parquet');
    expect((await copied(dataset, [0, 1, 2])).bytes.toString()).toBe(
      `\ufeffmobile,a b,n\n13800138000,'+x,-5\n13800138001,"a,b",6\n,,\n`,
    );
  });

  it('are refused where the file is no longer what was imported [F11]', async () => {
    const dataset = await testDataset(text, phones);
    for (const changed of [text.replace('8003', '8004'), `${text}x`, 'mobile\n']) {
      writeFileSync(dataset.path, changed);
      await expect(copied(dataset, [0])).rejects.toThrow(refused('file-changed'));
    }
    for (const [bytes, name] of [
      [
        makeWorkbook({ sheets: [{ name: 'S', rows: `${plainRow(1, ['mobile'])}${plainRow(2, [13800138000])}` }] }),
        'p.xlsx',
      ],
      [gzipSync(text), 'p.gz'],
    ] as const) {
      const packed = await testDataset(bytes, phones, name);
      const other = Uint8Array.from(bytes);
      other[10]! ^= 1;
      writeFileSync(packed.path, other);
      await expect(copied(packed, [0])).rejects.toThrow(
        expect.objectContaining({ code: expect.stringMatching(/file-changed|damaged/) }),
      );
    }
  });

  it('of any table are exactly the chosen records', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '长', ' '), maxLength: 4 });
    const rows = fc.array(fc.tuple(cell, fc.boolean()), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        const lines = table.map(([value], i) => `${13_800_000_000 + i},"${value.replaceAll('"', '""')}"\r\n`);
        const dataset = await testDataset(`mobile,x\n${lines.join('')}`, phones);
        const chosen = [...table.keys()].filter((i) => table[i]![1]);
        expect((await copied(dataset, chosen)).bytes.toString()).toBe(
          `mobile,x\n${chosen.map((i) => lines[i]).join('')}`,
        );
      }),
      { numRuns: 5 },
    );
  });
});

describe('an exported audience', () => {
  const text =
    'mobile,city,n,day\n13800138000,"=HYPERLINK(""http://x"")",-5,2024-01-05\n13800138001,"a, ""b""\nc",7,2024-01-06\n,@x,8,\n13800138003,北京,,\n';
  const attributes = (['city', 'n', 'day'] as const).map((column) => ({ column, grade: 'public' as const }));

  async function exported(dataset: TestDataset, rows: readonly number[], columns: readonly string[], sha256?: string) {
    const to = join(testFolder(), 'audience.csv');
    const input = { parquet: dataset.parquet, rows: rowsFile(rows), columns, minimumRows: 0, to };
    const report = await exportRows(sha256 === undefined ? input : { ...input, sha256 }, testContext());
    const bytes = readFileSync(to);
    expect(report).toMatchObject({ rowCount: rows.length, bytes: bytes.length });
    return { text: bytes.toString(), report };
  }

  it('of too few rows is not written, the message does not count them and says who can change that [F77]', async () => {
    const dataset = await testDataset(text, { ...phones, attributes });
    const to = join(testFolder(), 'audience.csv');
    const input = { parquet: dataset.parquet, rows: rowsFile([0, 1, 3]), columns: ['mobile'], minimumRows: 50, to };
    await expect(exportRows(input, testContext())).rejects.toMatchObject({
      code: 'below-minimum',
      message: expect.stringMatching(/^fewer than 50 rows would .* admin of this node .* minimumGroupRows\.$/),
    });
    expect(existsSync(to)).toBe(false);
  });

  it('has the chosen columns and rows, opens right in Excel and WPS, and runs nothing there [F14]', async () => {
    const dataset = await testDataset(text, { ...phones, attributes });
    const { text: csv, report } = await exported(dataset, [0, 1, 2, 3], ['city', 'mobile', 'n', 'day']);
    expect(csv).toBe(
      `\ufeffcity,mobile,n,day\n"'=HYPERLINK(""http://x"")",13800138000,-5,2024-01-05\n"a, ""b""\nc",13800138001,7,2024-01-06\n'@x,,8,\n北京,13800138003,,\n`,
    );
    expect(report.escapedCellCount).toBe(2);
    expect((await exported(dataset, [2], ['n'])).text).toBe('\ufeffn\n8\n');
    expect((await exported(dataset, [], ['n'])).text).toBe('\ufeffn\n');
  });

  it.each(['=1', '+1', '-x', '@a', '\tx', '\rx', '＝1', '＋1'])('escapes a cell that begins as %j', async (cell) => {
    const dataset = await testDataset(`mobile,city\n13800138000,"${cell}"\n13800138001,x\n`, {
      ...phones,
      attributes: [{ column: 'city', grade: 'public' }],
    });
    const { text: csv, report } = await exported(dataset, [0], ['city']);
    expect(csv.split('city\n')[1]!.replaceAll('"', '')).toBe(`'${cell}\n`);
    expect(report.escapedCellCount).toBe(1);
  });

  it('escapes the header too', async () => {
    const dataset = await testDataset('mobile,"=cmd|x"\n13800138000,1\n', {
      ...phones,
      attributes: [{ column: '=cmd|x', grade: 'public' }],
    });
    expect((await exported(dataset, [0], ['=cmd|x'])).text).toBe(`\ufeff'=cmd|x\n1\n`);
  });

  it('larger than a block has every row in its place', async () => {
    const count = 300_000;
    const lines = Array.from({ length: count }, (_, i) => `${13_000_000_000 + i},${i}\n`);
    const dataset = await testDataset(`mobile,n\n${lines.join('')}`, {
      ...phones,
      attributes: [{ column: 'n', grade: 'public' }],
    });
    const chosen = Array.from({ length: count }, (_, i) => i).filter((i) => i % 11 !== 3);
    const { text: csv } = await exported(dataset, chosen, ['mobile', 'n']);
    expect(csv === `\ufeffmobile,n\n${chosen.map((i) => lines[i]).join('')}`).toBe(true);
  });

  it('of a column that is not there, or a file that was changed, is refused [F56, F65]', async () => {
    const dataset = await testDataset(text, { ...phones, attributes });
    await expect(exported(dataset, [0], ['n" FROM x; --'])).rejects.toThrow(refused('missing-column'));
    await expect(exported(dataset, [0], ['row'])).rejects.toThrow(refused('missing-column'));
    await expect(exported(dataset, [9], ['n'])).rejects.toThrow(refused('stored-data-damaged'));
    await expect(exported(dataset, [0], ['n'], '0'.repeat(64))).rejects.toThrow(refused('stored-data-damaged'));
  });
});
