import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CsvFile, diskError, publish } from './csv-file.ts';
import { gb18030 } from './gb18030.ts';
import { RowOrder } from './row-order.ts';
import { TextBuffer } from './text-buffer.ts';

describe('TextBuffer', () => {
  it.each([
    [0, 1, '0'],
    [7, 3, '007'],
    [999_999_999, 1, '999999999'],
    [1_000_000_000, 1, '1000000000'],
    [13_912_345_678, 1, '13912345678'],
    [1_000_000_000, 12, '001000000000'],
    [Number.MAX_SAFE_INTEGER, 1, '9007199254740991'],
  ])('writes %i at least %i wide', (value, width, text) => {
    const buffer = new TextBuffer(64);
    buffer.decimal(value, width);
    expect(buffer.view().toString()).toBe(text);
  });

  it('writes hexadecimal digits of either case', () => {
    const buffer = new TextBuffer(64);
    buffer.hex(0xfedcba98, 8);
    buffer.hex(0xfedcba98, 3, 'upper');
    expect(buffer.view().toString()).toBe('fedcba98A98');
  });
});

describe('gb18030', () => {
  it('[F113] is what the platform’s decoder reads back: one, two and four bytes', () => {
    const decoder = new TextDecoder('gb18030', { fatal: true });
    const text = 'Aa1,王欧阳１２３\u200b\u00df\u{20bb7}\u{10ffff}😀';
    expect(decoder.decode(gb18030(text))).toBe(text);
    expect([...gb18030('王')]).toEqual([0xcd, 0xf5]);
    expect(gb18030('\u{20bb7}').length).toBe(4);
  });

  it('has no form for half a character', () => {
    expect(() => gb18030('\ud842')).toThrow(RangeError);
  });
});

describe('RowOrder', () => {
  it('finds the rows of a member and the member of a row, nobody more than twice', () => {
    const order = new RowOrder({ members: 1_000, repeated: 30, second: 20 }, 3, 'x');
    const rowsOf = new Map<number, number[]>();
    for (let row = 0; row < order.rows; row++) {
      const slot = order.slotAt(row);
      expect(order.rowOf(slot)).toBe(row);
      const member = order.memberOf(slot);
      rowsOf.set(member, [...(rowsOf.get(member) ?? []), row]);
    }
    expect(rowsOf.size).toBe(1_000);
    let repeated = 0;
    for (const [member, rows] of rowsOf) {
      const second = order.secondSlotOf(member);
      const found = second < 0 ? [order.rowOf(member)] : [order.rowOf(member), order.rowOf(second)];
      expect(found.sort((a, b) => a - b)).toEqual(rows);
      if (second >= 0 && order.contentOf(second) === member) repeated++;
    }
    expect(repeated).toBe(30);
    expect([...rowsOf.values()].filter((rows) => rows.length === 2).length).toBe(50);
  });

  it('works for no members at all', () => {
    expect(new RowOrder({ members: 0, repeated: 0, second: 0 }, 3, 'x').rows).toBe(0);
  });
});

describe('CsvFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'causeway-csv-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('repeats a row hundreds of rows later, moves one there, and counts both', async () => {
    const file = await CsvFile.open({ name: 'a.csv', columns: ['n'], lineEnd: 'lf', mark: false }, { folder });
    for (let n = 0; n < 2_000; n++) {
      file.line.decimal(n);
      if (n === 10) file.endRowAndRepeatLater();
      else if (n === 20) file.endRowLater();
      else if (n === 1_990) file.endRowAndRepeatLater();
      else file.endRow();
    }
    const report = await file.finish();
    await publish(folder, ['a.csv']);
    expect(await readdir(folder)).toEqual(['a.csv']);
    const [header, ...rows] = (await readFile(join(folder, 'a.csv'), 'utf8')).trimEnd().split('\n');
    expect(header).toBe('n,synthetic');
    expect(report.rows).toBe(rows.length);
    expect(rows.length).toBe(2_002);
    const places = (n: number) => rows.flatMap((row, at) => (row === `${n},1` ? [at] : []));
    expect(places(10)[0]).toBe(10);
    expect(places(10)[1]! - 10).toBeGreaterThan(400);
    expect(places(20).length).toBe(1);
    expect(places(20)[0]! - 20).toBeGreaterThan(400);
    expect(places(1_990).length).toBe(2);
    for (let n = 0; n < 2_000; n++) if (places(n).length === 0) expect.fail(`row ${n} is missing`);
  });

  it('[F54] names a full disk as such', () => {
    expect(diskError(Object.assign(new Error('x'), { code: 'ENOSPC' }), '/a').code).toBe('disk-full');
    expect(diskError(Object.assign(new Error('x'), { code: 'EIO' }), '/a').code).toBe('not-writable');
  });
});
