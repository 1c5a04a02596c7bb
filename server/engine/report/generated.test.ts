import { shortPathsOf } from '@causeway/core/applications/attribution';
import { parseReportRequest } from '@causeway/core/applications/request';
import type { Catalogue } from '@causeway/core/policy/query';
import { describe, expect, it } from 'vitest';
import { generatedEvents, june } from '../../../core/applications/testing/generated-events.ts';
import { testContext, testFolder } from '../testing/context.ts';
import { runReport } from './run.ts';
import {
  byPerson,
  count,
  insightNumbers,
  liftNumbers,
  type Numbers,
  overlapNumbers,
  type PlainEvent,
  type PlainPath,
  type PlainRows,
  pathsOfPeople,
  reachNumbers,
  timesWithin,
} from './testing/plain.ts';
import { type RoomFiles, roomCatalogue, writeRoom } from './testing/room.ts';

const channels = ['aurora-always-on', 'aurora-launch', 'city-weekend'];
const groups = ['exposed', 'holdout', 'unreached'];
const tiers = ['a', 'b'];
const shape = { channels, campaigns: channels.slice(1), groups, tiers, from: '2024-07-01', to: '2025-07-02' };
const daySeconds = 86_400;

/** Made once: the files go with the last test. */
interface Made {
  readonly rows: PlainRows;
  readonly catalogue: Catalogue;
  numbersOf(request: unknown): Promise<Numbers>;
}

async function make(): Promise<Made> {
  const folder = testFolder();
  const test = await generatedEvents(4000, 7, { folders: [folder] });
  const kinds =
    "CASE kind WHEN 0 THEN 'exposure' WHEN 1 THEN 'click' WHEN 2 THEN 'visit' WHEN 3 THEN 'order' ELSE 'refund' END";
  const columns = `person, "at", ${kinds} AS kind, channel, campaign, cost, value, event_id, order_ref`;
  await test.run(`CREATE TABLE touches AS SELECT ${columns} FROM events WHERE kind < 3`);
  await test.run(`CREATE OR REPLACE TABLE orders AS SELECT ${columns} FROM events WHERE kind >= 3`);
  await test.run(`CREATE OR REPLACE TABLE users AS SELECT person, grp, CAST(CASE WHEN hash(person) % 9 > 0 THEN hash(person) % 100 END AS BIGINT) AS age
    FROM people WHERE grp IS NOT NULL OR hash(person) % 2 = 0`);
  await test.run(`CREATE OR REPLACE TABLE customers AS SELECT person, CASE hash(person) % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'undeclared' END AS tier
    FROM people WHERE customer`);
  await test.run('CREATE TABLE vip AS SELECT person FROM customers WHERE hash(person) % 5 < 2');
  await test.run('CREATE TABLE staff AS SELECT person FROM customers WHERE hash(person) % 7 = 0');
  const files = await writeRoom(test, folder);
  const catalogue = roomCatalogue(shape);
  const text = (cell: unknown) => (cell === null ? null : String(cell));
  const members = async (name: string) =>
    new Set((await test.query(`SELECT person FROM ${name}`)).map(({ person }) => Number(person)));
  const events = await test.query(`SELECT * FROM touches UNION ALL SELECT * FROM orders`);
  const declared = (value: unknown, of: readonly string[]) => (of.includes(String(value)) ? String(value) : '');
  const rows: PlainRows = {
    events: events.map((event) => ({
      person: Number(event.person),
      at: Number(event.at),
      kind: event.kind as PlainEvent['kind'],
      channel: String(event.channel),
      campaign: declared(event.campaign, shape.campaigns),
      value: Number(event.value),
      id: String(event.event_id),
      ref: String(event.order_ref),
    })),
    users: new Map(
      (await test.query('SELECT * FROM users')).map(({ person, grp, age }) => [
        Number(person),
        { grp: text(grp), age: age === null ? null : Number(age) },
      ]),
    ),
    customers: new Map(
      (await test.query('SELECT * FROM customers')).map(({ person, tier }) => [Number(person), { tier: text(tier) }]),
    ),
    vip: await members('vip'),
    staff: await members('staff'),
  };
  return { rows, catalogue, numbersOf: (request) => numbersOf(request, catalogue, files) };
}

async function numbersOf(request: unknown, catalogue: Catalogue, files: RoomFiles): Promise<Numbers> {
  const input = { request: parseReportRequest(request), catalogue, ...files, isOwn: false, timeLimitMs: 60_000 };
  const made = await runReport(input, testContext());
  if (!('numbers' in made)) throw new Error('expected numbers');
  return Object.fromEntries(Object.entries(made.numbers).map(([name, values]) => [name, values.map(Number)]));
}

describe('[F115] the true numbers of a report equal plain loops over the generated rows', { timeout: 300_000 }, () => {
  it('of overlap and insight', async () => {
    const { rows, numbersOf: of } = await make();
    expect(
      await of({
        application: 'overlap',
        people: 'customers',
        segment: 'tier',
        partner: { table: 'users', identifier: 'grp' },
      }),
    ).toEqual(overlapNumbers(rows, tiers, groups));
    const insight = {
      application: 'insight',
      base: 'users',
      baseName: { en: 'all users', zh: '全部用户' },
      audience: { audience: 'vip' },
      tags: ['grp'],
      crossed: [],
    };
    expect(await of(insight)).toEqual(insightNumbers(rows, groups));
  });

  it('of reach, also in part of the period, and of lift', async () => {
    const { rows, numbersOf: of } = await make();
    const period = { from: june.from + 9 * daySeconds, until: june.until };
    const reach = {
      application: 'reach',
      events: ['touches'],
      period,
      media: channels,
      binCount: 4,
      impressionsMax: 3,
    };
    expect(await of({ ...reach, target: { audience: 'vip' } })).toEqual(
      reachNumbers(rows, { media: channels, period, binCount: 4, most: 3 }),
    );
    const lift = {
      application: 'lift',
      groups: { table: 'users', column: 'grp', treated: ['exposed', 'unreached'], control: ['holdout'] },
      assignment: 'random',
      events: ['orders'],
      period: june,
      value: { currency: { code: 'CNY', digits: 6 }, max: 400_000_000 },
    };
    const arms = [['exposed', 'unreached'], ['holdout']];
    expect(await of(lift)).toEqual(liftNumbers(rows, { arms, period: june, valueMax: 400_000_000 }));
  });

  it('of lifecycle, select and retarget', async () => {
    const { rows, numbersOf: of } = await make();
    const own = byPerson(rows.events);
    const dates = [20, 10, 0].map((days) => june.until - days * daySeconds);
    const stage = (person: number, asOf: number) => {
      const times = (kind: PlainEvent['kind'], days: number) => timesWithin(own.get(person) ?? [], kind, days, asOf);
      if (times('order', 365) >= 2) return 5;
      if (times('order', 365) >= 1) return 4;
      if (times('visit', 90) >= 2) return 3;
      if (times('click', 90) >= 1) return 2;
      return times('exposure', 90) >= 1 ? 1 : 0;
    };
    const people = [...rows.users.keys()];
    const places = [0, 1, 2, 3, 4, 5];
    const numbers = await of({
      application: 'lifecycle',
      people: 'users',
      events: ['touches', 'orders'],
      model: 'r',
      dates,
    });
    for (const [i, name] of ['flows 1', 'flows 2'].entries()) {
      const flows = places.flatMap((from) => [
        ...places.map((to) =>
          count(people, (person) => stage(person, dates[i]!) === from && stage(person, dates[i + 1]!) === to),
        ),
        0,
      ]);
      expect(numbers[name]).toEqual([...flows, ...places.map(() => 0)]);
    }
    const since = (person: number) => {
      const [last, middle, first] = dates.toReversed().map((date) => stage(person, date));
      return last !== middle ? 1 : middle !== first ? 2 : 3;
    };
    expect(numbers.aging).toEqual(
      places.flatMap((at) =>
        [1, 2, 3].map((k) => count(people, (person) => stage(person, dates[2]!) === at && since(person) === k)),
      ),
    );
    const rule = {
      all: [
        {
          any: [
            { tag: 'grp', in: ['exposed'] },
            { tag: 'age', from: 40, to: 59 },
          ],
        },
        { event: { kind: 'exposure', withinDays: 30, times: { from: 2 } } },
        { not: { audience: 'staff' } },
      ],
    };
    const isIn = (person: number) => {
      const { grp, age } = rows.users.get(person)!;
      const some = grp === 'exposed' || (age !== null && age >= 40 && age <= 59);
      return some && timesWithin(own.get(person) ?? [], 'exposure', 30, dates[2]!) >= 2 && !rows.staff.has(person);
    };
    const events = ['touches', 'orders'];
    expect(await of({ application: 'select', people: 'users', events, rule, asOf: dates[2] })).toEqual({
      size: [count(people, isIn)],
    });
    const steps = [
      (person: number) => rows.vip.has(person),
      (person: number) => timesWithin(own.get(person) ?? [], 'exposure', 20, dates[2]!) > 0,
      (person: number) => timesWithin(own.get(person) ?? [], 'order', 30, dates[2]!) === 0,
      (person: number) => !rows.staff.has(person),
      (person: number) => timesWithin(own.get(person) ?? [], 'exposure', 20, dates[2]!) < 8,
    ];
    const retarget = {
      ...{ application: 'retarget', people: 'customers', events, asOf: dates[2], matched: 'vip' },
      touched: { kind: 'exposure', withinDays: 20 },
      notConvertedWithinDays: 30,
      excluded: ['staff'],
      frequency: { timesMax: 8, withinDays: 20 },
    };
    expect(await of(retarget)).toEqual({
      steps: steps.map((_, i) =>
        count(rows.customers.keys(), (person) => steps.slice(0, i + 1).every((holds) => holds(person))),
      ),
    });
  });

  it('of attribution by rules, channel sets and transitions', async () => {
    const { rows, numbersOf: of } = await make();
    const limits = { period: june, windowSeconds: 15 * daySeconds, ordersMax: 2, valueMax: 300_000_000, lengthMax: 6 };
    const numbers = await of({
      application: 'attribution',
      events: ['touches', 'orders'],
      period: june,
      ordersMax: limits.ordersMax,
      valueMax: limits.valueMax,
      pathLengthMax: limits.lengthMax,
      currencies: [{ code: 'CNY', digits: 6 }],
      dimensions: ['channel', 'campaign'],
      models: ['first', 'last', 'markov-1', 'markov-2', 'shapley', 'shapley-rate'],
      paths: true,
    });
    const people = [...pathsOfPeople(rows.events, limits).values()];
    const all = people.flat();
    const ofOrders = all.filter(({ value }) => value !== undefined);
    const touched = ofOrders.filter(({ touches }) => touches.length > 0);
    const untouched = ofOrders.filter(({ touches }) => touches.length === 0);
    const worth = (paths: readonly PlainPath[]) => paths.reduce((sum, { value }) => sum + value!, 0);
    expect(numbers.orders).toEqual([touched.length, untouched.length]);
    expect(numbers['value in CNY']).toEqual([worth(touched), worth(untouched)]);
    const withOrders = (paths: readonly PlainPath[]) =>
      count(people, (own) => own.some((path) => paths.includes(path)));
    expect(numbers['people with orders']).toEqual([withOrders(touched), withOrders(untouched)]);
    for (const [dimension, units] of [
      ['channel', channels],
      ['campaign', ['', ...shape.campaigns]],
    ] as const) {
      expect(numbers[`people by ${dimension}`]).toEqual(
        units.map((unit) =>
          count(people, (own) => own.some(({ touches }) => touches.some((touch) => touch[dimension] === unit))),
        ),
      );
      for (const [model, at] of [
        ['first', 0],
        ['last', -1],
      ] as const) {
        const credited = units.map((unit) => touched.filter(({ touches }) => touches.at(at)![dimension] === unit));
        expect(numbers[`${model} by ${dimension}`]).toEqual(credited.map((paths) => 1e6 * paths.length));
        expect(numbers[`CNY of ${model} by ${dimension}`]).toEqual(credited.map(worth));
      }
    }
    const masks = Array.from({ length: 7 }, (_, i) => i + 1);
    const maskOf = (paths: readonly PlainPath[]) =>
      paths.flatMap(({ touches }) => touches).reduce((mask, { channel }) => mask | (1 << channels.indexOf(channel)), 0);
    expect(numbers['shapley: orders']).toEqual(masks.map((mask) => count(touched, (path) => maskOf([path]) === mask)));
    expect(numbers['shapley-rate: people']).toEqual(masks.map((mask) => count(people, (own) => maskOf(own) === mask)));
    expect(numbers['shapley-rate: orders']).toEqual(
      masks.map((mask) =>
        people
          .filter((own) => maskOf(own) === mask)
          .reduce((sum, own) => sum + count(own, (path) => touched.includes(path)), 0),
      ),
    );
    const shortOf = ({ touches }: PlainPath) =>
      touches.map(({ channel }) => channel).filter((channel, i, list) => channel !== list[i - 1]);
    const short = shortPathsOf(channels.length).map((units) => units.map((unit) => channels[unit]!).join('>'));
    expect(short).toHaveLength(3 + 6 + 12);
    const goes = (path: string) => (own: PlainPath) => shortOf(own).join('>') === path;
    expect(numbers['paths: people']).toEqual(short.map((path) => count(people, (own) => own.some(goes(path)))));
    expect(numbers['paths: orders']).toEqual(short.map((path) => count(touched, goes(path))));
    expect(numbers['longer paths: orders']).toEqual([count(touched, (path) => shortOf(path).length > 3)]);
    // Of order 1: from the start to each channel, then from each channel to each, to an order, to nothing.
    const names = all
      .filter(({ touches }) => touches.length > 0)
      .map(({ touches, value }) => [...touches.map(({ channel }) => channel), value === undefined ? '-' : '+']);
    const steps = names.flatMap((path) => path.slice(1).map((to, i) => `${path[i]}>${to}`));
    expect(numbers['markov-1: transitions']).toEqual([
      ...channels.map((channel) => count(names, ([first]) => first === channel)),
      ...channels.flatMap((from) =>
        [...channels, '+', '-'].map((to) => count(steps, (step) => step === `${from}>${to}`)),
      ),
    ]);
    const ends = numbers['markov-2: transitions']!.reduce((sum, each) => sum + each, 0);
    expect(ends).toBe(names.reduce((sum, path) => sum + path.length, 0));
  });
});
