import { describe, expect, it } from 'vitest';
import { type Cell, testDatabase } from '../../../server/engine/testing/database.ts';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { Draw } from '../../random/index.ts';
import { exact, noisy } from '../../statistics/index.ts';
import { eventColumns, kindCode } from '../events/index.ts';
import { generatedEvents, june } from '../testing/generated-events.ts';
import { detectableDifference, type LiftCells, liftSql, planLift, reportLift, sampleRatio } from './index.ts';

const example: LiftCells = {
  assignment: 'random',
  treated: { people: exact(10_000), buyers: exact(300) },
  control: { people: exact(10_000), buyers: exact(240) },
  plannedShare: 0.5,
};
const withNoise: LiftCells = {
  ...example,
  treated: { people: exact(10_000), buyers: noisy(300, 500) },
  control: { people: exact(10_000), buyers: noisy(240, 500) },
};
const text = (ends: { low: number; high: number }, scale: number, digits: number) =>
  [ends.low, ends.high].map((end) => (scale * end).toFixed(digits));

describe('[F119] the effect of a campaign', () => {
  it('300 and 240 of 10,000 each: 0.60 points (0.15–1.05), 60 buyers (15–105), +25 % (5.7–47.8)', () => {
    const effect = reportLift(example, 50).effect!;
    expect((100 * effect.difference).toFixed(2)).toBe('0.60');
    expect(text(effect.interval, 100, 2)).toEqual(['0.15', '1.05']);
    expect(effect.incremental.toFixed(0)).toBe('60');
    expect(text(effect.incrementalInterval, 1, 0)).toEqual(['15', '105']);
    expect((100 * effect.relative!.value).toFixed(0)).toBe('25');
    expect(text(effect.relative!.interval, 100, 1)).toEqual(['5.7', '47.8']);
    expect(effect.distinguishable).toBe(true);
  });

  it('with noise of variance 500 is −0.17 to 1.37 points, and not distinguishable from none', () => {
    const { effect, words } = reportLift(withNoise, 50);
    expect(text(effect!.interval, 100, 2)).toEqual(['-0.17', '1.37']);
    expect(effect!.distinguishable).toBe(false);
    expect(words.map(({ en }) => en).join(' ')).not.toMatch(/caused/);
  });

  it('of groups that were not assigned at random is not called one', () => {
    const { words } = reportLift({ ...example, assignment: 'observed' }, 50);
    const said = words.map(({ en, zh }) => en + zh).join(' ');
    expect(said).toContain('not assigned at random');
    expect(said).not.toMatch(/lift|incremental|caused|增量/i);
  });

  it('stands beside what attribution credits, and is never the same figure', () => {
    const credited = { model: { en: 'last touch', zh: '末次触点' }, orders: 280, interval: { low: 247, high: 313 } };
    const { effect, words } = reportLift({ ...example, credited }, 50);
    expect(words.at(-1)!.en).toContain('Apart from this, last touch credits 280.0 orders (247.0–313.0)');
    expect(effect!.incremental).toBeCloseTo(60, 10);
  });

  it('of value comes from means and squares, with its interval', () => {
    const arm = (sum: number, squares: number) => ({
      people: exact(10_000),
      buyers: exact(300),
      value: { sum: exact(sum), squares: exact(squares) },
    });
    const { value, words } = reportLift(
      {
        ...example,
        treated: arm(600_000, 60e6),
        control: arm(480_000, 48e6),
        currency: { currency: 'CNY', digits: 2 },
      },
      50,
    );
    expect(value!.perPerson).toBe(12);
    const variance = (60e6 / 1e4 - 3_600) / 1e4 + (48e6 / 1e4 - 2_304) / 1e4;
    expect(value!.interval.high - 12).toBeCloseTo(1.96 * Math.sqrt(variance), 10);
    expect(words[2]!.en).toMatch(/^Incremental value: 1,200.00 CNY \(\d/);
  });

  it('[F74] of an empty, a hidden or a tiny group is not enough data, and without buyers has no percentage', () => {
    const arms = [exact(0), exact(49), undefined];
    for (const people of arms) {
      const report = reportLift({ ...example, control: { people, buyers: exact(0) } }, 50);
      expect(report.effect).toBeUndefined();
      expect(report.words).toEqual([{ en: 'Effect: not enough data.', zh: '效果：数据不足。' }]);
    }
    const none = reportLift({ ...example, control: { people: exact(10_000), buyers: exact(0) } }, 50);
    expect(none.effect!.relative).toBeUndefined();
    expect(JSON.stringify(none)).not.toMatch(/null|NaN|Infinity/);
    const nobody = reportLift({ ...example, treated: { people: exact(100), buyers: noisy(-5, 100) } }, 50);
    expect(JSON.stringify(nobody)).not.toMatch(/null|NaN|Infinity/);
  });

  it('is told as its README tells it, and in Chinese', () => {
    const document = readDocument('core/applications/lift/README.md');
    const credited = { model: { en: 'last touch', zh: '末次触点' }, orders: 280, interval: { low: 247, high: 313 } };
    for (const { en, zh } of [...reportLift({ ...example, credited }, 50).words, ...reportLift(withNoise, 50).words]) {
      expect(document).toContain(en);
      expect(zh).toMatch(/[一-鿿]/);
    }
  });
});

describe('the sizes of the groups', () => {
  it('that were not planned so are noticed, and chance is not', () => {
    expect(sampleRatio(exact(10_000), exact(10_000), 0.5)).toEqual({ p: 1, suspicious: false });
    expect(sampleRatio(exact(10_150), exact(9_850), 0.5).suspicious).toBe(false);
    expect(sampleRatio(exact(10_300), exact(9_700), 0.5).suspicious).toBe(true);
    expect(sampleRatio(noisy(10_300, 10_000), noisy(9_700, 10_000), 0.5).suspicious).toBe(false);
    const { words } = reportLift({ ...example, plannedShare: 0.6 }, 50);
    expect(words.at(-1)!.en).toContain('cannot be trusted');
  });
});

describe('the plan', () => {
  it('counts one person in one arm, and value up to its limit', () => {
    expect(planLift({ valueMax: 0 }).tables.map(({ sensitivity }) => sensitivity)).toEqual([1, 1]);
    expect(planLift({ valueMax: 300 }).tables.map(({ sensitivity }) => sensitivity)).toEqual([1, 1, 300, 90_000]);
  });

  it('says how small an effect can be found', () => {
    // (1.96 + 0.8416)·√(0.024·0.976·2/10,000) = 0.606 points.
    expect(100 * detectableDifference({ treated: 10_000, control: 10_000, rate: 0.024 })!).toBeCloseTo(0.6064, 3);
    expect(detectableDifference({ treated: 0, control: 10, rate: 0.1 })).toBeUndefined();
  });
});

describe('the SQL', () => {
  it('[F117] counts buyers once, clips value, takes refunds off and leaves other currencies out, as plain loops do', async () => {
    const period = { from: 1_781_575_200, until: 1_781_576_200 };
    const [order, refund] = [kindCode('order'), kindCode('refund')];
    const events = Array.from({ length: 1_200 }, (_, i) => {
      const draw = new Draw(4, 'lift').at(i);
      const kind = draw.chance(7_500) ? order : refund;
      return {
        person: draw.below(500),
        at: period.from - 100 + draw.below(1_200),
        kind,
        value: draw.below(400),
        currency: draw.chance(9_000) ? 'CNY' : 'USD',
        ref: kind === order ? `o${i}` : `o${draw.below(1_200)}`,
      };
    });
    const { load, query } = await testDatabase();
    await load(
      'events',
      eventColumns,
      events.map((e, i): Cell[] => [e.person, e.at, 0, e.kind, '', '', '', 0, e.value, e.currency, `e${i}`, e.ref]),
    );
    await load(
      'groups',
      { person: 'UINTEGER', arm: 'VARCHAR' },
      Array.from({ length: 600 }, (_, i) => [i, i % 3 ? 'treated' : 'control']),
    );
    const got = await query(liftSql({ groups: 'groups', events: 'events', period, currency: 'CNY', valueMax: 500 }));
    const expected = (arm: string, isOf: (person: number) => boolean) => {
      let [people, buyers, value, squares] = [0, 0, 0, 0];
      for (let person = 0; person < 600; person++) {
        if (!isOf(person)) continue;
        people++;
        const own = events.filter(
          (e) => e.person === person && e.kind === order && e.at >= period.from && e.at < period.until,
        );
        if (own.length === 0) continue;
        buyers++;
        let spent = 0;
        for (const { ref, value: worth, currency } of own) {
          const back = events.filter((e) => e.kind === refund && e.ref === ref && e.currency === 'CNY');
          spent += (currency === 'CNY' ? worth : 0) - back.reduce((sum, e) => sum + e.value, 0);
        }
        const clipped = Math.max(Math.min(spent, 500), 0);
        value += clipped;
        squares += clipped * clipped;
      }
      return { arm, people: `${people}`, buyers: `${buyers}`, value: `${value}`, squares: `${squares}` };
    };
    expect(got).toEqual([
      expected('control', (person) => person % 3 === 0),
      expected('treated', (person) => person % 3 !== 0),
    ]);
  });

  it('[F119] finds the known effect of the generated campaign by its hold-out', async () => {
    const { query, run, truth } = await generatedEvents(12_000, 5);
    await run(`CREATE TABLE groups AS SELECT person, CASE WHEN grp = 'holdout' THEN 'control' ELSE 'treated' END AS arm
      FROM people WHERE customer AND grp IS NOT NULL`);
    const cells = await query(
      liftSql({ groups: 'groups', events: 'events', period: june, currency: 'CNY', valueMax: 10 ** 6 }),
    );
    const [control, treated] = cells;
    const { exposed, unreached, holdout } = truth.campaign.groups;
    expect([Number(treated!.people), Number(treated!.buyers)]).toEqual([
      exposed.customers + unreached.customers,
      exposed.bought + unreached.bought,
    ]);
    expect([Number(control!.people), Number(control!.buyers)]).toEqual([holdout.customers, holdout.bought]);
    const arm = (cell: (typeof cells)[number]) => ({
      people: exact(Number(cell.people)),
      buyers: exact(Number(cell.buyers)),
    });
    const { effect, sampleRatio: ratio } = reportLift(
      { assignment: 'random', treated: arm(treated!), control: arm(control!), plannedShare: 0.8 },
      50,
    );
    // 70 % of those who were not held out saw it, and an exposure raises the chance from 10 % to 15 %.
    const { interval } = effect!;
    expect(interval.low).toBeLessThan(0.035);
    expect(interval.high).toBeGreaterThan(0.035);
    expect(ratio!.suspicious).toBe(false);
  });
});
