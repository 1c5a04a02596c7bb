/**
 * On public data sets every report is the plain computation over the rows of all owners together: exactly where no noise is asked for, whatever the guard hides,
 * and within the interval that its noise makes where it is.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  compileReport,
  parseReportRequest,
  type ReleasedReport,
  withoutHidden,
  withReportNoise,
} from '@causeway/core/applications/request';
import { agentReason, type TrafficReport } from '@causeway/core/applications/traffic';
import { parseCatalogue } from '@causeway/core/policy/query';
import { z95 } from '@causeway/core/statistics';
import { describe, expect, it } from 'vitest';
import { agentPatterns } from '../../core/applications/traffic/agents.ts';
import { runReport } from '../../server/engine/report/run.ts';
import {
  byPerson,
  count,
  insightNumbers,
  liftNumbers,
  type Numbers,
  overlapNumbers,
  type PlainEvent,
  pathsOfPeople,
  reachNumbers,
  timesWithin,
} from '../../server/engine/report/testing/plain.ts';
import { asker, roomCatalogue } from '../../server/engine/report/testing/room.ts';
import { testContext, testFolder } from '../../server/engine/testing/context.ts';
import { testDatabase } from '../../server/engine/testing/database.ts';
import { hasShared, sharedPath } from '../shared.ts';
import { bankFile, bankRoom, censusFile, censusRoom, type RealRoom } from './real-rooms.ts';

const k = 50;
const daySeconds = 86_400;
/** Rooms with the same rows and other noise. */
const rooms = 20;

/** Holds a report to the plain numbers of the same tables. */
async function requirePooled(document: object, plain: Numbers, { files, shape }: RealRoom): Promise<void> {
  const request = parseReportRequest(document);
  const exact = roomCatalogue({ ...shape, k, protection: { kind: 'exact' } });
  const people = exact.tables.map(({ owner, name, person }) => ({ owner, table: name, person }));
  const guard = { k, path: join(testFolder(), 'sets'), people, receivers: asker.receivers };
  const input = { request, ...files, isOwn: false, timeLimitMs: 60_000 };
  const made = await runReport({ ...input, catalogue: exact, guard }, testContext());
  if (!('numbers' in made)) throw new Error('expected numbers');
  const numbers = Object.fromEntries(Object.entries(made.numbers).map(([name, list]) => [name, list.map(BigInt)]));
  const asNumbers = Object.entries(numbers).map(([name, list]) => [name, list.map(Number)] as const);
  expect(Object.fromEntries(asNumbers)).toMatchObject(plain);

  // Exact: what is told is the plain number, whatever is hidden.
  const compiled = compileReport({ request, catalogue: exact, asker });
  const shown = held(withoutHidden(compiled, numbers, made.guard!.shown), plain, (value, of) => value === of);
  expect(shown).toMatchObject({ outside: 0 });
  expect(shown.inside).toBeGreaterThan(0);

  // With noise: within ±1.96 standard deviations, as nineteen numbers of twenty are.
  const rights = { kind: 'noise', rho: 5000, sigmaFloor: 0 } as const;
  const noise = compileReport({ request, catalogue: roomCatalogue({ ...shape, k, protection: rights }), asker });
  const widths = new Map(
    noise.tables.map(({ name, variance }) => [
      name,
      variance === undefined ? 0 : z95 * Math.sqrt(Number(variance.numerator) / Number(variance.denominator)),
    ]),
  );
  let [inside, outside] = [0, 0];
  for (let room = 0; room < rooms; room++) {
    const noisy = withReportNoise(noise, numbers, new Uint8Array(32).fill(room + 1));
    const found = held(noisy, plain, (value, of, table) => Math.abs(value - of) <= widths.get(table)!);
    inside += found.inside;
    outside += found.outside;
  }
  // Of n numbers about n/20 lie outside; five standard deviations more would be an accident.
  const all = inside + outside;
  expect(outside / all).toBeLessThan(0.05 + 5 * Math.sqrt((0.05 * 0.95) / all));
}

/** Of the tables that are plain, how many numbers hold, how many do not, and how many are not told. */
function held(
  released: ReleasedReport,
  plain: Numbers,
  holds: (value: number, plain: number, table: string) => boolean,
) {
  const found = { inside: 0, outside: 0, hidden: 0 };
  for (const [table, values] of Object.entries(plain)) {
    for (const [cell, of] of values.entries()) {
      const value = released[table]![cell];
      if (value === null || value === undefined) found.hidden++;
      else if (holds(Number(value), of, table)) found.inside++;
      else found.outside++;
    }
  }
  return found;
}

describe.skipIf(!hasShared(bankFile))('customers of a bank, and of a media house', { timeout: 120_000 }, () => {
  const room = () => bankRoom(12_000);
  const events = ['touches', 'orders'];
  const beijing = (month: number) => Date.UTC(2026, month, 1) / 1000 - 8 * 3600;
  const period = { from: beijing(4), until: beijing(6) };
  const asOf = beijing(6);

  it('overlap, by segment and by kind', async () => {
    const real = await room();
    const { tiers, groups } = real.shape;
    const partner = { table: 'users', identifier: 'grp' };
    const request = { application: 'overlap', people: 'customers', segment: 'tier', partner };
    await requirePooled(request, overlapNumbers(real.rows, tiers, groups), real);
  });

  it('reach and frequency', async () => {
    const real = await room();
    const media = real.shape.channels;
    const of = { media, period, binCount: 6, most: 8 };
    const request = {
      ...{ application: 'reach', events: ['touches'], period, media, binCount: 6, impressionsMax: 8 },
      target: { audience: 'vip' },
    };
    await requirePooled(request, reachNumbers(real.rows, of), real);
  });

  it('lift of one group against another', async () => {
    const real = await room();
    const valueMax = 500_000;
    const request = {
      ...{ application: 'lift', assignment: 'observed', events: ['orders'], period },
      groups: { table: 'users', column: 'grp', treated: ['married'], control: ['single'] },
      value: { currency: { code: 'CNY', digits: 2 }, max: valueMax },
    };
    await requirePooled(request, liftNumbers(real.rows, { arms: [['married'], ['single']], period, valueMax }), real);
  });

  it('select and retarget', async () => {
    const real = await room();
    const { users, customers, vip, staff } = real.rows;
    const own = byPerson(real.rows.events);
    const times = (person: number, kind: PlainEvent['kind'], days: number) =>
      timesWithin(own.get(person) ?? [], kind, days, asOf);
    const rule = {
      all: [
        {
          any: [
            { tag: 'grp', in: ['single'] },
            { tag: 'age', from: 40, to: 59 },
          ],
        },
        { event: { kind: 'exposure', withinDays: 30, times: { from: 2 } } },
        { not: { audience: 'staff' } },
      ],
    };
    const isIn = ([person, { grp, age }]: [number, { grp: string | null; age: number | null }]) =>
      (grp === 'single' || (age! >= 40 && age! <= 59)) && times(person, 'exposure', 30) >= 2 && !staff.has(person);
    const select = { application: 'select', people: 'users', events, rule, asOf };
    await requirePooled(select, { size: [count(users, isIn)] }, real);
    const retarget = {
      ...{ application: 'retarget', people: 'customers', events, asOf, matched: 'vip', excluded: ['staff'] },
      touched: { kind: 'exposure', withinDays: 30 },
      ...{ notConvertedWithinDays: 30, frequency: { timesMax: 4, withinDays: 30 } },
    };
    const steps = [
      (person: number) => vip.has(person),
      (person: number) => times(person, 'exposure', 30) > 0,
      (person: number) => times(person, 'order', 30) === 0,
      (person: number) => !staff.has(person),
      (person: number) => times(person, 'exposure', 30) < 4,
    ];
    const left = steps.map((_, i) =>
      count(customers.keys(), (person) => steps.slice(0, i + 1).every((holds) => holds(person))),
    );
    await requirePooled(retarget, { steps: left }, real);
  });

  it('lifecycle', async () => {
    const real = await room();
    const own = byPerson(real.rows.events);
    const dates = [beijing(5), asOf];
    const stageOf = (person: number, date: number) => {
      const times = (kind: PlainEvent['kind'], days: number) => timesWithin(own.get(person) ?? [], kind, days, date);
      if (times('order', 365) >= 2) return 3;
      if (times('order', 730) >= 1) return 2;
      if (times('click', 15) >= 2 || times('visit', 15) >= 1) return 1;
      return times('exposure', 15) + times('click', 15) > 0 ? 0 : 4;
    };
    const people = [...real.rows.users.keys()].map((person) => dates.map((date) => stageOf(person, date)));
    const stages = [0, 1, 2, 3, 4];
    const flows = stages.flatMap((from) =>
      stages
        .filter((to) => from !== 4 || to !== 4)
        .map((to) => count(people, ([before, after]) => before === from && after === to)),
    );
    const aging = stages
      .slice(0, 4)
      .flatMap((stage) => [
        count(people, ([before, after]) => after === stage && before !== stage),
        count(people, ([before, after]) => after === stage && before === stage),
      ]);
    const request = { application: 'lifecycle', people: 'users', events, model: 'aipl', dates };
    await requirePooled(request, { 'flows 1': flows, aging }, real);
  });

  it('attribution by rules', async () => {
    const real = await room();
    const limits = { period, windowSeconds: 15 * daySeconds, ordersMax: 1, valueMax: 500_000, lengthMax: 8 };
    const paths = [...pathsOfPeople(real.rows.events, limits).values()].flat();
    const orders = paths.filter(({ value }) => value !== undefined);
    const touched = orders.filter(({ touches }) => touches.length > 0);
    const worth = (some: typeof paths) => some.reduce((sum, { value }) => sum + value!, 0);
    const credited = (at: number) =>
      real.shape.channels.map((channel) => touched.filter(({ touches }) => touches.at(at)!.channel === channel));
    const plain = {
      orders: [touched.length, orders.length - touched.length],
      'first by channel': credited(0).map((some) => 1e6 * some.length),
      'last by channel': credited(-1).map((some) => 1e6 * some.length),
      'CNY of first by channel': credited(0).map(worth),
      'CNY of last by channel': credited(-1).map(worth),
    };
    expect(touched.length).toBeGreaterThan(100);
    const request = {
      ...{ application: 'attribution', events, period, dimensions: ['channel'], models: ['first', 'last'] },
      ...{ ordersMax: 1, valueMax: limits.valueMax, pathLengthMax: limits.lengthMax },
      currencies: [{ code: 'CNY', digits: 2 }],
    };
    await requirePooled(request, plain, real);
  });
});

describe.skipIf(!hasShared(censusFile))('people of a census', { timeout: 120_000 }, () => {
  it('insight: how those who earn much differ from everybody', async () => {
    const real = await censusRoom(20_000);
    const request = {
      ...{ application: 'insight', base: 'users', baseName: { en: 'everybody', zh: '所有人' } },
      ...{ audience: { audience: 'vip' }, tags: ['grp'], crossed: [] },
    };
    await requirePooled(request, insightNumbers(real.rows, real.shape.groups), real);
  });

  it('overlap of a small list with everybody', async () => {
    const real = await censusRoom(20_000);
    const request = { application: 'overlap', people: 'customers', segment: 'tier', partner: { table: 'users' } };
    const { 'overlap by identifier': _, ...plain } = overlapNumbers(real.rows, real.shape.tiers, []);
    await requirePooled(request, plain, real);
  });
});

const crawlersFile = 'data/ivt_user_agents/crawler-user-agents.json.gz';

describe.skipIf(!hasShared(crawlersFile))('a log of crawlers and browsers', { timeout: 120_000 }, () => {
  it('[F120] traffic: as many are filtered as a loop over the patterns finds, by reason', async () => {
    const list = JSON.parse(gunzipSync(readFileSync(sharedPath(crawlersFile))).toString('utf8')) as {
      readonly pattern: string;
      readonly instances?: readonly string[];
    }[];
    const browsers = readFileSync(sharedPath('data/ivt_user_agents/isbot_browsers.yml'), 'utf8')
      .split('\n')
      .flatMap((line) => /^\s+- ([^'"].*)$/.exec(line)?.slice(1) ?? []);
    const agents = [...new Set([...list.flatMap(({ instances = [] }) => instances), ...browsers])];
    const folder = testFolder();
    const { load, run } = await testDatabase([folder]);
    await load(
      'log',
      { person: 'UINTEGER', at: 'BIGINT', kind: 'VARCHAR', channel: 'VARCHAR', event_id: 'VARCHAR', agent: 'VARCHAR' },
      agents.map((agent, i) => [i, 1_780_243_200 + 60 * i, 'visit', 'site', `v${i}`, agent]),
    );
    const file = join(folder, 'log.parquet');
    await run(`COPY log TO '${file}' (FORMAT parquet)`);
    const rights = { k, protection: { kind: 'exact' }, purposes: ['measurement'], receivers: ['brand'] };
    const id = (name: string) => ({ name, type: 'key', join: false, aggregates: ['count'], ...rights });
    const declared = { isNullable: false, group: true, filter: 'declared', ...rights };
    const at = { name: 'at', type: 'time', from: '2026-01-01', to: '2027-01-01', grid: 'day' };
    const catalogue = parseCatalogue({
      ...{ network: 'fair', zone: '+08:00', epoch: '0'.repeat(64), audiences: [] },
      tables: [
        {
          ...{ name: 'log', owner: 'brand', subjects: 'visitors', kind: 'event', person: 'person' },
          columns: [
            ...['person', 'event_id', 'agent'].map(id),
            { ...at, ...declared, filter: 'range' },
            { name: 'kind', type: 'category', values: ['visit'], ...declared },
            { name: 'channel', type: 'category', values: ['site'], ...declared },
          ],
        },
      ],
    });
    const request = parseReportRequest({ application: 'traffic', events: ['log'], agent: 'agent', crawlers: list });
    const tables = [{ name: 'log', files: [file] }];
    const input = { request, catalogue, tables, audiences: [], isOwn: true, timeLimitMs: 60_000 };
    const made = await runReport(input, testContext());
    if (!('report' in made)) throw new Error('expected a report');
    // Apps of people that a pattern of the list finds by another's name, such as Viber's, are none.
    const others = agents.filter((agent) => !new RegExp(agentPatterns.people).test(agent.toLowerCase()));
    const patterns = list.map(({ pattern }) => new RegExp(pattern));
    const listed = others.filter((agent) => patterns.some((pattern) => pattern.test(agent)));
    const odd = others.filter((agent) => !listed.includes(agent) && agentReason(agent) !== undefined);
    const [visits] = (made.report as TrafficReport).kinds;
    expect(visits).toMatchObject({ kind: 'visit', events: agents.length, invalid: listed.length + odd.length });
    expect(visits!.byReason['listed-crawler']!.events).toBe(listed.length);
    expect(listed.length).toBeGreaterThan(1_500);
    expect(agents.length - listed.length - odd.length).toBeGreaterThan(400);
  });
});
