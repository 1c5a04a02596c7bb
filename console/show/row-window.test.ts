import { expect, it } from 'vitest';
import { rowWindow } from './row-window.ts';

const rows = { count: 100_000, heightPx: 40 };

it('a hundred thousand rows are drawn a few dozen at a time, wherever they are scrolled to', () => {
  for (const topPx of [0, 39, 40, 1_234_567, 100_000 * 40 - 400, 100_000 * 40]) {
    const { from, to } = rowWindow(rows, { topPx, heightPx: 400 });
    expect(to - from).toBeLessThanOrEqual(26);
    // Whatever can be seen is drawn.
    expect(from * 40).toBeLessThanOrEqual(topPx);
    expect(to * 40).toBeGreaterThanOrEqual(Math.min(topPx + 400, 100_000 * 40));
  }
});

it('a short list is drawn whole', () => {
  expect(rowWindow({ count: 5, heightPx: 40 }, { topPx: 0, heightPx: 400 })).toEqual({ from: 0, to: 5 });
  expect(rowWindow({ count: 0, heightPx: 40 }, { topPx: 0, heightPx: 400 })).toEqual({ from: 0, to: 0 });
});

it('a list that became shorter than it is scrolled shows its end', () => {
  const { from, to } = rowWindow({ count: 30, heightPx: 40 }, { topPx: 4000, heightPx: 400 });
  expect([from, to]).toEqual([4, 30]);
});
