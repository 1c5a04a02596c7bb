import { Draw } from '@causeway/core/random';
import { describe, expect, it } from 'vitest';
import { Permutation } from './permutation.ts';
import { Weighted } from './weighted.ts';

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
