import { describe, expect, it } from 'vitest';
import { dateText, isDateFormat, numberText } from './cell-number.ts';

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
});
