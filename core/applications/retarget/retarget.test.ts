import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../../test/snippets/markdown.ts';
import type { RuleSource } from '../select/index.ts';
import { selectSql } from '../select/index.ts';
import { generatedEvents, takenAt } from '../testing/generated-events.ts';
import { type Retargeting, reportRetarget, retargetRule, retargetSql, retargetSteps } from './index.ts';

const retargeting: Retargeting = {
  matched: 'customers of media',
  touched: { kind: 'exposure', campaigns: ['aurora-launch'], withinDays: 30 },
  notConvertedWithinDays: 30,
  excluded: ['opted out'],
  frequency: { timesMax: 5, withinDays: 7 },
};

describe('retargeting', () => {
  it('is one rule made of its steps', () => {
    expect(retargetRule(retargeting)).toEqual({ all: retargetSteps(retargeting).map(({ rule }) => rule) });
    expect(() => retargetRule({ ...retargeting, frequency: { timesMax: 0, withinDays: 7 } })).toThrow(RangeError);
  });

  it('leaves after each step whom plain loops leave, and in the end the audience of its rule', async () => {
    const { run, query } = await generatedEvents(3_000, 2);
    await run(`CREATE VIEW matched AS SELECT person FROM people WHERE customer AND grp IS NOT NULL`);
    await run(`CREATE VIEW opted_out AS SELECT person FROM people WHERE person % 9 = 4`);
    const source: RuleSource = {
      people: 'people',
      events: 'events',
      lists: { 'customers of media': 'matched', 'opted out': 'opted_out' },
      asOf: takenAt,
    };
    const events = (await query('SELECT person, "at", kind, campaign FROM events')).map((event) => ({
      person: Number(event.person),
      age: (takenAt - Number(event.at)) / 86_400,
      kind: Number(event.kind),
      campaign: event.campaign,
    }));
    const matched = (await query('SELECT person FROM matched')).map(({ person }) => Number(person));
    const had = (person: number, kind: number, days: number, campaign?: string) =>
      events.filter(
        (e) =>
          e.person === person &&
          e.kind === kind &&
          e.age >= 0 &&
          e.age <= days &&
          (campaign ?? e.campaign) === e.campaign,
      ).length;
    const touched = matched.filter((person) => had(person, 0, 30, 'aurora-launch') > 0);
    const open = touched.filter((person) => had(person, 3, 30) === 0);
    const allowed = open.filter((person) => person % 9 !== 4);
    const fresh = allowed.filter((person) => had(person, 0, 7) < 5);
    const left = (await query(retargetSql(retargeting, source))).map(({ people }) => Number(people));
    expect(left).toEqual([matched, touched, open, allowed, fresh].map(({ length }) => length));
    expect(left.at(-1)).toBeGreaterThan(100);
    const audience = await query(
      `SELECT person FROM (${selectSql(retargetRule(retargeting), source)}) ORDER BY person`,
    );
    expect(audience.map(({ person }) => Number(person))).toEqual([...fresh].sort((a, b) => a - b));
  });
});

describe('the report', () => {
  const left = [12_400, 8_150, 7_020, 6_890, 6_310];

  it('is told as its README tells it, and in Chinese', () => {
    const document = readDocument('core/applications/retarget/README.md');
    for (const { en, zh } of reportRetarget(retargeting, left, 50).words) {
      expect(document).toContain(en);
      expect(zh).toMatch(/[一-鿿]/);
    }
  });

  it('[F68] shows no step of a few people, and no two steps that differ by a few', () => {
    expect(reportRetarget(retargeting, [900, 400, 380, 380, 120], 50).steps).toEqual([
      { name: 'matched', people: 900 },
      { name: 'touched' },
      { name: 'not converted', people: 380 },
      { name: 'not opted out', people: 380, leftOut: 0 },
      { name: 'frequency', people: 120, leftOut: 260 },
    ]);
    expect(reportRetarget(retargeting, [900, 400, 380, 380, 12], 50).steps.at(-1)).toEqual({ name: 'frequency' });
    fc.assert(
      fc.property(fc.array(fc.nat(300), { minLength: 5, maxLength: 5 }), (numbers) => {
        const falling = [...numbers].sort((a, b) => b - a);
        const seen = reportRetarget(retargeting, falling, 50).steps.flatMap(({ people }) => people ?? []);
        expect(seen.every((people) => people >= 50)).toBe(true);
        for (const [i, people] of seen.slice(1).entries()) {
          const difference = seen[i]! - people;
          expect(difference === 0 || difference >= 50).toBe(true);
        }
      }),
    );
  });

  it('of another number of steps is refused', () => {
    expect(() => reportRetarget(retargeting, [1, 2], 50)).toThrow(RangeError);
  });
});
