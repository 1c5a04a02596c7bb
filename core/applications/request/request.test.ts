import { describe, expect, it } from 'vitest';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { parseCatalogue } from '../../policy/query/index.ts';
import { compileReport, parseReportRequest, presentReport, ReportRefused, withReportNoise } from './index.ts';

const rights = {
  k: 50,
  protection: { kind: 'noise', rho: 5000, sigmaFloor: 0 },
  purposes: ['measurement'],
  receivers: ['brand'],
};
const id = (name: string) => ({ name, type: 'key', join: false, aggregates: ['count'], ...rights });
const category = (name: string, values: readonly string[]) => ({
  ...{ name, type: 'category', values, isNullable: false, group: true, filter: 'declared' },
  ...rights,
});
const at = { name: 'at', type: 'time', from: '2025-01-01', to: '2026-01-01', grid: 'day', isNullable: false };
const catalogueOf = (channels: readonly string[]) =>
  parseCatalogue({
    network: 'fair',
    zone: '+08:00',
    epoch: '0'.repeat(64),
    audiences: [],
    tables: [
      {
        ...{ name: 'touches', owner: 'media', subjects: 'users', kind: 'event', person: 'person' },
        columns: [
          ...[id('person'), id('event_id'), category('kind', ['exposure']), category('channel', channels)],
          { ...at, group: true, filter: 'range', ...rights },
        ],
      },
    ],
  });
const catalogue = catalogueOf(['video', 'search']);
const asker = { receivers: ['brand'], group: 'brand', purpose: 'measurement' };
const [example] = readDocument('core/applications/request/README.md').match(/(?<=```json\n)[\s\S]*?(?=```)/) ?? [];
const request = parseReportRequest(JSON.parse(example!));

describe('the request of the README', () => {
  const report = compileReport({ request, catalogue, asker });

  it('has the tables, prices and deviations that its document tells', () => {
    const told = report.tables.map(({ name, cells, variance, cost }) => {
      const sigma = Math.sqrt(Number(variance!.numerator) / Number(variance!.denominator));
      return `| ${name} | ${cells} | ${sigma.toFixed(1)} | ${(cost / 1e6).toFixed(3)} |`;
    });
    const document = readDocument('core/applications/request/README.md');
    for (const row of told) expect(document).toContain(row);
    expect(told).toHaveLength(6);
  });

  it('is one report under one name for one group of receivers, whatever the order of its parameters', () => {
    const again = parseReportRequest(JSON.parse(JSON.stringify({ ...request, application: 'reach' })));
    const reversed = parseReportRequest(Object.fromEntries(Object.entries(request).reverse()));
    for (const same of [again, reversed]) {
      expect(compileReport({ request: same, catalogue, asker }).reportKey).toBe(report.reportKey);
    }
    const others = [
      compileReport({ request: { ...request, binCount: 9 } as typeof request, catalogue, asker }),
      compileReport({ request, catalogue, asker: { ...asker, group: 'holding' } }),
      compileReport({ request, catalogue: { ...catalogue, epoch: '1'.repeat(64) }, asker }),
    ];
    expect(new Set([report, ...others].map(({ reportKey }) => reportKey)).size).toBe(4);
  });

  it('[F70] has the same noise each time in one room, other noise for every number, and none in common with another room', () => {
    const numbers = Object.fromEntries(
      report.tables.map(({ name, cells }) => [name, new Array<bigint>(cells).fill(0n)]),
    );
    const noise = (room: number) => withReportNoise(report, numbers, new Uint8Array(32).fill(room));
    expect(noise(1)).toEqual(noise(1));
    const bins = noise(1).frequency!.map(Number);
    expect(new Set(bins).size).toBeGreaterThan(5);
    expect(noise(2).frequency).not.toEqual(noise(1).frequency);
    expect(() => withReportNoise(report, { ...numbers, reach: [] }, new Uint8Array(32))).toThrow(RangeError);
  });

  it('[F68] shows a cell from k + ⌈2σ⌉ people on, and not one fewer', () => {
    const empty = report.tables.map(({ name, cells }) => [name, new Array<string>(cells).fill('0')] as const);
    const shown = (reach: number) =>
      presentReport(report, { ...Object.fromEntries(empty), reach: [String(reach)], impressions: ['900'] });
    expect(shown(69)).not.toHaveProperty('reach');
    expect(shown(69)).not.toHaveProperty('impressions');
    expect(shown(70)).toMatchObject({ reach: { people: 70 }, impressions: 900 });
  });
});

describe('a condition on what events come to', () => {
  const money = { name: 'value', type: 'money', currency: 'CNY', min: 0, max: 100_000, grid: 100, isNullable: true };
  const summed = { group: false, filter: 'range', aggregates: ['sum'], clip: { low: 0, high: 100_000 }, ...rights };
  const rulesOf = (value: object) =>
    parseCatalogue({
      ...{ network: 'fair', zone: '+08:00', epoch: '0'.repeat(64), audiences: [] },
      tables: [
        {
          ...{ name: 'users', owner: 'media', subjects: 'users', kind: 'person', person: 'person' },
          columns: [{ ...id('person'), join: true }],
        },
        {
          ...{ name: 'orders', owner: 'brand', subjects: 'buyers', kind: 'event', person: 'person' },
          columns: [
            ...[{ ...id('person'), join: true }, id('order_ref'), category('kind', ['order'])],
            ...[{ ...at, group: true, filter: 'range', ...rights }, value],
          ],
        },
      ],
    });
  const asked = (event: object, value: object = { ...money, ...summed }) => {
    const rule = { event: { kind: 'order', withinDays: 90, ...event } };
    const shape = { application: 'select', people: 'users', events: ['orders'], asOf: 1748707200 };
    return compileReport({ request: parseReportRequest({ ...shape, rule }), catalogue: rulesOf(value), asker });
  };
  const refused = (code: string) => expect.objectContaining({ name: 'ReportRefused', code });

  it('lies on the grid of single values, in the currency that they have', () => {
    expect(asked({ value: { currency: 'CNY', from: 50_000, to: 99_999 } }).tables).toHaveLength(1);
    expect(() => asked({ value: { currency: 'CNY', from: 50_001 } })).toThrow(refused('off-grid'));
    expect(() => asked({ value: { currency: 'CNY', to: 50_000 } })).toThrow(refused('off-grid'));
    expect(() => asked({ value: { currency: 'USD', from: 50_000 } })).toThrow(refused('undeclared-value'));
    expect(() => asked({ kind: 'refund', value: { currency: 'CNY', from: 50_000 } })).toThrow(
      refused('undeclared-value'),
    );
  });

  it('needs the owner’s word for conditions and for sums', () => {
    const worth = { value: { currency: 'CNY', from: 50_000 } };
    for (const [change, code] of [
      [{ filter: 'no' }, 'no-filter'],
      [{ aggregates: [] }, 'no-aggregate'],
    ] as const) {
      const closed = { ...money, ...summed, ...change };
      expect(() => asked(worth, closed)).toThrow(expect.objectContaining({ name: 'QueryRefused', code }));
      expect(asked({}, closed).tables).toHaveLength(1);
    }
  });
});

describe('an attribution', () => {
  const shape = { application: 'attribution', events: ['touches'], period: { from: 1748707200, until: 1751299200 } };
  const asked = (models: readonly string[], channels: number, more: object = {}) =>
    compileReport({
      request: parseReportRequest({ ...shape, currencies: [], dimensions: ['channel'], models, ordersMax: 1, ...more }),
      catalogue: catalogueOf(Array.from({ length: channels }, (_, i) => `c${i}`)),
      asker,
    });
  const refused = (code: string) => expect.objectContaining({ name: 'ReportRefused', code });

  it('of sets of channels has at most 12 of them, and no more numbers than may be told at once', () => {
    expect(asked(['shapley'], 12).tables.find(({ name }) => name === 'shapley: orders')!.cells).toBe(4095);
    expect(() => asked(['shapley'], 13)).toThrow(refused('too-many-numbers'));
    expect(() => asked(['markov-3'], 10)).toThrow(refused('too-many-numbers'));
    expect(asked(['markov-3'], 8).tables.find(({ name }) => name === 'markov-3: transitions')!.cells).toBe(
      8 + 584 * 10,
    );
  });

  it('hides (M + 1)(T + 1) transitions of a person, and M orders', () => {
    const { tables } = asked(['markov-1', 'last'], 2, { ordersMax: 3, pathLengthMax: 4 });
    const of = (name: string) => tables.find((table) => table.name === name)!.squaredSensitivity;
    expect(of('markov-1: transitions')).toBe(20n ** 2n);
    expect(of('last by channel')).toBe(3_000_000n ** 2n);
  });

  it('says in both languages why it is refused, and where', () => {
    const { words, message } = new ReportRefused('limit-needed', 'ordersMax');
    expect(message).toBe(words.en);
    expect(words.en).toMatch(/\(ordersMax\)$/);
    expect(words.zh).toMatch(/[一-鿿].*（ordersMax）$/);
  });
});
