import { describe, expect, it } from 'vitest';
import { Draw } from './draw.ts';

describe('Draw', () => {
  it('gives the numbers of the published xoshiro128** 1.1 for the state 1, 2, 3, 4', () => {
    const draw = Draw.fromState(1, 2, 3, 4);
    expect(Array.from({ length: 10 }, () => draw.u32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('gives an item the same numbers in whatever order items are visited', () => {
    const first = (draw: Draw, index: number) => [draw.at(index).u32(), draw.u32(), draw.below(10)];
    const draw = new Draw(7, 'x');
    const forward = [0, 1, 2, 1_000_000].map((index) => first(draw, index));
    expect([1_000_000, 2, 1, 0].map((index) => first(new Draw(7, 'x'), index)).reverse()).toEqual(forward);
  });

  it('keeps seeds, streams and items apart, beyond 32 bits of the seed too', () => {
    const seeds = [0, 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    const values = new Set<number>();
    for (const seed of seeds) {
      for (const stream of ['a', 'b', 'ab']) {
        for (const index of [0, 1, 2 ** 31, 2 ** 32 - 1]) values.add(new Draw(seed, stream).at(index).u32());
      }
    }
    expect(values.size).toBe(seeds.length * 12);
  });

  it('is even over neighbouring items: chi-square of 64 cells stays under its 99.99 % point', () => {
    const draw = new Draw(3, 'even');
    const cells = new Array<number>(64).fill(0);
    const items = 64_000;
    for (let index = 0; index < items; index++) cells[draw.at(index).below(64)]!++;
    const expected = items / 64;
    expect(cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(113.6);
  });
});
