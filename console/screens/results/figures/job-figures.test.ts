import { describe, expect, it } from 'vitest';
import { hidden } from '../../../charts/figure.ts';
import { answerFigures } from './answer.ts';
import { insightFigures } from './insight.ts';
import { matchFigures } from './match.ts';
import { cellsOf, english, expectSound } from './testing.ts';

describe('a match', () => {
  it('tells matched rows by identifier; a small part is held back', () => {
    const result = matchFigures(
      {
        rows: 1000,
        distinct: 990,
        partnerRows: 5000,
        matched: 300,
        matchRate: '30 %',
        byKey: [
          { key: 'phone', rows: 900, matched: 280, share: 0.93 },
          { key: 'email', rows: 500 },
        ],
        hidden: [{ figure: 'email', reason: 'fewer than 50' }],
      },
      english,
    );
    expectSound(result);
    expect(result.facts.map(({ cell }) => cell)).toEqual([1000, 990, 5000, 300, 0.3]);
    expect(cellsOf(result.figures[0], 'rows')).toEqual([1000, 5000, 300]);
    expect(cellsOf(result.figures[1], 'matched')).toEqual([280, hidden]);
  });

  it('tells a side that learns nothing no matched number, not even that one is held back', () => {
    const { facts, figures } = matchFigures(
      {
        rows: 10,
        distinct: 10,
        byKey: [
          { key: 'phone', rows: 10 },
          { key: 'email', rows: 9 },
        ],
        hidden: [],
      },
      english,
    );
    expect(facts.map(({ cell }) => cell)).toEqual([10, 10]);
    expect(cellsOf(figures[0], 'rows')).toEqual([10]);
    expect(figures[1]!.columns.map(({ key }) => key)).toEqual(['key', 'rows']);
    expect(figures[1]!.chart).toBeUndefined();
  });
});

describe('an insight', () => {
  it('has people by segment with what noise leaves, crossed segments as a field, and means', () => {
    const sums = (mean: number | undefined) => [
      { column: 'spend', unit: 'CNY', ...(mean === undefined ? {} : { sum: mean * 100, mean }) },
    ];
    const result = insightFigures(
      {
        rows: 1000,
        partnerRows: 2000,
        matchedAbout: 600,
        sigma: 10,
        figures: [
          { values: {}, people: 590, sums: sums(12) },
          { values: { sex: 'f' }, people: 300, sums: sums(14) },
          { values: { sex: 'm' }, sums: sums(undefined) },
          { values: { sex: 'f', age: '18' }, people: 100, sums: sums(3) },
        ],
      },
      english,
    );
    expectSound(result);
    expect(result.figures.map(({ id, chart }) => [id, chart?.kind])).toEqual([
      ['people-sex', 'bars'],
      ['mean-spend-sex', 'bars'],
      ['people-sex-age', 'heat'],
      ['mean-spend-sex-age', 'heat'],
    ]);
    expect(cellsOf(result.figures[0], 'people')).toEqual([300, hidden]);
    expect(
      cellsOf(result.figures[0], 'low').map((cell) => (typeof cell === 'number' ? Math.round(cell) : cell)),
    ).toEqual([280, null]);
    expect(cellsOf(result.figures[1], 'mean')).toEqual([14, hidden]);
    expect(result.facts[3]!.interval!.high).toBeCloseTo(609.6, 1);
  });
});

it('an answer in SQL: whole numbers that came as text are numbers, with the interval of the noise', () => {
  const result = answerFigures(
    {
      columns: [
        { name: 'city', kind: 'label', halfWidth: null },
        { name: 'people', kind: 'figure', halfWidth: 20 },
        { name: 'mean', kind: 'figure', halfWidth: null },
      ],
      rows: [
        ['north', '320', 1.5],
        [null, '90', null],
      ],
      hidden: null,
      shares: [],
      isExact: false,
    },
    english,
  );
  expectSound(result);
  expect(result.figures[0]!.rows).toEqual([
    ['north', 320, 300, 340, 1.5],
    [null, 90, 70, 110, null],
  ]);
  expect(result.figures[0]!.chart).toMatchObject({ value: 'column 1', interval: { low: 'low 1', high: 'high 1' } });
});
