import { describe, expect, it } from 'vitest';
import { figuresIn } from './figures.ts';

const english = figuresIn('en-GB', 'UTC');
const chinese = figuresIn('zh-CN', 'Asia/Shanghai');

describe('figures', () => {
  it.each([
    [0, '0 byte'],
    [999, '999 byte'],
    [1000, '1 kB'],
    [1_234_567, '1.2 MB'],
    [5e15, '5,000 TB'],
  ])('%d bytes are in the largest unit that leaves a whole', (bytes, text) => {
    expect(english.size(bytes)).toBe(text);
  });

  it('are grouped as the reader does', () => {
    expect(english.count(1_000_000)).toBe('1,000,000');
    expect(chinese.count(1_000_000)).toBe('1,000,000');
  });

  it('shares, decimals and money have as many digits as are known', () => {
    expect([english.share(0.256), english.share(0.2561, 1), english.decimal(1234.56, 1)]).toEqual([
      '26%',
      '25.6%',
      '1,234.6',
    ]);
    expect(chinese.money(1234.5, 'CNY')).toBe('¥1,234.50');
  });

  it('an instant is told in the zone of the reader', () => {
    expect(english.time('2026-03-01T20:00:00Z')).toBe('1 Mar 2026, 20:00');
    expect(chinese.time('2026-03-01T20:00:00Z')).toBe('2026年3月2日 04:00');
    expect([english.day('2026-03-01T20:00:00Z'), chinese.day('2026-03-01T20:00:00Z')]).toEqual([
      '1 Mar 2026',
      '2026年3月2日',
    ]);
  });
});
