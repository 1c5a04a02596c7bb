import { describe, expect, it } from 'vitest';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { Draw } from '../../random/index.ts';
import { exact, noisy } from '../../statistics/index.ts';
import { kindCode } from '../events/index.ts';
import { noiseDeviation } from '../report/index.ts';
import {
  type AttributionCells,
  attributionCells,
  attributionTold,
  type Collected,
  type CreditTable,
  daySeconds,
  defaultAttribution,
  explorePaths,
  JourneyCollector,
  type PathModel,
  pathCredits,
  planAttribution,
  reportAttribution,
} from './index.ts';
import { agelessModels } from './settings.ts';

const linear: CreditTable = {
  model: 'linear',
  dimension: 'channel',
  rows: [
    {
      unit: 'video',
      credits: exact(150_500_000),
      squares: 121.3,
      persons: exact(9_000),
      values: [{ units: exact(4_800_000), squares: 2e11 }],
    },
    {
      unit: 'search',
      credits: exact(49_500_000),
      squares: 38.2,
      persons: exact(1_200),
      values: [{ units: exact(1_650_000), squares: 9e10 }],
    },
  ],
};
const example: AttributionCells = {
  currencies: [{ currency: 'CNY', digits: 2 }],
  tables: [linear],
  total: { credits: exact(220_000_000), values: [exact(7_000_000)] },
  untouched: { credits: exact(20_000_000), values: [exact(550_000)] },
  costs: [
    { dimension: 'channel', unit: 'video', currency: 'CNY', units: 1_200_000 },
    { dimension: 'campaign', unit: 'video', currency: 'CNY', units: 999 },
  ],
};
const tableOf = (cells: AttributionCells) => reportAttribution(cells).tables[0]!;

describe('a table of an attribution', () => {
  it('[F117] cost 12,000.00, 150.5 orders, value 48,000.00: CPO 79.73, ROI 3.0, and ROAS 4.0 under its own name', () => {
    const [video] = tableOf(example).rows;
    expect(video).toMatchObject({ unit: 'video', orders: 150.5, persons: 9_000 });
    const [money] = video!.money;
    expect(money).toMatchObject({ value: 4_800_000, cost: 1_200_000, roi: 3, roas: 4 });
    expect(((money!.costPerOrder as number) / 100).toFixed(2)).toBe('79.73');
    expect(money!.roiInterval!.low).toBeCloseTo((4_800_000 - 1.96 * Math.sqrt(2e11)) / 1_200_000 - 1, 10);
  });

  it('[F117] without orders has no cost per order, and without a cost no ROI: words, never Infinity', () => {
    const none = {
      ...linear,
      rows: [{ ...linear.rows[0]!, credits: exact(0), values: [{ units: exact(0) }] }, linear.rows[1]!],
    };
    const { rows, words } = tableOf({
      ...example,
      tables: [none],
      total: { credits: exact(69_500_000), values: [exact(2_200_000)] },
    });
    expect(rows[0]!.money[0]).toMatchObject({ costPerOrder: 'no orders', roi: -1, roas: 0 });
    expect(rows[1]!.money[0]).toMatchObject({ roi: 'no cost', roas: 'no cost' });
    expect('costPerOrder' in rows[1]!.money[0]!).toBe(false);
    expect(JSON.stringify(rows)).not.toMatch(/null|Infinity|NaN/);
    expect(words.map(({ en }) => en).join(' ')).toMatch(/ROI: no cost.*CPO: no orders/);
  });

  it('[F117] tells each currency by itself', () => {
    const values = [{ units: exact(4_800_000) }, { units: exact(70) }];
    const rows = linear.rows.map((row) => ({ ...row, values }));
    const { rows: got } = tableOf({
      ...example,
      currencies: [
        { currency: 'CNY', digits: 2 },
        { currency: 'JPY', digits: 0 },
      ],
      tables: [{ ...linear, rows }],
      total: { credits: exact(220_000_000), values: [exact(9_600_000), exact(140)] },
      untouched: { credits: exact(20_000_000), values: [exact(0), exact(0)] },
    });
    expect(got[0]!.money.map(({ currency, value, roi }) => [currency, value, roi])).toEqual([
      ['CNY', 4_800_000, 3],
      ['JPY', 70, 'no cost'],
    ]);
  });

  it('[F115] shows the sum under it, and shows nothing that does not add up', () => {
    expect(tableOf(example)).toMatchObject({ sum: 220, untouched: 20 });
    for (const wrong of [
      { ...example, total: { ...example.total, credits: exact(220_000_001) } },
      { ...example, total: { ...example.total, values: [exact(7_000_001)] } },
    ]) {
      expect(() => reportAttribution(wrong)).toThrow(/does not add up/);
    }
  });

  it('[F119] has an interval from people, noise in it, and says that it tells no cause', () => {
    const [video] = tableOf(example).rows;
    expect(video!.interval!.high - 150.5).toBeCloseTo(1.96 * Math.sqrt(121.3), 10);
    const withNoise = {
      ...linear,
      rows: linear.rows.map((row) => ({ ...row, credits: noisy(row.credits!.value, 1_600e12) })),
    };
    const noisyTable = tableOf({
      ...example,
      tables: [withNoise],
      total: { ...example.total, credits: noisy(220_500_000, 1_600e12) },
    });
    expect(noisyTable.rows[0]!.interval!.high - 150.5).toBeCloseTo(1.96 * Math.sqrt(121.3 + 1_600), 10);
    const told = attributionTold({ ...defaultAttribution, period: { from: 0, until: 1 } }, counts, {
      unknown: 0,
      above: 0,
    });
    expect(told.at(-1)!.en).toContain('What a campaign caused is told by a hold-out alone');
  });

  it('with hidden rows has no sum and no NaN', () => {
    const hidden = {
      ...linear,
      rows: [{ ...linear.rows[0]!, credits: undefined, values: [{ units: undefined }] }, linear.rows[1]!],
    };
    const table = tableOf({ ...example, tables: [hidden] });
    expect('sum' in table).toBe(false);
    expect(table.rows[0]).toEqual({
      unit: 'video',
      persons: 9_000,
      money: [{ currency: 'CNY', digits: 2, cost: 1_200_000 }],
    });
  });

  it('is told as its README tells it, and in Chinese', () => {
    const document = readDocument('core/applications/attribution/README.md');
    const told = attributionTold(
      { ...defaultAttribution, period: { from: 0, until: 1 } },
      { ...counts, pathsCut: 3 },
      { unknown: 2, above: 0 },
    );
    for (const { en, zh } of [...tableOf(example).words, ...told]) {
      expect(document).toContain(en);
      expect(zh).toMatch(/[一-鿿]/);
    }
  });
});

const counts: Collected['counts'] = {
  orders: 220,
  touched: 200,
  values: [7_000_000],
  untouchedValues: [550_000],
  ordersBeyond: 0,
  valuesCut: 0,
  pathsCut: 0,
  otherCurrency: 0,
};

/** People with one to four touches; who orders depends on `chance` of the channels touched. */
function simulate(
  people: number,
  seed: number,
  weights: readonly number[],
  chance: (channels: readonly number[]) => number,
): Collected {
  const names = weights.map((_, channel) => `c${channel}`);
  const placements = names.map((channel) => ({ channel, campaign: '', creative: '', audience: '' }));
  const settings = { ...defaultAttribution, period: { from: 0, until: 30 * daySeconds } };
  const collector = new JourneyCollector({ settings, placements, currencies: ['CNY'] });
  const draw = new Draw(seed, 'simulate');
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const pick = () => {
    const at = draw.below(all);
    return weights.findIndex(
      (_, channel) => at < weights.slice(0, channel + 1).reduce((sum, weight) => sum + weight, 0),
    );
  };
  for (let person = 0; person < people; person++) {
    draw.at(person);
    const channels = Array.from({ length: 1 + draw.below(4) }, pick);
    const isBuyer = draw.chance(chance(channels));
    const length = channels.length + (isBuyer ? 1 : 0);
    const kind = Uint32Array.from({ length }, (_, i) =>
      i === channels.length ? kindCode('order') : kindCode('click'),
    );
    collector.add({
      rowCount: length,
      person: new Uint32Array(length).fill(person),
      second: Int32Array.from({ length }, (_, i) => i * daySeconds),
      kind,
      subject: Uint32Array.from({ length }, (_, i) => channels[i] ?? 0),
      value: Float64Array.from({ length }, (_, i) => (i === channels.length ? 10_000 : 0)),
    });
  }
  return collector.finish();
}

const models: readonly PathModel[] = ['markov-1', 'markov-2', 'shapley', 'shapley-rate'];
function reportOf(collected: Collected, minimum = 200) {
  const cells = attributionCells(collected, {
    pathCredits: pathCredits(collected, models, { replicates: minimum, seed: 1 }),
    costs: [{ placement: 0, currency: 'CNY', cost: 500_000 }],
    digits: { CNY: 2 },
  });
  return reportAttribution(cells).tables.filter(({ dimension }) => dimension === 'channel');
}

describe('[F118] channels without a signal', () => {
  it('that reached as many people each differ within noise under every model, and the report says so', () => {
    for (const table of reportOf(simulate(8_000, 3, [1, 1, 1, 1], () => 500))) {
      expect(table.withinNoise.orders, table.model).toBe(true);
      expect(table.words.map(({ en }) => en)).toContain('Differences between channels are within noise.');
    }
  });

  it('that were touched more and less differ in orders, and not beyond their share of touches', () => {
    for (const table of reportOf(simulate(8_000, 3, [12, 4, 2, 1], () => 500)).filter(({ model }) =>
      agelessModels.some((rule) => rule === model),
    )) {
      expect(table.withinNoise, table.model).toEqual({ orders: false, expected: true });
      expect(table.words.map(({ en }) => en).join(' ')).toContain('Orders follow the share of touches');
    }
  });

  it('are told from channels with one: a canary', () => {
    const signal = simulate(8_000, 3, [1, 1, 1, 1], (channels) => (channels.includes(2) ? 1_500 : 100));
    for (const table of reportOf(signal)) {
      expect(table.withinNoise, table.model).toEqual({ orders: false, expected: false });
      const best = [...table.rows].sort((a, b) => b.orders! - a.orders!)[0]!;
      expect(best.unit, table.model).toBe('c2');
    }
  });
});

describe('the resampled intervals', () => {
  it('are the same for the same seed, narrow with the number of people, and hold the credit of their model', () => {
    const collected = simulate(4_000, 1, [3, 2, 1], () => 800);
    const once = pathCredits(collected, models, { replicates: 100, seed: 5 });
    expect(pathCredits(collected, models, { replicates: 100, seed: 5 })).toEqual(once);
    const wide = (people: number) => {
      const [markov] = pathCredits(
        simulate(people, 1, [3, 2, 1], () => 800),
        ['markov-1'],
        { replicates: 100, seed: 5 },
      );
      const { interval, credits } = markov!.units[0]!;
      return (interval!.high - interval!.low) / credits;
    };
    expect(wide(16_000)).toBeLessThan(0.7 * wide(4_000));
    for (const { units } of once) {
      for (const { credits, interval } of units) {
        expect(interval!.low).toBeLessThan(credits / 1e6);
        expect(interval!.high).toBeGreaterThan(credits / 1e6);
      }
    }
  });

  it('are left out where the model itself is sampled, and its bound is told', () => {
    const collected = simulate(
      2_000,
      1,
      Array.from({ length: 13 }, () => 1),
      () => 2_000,
    );
    const [rate] = pathCredits(collected, ['shapley-rate'], { replicates: 10, seed: 1 });
    expect(rate!.units.every(({ interval }) => interval === undefined)).toBe(true);
    expect(rate!.bound!.permutations).toBe(Math.ceil(20_000 * Math.log(2_600)));
    const cells = attributionCells(collected, { pathCredits: [rate!], costs: [], digits: { CNY: 2 } });
    const table = reportAttribution(cells).tables.at(-1)!;
    expect(table.words.at(-1)!.en).toContain('sampled permutations: with probability 0.99');
  });
});

describe('the path explorer', () => {
  const journeys = () => simulate(6_000, 2, [5, 2, 1], () => 2_500);

  it('shows paths of at most three channels and of enough people, and its orders add up to all', () => {
    const collected = journeys();
    const { rows, longer, rare } = explorePaths(collected, 50);
    expect(rows.length).toBeGreaterThan(3);
    for (const { path, persons, orders } of rows) {
      expect(path.length).toBeLessThanOrEqual(3);
      expect(path.every((channel, i) => channel !== path[i - 1])).toBe(true);
      expect(Math.min(persons, orders)).toBeGreaterThanOrEqual(50);
    }
    const shown = rows.reduce((sum, { orders }) => sum + orders, 0);
    expect(shown + longer.orders + rare.orders).toBe(collected.counts.touched);
    expect([longer.orders, rare.orders].every((orders) => orders > 0)).toBe(true);
  });

  it('[F68] shows nothing of paths of a few people', () => {
    const { rows, rare, longer } = explorePaths(journeys(), 100_000);
    expect(rows).toEqual([]);
    expect(rare.orders + longer.orders).toBe(journeys().counts.touched);
  });
});

describe('the plan', () => {
  it('asks noise by what a person can move: M = 4 orders σ = 40, M = 1 σ = 10, transitions far more, sets as little as a rule', () => {
    const plan = (ordersMax: number) =>
      planAttribution({
        channels: 5,
        models: ['linear', 'markov-1', 'markov-2', 'shapley', 'shapley-rate'],
        ordersMax,
        valueMax: 1_000,
        pathLengthMax: 20,
      });
    const sigma = (ordersMax: number) =>
      Object.fromEntries(plan(ordersMax).tables.map((table) => [table.name, noiseDeviation(table, 0.005)]));
    expect(sigma(4)).toMatchObject({
      linear: 40,
      'markov-1: transitions': 840,
      'shapley: orders': 40,
      'shapley-rate: people': 10,
      value: 40_000,
    });
    expect(sigma(1).linear).toBe(10);
    const numbers = Object.fromEntries(plan(1).tables.map(({ name, numbers: count }) => [name, count]));
    expect(numbers).toMatchObject({
      linear: 5,
      'markov-1: transitions': 6 * 7,
      'markov-2: transitions': 31 * 7,
      'shapley: orders': 31,
      value: 6,
    });
  });
});
