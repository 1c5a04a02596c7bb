import { describe, expect, it } from 'vitest';
import { toCsv } from './csv.ts';

const cellOf = (value: string | number) => toCsv([[value]]).slice(1, -2);

describe('a table as CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '＝1'])('%j is no formula any more', (text) => {
    expect(cellOf(text).startsWith("'")).toBe(true);
  });

  it('a negative number stays a number', () => expect(cellOf(-3)).toBe('-3'));

  it.each([
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    ['=a,"b"', '"\'=a,""b"""'],
    ['北京', '北京'],
  ])('%j is one cell', (text, cell) => expect(cellOf(text)).toBe(cell));

  it('begins with the mark of UTF-8 and ends each row with CRLF', () => {
    expect(
      toCsv([
        ['a', 1],
        ['b', 2],
      ]),
    ).toBe('\ufeffa,1\r\nb,2\r\n');
  });
});
