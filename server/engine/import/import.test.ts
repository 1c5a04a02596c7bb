import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { systemDisk } from '../disk.ts';
import { testContext, testFolder } from '../testing/context.ts';
import { query } from '../testing/parquet.ts';
import { hasShared, sharedPath } from '../testing/shared.ts';
import { makeWorkbook, plainRow } from '../testing/workbook.ts';
import { type ImportInput, type ImportReport, importDataset } from './index.ts';
import { readRefused } from './refused.ts';

type Given = Partial<Omit<ImportInput, 'path' | 'folder'>>;

interface Imported {
  readonly report: ImportReport;
  readonly parquet: string;
  readonly folder: string;
  rows(columns: string): Promise<unknown[][]>;
}

/** Imports `content` with the column `mobile` as a phone unless told otherwise. */
async function imported(content: string | Uint8Array, given: Given = {}, name = 'people.csv'): Promise<Imported> {
  const folder = testFolder();
  const path = join(folder, name);
  writeFileSync(path, content);
  return importedFile(path, given);
}

async function importedFile(path: string, given: Given = {}, context = testContext()): Promise<Imported> {
  const folder = join(testFolder(), 'dataset');
  const report = await importDataset(
    { path, folder, ids: [{ column: 'mobile', profile: 'phone' }], attributes: [], ...given },
    context,
  );
  const parquet = join(folder, 'rows.parquet');
  return { report, parquet, folder, rows: (columns) => query(`SELECT ${columns} FROM '${parquet}' ORDER BY "row"`) };
}

const refused = (code: string, details: object = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });
const mobile = (i: number) => String(13_800_000_000 + i);
const cityAndAge = {
  attributes: [
    { column: 'city', grade: 'public' },
    { column: 'age', grade: 'internal' },
  ],
} as const;

describe('an imported dataset', () => {
  it('has the row number, the normalised identifiers and the attributes of every row, in order', async () => {
    const { report, rows } = await imported(
      'mobile,x,city,age\n+86 138-0013-8000,,上海,30\n,y,,\n１３８００１３８００１,z,"Bei, jing",31\n',
      cityAndAge,
    );
    expect(await rows('"row", mobile, city, age')).toEqual([
      [0, '13800138000', '上海', '30'],
      [1, null, null, null],
      [2, '13800138001', 'Bei, jing', '31'],
    ]);
    expect(report).toMatchObject({ rowCount: 3, firstRowNumber: 2 });
    expect(report.attributes.map(({ type, filled }) => [type, filled])).toEqual([
      ['text', 2],
      ['integer', 2],
    ]);
  });

  it('says what it is in its own file, and its hash is told', async () => {
    const { report, parquet } = await imported('mobile,city\n13800138000,上海\n', {
      attributes: [{ column: 'city', grade: 'public' }],
    });
    const bytes = readFileSync(parquet);
    expect(report.parquet).toEqual({
      path: parquet,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  it('tells what was changed and refused, and in which rows, as a spreadsheet numbers them [F5, F6, F8]', async () => {
    const cells = [
      '13800138000',
      '86-13800138001',
      '1.38E+10',
      '13800138002.0',
      "'13800138003",
      '11111111111',
      'NULL',
      '',
      '13800\u200b138004',
      '010-62771234',
    ];
    const { report } = await imported(`id,mobile\n${cells.map((cell, i) => `${i},${cell}`).join('\n')}\n`);
    const [id] = report.ids;
    expect(id).toMatchObject({ column: 'mobile', storedAs: 'mobile', profile: 'phone', accepted: 4, distinct: 4 });
    expect(id!.refused).toMatchObject({
      'excel-scientific': { count: 1, firstRows: [4] },
      'excel-decimal': { count: 1, firstRows: [5] },
      placeholder: { count: 2, firstRows: [7, 8] },
      empty: { count: 1, firstRows: [9] },
    });
    expect(id!.changed).toMatchObject({
      'country-code': { count: 1, firstRows: [3] },
      quotes: { count: 1, firstRows: [6] },
      invisible: { count: 1, firstRows: [10] },
    });
  });

  it('lists every refused row with its reason, in the order of the file, and no value of any [F6]', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? '1.38E+10' : i % 500 === 1 ? '' : mobile(i)));
    const { folder } = await imported(`mobile\n${lines.join('\n')}\n`);
    const text = readFileSync(join(folder, 'refused.csv'), 'utf8');
    expect(readRefused(text)).toEqual(
      Array.from({ length: 1000 }, (_, i) => ({ row: 3 * i + 2, id: 0, reason: 'excel-scientific' })),
    );
    expect(text).not.toMatch(/1\.38|138\d{8}/);
  });

  it('names at most five rows of each kind, the first, whatever the number of chunks', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? '1.38E+10' : mobile(i)));
    const { report } = await imported(`mobile\n${lines.join('\n')}\n`);
    expect(report.ids[0]!.refused['excel-scientific']).toEqual({ count: 1000, firstRows: [2, 5, 8, 11, 14] });
  });

  it('counts repeated and conflicting identifiers [F9]', async () => {
    const text = 'mobile,city\n13800138000,a\n+8613800138000,a\n13800138001,b\n13800138001,c\n13800138002,d\n,e\n,e\n';
    const { report } = await imported(text, { attributes: [{ column: 'city', grade: 'public' }] });
    expect(report.ids[0]).toMatchObject({ accepted: 5, distinct: 3, repeated: 2, conflicting: 1 });
  });

  it('sends what SQL cannot judge through the telephone parser', async () => {
    const { report, rows } = await imported(
      'mobile,n\n(202) 456-1111,0\n+86 13800138000,1\n555-123-4567,2\n202-456-1111,3\n,4\n',
      {
        ids: [{ column: 'mobile', profile: 'phone:US' }],
        attributes: [{ column: 'n', grade: 'internal' }],
      },
    );
    expect(await rows('"row", mobile, n')).toEqual([
      [0, '+12024561111', '0'],
      [1, '+8613800138000', '1'],
      [2, null, '2'],
      [3, '+12024561111', '3'],
      [4, null, '4'],
    ]);
    expect(report.ids[0]!.refused).toMatchObject({
      'invalid-number': { count: 1, firstRows: [4] },
      empty: { count: 1 },
    });
    expect(report.ids[0]!.refused['needs-parsing']).toBeUndefined();
  });

  it('keeps several profiles of one column apart, and names that differ only in case', async () => {
    const { report, rows } = await imported('Mobile,mobile,row\n13800138000,13800138001,7\n', {
      ids: [
        { column: 'Mobile', profile: 'phone' },
        { column: 'mobile', profile: 'phone' },
        { column: 'mobile', profile: 'custom' },
      ],
      attributes: [{ column: 'row', grade: 'internal' }],
    });
    expect([...report.ids, ...report.attributes].map(({ storedAs }) => storedAs)).toEqual([
      'Mobile',
      'mobile_2',
      'mobile_3',
      'row_2',
    ]);
    expect(await rows('"Mobile", mobile_2, mobile_3, row_2')).toEqual([
      ['13800138000', '13800138001', '13800138001', '7'],
    ]);
  });

  it('is the same from every format', async () => {
    const people = [
      ['13800138000', '上海', '30'],
      ['', '北京', ''],
      ['+86 13800138001', '"quoted", 深圳\nline', '-5'],
    ];
    const csv = `mobile,city,age\n${people.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n')}\r\n`;
    const objects = people.map(([phone, city, age]) => ({ age: age || null, city, mobile: phone }));
    const sheet = [['mobile', 'city', 'age'], ...people].map((row, i) =>
      plainRow(
        i + 1,
        row.map((cell) => (cell === '' ? undefined : cell)),
      ),
    );
    const parquet = join(testFolder(), 'people.parquet');
    await query(
      `COPY (SELECT * FROM (VALUES ${people.map((row) => `(${row.map((cell) => `'${cell}'`).join(',')})`).join(',')}) t(mobile, city, age)) TO '${parquet}' (FORMAT parquet)`,
    );
    const sources: Record<string, string | Uint8Array> = {
      'people.csv': csv,
      'people.csv.gz': gzipSync(csv),
      'people-utf16.txt': Buffer.from(
        `\ufeff${csv.replaceAll(',', '\t').replaceAll('"quoted"\t', '"quoted",').replaceAll('""quoted""\t', '""quoted"",')}`,
        'utf16le',
      ),
      'people.jsonl': objects.map((object) => JSON.stringify(object)).join('\n'),
      'people.xlsx': makeWorkbook({ sheets: [{ name: 'S', rows: sheet.join('') }] }),
      'people.parquet': readFileSync(parquet),
    };
    for (const [name, bytes] of Object.entries(sources)) {
      const { report, rows } = await imported(bytes, cityAndAge, name);
      expect([name, await rows('mobile, city, age')]).toEqual([
        name,
        [
          ['13800138000', '上海', '30'],
          [null, '北京', null],
          ['13800138001', '"quoted", 深圳\nline', '-5'],
        ],
      ]);
      expect([name, report.firstRowNumber]).toEqual([name, /jsonl|parquet/.test(name) ? 1 : 2]);
    }
  });

  it('larger than a chunk keeps every row in its place', async () => {
    const wide = 'x'.repeat(2000);
    const lines = Array.from({ length: 40_000 }, (_, i) => `${mobile(i)},${i},${wide}`);
    const { report, parquet } = await imported(`mobile,n,text\n${lines.join('\n')}\n`, {
      attributes: [
        { column: 'n', grade: 'internal' },
        { column: 'text', grade: 'internal' },
      ],
    });
    expect(report.rowCount).toBe(40_000);
    expect(
      await query(
        `SELECT count(*), count(*) FILTER ("row" = n AND mobile = CAST(13800000000 + n AS VARCHAR) AND length(text) = 2000) FROM '${parquet}'`,
      ),
    ).toEqual([['40000', '40000']]);
  });

  it('with a value of several megabytes is imported', async () => {
    const long = 'y'.repeat(5_000_000);
    const { rows } = await imported(`mobile,text\n13800138000,${long}\n13800138001,"${long}"\n`, {
      attributes: [{ column: 'text', grade: 'internal' }],
    });
    expect(await rows('mobile, length(text)')).toEqual([
      ['13800138000', '5000000'],
      ['13800138001', '5000000'],
    ]);
  });
});

describe('attribute types', () => {
  const cases = [
    [['1', '-2', '900719925474099300'], 'integer', ['1', '-2', '900719925474099300']],
    [['1', '2.50'], 'decimal', ['1.0', '2.5']],
    [['007', '1'], 'text', ['007', '1']],
    [['+1', '1'], 'text', ['+1', '1']],
    [['2024-02-29', ''], 'date', ['2024-02-29', null]],
    [['2023-02-29', '2024-02-29'], 'text', ['2023-02-29', '2024-02-29']],
    [['0001-01-01', '9999-12-31'], 'date', ['0001-01-01', '9999-12-31']],
    [['24-03-04', '24-03-05'], 'text', ['24-03-04', '24-03-05']],
    [['03/04/2024', '04/03/2024'], 'text', ['03/04/2024', '04/03/2024']],
    [['2024年3月4日'], 'date', ['2024-03-04']],
    [['2024/1/5 9:05', '2024-03-31 02:30:00'], 'timestamp', ['2024-01-05 09:05:00', '2024-03-31 02:30:00']],
    [['2024-01-05 24:00:00'], 'text', ['2024-01-05 24:00:00']],
    [['1700000000'], 'integer', ['1700000000']],
    [['', ''], 'text', [null, null]],
  ] as const;

  it('are given where every value has them, and nothing is lost [F16]', async () => {
    const names = cases.map((_, i) => `a${i}`);
    const height = Math.max(...cases.map(([cells]) => cells.length));
    const lines = Array.from({ length: height }, (_, i) =>
      [mobile(i), ...cases.map(([cells]) => cells[i] ?? '')].join(','),
    );
    const { report, rows } = await imported(`mobile,${names.join(',')}\n${lines.join('\n')}\n`, {
      attributes: names.map((column) => ({ column, grade: 'internal' })),
    });
    const stored = await rows(names.map((name) => `CAST(${name} AS VARCHAR)`).join(', '));
    for (const [i, [cells, type, expected]] of cases.entries()) {
      const found = stored.slice(0, cells.length).map((row) => row[i]);
      expect([cells, report.attributes[i]!.type, found]).toEqual([cells, type, expected]);
    }
  });
});

describe('text that is hard to carry [F4]', () => {
  /** The binding drops a byte order mark at the beginning of a text. */
  const marked = "'|' || t";

  it('comes back exactly: control characters, quotes, separators, line ends, other scripts', async () => {
    const cells = [
      '\0',
      'a\0b',
      '\x1f',
      '"',
      '""',
      'a"b',
      "'",
      '\r\n',
      '\n',
      '\t',
      ' x ',
      '\\',
      '=1+1',
      '😀👨‍👩‍👧',
      'مرحبا',
      '\u202e',
      "'); DROP TABLE x; --",
      '\\N',
      'NaN',
      '\ufeff',
    ];
    const text = `mobile,t\n${cells.map((cell, i) => `${mobile(i)},"${cell.replaceAll('"', '""')}"`).join('\n')}\n`;
    const { rows } = await imported(text, { attributes: [{ column: 't', grade: 'internal' }] });
    expect((await rows(marked)).map(([cell]) => String(cell).slice(1))).toEqual(cells);
  });

  it('is no reason to take a small file for something else', async () => {
    const { rows } = await imported('mobile,t\n13800138000,a\0b\n', {
      attributes: [{ column: 't', grade: 'internal' }],
    });
    expect(await rows('t')).toEqual([['a\0b']]);
  });

  it('as a column name is a name [F65]', async () => {
    const names = [
      '"; DROP TABLE x; --',
      "a'b",
      'SELECT',
      '列',
      'x"y"',
      "read_csv('/etc/passwd')",
      'x'.repeat(10_000),
      '😀',
    ];
    const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);
    const { report } = await imported(`mobile,${quoted.join(',')}\n13800138000,${names.map((_, i) => i).join(',')}\n`, {
      attributes: names.map((column) => ({ column, grade: 'internal' as const })),
    });
    expect(report.attributes.map(({ storedAs, filled }) => [storedAs, filled])).toEqual(names.map((name) => [name, 1]));
    const json = await imported(
      `${JSON.stringify({ mobile: '13800138000', ...Object.fromEntries(names.map((name, i) => [name, i])), 'a/b~c': 8 })}\n`,
      {
        attributes: [...names, 'a/b~c'].map((column) => ({ column, grade: 'internal' as const })),
      },
    );
    expect(json.report.attributes.map(({ filled }) => filled)).toEqual([...names, 'a/b~c'].map(() => 1));
  });

  it.skipIf(!hasShared)('every naughty string comes back exactly', async () => {
    const strings = (JSON.parse(readFileSync(sharedPath('vectors/bad_inputs/blns.json'), 'utf8')) as string[]).filter(
      (text) => text !== '',
    );
    const text = `mobile,t\n${strings.map((cell, i) => `${mobile(i)},"${cell.replaceAll('"', '""')}"`).join('\n')}\n`;
    const { rows } = await imported(text, { attributes: [{ column: 't', grade: 'internal' }] });
    expect((await rows(marked)).map(([cell]) => String(cell).slice(1))).toEqual(strings);
    const json = await imported(strings.map((t, i) => JSON.stringify({ mobile: mobile(i), t })).join('\n'), {
      attributes: [{ column: 't', grade: 'internal' }],
    });
    expect((await json.rows(marked)).map(([cell]) => String(cell).slice(1))).toEqual(strings);
  });
});

describe('a file that cannot be imported says why, and leaves nothing', () => {
  const fails = async (content: string | Uint8Array, given: Given = {}, name = 'people.csv') => {
    const source = testFolder();
    const context = testContext();
    const folder = join(testFolder(), 'dataset');
    writeFileSync(join(source, name), content);
    const input = {
      path: join(source, name),
      folder,
      ids: [{ column: 'mobile', profile: 'phone' }],
      attributes: [],
      ...given,
    };
    const failure = await importDataset(input, context).then(
      () => new Error('it was imported'),
      (error) => error,
    );
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    return failure;
  };
  const hash = (name: string, text: string) => createHash(name).update(text).digest('hex');
  const column = (cells: readonly string[]) => `mobile\n${cells.join('\n')}\n`;
  const mobiles = Array.from({ length: 100 }, (_, i) => mobile(i));

  it.each([
    ['an empty file', ''],
    ['a header alone', 'mobile,city\n'],
    ['a header and empty lines', 'mobile,city\n\n\n'],
    ['empty lines alone', '\n\n'],
  ])('%s [F1]', async (_, content) => expect(await fails(content)).toEqual(refused('empty')));

  it('a column that is missing or there twice [F2]', async () => {
    const missing = await fails('phone,city\n13800138000,x\n');
    expect(missing).toEqual(refused('missing-column', { column: 'mobile' }));
    expect(missing.message).toContain('"phone", "city"');
    expect(await fails('mobile,mobile\n1,2\n')).toEqual(refused('ambiguous-column', { column: 'mobile' }));
    expect(await fails('mobile\n1\n', { ids: [{ column: 'mobile', profile: 'telephone' }] })).toEqual(
      refused('bad-profile'),
    );
  });

  it('a row that is broken after the sample', async () => {
    const lines = Array.from({ length: 400_000 }, (_, i) => `${mobile(i)},${i}`);
    lines[390_000] += ',extra';
    expect(await fails(`mobile,n\n${lines.join('\n')}\n`)).toEqual(refused('bad-row', { row: 390_002 }));
  });

  it('a column that is hashed where plain text is declared [F10]', async () => {
    const failure = await fails(column(mobiles.map((text) => hash('sha256', text))));
    expect(failure).toEqual(refused('wrong-form', { column: 'mobile', row: 2 }));
    expect(failure.message).toContain('phone/sha256');
  });

  it('MD5 mixed with SHA-256, and digests mixed with plain text [F10]', async () => {
    const mixed = column(mobiles.map((text, i) => hash(i % 2 ? 'md5' : 'sha256', text)));
    expect(await fails(mixed, { ids: [{ column: 'mobile', profile: 'phone/md5' }] })).toEqual(
      refused('mixed-hashes', { row: 2 }),
    );
    expect(await fails(column(mobiles.map((text, i) => (i % 2 ? hash('md5', text) : text))))).toEqual(
      refused('mixed-hashes', { row: 3 }),
    );
  });

  it('plain text or the wrong digest where a digest is declared [F10]', async () => {
    const ids = [{ column: 'mobile', profile: 'phone/md5' }];
    expect(await fails(column(mobiles), { ids })).toEqual(refused('wrong-form', { row: 2 }));
    expect(await fails(column(mobiles.map((text) => hash('sha256', text))), { ids })).toEqual(
      refused('wrong-form', { row: 2 }),
    );
  });

  it('upper-case digests are accepted and made equal [F10]', async () => {
    const { rows } = await imported(column([hash('md5', mobiles[0]!).toUpperCase(), hash('md5', mobiles[0]!)]), {
      ids: [{ column: 'mobile', profile: 'phone/md5' }],
    });
    expect(await rows('mobile')).toEqual([[hash('md5', mobiles[0]!)], [hash('md5', mobiles[0]!)]]);
  });

  it('a formula as an identifier, with its cell [F15]', async () => {
    const rows = `${plainRow(1, ['city', 'mobile'])}${plainRow(2, ['x', 13800138000])}<row r="3"><c r="B3"><f>B2+1</f><v>13800138001</v></c></row>`;
    const failure = await fails(makeWorkbook({ sheets: [{ name: 'S', rows }] }), {}, 'people.xlsx');
    expect(failure).toEqual(refused('formula-in-id', { row: 3, column: 'mobile' }));
    expect(failure.message).toContain('cell B3');
  });

  it('a formula as an attribute is counted, its stored result taken [F15]', async () => {
    const rows = `${plainRow(1, ['mobile', 'n'])}<row r="2"><c r="A2"><v>13800138000</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>`;
    const { report } = await imported(
      makeWorkbook({ sheets: [{ name: 'S', rows }] }),
      { attributes: [{ column: 'n', grade: 'internal' }] },
      'p.xlsx',
    );
    expect(report.attributes[0]).toMatchObject({ formulas: 1, filled: 1 });
  });

  it('a line that is no JSON object, with its number', async () => {
    for (const bad of ['{"mobile": ', '[1]', '"x"', 'null', '{"mobile":1}{']) {
      expect(await fails(`{"mobile":"13800138000"}\n\n${bad}\n`, {}, 'people.jsonl')).toEqual(
        refused('bad-row', { row: 3 }),
      );
    }
  });

  it('Parquet that is damaged, or whose identifier is no text', async () => {
    const path = join(testFolder(), 'p.parquet');
    await query(`COPY (SELECT 13800138000.5 AS mobile, [1] AS list FROM range(10)) TO '${path}' (FORMAT parquet)`);
    const bytes = readFileSync(path);
    expect(await fails(bytes, {}, 'p.parquet')).toEqual(refused('wrong-form', { column: 'mobile' }));
    expect(await fails(bytes.subarray(0, bytes.length - 20), {}, 'p.parquet')).toEqual(refused('unknown-format'));
  });
});

describe('names of files, folders and columns', () => {
  it('that mean something to DuckDB mean nothing here', async () => {
    const folder = join(testFolder(), 'city=x', "a[1]*'?");
    mkdirSync(folder, { recursive: true });
    const parquet = join(folder, "p[2]*'.parquet");
    const plain = join(testFolder(), 'p.parquet');
    await query(`COPY (SELECT '13800138000' AS mobile, 7 AS "row", 1 AS rowid) TO '${plain}' (FORMAT parquet)`);
    renameSync(plain, parquet);
    const attributes = ['row', 'rowid'].map((column) => ({ column, grade: 'internal' as const }));
    const context = { ...testContext(), folder: join(folder, 'scratch') };
    mkdirSync(context.folder);
    const { report } = await importedFile(parquet, { attributes }, context);
    expect(report.reading.layout.columns).toEqual(['mobile', 'row', 'rowid']);
    expect(report.attributes.map(({ storedAs, filled }) => [storedAs, filled])).toEqual([
      ['row_2', 1],
      ['rowid', 1],
    ]);
    const csv = join(folder, 'c[3].csv');
    writeFileSync(csv, 'mobile,file_row_number\n13800138000,9\n13800138001,9\n');
    const numbered = await importedFile(
      csv,
      { attributes: [{ column: 'file_row_number', grade: 'internal' }] },
      context,
    );
    expect(numbered.report.attributes[0]!.storedAs).toBe('file_row_number_2');
  });
});

describe('encodings', () => {
  it('ASCII at first and GB 18030 after megabytes is read as GB 18030 [F2]', async () => {
    const head = Buffer.from(
      `mobile,city\n${Array.from({ length: 250_000 }, (_, i) => `${mobile(i)},SHANGHAI`).join('\n')}\n`,
    );
    const { report, parquet } = await imported(
      Buffer.concat([head, Buffer.from('13900000000,'), Buffer.from('c9cfbaa30a', 'hex')]),
      {
        attributes: [{ column: 'city', grade: 'public' }],
      },
    );
    expect(report.reading.layout).toMatchObject({ encoding: { encoding: 'gb18030' } });
    expect(await query(`SELECT city FROM '${parquet}' WHERE mobile = '13900000000'`)).toEqual([['上海']]);
    expect(report.rowCount).toBe(250_001);
  });

  it('a byte that fits neither is named', async () => {
    const head = Buffer.from(
      `mobile,city\n${Array.from({ length: 250_000 }, (_, i) => `${mobile(i)},SHANGHAI`).join('\n')}\n`,
    );
    await expect(
      imported(Buffer.concat([head, Buffer.from('13900000000,\xff\xff\n', 'latin1')])),
    ).rejects.toMatchObject({
      code: 'bad-encoding',
      details: { byteOffset: head.length + 12 },
    });
  });
});

describe('a file that changes while it is read [F11]', () => {
  /** Runs `change` when the first bytes were read. */
  async function importWhile(change: (path: string) => void): Promise<unknown> {
    const path = join(testFolder(), 'people.csv');
    writeFileSync(path, `mobile,n\n${Array.from({ length: 300_000 }, (_, i) => `${mobile(i)},${i}`).join('\n')}\n`);
    let changed = false;
    const context = {
      ...testContext(),
      onProgress: () => {
        if (!changed) change(path);
        changed = true;
      },
    };
    return importedFile(path, {}, context).then(
      () => new Error('it was imported'),
      (error) => error,
    );
  }

  it.each([
    ['written to', (path: string) => appendFileSync(path, '13900000000,1\n')],
    ['removed', (path: string) => rmSync(path)],
    [
      'replaced by a link to another',
      (path: string) => {
        renameSync(path, `${path}.old`);
        writeFileSync(`${path}.new`, 'mobile\n13800138000\n');
        symlinkSync(`${path}.new`, path);
      },
    ],
    [
      'written to with its old time put back',
      (path: string) => {
        const bytes = readFileSync(path);
        writeFileSync(path, bytes.fill(0x39, 20, 30));
        utimesSync(path, 1, 1);
      },
    ],
  ])('%s: the import stops', async (_, change) => {
    expect(await importWhile(change)).toEqual(refused('file-changed'));
  });

  it('is not the file that was inspected: refused', async () => {
    const { report } = await imported('mobile\n13800138000\n');
    const other = join(testFolder(), 'other.csv');
    writeFileSync(other, 'mobile\n13800138001\n');
    await expect(importedFile(other, { identity: report.reading.identity })).rejects.toThrow(refused('file-changed'));
  });
});

describe('space [F12]', () => {
  it('is asked for before anything starts', async () => {
    const path = join(testFolder(), 'people.csv');
    writeFileSync(path, `mobile\n${'13800138000\n'.repeat(100_000)}`);
    const disk = { ...systemDisk, freeBytes: async () => 1_000_000 };
    await expect(importedFile(path, {}, testContext({ disk }))).rejects.toThrow(
      refused('disk-full', { freeBytes: 1_000_000, neededBytes: expect.any(Number) }),
    );
  });
});

describe.skipIf(!hasShared)('public data sets [F9]', () => {
  const id = { ids: [{ column: 'id', profile: 'custom' }] };

  it('FATE breast: all ids, repeated ids, a sample of ids', async () => {
    const counts = async (name: string) => {
      const { report } = await importedFile(sharedPath(`data/fate/${name}.csv`), id);
      const { accepted, distinct } = report.ids[0]!;
      return [report.rowCount, accepted, distinct];
    };
    expect(await counts('breast_hetero_guest')).toEqual([569, 569, 569]);
    expect(await counts('breast_hetero_guest_repeated_id')).toEqual([2139, 2139, 569]);
    expect(await counts('breast_hetero_host_sample_id')).toEqual([299, 299, 299]);
  });

  it('default_credit in gzip: 30,000 ids', async () => {
    const { report } = await importedFile(sharedPath('data/fate/default_credit_hetero_guest.csv.gz'), id);
    expect(report.ids[0]).toMatchObject({ accepted: 30_000, distinct: 30_000, repeated: 0 });
  });
});
