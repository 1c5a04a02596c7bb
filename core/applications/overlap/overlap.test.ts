import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../server/engine/testing/database.ts';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { exact, noisy } from '../../statistics/index.ts';
import { type OverlapCells, overlapSql, planOverlap, reportOverlap } from './index.ts';

const none: OverlapCells = { base: 1_000_000, matched: exact(300_412), byIdentifier: [], bySegment: [], hidden: {} };
const example: OverlapCells = {
  base: 1_000_000,
  matched: noisy(300_412, 100),
  byIdentifier: [
    { identifier: 'phone', matched: noisy(240_118, 100) },
    { identifier: 'email', matched: noisy(60_289, 100) },
  ],
  bySegment: [
    { segment: 'gold', base: 4_000, matched: noisy(3_702, 100) },
    { segment: 'silver', base: 996_000, matched: noisy(296_700, 100) },
  ],
  hidden: {},
};

describe('the overlap of two lists', () => {
  it('300,412 of 1,000,000 is 30 %, and noise of σ = 10 is under a point, so not shown', () => {
    const { total } = reportOverlap(example, 50);
    expect(total).toEqual({ name: 'all', matched: 300_412, rate: '30 %' });
    expect((1.96 * 10) / 1_000_000).toBeLessThan(0.01);
  });

  it('shows noise where it is a point or more', () => {
    const { total, words } = reportOverlap({ ...none, base: 1_000, matched: noisy(300, 100) }, 50);
    expect(total.points).toBeCloseTo(1.96, 10);
    expect(words[0]!.en).toBe('30 % ±2 points of the list match (300 of 1,000).');
  });

  it('above 85 % shows neither the rate nor the count that it follows from', () => {
    const { bySegment } = reportOverlap(example, 50);
    expect(bySegment[0]).toEqual({ name: 'gold', rate: '>85 %' });
    expect(bySegment[1]).toEqual({ name: 'silver', matched: 296_700, rate: '29 %' });
  });

  it('[F68] a hidden cell has no figures, and the line of hidden groups stands for it', () => {
    const hidden: OverlapCells = {
      ...none,
      bySegment: [
        { segment: 'a', base: 500, matched: undefined },
        { segment: 'b', base: 500, matched: undefined },
      ],
      hidden: { bySegment: { groups: 2, together: exact(80) } },
    };
    const { bySegment, words } = reportOverlap(hidden, 50);
    expect(bySegment).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect(words.at(-1)!.en).toContain('2 groups: fewer than 50, or hidden to protect such a group; together 80.');
  });

  it('[F31, F74] of an empty list, of nobody and of a negative noisy count has no NaN and no division by zero', () => {
    expect(reportOverlap({ ...none, base: 0, matched: exact(0) }, 50).total).toEqual({ name: 'all' });
    expect(reportOverlap({ ...none, matched: undefined }, 50).words[0]!.en).toContain('not shown');
    expect(reportOverlap({ ...none, matched: noisy(-12, 100) }, 50).total).toMatchObject({ matched: 0, rate: '0 %' });
  });

  it('is told as its README tells it, and in Chinese', () => {
    const text = readDocument('core/applications/overlap/README.md');
    const { words } = reportOverlap(example, 50);
    expect(words.length).toBeGreaterThan(1);
    for (const { en, zh } of words) {
      expect(text).toContain(en);
      expect(zh).toMatch(/[一-鿿]/);
    }
  });
});

describe('the plan', () => {
  it('counts one person once in each table, and asks no table without cells', () => {
    const { tables } = planOverlap({ partner: 'media', identifiers: ['phone', 'email'], segments: [] });
    expect(tables.map(({ numbers, sensitivity }) => [numbers, sensitivity])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });
});

describe('the SQL', () => {
  it('counts as a plain join does', async () => {
    const people = Array.from({ length: 900 }, (_, person) => [person, ['gold', "o'ne", null][person % 3]!] as const);
    const matches = people
      .filter(([person]) => person % 7 < 3)
      .map(([person]) => [person, person % 2 ? 'phone' : 'email'] as const);
    const { load, query } = await testDatabase();
    await load('people', { person: 'UINTEGER', 'tier "x"': 'VARCHAR' }, people);
    await load('matches', { person: 'UINTEGER', identifier: 'VARCHAR' }, matches);
    const cells = await query(overlapSql({ people: 'people', matches: 'matches', segment: 'tier "x"' }));
    const byPerson = new Map<number, string>(matches);
    const count = (keep: (person: number, tier: string | null) => boolean) => {
      const base = people.filter(([person, tier]) => keep(person, tier));
      return { base: String(base.length), matched: String(base.filter(([person]) => byPerson.has(person)).length) };
    };
    expect(cells).toEqual([
      { part: 'all', cell: null, ...count(() => true) },
      ...['email', 'phone'].map((identifier) => {
        const { matched } = count((person) => byPerson.get(person) === identifier);
        return { part: 'identifier', cell: identifier, base: matched, matched };
      }),
      ...['gold', "o'ne", null].map((segment) => ({
        part: 'segment',
        cell: segment,
        ...count((_, tier) => tier === segment),
      })),
    ]);
    expect(await query(overlapSql({ people: 'people', matches: 'matches' }))).toHaveLength(3);
  });
});
