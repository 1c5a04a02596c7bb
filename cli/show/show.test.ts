import { describe, expect, test } from 'vitest';
import { en } from '../words/en.ts';
import { facts, table } from './table.ts';
import { fit, textWidth, visible } from './text.ts';
import { bytes, duration, number, percent } from './values.ts';

describe('table', () => {
  test('stands in line where characters take two columns', () => {
    const lines = table(
      [{ title: '组织' }, { title: '行数', right: true }, { title: 'State' }],
      [
        ['北极光传媒', '25,000', 'up'],
        ['aurora', '7', '已连接'],
      ],
    );
    expect(lines).toEqual(['组织          行数  State', '北极光传媒  25,000  up', 'aurora           7  已连接']);
    expect(lines.map((line) => textWidth(line.replace(/\S+$/, '')))).toEqual([20, 20, 20]);
  });

  test('cuts what is long, but not what is to be copied', () => {
    const id = 'f'.repeat(64);
    const [, row] = table([{ title: 'Id', whole: true }, { title: 'Name' }], [[id, 'n'.repeat(100)]]);
    expect(row).toBe(`${id}  ${'n'.repeat(47)}…`);
  });

  test('without rows there are its titles', () => {
    expect(table([{ title: 'A' }, { title: 'B' }], [])).toEqual(['A  B']);
  });
});

test('facts leaves out what is not known', () => {
  expect(
    facts([
      ['名称', 'crm'],
      ['Rows', undefined],
      ['状态 now', 'ready'],
    ]),
  ).toEqual(['名称      crm', '状态 now  ready']);
  expect(facts([])).toEqual([]);
});

describe('text', () => {
  test('visible shows what would act or hide, and leaves the rest', () => {
    expect(visible('a\u001b[0m\u0085\u202eb\u2066\ufeff\t')).toBe(
      'a\\u{1b}[0m\\u{85}\\u{202e}b\\u{2066}\\u{feff}\\u{9}',
    );
    expect(visible('\ud800x\udc00😀')).toBe('\\u{d800}x\\u{dc00}😀');
    expect(visible('北极光 naïve 👩‍👩‍👧 שלום')).toBe('北极光 naïve 👩‍👩‍👧 שלום');
  });

  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['北极光', 6, '北极光'],
    ['北极光', 5, '北极…'],
    ['北极光', 4, '北…'],
    ['👩‍👩‍👧👩‍👩‍👧', 3, '👩‍👩‍👧…'],
    ['长'.repeat(100_000), 5, '长长…'],
  ])('fit(%s, %i)', (text, width, cut) => {
    expect(fit(text, width)).toBe(cut);
    expect(textWidth(cut)).toBeLessThanOrEqual(width);
  });
});

describe('values', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1_840_000, '1.8 MB'],
    [9_960_000, '10 MB'],
    [999_400, '999 kB'],
    [999_600, '1.0 MB'],
    [4.2e18, '4200 PB'],
  ])('%d bytes are %s', (count, text) => {
    expect(bytes(count)).toBe(text);
  });

  test.each([
    [0, '0 s'],
    [0.4, '0 s'],
    [59.6, '1 min'],
    [74, '1 min 14 s'],
    [7500, '2 h 5 min'],
    [86_400, '1 d'],
    [86_401, '1 d'],
    [200_000, '2 d 7 h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(duration(seconds, en)).toBe(text);
  });

  test('nothing is done before it is', () => {
    expect(percent(0.9999)).toBe('99 %');
    expect(percent(1)).toBe('100 %');
    expect(number(1234567)).toBe('1,234,567');
  });
});
