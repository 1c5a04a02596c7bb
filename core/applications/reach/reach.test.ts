import { describe, expect, it } from 'vitest';
import { type Cell, testDatabase } from '../../../server/engine/testing/database.ts';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { Draw } from '../../random/index.ts';
import { exact, noisy } from '../../statistics/index.ts';
import { eventColumns } from '../events/index.ts';
import { planReach, type ReachCells, reachCells, reachSql, reportReach } from './index.ts';

const example: ReachCells = {
  reach: exact(900),
  frequency: [500, 250, 100, 30, 20].map(exact),
  impressions: exact(1_560),
  target: { reach: exact(540), impressions: exact(1_014) },
  media: [
    { medium: 'A', reach: exact(600), others: exact(500) },
    { medium: 'B', reach: exact(500), others: exact(600) },
  ],
  pairs: [{ media: ['A', 'B'], both: exact(200) }],
};

describe('reach', () => {
  it('A 600, B 500, both 200: 900 people, 400 by A alone and 300 by B alone', () => {
    const { reach, media, overlaps } = reportReach(example);
    expect(reach).toEqual({ people: 900 });
    expect(media.map(({ incremental }) => incremental)).toEqual([{ people: 400 }, { people: 300 }]);
    expect(overlaps).toEqual([{ media: ['A', 'B'], both: { people: 200 } }]);
  });

  it('bins of 500, 250, 100, 30, 20 with 1,560 exposures are 1.73 each, and 540 in the target are 60 %', () => {
    const { frequency, average, target } = reportReach(example);
    expect(frequency.map(({ times, people }) => [times, people])).toEqual([
      ['1', 500],
      ['2', 250],
      ['3', 100],
      ['4', 30],
      ['5+', 20],
    ]);
    expect(average!.toFixed(2)).toBe('1.73');
    expect(target!.ofPeople).toBe(0.6);
    expect(target!.ofImpressions).toBe(0.65);
  });

  it('with noise has an interval, and an increment the noise of both numbers', () => {
    const media = [
      { medium: 'A', reach: noisy(600, 200), others: noisy(500, 200) },
      { medium: 'B', reach: noisy(500, 200), others: noisy(600, 200) },
    ];
    const { reach, media: rows } = reportReach({ ...example, reach: noisy(900, 100), media });
    expect(reach!.interval!.high - 900).toBeCloseTo(19.6, 10);
    expect(rows[0]!.incremental!.interval!.high - 400).toBeCloseTo(1.96 * Math.sqrt(300), 10);
  });

  it('[F74] of nobody, of hidden numbers and of negative noisy ones has no NaN and no Infinity', () => {
    const hidden: ReachCells = {
      reach: undefined,
      frequency: [undefined, exact(0)],
      impressions: undefined,
      target: { reach: undefined, impressions: undefined },
      media: [{ medium: 'A', reach: undefined, others: undefined }],
      pairs: [{ media: ['A', 'B'], both: undefined }],
    };
    const zero = reportReach({ ...example, reach: exact(0), impressions: exact(0) });
    for (const report of [reportReach(hidden), zero, reportReach({ ...example, reach: noisy(-9, 100) })]) {
      expect(report.words[0]!.en).toContain('Too few');
      expect(JSON.stringify(report)).not.toMatch(/null/);
    }
    expect(zero.average).toBeUndefined();
  });

  it('is told as its README tells it, and in Chinese', () => {
    const text = readDocument('core/applications/reach/README.md');
    for (const { en, zh } of reportReach(example).words) {
      expect(text).toContain(en);
      expect(zh).toMatch(/[一-鿿]/);
    }
  });
});

describe('the plan', () => {
  it('says what one person can move: one bin, all media, impressions up to the limit', () => {
    const { tables } = planReach({ media: ['A', 'B', 'C', 'D'], binCount: 5, impressionsMax: 20, target: true });
    expect(tables.map(({ name, numbers, sensitivity }) => [name, numbers, sensitivity])).toEqual([
      ['reach', 1, 1],
      ['frequency', 5, 1],
      ['impressions', 1, 20],
      ['target', 1, 1],
      ['impressions in target', 1, 20],
      ['media', 4, 2],
      ['all but each medium', 4, 2],
      ['pairs of media', 6, Math.sqrt(6)],
    ]);
    const one = planReach({ media: ['A'], binCount: 3, impressionsMax: 9, target: false }).tables;
    expect(one.map(({ name }) => name)).toEqual(['reach', 'frequency', 'impressions', 'media']);
  });
});

describe('the SQL', () => {
  const media = ['video', "o'search", 'news'];
  const events = Array.from({ length: 3_000 }, (_, i) => {
    const draw = new Draw(9, 'reach').at(i);
    return {
      person: Math.floor(draw.below(700) * (draw.below(10) / 10)),
      at: 1_781_575_200 + draw.below(1_000),
      kind: draw.chance(8_000) ? 0 : 1,
      channel: [...media, 'not declared'][draw.below(4)]!,
    };
  });
  const period = { from: 1_781_575_300, until: 1_781_576_000 };

  it('counts people, frequencies, media, pairs and the target as plain loops do', async () => {
    const { load, query } = await testDatabase();
    const rows = events.map(({ person, at, kind, channel }, i): Cell[] => [
      person,
      at,
      0,
      kind,
      channel,
      '',
      '',
      0,
      0,
      '',
      `e${i}`,
      '',
    ]);
    await load('events', eventColumns, rows);
    await load(
      'target',
      { person: 'UINTEGER' },
      Array.from({ length: 100 }, (_, i) => [7 * i]),
    );
    const got = await query(
      reachSql({ events: 'events', period, media, binCount: 4, impressionsMax: 6, target: 'target' }),
    );
    const cells = reachCells(
      got.map((row) => ({
        part: `${row.part}`,
        cell: row.cell as string | null,
        other: row.other as string | null,
        people: Number(row.people),
        impressions: Number(row.impressions),
      })),
    );
    const people = new Map<number, string[]>();
    for (const { person, at, kind, channel } of events) {
      if (kind === 0 && at >= period.from && at < period.until)
        people.set(person, [...(people.get(person) ?? []), channel]);
    }
    const seen = [...people];
    const count = (keep: (channels: readonly string[], person: number) => boolean) =>
      exact(seen.filter(([person, channels]) => keep(channels, person)).length);
    const impressions = (keep: (person: number) => boolean) =>
      exact(seen.reduce((sum, [person, channels]) => sum + (keep(person) ? Math.min(channels.length, 6) : 0), 0));
    const isTarget = (person: number) => person % 7 === 0 && person < 700;
    expect(cells).toEqual({
      reach: exact(seen.length),
      frequency: [1, 2, 3, 4].map((k) => count((channels) => Math.min(channels.length, 4) === k)),
      impressions: impressions(() => true),
      target: { reach: count((_, person) => isTarget(person)), impressions: impressions(isTarget) },
      media: media.map((medium) => ({
        medium,
        reach: count((channels) => channels.includes(medium)),
        others: count((channels) => channels.some((channel) => channel !== medium)),
      })),
      pairs: [
        [0, 1],
        [0, 2],
        [1, 2],
      ].map(([a, b]) => ({
        media: [media[a!], media[b!]],
        both: count((channels) => channels.includes(media[a!]!) && channels.includes(media[b!]!)),
      })),
    });
    expect(cells.reach!.value).toBeGreaterThan(200);
  });

  it('of no exposures has every declared cell with zero', async () => {
    const { load, query } = await testDatabase();
    await load('events', eventColumns, []);
    const rows = await query(reachSql({ events: 'events', period, media, binCount: 2, impressionsMax: 5 }));
    expect(rows).toHaveLength(1 + 2 + 3 + 3 + 3);
    expect(rows.every(({ people, impressions }) => people === '0' && impressions === '0')).toBe(true);
  });

  it('of more media than an integer has bits is refused', () => {
    const many = Array.from({ length: 62 }, (_, i) => `m${i}`);
    expect(() => reachSql({ events: 'e', period, media: many, binCount: 2, impressionsMax: 5 })).toThrow(RangeError);
  });
});
