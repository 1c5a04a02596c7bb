import { describe, expect, it } from 'vitest';
import { densityLimit, evaluateDensity, type ListDensity } from './index.ts';

const list = (density: ListDensity['density'], rowsAbout = 1_000_000): ListDensity => {
  return { organisation: 'media', rowsAbout, density };
};
const judge = (density: ListDensity['density'], { rowsAbout = 1_000_000, percentMax = 50 } = {}) =>
  evaluateDensity('brand', percentMax, [{ ...list(1), organisation: 'brand' }, list(density, rowsAbout)]);

/**
 * Whole percent of the densest segment of an honest list, drawn from counts: 480,000 segments, each in service to another degree (37 % of
 * its numbers on average, none above 90 %), in 340 cities in which the list’s owner has between half its share and two and a half times it.
 */
function honestDensity(rows: number, seed: number): number {
  const uniform = xorshift(seed);
  const share = rows / 1_800_000_000;
  const cities = Array.from({ length: 340 }, () => (0.35 + 0.35 * uniform()) * (uniform() < 0.1 ? 3.5 : 1.5));
  let densest = 0;
  for (let segment = 0; segment < 480_000; segment++) {
    const inService = 9_000 * uniform() ** 1.4;
    const expected = inService * Math.min(0.95, share * cities[segment % cities.length]!);
    // The sum of four uniform draws: close enough to a binomial's normal, out to three deviations and a half.
    const deviations = (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
    densest = Math.max(densest, expected + deviations * Math.sqrt(expected));
  }
  return Math.ceil(densest / 100);
}

/** Marsaglia's xorshift32 (Journal of Statistical Software 8, 14), as numbers in [0, 1). */
function xorshift(seed: number): () => number {
  let state = seed * 0x9e3779b1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

describe('[F26] a dense list of telephone numbers', () => {
  it.each([
    ['half a segment of a large list', 50, {}, 'allowed'],
    ['more than half of one', 51, {}, 'refused'],
    ['a thousand numbers in a row, and no others', 10, { rowsAbout: 1000 }, 'refused'],
    ['500 numbers of a company among a thousand', 5, { rowsAbout: 1000 }, 'allowed'],
    ['5,000 numbers in a row among 20,000', 50, { rowsAbout: 20_000 }, 'refused'],
    ['a list whose size is not told', 6, { rowsAbout: 0 }, 'refused'],
    ['a lower limit of our own', 21, { percentMax: 20 }, 'refused'],
    ['a higher limit of our own', 80, { percentMax: 80 }, 'allowed'],
    ['a guard that was lowered on purpose', 100, { percentMax: 100, rowsAbout: 1000 }, 'allowed'],
  ])('%s', (_what, density, given, outcome) => expect(judge(density, given).outcome).toBe(outcome));

  it('is noticed on our own side as well, and named', () => {
    const finding = evaluateDensity('brand', 50, [{ ...list(100), organisation: 'brand' }, list(1)]);
    expect(finding).toMatchObject({ rule: 'dense-list', organisation: 'brand', outcome: 'refused' });
    expect(finding.words.en).toContain('telephone numbers of brand cover 100 %');
  });

  it('is refused in words of both languages: what was noticed, what is allowed, what to do', () => {
    const { words, organisation } = judge(61);
    expect(organisation).toBe('brand');
    for (const text of [words.en, words.zh]) {
      for (const part of ['media', '61 %', '50 %', 'dense-list']) expect(text).toContain(part);
    }
  });

  it('that is hashed is told to be not measurable, and not passed in silence', () => {
    expect(judge('not-measurable')).toMatchObject({ outcome: 'warned' });
    expect(judge('not-measurable').words.en).toContain('not measurable');
    expect(judge('not-measurable', { percentMax: 100 }).outcome).toBe('allowed');
  });

  it('that is not spoken of is refused like one that is too dense', () => {
    expect(judge(undefined).outcome).toBe('refused');
    expect(judge(undefined, { percentMax: 100 }).outcome).toBe('allowed');
  });

  it('does not concern a match without telephone numbers', () => {
    expect(evaluateDensity('brand', 50, []).outcome).toBe('allowed');
  });
});

describe('the limit', () => {
  it.each([1_000_000, 10_000_000, 100_000_000, 500_000_000, 1_000_000_000])(
    '[F26] lets an honest national list of %d pass, and none that was counted through',
    (rows) => {
      const limit = densityLimit(50, rows);
      for (const seed of [1, 2, 3]) expect(honestDensity(rows, seed)).toBeLessThanOrEqual(limit);
      expect(limit).toBeLessThan(100);
    },
  );

  it('is not met by an honest national list for nothing: without its size it would be refused', () => {
    expect(honestDensity(1_000_000_000, 1)).toBeGreaterThan(50);
  });

  it('grows with the list, and never sinks below 500 numbers', () => {
    const sizes = [0, 1000, 25_000, 100_000, 250_000, 10_000_000, 300_000_000, 400_000_000, 2_000_000_000];
    expect(sizes.map((rows) => densityLimit(50, rows))).toEqual([5, 5, 5, 20, 50, 50, 50, 66, 90]);
    expect(densityLimit(5, 1000)).toBe(5);
  });
});
