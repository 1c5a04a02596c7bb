import type { AttributionData } from '@causeway/core/applications/request';
import { describe, expect, it } from 'vitest';
import { hidden } from '../../../charts/figure.ts';
import { reportFigures } from './report.ts';
import { cellsOf, english, expectSound } from './testing.ts';

const report: AttributionData = {
  orders: 1200,
  tables: [
    {
      model: 'last',
      dimension: 'channel',
      rows: [
        {
          unit: 'feed',
          orders: 700.5,
          interval: { low: 650, high: 750 },
          expected: 500,
          persons: 900,
          money: [
            {
              currency: 'CNY',
              digits: 2,
              value: 1_000_000,
              cost: 400_000,
              costPerOrder: 571,
              roi: 1.5,
              roiInterval: { low: 1.1, high: 1.9 },
              roas: 2.5,
            },
          ],
        },
        { unit: 'search', persons: 30, money: [] },
        {
          unit: '',
          orders: 0,
          money: [{ currency: 'CNY', digits: 2, value: 0, cost: 5, costPerOrder: 'no orders', roi: -1, roas: 0 }],
        },
      ],
      untouched: 100,
      withinNoise: { orders: false, expected: true },
      words: [],
    },
    {
      model: 'markov-1',
      dimension: 'channel',
      rows: [
        { unit: 'search', orders: 300, interval: { low: 100, high: 500 }, money: [] },
        { unit: 'feed', orders: 400, interval: { low: 200, high: 600 }, money: [] },
      ],
      withinNoise: { orders: true, expected: false },
      words: [],
    },
  ],
  paths: {
    rows: [
      { path: ['feed'], persons: 500, orders: 300, interval: { low: 280, high: 320 } },
      { path: ['feed', 'search'], persons: 200, orders: 100, interval: { low: 80, high: 120 } },
    ],
    longer: { orders: 40 },
    words: [],
  },
  words: [],
};

describe('attribution', () => {
  const result = reportFigures('attribution', JSON.parse(JSON.stringify(report)), english);
  const byId = (id: string) => result.figures.find((figure) => figure.id === id);
  expectSound(result);

  it('compares models by unit, whatever order each has them in, and says which are within noise', () => {
    const compared = byId('attribution-channel');
    expect(cellsOf(compared, 'unit')).toEqual(['feed', 'search', '(none)']);
    expect(cellsOf(compared, 'last')).toEqual([700.5, hidden, 0]);
    expect(cellsOf(compared, 'markov-1')).toEqual([400, 300, null]);
    expect(compared!.notes).toEqual(['Markov of order 1: differences are within noise.']);
  });

  it('has for each model its interval, cost of an order and return, and orders that no touch came before', () => {
    const last = byId('attribution-channel-last');
    expect(cellsOf(last, 'unit')).toEqual(['feed', 'search', '(none)', 'No touch before']);
    expect(cellsOf(last, 'orders')).toEqual([700.5, hidden, 0, 100]);
    expect(cellsOf(last, 'CNY value')).toEqual([1_000_000, hidden, 0, null]);
    expect(cellsOf(last, 'CNY costPerOrder')).toEqual([571, null, 'no orders', null]);
    expect(cellsOf(last, 'CNY roi low')).toEqual([1.1, null, null, null]);
    expect(last!.notes).toEqual(['Orders follow the share of touches: what differs beyond that is within noise.']);
    expect(byId('attribution-channel-markov-1')!.columns.map(({ key }) => key)).not.toContain('CNY value');
  });

  it('adds up the steps of the paths that are shown, and lists them with what is not shown one by one', () => {
    expect(byId('paths-steps')!.rows).toEqual([
      ['Touch 1: feed', 'Order', 300],
      ['Touch 1: feed', 'Touch 2: search', 100],
      ['Touch 2: search', 'Order', 100],
    ]);
    expect(cellsOf(byId('paths'), 'path')).toEqual(['feed', 'feed → search', 'Longer paths']);
    expect(cellsOf(byId('paths'), 'orders')).toEqual([300, 100, 40]);
  });
});
