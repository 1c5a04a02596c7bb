import { describe, expect, it } from 'vitest';
import { Draw } from './draw.ts';
import { Permutation } from './permutation.ts';
import { Weighted } from './weighted.ts';

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

describe('Permutation', () => {
  it.each([1, 2, 3, 4, 5, 100, 1023, 1024, 1025, 40_000])('of %i is a bijection, and its inverse undoes it', (size) => {
    const permutation = new Permutation(size, 11, 'p');
    const images = new Set<number>();
    for (let index = 0; index < size; index++) {
      const image = permutation.forward(index);
      expect(image).toBeLessThan(size);
      images.add(image);
      if (permutation.inverse(image) !== index) expect.fail(`the inverse misses index ${index}`);
    }
    expect(images.size).toBe(size);
  });

  it.each([3_600_000_000, 2 ** 32])('of %i works on unsigned 32-bit numbers', (size) => {
    const permutation = new Permutation(size, 5, 'p');
    for (const index of [0, 1, 2 ** 31 - 1, 2 ** 31, size - 1]) {
      const image = permutation.forward(index);
      expect(image).toBeGreaterThanOrEqual(0);
      expect(image).toBeLessThan(size);
      expect(permutation.inverse(image)).toBe(index);
    }
  });

  it('leaves no trace of the order: neighbours are far apart, on average a third of the size', () => {
    const size = 100_000;
    const permutation = new Permutation(size, 1, 'p');
    let distance = 0;
    for (let i = 1; i < size; i++) distance += Math.abs(permutation.forward(i) - permutation.forward(i - 1));
    expect(Math.abs(distance / size / size - 1 / 3)).toBeLessThan(0.01);
  });

  it('refuses a size that its integers cannot hold', () => {
    expect(() => new Permutation(2 ** 32 + 1, 1, 'p')).toThrow(RangeError);
  });
});

describe('Weighted', () => {
  it('picks names by weight and never one beyond the last', () => {
    const weighted = new Weighted({ often: 90, seldom: 10 });
    const draw = new Draw(1, 'weighted');
    let seldom = 0;
    for (let i = 0; i < 20_000; i++) if (weighted.pick(draw.at(i)) === 'seldom') seldom++;
    // Five standard deviations of 20,000 draws at 10 %.
    expect(Math.abs(seldom - 2_000)).toBeLessThan(5 * Math.sqrt(1_800));
    const highest = { u32: () => 2 ** 32 - 1 } as Draw;
    expect(weighted.pick(highest)).toBe('seldom');
  });
});
