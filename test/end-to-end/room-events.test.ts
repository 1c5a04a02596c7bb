/**
 * Events of two contributors in a room: exposures of a media house and orders of a shop, each delivered more than once, make reports that count them once. The
 * shop brings its customers beside its orders, so a rule reads their tags and what happened to them.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobEnd, openTrialNetwork, publish, type TrialNetwork } from './trial-network.ts';
import { agreeOnRoom, mobileOf, type TrialRules } from './trial-room.ts';

/** Exposed are persons 0 to 1399, those of an even number by the feed. Persons 400 to 1599 have ordered once each, for 100. */
const exposed = 1400;
const [ordersFrom, ordersTo] = [400, 1600];
/** Customers are persons 0 to 1599; every second two of four are of the tier gold. */
const customers = 1600;
const isGold = (i: number) => i % 4 < 2;
/** Exposures of a person, and how often each event is delivered. */
const times = 2;
const deliveries = 3;

const day = 86_400;
const from = Date.UTC(2026, 5, 1) / 1000;
const until = from + 10 * day;

let network: TrialNetwork;

beforeAll(async () => {
  network = await openTrialNetwork();
  const exposures = range(0, exposed).flatMap((i) =>
    range(0, times).flatMap((n) => {
      const channel = i % 2 === 0 ? 'feed' : 'search';
      return Array(deliveries).fill(`${mobileOf(i)},${from + day + n * 3600},exposure,${channel},x-${i}-${n}`);
    }),
  );
  // Every second order is taken back in full. A delivery bears an id of its own, and the order's number.
  const orders = range(ordersFrom, ordersTo).flatMap((i) => {
    const row = (kind: string, at: number, n: number) => `${mobileOf(i)},${at},${kind},100,${kind}-${i}-${n},no ${i}`;
    const order = range(0, deliveries).map((n) => row('order', from + 5 * day, n));
    return i % 2 === 0 ? [...order, row('refund', from + 6 * day, 0)] : order;
  });
  const touches = join(network.folder, 'touches.csv');
  const sales = join(network.folder, 'sales.csv');
  const people = join(network.folder, 'people.csv');
  await writeFile(touches, `phone,at,kind,channel,event\n${exposures.join('\n')}\n`);
  const members = range(0, customers).map((i) => `${mobileOf(i)},${isGold(i) ? 'gold' : 'blue'}`);
  await writeFile(people, `mobile,tier\n${members.join('\n')}\n`);
  await writeFile(sales, `mobile,at,kind,value,event,number\n${orders.join('\n')}\n`);
  const internal = (columns: readonly string[]) => columns.map((column) => ({ column, grade: 'internal' as const }));
  const ids = (column: string) => [{ column, profile: 'phone' }];
  const [seen, sold] = [
    ['at', 'kind', 'channel', 'event'],
    ['at', 'kind', 'value', 'event', 'number'],
  ].map(internal);
  await publish(network.media, { path: touches, name: 'users', ids: ids('phone'), attributes: seen! });
  await publish(network.brand, { path: people, name: 'people', ids: ids('mobile'), attributes: internal(['tier']) });
  await publish(network.brand, { path: sales, name: 'sales', ids: ids('mobile'), attributes: sold! });
}, 120_000);

afterAll(() => network?.close());

describe('events of two contributors', () => {
  it('are counted once in reports of reach and attribution, and what was taken back is not counted', async () => {
    const { brand, media, operator } = network;
    const columns = (mapped: Readonly<Record<string, string>>) =>
      Object.entries(mapped).map(([name, column]) => ({ column, name }));
    const same = { at: 'at', kind: 'kind', event_id: 'event' };
    const agreement = await agreeOnRoom(network, {
      contributors: [
        {
          ...{ organisation: 'brand', dataset: 'people', table: 'crm' },
          columns: columns({ tier: 'tier' }),
        },
        {
          ...{ organisation: 'brand', dataset: 'sales', table: 'orders' },
          columns: columns({ ...same, value: 'value', order_ref: 'number' }),
        },
        {
          ...{ organisation: 'media', dataset: 'users', table: 'touches' },
          columns: columns({ ...same, channel: 'channel' }),
        },
      ],
      rules: eventRules(),
      budgetRho: 250_000,
    });
    const { job: room } = await brand.api.job.run({ agreement });
    const ends = await Promise.all([brand, media, operator].map((node) => jobEnd(node, room)));
    expect(ends.map(({ status, error }) => error ?? status)).toEqual(['finished', 'finished', 'finished']);

    const period = { from, until };
    const reach = await media.api.room.report({
      room,
      request: {
        application: 'reach',
        events: ['touches'],
        period,
        media: ['feed', 'search'],
        binCount: 4,
        impressionsMax: 4,
      },
    });
    const reached = reach.report as unknown as { reach: { people: number }; impressions: number };
    expect(Math.abs(reached.reach.people - exposed)).toBeLessThan(60);
    // σ is 40: 2,800 exposures are far from the 5,600 that would count if each delivery were one.
    expect(Math.abs(reached.impressions - exposed * times)).toBeLessThan(250);

    const attribution = await brand.api.room.report({
      room,
      request: {
        application: 'attribution',
        events: ['touches', 'orders'],
        period,
        currencies: [{ code: 'CNY', digits: 0 }],
        dimensions: ['channel'],
        models: ['last'],
        ordersMax: deliveries,
        valueMax: 100,
      },
    });
    const { orders, tables } = attribution.report as unknown as {
      orders: number;
      tables: { rows: { unit: string; orders: number; money: { value: number }[] }[] }[];
    };
    // σ is 30 for orders and 3,000 for their worth; three times as many would be counted by delivery, and twice as much with what was taken back.
    expect(Math.abs(orders - (ordersTo - ordersFrom))).toBeLessThan(180);
    const rows = new Map(tables[0]!.rows.map((row) => [row.unit, row]));
    expect([...rows.keys()].toSorted()).toEqual(['feed', 'search']);
    const each = (exposed - ordersFrom) / 2;
    for (const channel of rows.values()) expect(Math.abs(channel.orders - each)).toBeLessThan(180);
    // Those of the feed have all taken their orders back.
    expect(Math.abs(rows.get('feed')!.money[0]!.value)).toBeLessThan(18_000);
    expect(Math.abs(rows.get('search')!.money[0]!.value - each * 100)).toBeLessThan(18_000);

    // Tags of one table, events of two others: gold customers who were exposed twice, lately, and have not ordered.
    const selected = await brand.api.room.report({
      room,
      request: {
        ...{ application: 'select', people: 'crm', events: ['orders', 'touches'], asOf: until },
        rule: {
          all: [
            { tag: 'tier', in: ['gold'] },
            { event: { kind: 'exposure', withinDays: 10, times: { from: times }, lastDaysAgo: { to: 9 } } },
            { not: { event: { kind: 'order', withinDays: 10 } } },
          ],
        },
      },
    });
    const { about } = selected.report as unknown as { about: number };
    // σ is 14.
    expect(Math.abs(about - range(0, ordersFrom).filter(isGold).length)).toBeLessThan(85);
    await brand.api.room.close({ room });
  }, 120_000);
});

function eventRules(): TrialRules {
  const protection = { kind: 'noise', rho: 5000, sigmaFloor: 0 } as const;
  const rights = { k: 50, protection, purposes: ['reach'], receivers: ['brand', 'media'] };
  const person = { name: 'person', type: 'key' as const, join: true, aggregates: ['count' as const], ...rights };
  const key = (name: string) => ({ name, type: 'key' as const, join: false, aggregates: [], ...rights });
  const category = (name: string, values: string[]) => ({
    ...{ name, type: 'category' as const, group: true, filter: 'declared' as const, values, isNullable: false },
    ...rights,
  });
  const at = {
    ...{ name: 'at', type: 'time' as const, from: '2026-05-01', to: '2026-07-01', grid: 'hour' as const },
    ...{ group: true, filter: 'range' as const, isNullable: false },
    ...rights,
  };
  const value = {
    ...{ name: 'value', type: 'money' as const, currency: 'CNY', min: 0, max: 100_000, grid: 1, isNullable: false },
    ...{ group: false, filter: 'no' as const, aggregates: ['sum' as const], clip: { low: 0, high: 1000 } },
    ...rights,
  };
  const table = (name: string, owner: string, columns: TrialRules['tables'][number]['columns']) => ({
    ...{ name, owner, subjects: owner === 'brand' ? 'customers' : 'audience', kind: 'event' as const },
    ...{ person: 'person', columns: [person, ...columns] },
  });
  return {
    zone: '+00:00',
    tables: [
      { ...table('crm', 'brand', [category('tier', ['gold', 'blue'])]), kind: 'person' },
      table('orders', 'brand', [at, category('kind', ['order', 'refund']), value, key('event_id'), key('order_ref')]),
      table('touches', 'media', [
        at,
        category('kind', ['exposure', 'click']),
        category('channel', ['feed', 'search']),
        key('event_id'),
      ]),
    ],
  };
}

function range(low: number, high: number): number[] {
  return Array.from({ length: high - low }, (_, i) => low + i);
}
