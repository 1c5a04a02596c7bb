import { readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compileAudience, parseReportRequest } from '@causeway/core/applications/request';
import { budgetId } from '@causeway/core/policy';
import { type Catalogue, parseCatalogue } from '@causeway/core/policy/query';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Engine } from '../engine/index.ts';
import { daySeconds, firstDay, loadRandomRoom, randomShape } from '../engine/report/testing/random-room.ts';
import { type RoomFiles, roomCatalogue, writeRoom } from '../engine/report/testing/room.ts';
import { testFolder } from '../engine/testing/context.ts';
import { type TestDatabase, testDatabase } from '../engine/testing/database.ts';
import type { Budgets } from '../store/index.ts';
import { startTestServer, type TestServer } from '../store/test-server.ts';
import { AnswerGuard, type AudienceWork, answerAudience } from './index.ts';

let server: TestServer;
let engine: Engine;
let budgets: Budgets;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  budgets = (await server.store()).budgets;
  engine = new Engine({ spillFolder: join(testFolder(), 'spill') });
});
afterAll(() => server.close());

/** The media house is given audiences of its users. */
const asker = {
  receivers: ['media'] as const,
  group: 'both',
  purpose: 'activation',
  minimumPersons: 20,
};
const subjects = [
  { owner: 'brand', subjects: 'customers', network: 'fair', receivers: 'both' },
  { owner: 'media', subjects: 'users', network: 'fair', receivers: 'both' },
];

/** Every column lets audiences be made with it, but what is changed. */
function catalogueWith(changes: Readonly<Record<string, object>> = {}): Catalogue {
  const document = JSON.parse(JSON.stringify(roomCatalogue({ ...randomShape, k: 20 })));
  for (const table of document.tables) {
    for (const column of table.columns) {
      Object.assign(column, { select: true, purposes: ['activation'], receivers: ['media'] });
      Object.assign(column, changes[`${table.name}.${column.name}`]);
    }
  }
  for (const audience of document.audiences) audience.receivers = [];
  return parseCatalogue(document);
}
const open = catalogueWith();

interface TestRoom {
  readonly files: RoomFiles;
  readonly test: TestDatabase;
  readonly folder: string;
  readonly guard: AnswerGuard;
  readonly places: string;
}

/** A room whose media's users stand at places that the file of places tells. */
async function room(personCount: number, isStrict = false): Promise<TestRoom> {
  const folder = testFolder();
  const test = await testDatabase([folder]);
  await loadRandomRoom(test, new SeededRandom('audience'), personCount);
  const files = await writeRoom(test, folder);
  const places = join(folder, 'places.parquet');
  await test.run(
    `COPY (SELECT CAST(row_number() OVER (ORDER BY hash(person)) - 1 AS UINTEGER) AS place, person FROM users) TO '${places}' (FORMAT parquet)`,
  );
  const guardFolder = join(folder, 'guard');
  await mkdir(guardFolder);
  for (const subject of subjects) await budgets.grant({ ...subject, period: 1, rho: 1000, renewableAtMs: 0 });
  return { files, test, folder, places, guard: new AnswerGuard({ folder: guardFolder, isStrict }) };
}

const base = {
  application: 'select',
  people: 'users',
  with: ['customers'],
  events: ['touches', 'orders'],
  asOf: firstDay + 50 * daySeconds,
};
const rule = {
  all: [
    { tag: 'customers.tier', in: ['a'] },
    { any: [{ tag: 'grp', in: ['g0'] }, { event: { kind: 'order', withinDays: 50, times: { from: 2 } } }] },
    { not: { event: { kind: 'exposure', withinDays: 5, lastDaysAgo: { to: 1 } } } },
  ],
};

async function select(
  of: TestRoom,
  request: object,
  options: {
    readonly catalogue?: Catalogue;
    readonly engine?: AudienceWork['engine'];
    readonly minimumPersons?: number;
  } = {},
): Promise<readonly number[]> {
  const { catalogue = open, minimumPersons = 20 } = options;
  const wanted = { ...asker, minimumPersons };
  const audience = compileAudience({ request: parseReportRequest(request), catalogue, asker: wanted });
  const { tables, audiences } = of.files;
  const { bits, places } = await answerAudience(
    { audience, catalogue, asker: wanted },
    { tables, audiences, secret: new Uint8Array(32), timeLimitMs: 60_000, ...of },
    { engine: options.engine ?? engine, budgets, nowMs: () => 5 },
  );
  expect(bits).toHaveLength(Math.ceil(places / 8));
  const rows = await of.test.query(`SELECT place, person FROM '${of.places}'`);
  expect(rows).toHaveLength(places);
  return rows
    .filter(({ place }) => ((bits[Number(place) >> 3]! >> (Number(place) & 7)) & 1) === 1)
    .map(({ person }) => Number(person))
    .sort((a, b) => a - b);
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'given',
    ({ code }) => code as string,
  );
const noEngine: AudienceWork['engine'] = {
  selectPersons: async () => {
    throw new Error('the data was touched');
  },
};
const exactTables = async () =>
  (await Promise.all(subjects.map((of) => budgets.find(budgetId(of))))).map((one) => one!.exactTables);

/** The same by plain loops over the rows. */
async function plain({ test }: TestRoom): Promise<readonly number[]> {
  const rows = (table: string) => test.query(`SELECT * FROM ${table}`);
  const tier = new Map((await rows('customers')).map(({ person, tier: name }) => [person, name]));
  const declared = (await rows('touches')).filter(({ channel }) => randomShape.channels.includes(channel as 'c0'));
  const exposures = once(
    declared.filter(({ kind }) => kind === 'exposure'),
    'event_id',
  );
  const orders = once(
    (await rows('orders')).filter(({ kind }) => kind === 'order'),
    'order_ref',
  );
  const times = (events: readonly Row[], who: unknown, days: number) =>
    events.filter(
      ({ person, at }) => person === who && Number(at) >= base.asOf - days * daySeconds && Number(at) <= base.asOf,
    ).length;
  return (await rows('users'))
    .filter(
      ({ person, grp }) =>
        tier.get(person) === 'a' &&
        (grp === 'g0' || times(orders, person, 50) >= 2) &&
        // The last exposure within five days is a day old at most: there is one in the last day.
        times(exposures, person, 1) === 0,
    )
    .map(({ person }) => Number(person))
    .sort((a, b) => a - b);
}

type Row = Awaited<ReturnType<TestDatabase['query']>>[number];

/** Of deliveries of one event the earliest stays, and of two at one time that of the smaller person. */
function once(events: readonly Row[], id: 'event_id' | 'order_ref'): readonly Row[] {
  const sorted = [...events].sort((a, b) => Number(a.at) - Number(b.at) || Number(a.person) - Number(b.person));
  return [...new Map(sorted.toReversed().map((event) => [event[id], event])).values()];
}

describe('an audience', { timeout: 120_000 }, () => {
  it('has whom plain loops over the rows of both owners find: tags, frequency, recency, and, or, not', async () => {
    const of = await room(400);
    const expected = await plain(of);
    expect(expected.length).toBeGreaterThan(40);
    expect(await select(of, { ...base, rule })).toEqual(expected);
  });

  it('is made once: asked for again it is the same, no data is touched and nothing is charged', async () => {
    const of = await room(400);
    const first = await select(of, { ...base, rule });
    expect(await exactTables()).toEqual([1, 1]);
    expect(await select(of, { ...base, rule }, { engine: noEngine })).toEqual(first);
    expect(await exactTables()).toEqual([1, 1]);
  });

  it('[F51] cut off in the engine, goes on to the same people when it is asked for again, without a second charge', async () => {
    const of = await room(400);
    await expect(select(of, { ...base, rule }, { engine: noEngine })).rejects.toThrow('the data was touched');
    expect(await exactTables()).toEqual([1, 1]);
    expect(await select(of, { ...base, rule })).toEqual(await plain(of));
    expect(await exactTables()).toEqual([1, 1]);
  });

  it('names a person table as a list, as retargeting does', async () => {
    const of = await room(400);
    const both = await select(of, { ...base, rule: { audience: 'customers' } });
    const rows = await of.test.query('SELECT person FROM users JOIN customers USING (person) ORDER BY person');
    expect(both).toEqual(rows.map(({ person }) => Number(person)));
    const retarget = {
      application: 'retarget',
      people: 'users',
      events: base.events,
      asOf: base.asOf,
      matched: 'customers',
      touched: { kind: 'exposure', withinDays: 40 },
      notConvertedWithinDays: 10,
      excluded: [],
    };
    const again = await select(of, retarget);
    expect(again.every((person) => both.includes(person))).toBe(true);
    expect(again.length).toBeGreaterThan(20);
    expect(again.length).toBeLessThan(both.length - 20);
  });
});

describe('an audience is refused', { timeout: 120_000 }, () => {
  it.each<[string, string, object, Catalogue?]>([
    [
      'where its owner lets a column be asked about and not select',
      'no-select',
      {},
      catalogueWith({ 'customers.tier': { select: false } }),
    ],
    [
      'where the partner’s people may not be told from others',
      'no-select',
      {},
      catalogueWith({ 'customers.person': { select: false } }),
    ],
    [
      'where events of the partner may not select',
      'no-select',
      {},
      catalogueWith({ 'orders.kind': { select: false } }),
    ],
    ['for another receiver', 'no-receiver', {}, catalogueWith({ 'customers.tier': { receivers: ['brand'] } })],
    ['for another purpose', 'no-purpose', {}, catalogueWith({ 'customers.tier': { purposes: ['measurement'] } })],
    ['of rows of others', 'not-its-rows', { people: 'customers', with: ['users'], rule: { tag: 'tier', in: ['a'] } }],
    ['by a tag of a table that is not named', 'unknown-tag', { with: ['users'] }],
    ['by events without a table of them', 'unknown-table', { events: [] }],
    ['by a value that nobody declared', 'undeclared-value', { rule: { tag: 'grp', in: ['g7'] } }],
  ])('%s, before anything is charged', async (_, code, changes, catalogue = open) => {
    const of = await room(60);
    expect(await codeOf(select(of, { ...base, rule, ...changes }, { catalogue, engine: noEngine }))).toBe(code);
    expect(await exactTables()).toEqual([0, 0]);
  });

  it('of any other report', async () => {
    const of = await room(60);
    const reach = {
      application: 'reach',
      events: ['touches'],
      period: { from: firstDay, until: firstDay + daySeconds },
      media: ['c0'],
      binCount: 2,
      impressionsMax: 2,
    };
    expect(await codeOf(select(of, reach))).toBe('not-an-audience');
  });

  it('[F68] of fewer people than the rules of columns, or the agreement, name; told again in the same words', async () => {
    const of = await room(400);
    const expected = await plain(of);
    const within = { ...base, rule };
    expect(await codeOf(select(of, within, { minimumPersons: expected.length + 1 }))).toBe('audience-too-small');
    expect(await codeOf(select(of, within, { minimumPersons: expected.length + 1, engine: noEngine }))).toBe(
      'audience-too-small',
    );
    const few = await room(30);
    const nobody = { ...base, rule: { all: [rule, { not: rule }] } };
    expect(await codeOf(select(few, nobody))).toBe('audience-too-small');
  });

  it('[F68, F70] that differs from another, or from all people of a table, by fewer than the rules name', async () => {
    const of = await room(400);
    const users = await of.test.query('SELECT person, age FROM users');
    const [narrow, wide] = [
      { tag: 'age', from: 0, to: 84 },
      { tag: 'age', from: 0, to: 89 },
    ];
    const between = users.filter(({ age }) => age !== null && Number(age) >= 85 && Number(age) < 90).length;
    expect(between).toBeGreaterThan(0);
    expect(between).toBeLessThan(20);
    expect(await codeOf(select(of, { ...base, rule: narrow }))).toBe('given');
    expect(await codeOf(select(of, { ...base, rule: wide }))).toBe('difference');
    const almostAll = { not: { all: [{ tag: 'age', from: 85, to: 89 }] } };
    expect(await codeOf(select(of, { ...base, rule: almostAll }))).toBe('difference');
    // What was refused is not given later either, and the guard outlives the process.
    const later = { ...of, guard: new AnswerGuard({ folder: join(of.folder, 'guard'), isStrict: false }) };
    expect(await codeOf(select(later, { ...base, rule: wide }))).toBe('difference');
    expect(readdirSync(join(of.folder, 'guard')).filter((name) => name.endsWith('.persons'))).toEqual([]);
  });

  it('where it splits off a few of whom the tables have anyway, under the strict guard', async () => {
    const few = { ...base, rule: { tag: 'grp', in: ['g0'] } };
    expect(await codeOf(select(await room(400, true), few))).toBe('too-fine');
  });

  it('past the exact tables that the people’s account allows', async () => {
    const of = await room(60);
    for (const subject of subjects)
      await budgets.spend({ key: `f-${subject.owner}`, subjects: [subject], vectors: [], exactTables: 64, atMs: 1 });
    expect(await codeOf(select(of, { ...base, rule }, { engine: noEngine }))).toBe('exact-tables-used');
  });
});
