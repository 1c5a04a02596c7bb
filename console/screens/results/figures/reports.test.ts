import { reportInsight } from '@causeway/core/applications/insight';
import { reportLifecycle } from '@causeway/core/applications/lifecycle';
import { reportLift } from '@causeway/core/applications/lift';
import { reportOverlap } from '@causeway/core/applications/overlap';
import { reportReach } from '@causeway/core/applications/reach';
import { reportRetarget } from '@causeway/core/applications/retarget';
import { reportTraffic } from '@causeway/core/applications/traffic';
import { exact, noisy } from '@causeway/core/statistics';
import { describe, expect, it } from 'vitest';
import { hidden } from '../../../charts/figure.ts';
import { reportFigures } from './report.ts';
import { cellsOf, english, expectSound } from './testing.ts';

/** As it comes over the API: what is absent in a list is null there. */
const sent = (report: unknown): unknown => JSON.parse(JSON.stringify(report));
const figuresOf = (application: Parameters<typeof reportFigures>[0], report: unknown) => {
  const result = reportFigures(application, sent(report), english);
  expectSound(result);
  return result;
};

describe('overlap', () => {
  const { facts, figures } = figuresOf(
    'overlap',
    reportOverlap(
      {
        base: 1000,
        matched: exact(900),
        byIdentifier: [
          { identifier: 'phone', matched: noisy(420, 400) },
          { identifier: 'email', matched: undefined },
        ],
        bySegment: [{ segment: 'gold', base: 200, matched: exact(60) }],
        hidden: {},
      },
      50,
    ),
  );

  it('above 85 % the rate is told as more than that, and the number that would give it away not at all', () => {
    expect(facts.map(({ cell }) => cell)).toEqual([1000, null, { over: 0.85 }]);
  });

  it('a small identifier is held back and not 0; noise is told in points', () => {
    expect(cellsOf(figures[0], 'rate')).toEqual([0.42, hidden]);
    expect(cellsOf(figures[0], 'matched')).toEqual([420, hidden]);
    expect(cellsOf(figures[0], 'points')[0]).toBeCloseTo(3.9, 1);
    expect(cellsOf(figures[1], 'rate')).toEqual([0.3]);
  });
});

describe('insight', () => {
  const cell = (values: Readonly<Record<string, string>>, withTag: number | undefined, base: number) => ({
    values,
    withTag: withTag === undefined ? undefined : exact(withTag),
    baseWithTag: exact(base),
  });
  const { figures } = figuresOf(
    'insight',
    reportInsight(
      {
        baseName: { en: 'all', zh: '全部' },
        audience: exact(1000),
        base: exact(10_000),
        inside: true,
        cells: [
          cell({ sex: 'f' }, 700, 5000),
          cell({ sex: 'm' }, 300, 5000),
          cell({ age: '18' }, 102, 1000),
          cell({ sex: 'f', age: '18' }, undefined, 500),
          cell({ sex: 'm', age: '18' }, 52, 500),
        ],
      },
      50,
    ),
  );

  it('has bars with intervals for each tag, held against 100, and a field for each pair', () => {
    expect(figures.map(({ id, chart }) => [id, chart?.kind])).toEqual([
      ['tgi-sex', 'bars'],
      ['tgi-age', 'bars'],
      ['tgi-sex-age', 'heat'],
    ]);
    expect(figures[0]!.chart).toMatchObject({ baseline: 100, interval: { low: 'low', high: 'high' }, sure: 'holds' });
    expect(cellsOf(figures[0], 'tgi')).toEqual([140, 60]);
  });

  it('says which differences are beyond chance, and holds back what has too few people', () => {
    expect(cellsOf(figures[0], 'holds')).toEqual(['yes', 'yes']);
    expect(cellsOf(figures[1], 'holds')).toEqual([null]);
    expect(cellsOf(figures[2], 'tgi')).toEqual([hidden, 104]);
    expect(cellsOf(figures[2], 'low')[0]).toBeNull();
  });
});

describe('reach', () => {
  const { facts, figures } = figuresOf(
    'reach',
    reportReach({
      reach: noisy(1000, 100),
      frequency: [exact(600), undefined, exact(120)],
      impressions: exact(2500),
      target: { reach: exact(400), impressions: undefined },
      media: [
        { medium: 'feed', reach: exact(700), others: noisy(600, 0) },
        { medium: 'search', reach: undefined, others: exact(700) },
      ],
      pairs: [{ media: ['feed', 'search'], both: exact(300) }],
    }),
  );

  it('tells reach with the interval that noise leaves, and what is on target where it may', () => {
    expect(facts.map(({ cell }) => cell)).toEqual([1000, 2500, 2.5, 0.4, hidden]);
    expect(facts[0]!.interval!.low).toBeCloseTo(980.4, 1);
  });

  it('has frequency, media with what each adds, and what they share', () => {
    expect(cellsOf(figures[0], 'people')).toEqual([600, hidden, 120]);
    expect(cellsOf(figures[0], 'times')).toEqual(['1', '2', '3+']);
    expect(cellsOf(figures[1], 'reach')).toEqual([700, hidden]);
    expect(cellsOf(figures[1], 'incremental')).toEqual([400, 300]);
    expect(cellsOf(figures[2], 'both')).toEqual([300]);
  });

  it('of one medium alone nothing is incremental', () => {
    const alone = figuresOf(
      'reach',
      reportReach({
        reach: exact(70),
        frequency: [exact(70)],
        impressions: exact(70),
        media: [{ medium: 'feed', reach: exact(70), others: undefined }],
        pairs: [],
      }),
    );
    expect(cellsOf(alone.figures[1], 'incremental')).toEqual([null]);
    expect(alone.figures).toHaveLength(2);
  });
});

describe('lift', () => {
  const arm = (people: number, buyers: number) => ({ people: exact(people), buyers: exact(buyers) });

  it('is told with its interval, and as within noise where that has 0 in it', () => {
    const sure = figuresOf(
      'lift',
      reportLift({ assignment: 'random', treated: arm(10_000, 800), control: arm(10_000, 500) }, 50),
    );
    expect(sure.facts[0]!.cell).toBeCloseTo(0.03);
    expect(cellsOf(sure.figures[1], 'value')[1]).toBeCloseTo(0.6);
    expect(sure.figures[1]!.notes).toEqual(['The interval leaves out 0: the difference is beyond chance.']);
    const unsure = figuresOf(
      'lift',
      reportLift({ assignment: 'observed', treated: arm(1000, 80), control: arm(1000, 79) }, 50),
    );
    expect(unsure.figures[1]!.notes![0]).toMatch(/not a lift/);
    expect(unsure.figures[1]!.notes![1]).toMatch(/within noise/);
  });

  it('of groups that are too small is held back', () => {
    const { facts, figures } = figuresOf(
      'lift',
      reportLift({ assignment: 'random', treated: arm(30, 8), control: arm(30, 5) }, 50),
    );
    expect(facts.map(({ cell }) => cell)).toEqual([hidden]);
    expect(figures).toEqual([]);
  });
});

describe('lifecycle', () => {
  const rule = { audience: 'x' };
  const stage = (name: string) => ({ name, words: { en: name, zh: name }, rule });
  const model = { name: 'two', stages: [stage('new'), stage('loyal')] };
  const report = reportLifecycle(
    model,
    {
      flows: [
        [exact(500), exact(100), exact(60)],
        [exact(20), exact(300), exact(0)],
        [exact(80), undefined],
      ],
      aging: [[exact(70), exact(400)]],
    },
    50,
  );
  const { figures } = figuresOf('lifecycle', { transitions: [{ from: 0, to: 86_400, report }], words: [] });

  it('has the stock before and after, where no flow that it is made of is hidden', () => {
    expect(figures[0]!.part).toBe('1970-01-01 – 1970-01-02');
    expect(cellsOf(figures[0], 'before')).toEqual([660, 320]);
    expect(cellsOf(figures[0], 'after')).toEqual([600, hidden]);
  });

  it('has each flow from a stage before to one after; small ones are held back, and an empty one is 0', () => {
    expect(cellsOf(figures[1], 'people')).toEqual([500, 100, 60, hidden, 300, 0, 80, hidden]);
    expect(cellsOf(figures[1], 'from').at(-1)).toBe('outside before');
    expect(cellsOf(figures[1], 'to').at(-1)).toBe('loyal after');
    expect(cellsOf(figures[2], 'people')).toEqual([70, 400]);
  });
});

it('traffic: what is counted, what is not and why, and samples to appeal with', () => {
  const { figures } = figuresOf(
    'traffic',
    reportTraffic([
      { kind: 'exposure', reason: undefined, events: 900, sample: [] },
      { kind: 'exposure', reason: 'listed-crawler', events: 100, sample: ['e-1'] },
      { kind: 'click', reason: 'duplicate-click', events: 5, sample: ['=c', 'd'] },
    ]),
  );
  expect(figures[0]!.rows).toEqual([
    ['Exposures', 900, 100, 0.1],
    ['Clicks', 0, 5, 1],
  ]);
  expect(figures[1]!.rows.map((row) => row.slice(1))).toEqual([
    [100, 0],
    [0, 5],
  ]);
  expect(cellsOf(figures[2], 'id')).toEqual(['e-1', '=c', 'd']);
});

it('select: how many, with the interval, or held back', () => {
  const size = figuresOf('select', { about: 400, interval: { low: 380, high: 420 }, words: [] });
  expect(size.facts).toMatchObject([{ cell: 400, interval: { low: 380, high: 420 } }]);
  expect(figuresOf('select', { words: [] }).facts[0]!.cell).toEqual(hidden);
});

it('retarget: who is left after each step, and whom it left out', () => {
  const retargeting = {
    matched: 'm',
    touched: { kind: 'exposure', withinDays: 30 },
    notConvertedWithinDays: 30,
    excluded: [],
  } as const;
  const { figures } = figuresOf('retarget', reportRetarget(retargeting, [1000, 400, 390], 50));
  expect(cellsOf(figures[0], 'people')).toEqual([1000, hidden, 390]);
  expect(cellsOf(figures[0], 'leftOut')).toEqual([null, hidden, hidden]);
});
