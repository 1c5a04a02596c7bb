import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { makeWorkbook, plainRow } from '../testing/workbook.ts';
import { readDates } from './dates.ts';
import { guessGrade } from './grade.ts';
import { type FileReport, type InspectInput, inspect } from './index.ts';
import { maskValue } from './mask.ts';

async function inspected(
  content: string | Uint8Array,
  choices: InspectInput['choices'] = {},
  name = 'people.csv',
): Promise<FileReport> {
  const path = join(testFolder(), name);
  writeFileSync(path, content);
  return inspect({ path, choices }, testContext());
}

const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');

describe('a look at a file', () => {
  const content = `手机号,email,城市,下单日期,年龄\n${lines(60, (i) => `${13_800_138_000 + i},person${i}@example.com,上海,2024-02-${String((i % 28) + 1).padStart(2, '0')},${20 + i}`)}`;

  it('shows its columns: what they seem to be, how sensitive, and no value of them [F2]', async () => {
    const report = await inspected(content);
    expect(report).toMatchObject({ firstRowNumber: 2, rows: { count: 60, isExact: true }, warnings: [] });
    expect(
      report.columns.map(({ name, samples, grade, identifier }) => [name, samples[0], grade, identifier.profile]),
    ).toEqual([
      ['手机号', '99999999999', 'personal', 'phone'],
      ['email', 'aaaaaa9@aaaaaaa.aaa', 'personal', 'email'],
      ['城市', '字字', 'public', null],
      ['下单日期', '9999-99-99', 'internal', null],
      ['年龄', '99', 'personal', null],
    ]);
    expect(report.firstRows).toHaveLength(5);
    expect(report.firstRows[0]).toEqual(['99999999999', 'aaaaaa9@aaaaaaa.aaa', '字字', '9999-99-99', '99']);
    const shown = JSON.stringify(report.columns.filter(({ grade }) => grade === 'personal'));
    expect(shown).not.toMatch(/13800138|person1/);
  });

  it('says how it was understood, for every form [F2]', async () => {
    expect((await inspected(Buffer.from(`\ufeff${content}`, 'utf16le'))).layout).toMatchObject({
      format: 'delimited',
      encoding: { encoding: 'utf-16le', markBytes: 2 },
      dialect: { delimiter: 0x2c },
    });
    expect((await inspected(gzipSync(content))).layout).toMatchObject({ wrapping: { kind: 'gzip' } });
    expect((await inspected('{"a":1}\n{"b":2}\n')).layout).toMatchObject({ format: 'jsonl', columns: ['a', 'b'] });
    const sheet = plainRow(4, ['mobile']) + plainRow(5, [13_800_138_000]);
    expect(await inspected(makeWorkbook({ sheets: [{ name: 'S', rows: sheet }] }))).toMatchObject({
      layout: { format: 'xlsx', headerRow: 4 },
      firstRowNumber: 5,
    });
  });

  it('follows what the person chose', async () => {
    const report = await inspected('a;b,c\n1;2,3\n', { delimiter: ';', header: false });
    expect(report.layout.columns).toEqual(['column1', 'column2']);
    expect(report).toMatchObject({ firstRowNumber: 1, rows: { count: 2 } });
    await expect(inspected('a\n', { delimiter: '\n' })).rejects.toThrow(TypeError);
  });

  it('estimates the rows of a large file from its beginning', async () => {
    const report = await inspected(`mobile,n\n${lines(500_000, (i) => `${13_000_000_000 + i},${i}`)}`);
    expect(report.rows.isExact).toBe(false);
    expect(report.rows.count).toBeGreaterThan(480_000);
    expect(report.rows.count).toBeLessThan(520_000);
  });

  it('warns of names that are there twice, of columns without a name or a value, of a file without rows [F1, F2]', async () => {
    const report = await inspected('a,a,,b\n1,2,3,\n');
    expect(report.columns.map(({ warnings }) => warnings.length)).toEqual([1, 1, 1, 1]);
    expect((await inspected('mobile,city\n')).warnings).toHaveLength(1);
    await expect(inspected('')).rejects.toMatchObject({ code: 'empty' });
  });

  it('tells hashed, mixed and damaged columns [F5, F10]', async () => {
    const hex = (length: number) => (i: number) => i.toString(16).padStart(length, '0123456789abcdef');
    const report = await inspected(
      `phone_md5,mixed,excel\n${lines(50, (i) => `${hex(32)(i)},${hex(i % 2 ? 32 : 64)(i)},1.38E+10`)}`,
    );
    const [md5, mixed, excel] = report.columns.map(({ identifier }) => identifier);
    expect(md5!.profile).toBe('phone/md5');
    expect(mixed!.mixed).toBe(true);
    expect(excel!.counts.damaged).toBe(50);
  });

  it('of 10,000 columns, and of names of 10,000 characters, is shown whole [F3, F113]', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `列${i}`);
    const report = await inspected(`${names.join(',')}\n${lines(5, () => names.map(() => '1').join(','))}`);
    expect(report.columns.map(({ name }) => name)).toEqual(names);
    const long = `${'长'.repeat(9_998)}😀`;
    expect((await inspected(`${long},مرحبا\nx,y\n`)).layout.columns).toEqual([long, 'مرحبا']);
  });
});

describe('a masked value', () => {
  it.each([
    ['13800138000', '99999999999'],
    ['Zoë Müller', 'Aaa Aaaaaa'],
    ['张三 １２', '字字 ９９'],
    ['a@b.cn', 'a@a.aa'],
    ['x\0\u200by', 'a□□a'],
    ['😀', '😀'],
    ['a'.repeat(40), `${'a'.repeat(32)}…`],
  ])('%j is %j', (value, masked) => expect(maskValue(value)).toBe(masked));
});

describe('dates [F16]', () => {
  it.each([
    [['2024-02-29', '2024-03-01', '2024-03-02'], 'YYYY-MM-DD', false],
    [['2024/1/5 9:05', '2024/1/6 10:00', '2024/1/7 11:00'], 'YYYY-MM-DD HH:MM:SS', false],
    [['03/04/2024', '04/05/2024', '05/06/2024'], 'MM/DD/YYYY', true],
    [['13/04/2024', '04/05/2024', '05/06/2024'], 'DD/MM/YYYY', false],
    [['20240301', '20240302', '20240303'], 'YYYYMMDD', false],
    [['2024年3月1日', '2024年3月2日', '2024年3月3日'], 'YYYY年MM月DD日', false],
    [['1700000000', '1700000001', '1700000002'], 'seconds since 1970 (UTC)', false],
    [['1700000000000', '1700000000001', '1700000000002'], 'milliseconds since 1970 (UTC)', false],
    [['0001-01-01', '9999-12-31', '2024-01-01'], 'YYYY-MM-DD', false],
  ])('%j are %s', (values, form, isAmbiguous) => {
    const reading = readDates(values);
    expect(reading).toMatchObject({ form, isAmbiguous });
    expect(reading!.examples).toHaveLength(3);
  });

  it.each([
    [['2023-02-29', '2024-01-01', '2024-01-02']],
    [['2024-01-01 24:00:00', '2024-01-01 10:00:00', '2024-01-01 11:00:00']],
    [['2024-13-01', '2024-01-01', '2024-01-02']],
    [['12', '13', '14']],
    [['a', 'b', 'c']],
    [['2024-01-01']],
  ])('%j are none', (values) => expect(readDates(values)).toBeUndefined());

  it('are shown as they were understood; of a birthday no example is shown', async () => {
    expect(readDates(['03/04/2024', '3/5/2024', '12/31/2024'])!.examples[2]).toEqual({
      text: '12/31/2024',
      meaning: '2024-12-31',
    });
    const rows = lines(5, (i) => `1990-01-0${i + 1},2024-01-0${i + 1}`);
    const { columns } = await inspected(`出生日期,order_date\n${rows}`);
    expect(columns.map(({ dates }) => dates!.examples.length)).toEqual([0, 3]);
  });
});

describe('a grade', () => {
  it.each([
    ['身份证号', [], false, 'sensitive'],
    ['x', ['110101199003071234', '11010119900307123X'], false, 'sensitive'],
    ['x', ['4111111111111111'], false, 'sensitive'],
    ['monthly_income', ['1'], false, 'sensitive'],
    ['anything', ['a'], true, 'personal'],
    ['性别', ['男'], false, 'personal'],
    ['city', ['上海'], false, 'public'],
    ['poutcome', ['x'], false, 'internal'],
  ] as const)('of %s %j is a guess: %s → %s', (name, values, isId, grade) =>
    expect(guessGrade(name, values, isId)).toBe(grade),
  );
});
