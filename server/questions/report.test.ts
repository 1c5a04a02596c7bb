import { join } from 'node:path';
import type { OverlapReport } from '@causeway/core/applications/overlap';
import type { ReachReport } from '@causeway/core/applications/reach';
import type { AttributionData, SizeReport } from '@causeway/core/applications/request';
import { budgetId } from '@causeway/core/policy';
import type { Catalogue } from '@causeway/core/policy/query';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Engine } from '../engine/index.ts';
import { loadRandomRoom, randomShape } from '../engine/report/testing/random-room.ts';
import { requests } from '../engine/report/testing/requests.ts';
import { asker, type RoomFiles, roomCatalogue, writeRoom } from '../engine/report/testing/room.ts';
import { testFolder } from '../engine/testing/context.ts';
import { testDatabase } from '../engine/testing/database.ts';
import type { Budgets } from '../store/index.ts';
import { startTestServer, type TestServer } from '../store/test-server.ts';
import { AnswerGuard, answerReport, previewReport, type ReportWork } from './index.ts';

let server: TestServer;
let engine: Engine;
let budgets: Budgets;
let guard: AnswerGuard;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  budgets = (await server.store()).budgets;
  guard = new AnswerGuard({ folder: testFolder(), isStrict: false });
  engine = new Engine({ spillFolder: join(testFolder(), 'spill') });
});
afterAll(() => server.close());

const noisy = roomCatalogue(randomShape);
const owned = roomCatalogue({ ...randomShape, owners: { media: 'brand', brand: 'brand' } });
const brand = { owner: 'brand', subjects: 'customers', network: 'fair', receivers: asker.group };
const media = { ...brand, owner: 'media', subjects: 'users' };

async function grant(rho: number): Promise<void> {
  for (const subject of [brand, media]) await budgets.grant({ ...subject, period: 1, rho, renewableAtMs: 0 });
}
const spentOf = async (subject: typeof brand) => (await budgets.find(budgetId(subject)))!.spent;

async function room(personCount: number): Promise<RoomFiles> {
  const folder = testFolder();
  const test = await testDatabase([folder]);
  await loadRandomRoom(test, new SeededRandom('report'), personCount);
  return writeRoom(test, folder);
}

function ask(request: unknown, files: RoomFiles, catalogue: Catalogue, work: Partial<ReportWork> = {}) {
  return answerReport(
    { request, catalogue, asker },
    { ...files, secret: new Uint8Array(32).fill(3), guard, timeLimitMs: 60_000 },
    { engine, budgets, nowMs: () => 5, ...work },
  );
}

const noEngine: ReportWork['engine'] = {
  runReport: async () => {
    throw new Error('the data was touched');
  },
};

describe('a report', { timeout: 120_000 }, () => {
  it.each(Object.entries(requests))(
    'of %s is charged once to each owner it is about, as its preview says, and told again for free',
    async (name, request) => {
      const files = await room(400);
      await grant(250_000);
      const preview = await previewReport({ request, catalogue: noisy, asker }, { budgets });
      expect(preview).toMatchObject({ isOwn: false, isKnown: false, k: 50 });
      const first = await ask(request, files, noisy);
      expect(first).toMatchObject({ state: 'answered', rho: preview.rho });
      expect(first.report.words.length, name).toBeGreaterThan(0);
      expect(JSON.stringify(first.report)).not.toMatch(/NaN|Infinity/);
      for (const { zh } of first.report.words) expect(zh).toMatch(/[一-鿿]/);
      for (const subject of first.subjects) expect(await spentOf(subject)).toBe(preview.rho);
      const again = await ask(request, files, noisy, { engine: noEngine });
      expect(again).toMatchObject({ state: 'known', rho: 0, numbers: first.numbers, report: first.report });
      expect(await previewReport({ request, catalogue: noisy, asker }, { budgets })).toMatchObject({
        rho: 0,
        isKnown: true,
      });
    },
  );

  it.each(Object.entries(requests))('of %s on the receiver’s own rows is exact and free', async (_, request) => {
    const files = await room(60);
    const made = await ask(request, files, owned);
    expect(made).toMatchObject({ state: 'own', rho: 0, subjects: [], numbers: {} });
    expect(await budgets.all()).toEqual([]);
    expect(JSON.stringify(made.report)).not.toMatch(/"noise"|NaN|Infinity/);
  });

  it('without a budget, or with too little, touches no data', async () => {
    const files = await room(5);
    const work = { engine: noEngine };
    await expect(ask(requests.reach, files, noisy, work)).rejects.toMatchObject({ code: 'no-budget' });
    await grant(5000);
    await expect(ask(requests.reach, files, noisy, work)).rejects.toMatchObject({ code: 'budget-exhausted' });
    expect(await spentOf(media)).toBe(0);
  });

  it('[F68] hides groups that do not surely reach the minimum, with everything that is about them', async () => {
    const files = await room(30);
    await grant(250_000);
    const { report } = await ask(requests.reach, files, noisy);
    const { reach, average, media: shown, overlaps } = report as ReachReport;
    expect([reach, average, ...shown.map((row) => row.reach), ...overlaps.map(({ both }) => both)]).toEqual(
      Array(2 + 3 + 3).fill(undefined),
    );
    expect((await ask(requests.select, files, noisy)).report as SizeReport).not.toHaveProperty('about');
    const { tables } = (await ask(requests.attribution, files, noisy)).report as AttributionData;
    for (const { rows } of tables) for (const row of rows) expect(row).not.toHaveProperty('orders');
  });

  it('of an overlap tells the receiver’s own base as it is, and another’s not at all', async () => {
    const files = await room(400);
    await grant(250_000);
    const { report } = await ask(requests.overlap, files, noisy);
    expect((report as OverlapReport).base).toBeGreaterThan(250);
    const other = { ...requests.overlap, people: 'users', segment: 'grp', partner: { table: 'customers' } };
    await expect(ask(other, files, noisy)).rejects.toMatchObject({ name: 'ReportRefused', code: 'base-not-own' });
  });

  it('has other noise in another room, and for another request', async () => {
    const files = await room(400);
    await grant(250_000);
    const first = await ask(requests.reach, files, noisy);
    const other = await ask({ ...requests.reach, binCount: 5 }, files, noisy);
    expect(other.numbers.reach).not.toEqual(first.numbers.reach);
    expect(await spentOf(media)).toBe(first.rho + other.rho);
  });
});

describe('a request is refused, for free', { timeout: 60_000 }, () => {
  const exact = roomCatalogue({ ...randomShape, protection: { kind: 'exact' } });
  const { select, reach, lift, insight, attribution } = requests;
  const traffic = { application: 'traffic', events: ['touches'], crawlers: [] };
  it.each<[string, unknown, string, Catalogue?]>([
    ['an exact report of models of whole paths', attribution, 'exact-not-offered', exact],
    ['traffic of others', traffic, 'own-rows-only'],
    ['a table that is not there', { ...reach, events: ['nothing'] }, 'unknown-table'],
    ['people for events', { ...reach, events: ['users'] }, 'wrong-column'],
    ['an audience that is not there', { ...reach, target: { audience: 'nobody' } }, 'unknown-table'],
    ['a column that is not there', { ...insight, tags: ['nothing'] }, 'unknown-column'],
    ['a number for a tag', { ...insight, tags: ['age'] }, 'wrong-column'],
    ['a crossed tag that is not asked for', { ...insight, crossed: [['grp', 'age']] }, 'unknown-column'],
    ['a medium that nobody declared', { ...reach, media: ['c9'] }, 'undeclared-value'],
    ['a person in both arms', { ...lift, groups: { ...lift.groups, control: ['g0'] } }, 'undeclared-value'],
    ['an instant between two days', { ...reach, period: { ...reach.period, from: reach.period.from + 1 } }, 'off-grid'],
    ['a limit off the grid', { ...select, rule: { tag: 'age', from: 3, to: 19 } }, 'off-grid'],
    ['a person of any number of orders', { ...attribution, ordersMax: undefined }, 'limit-needed'],
    ['a person of any value', { ...attribution, valueMax: undefined }, 'limit-needed'],
    ['a rule about a tag that is not there', { ...select, rule: { tag: 'nothing', in: ['x'] } }, 'unknown-tag'],
    [
      'a group by what may only be filtered',
      { ...attribution, audiences: { table: 'users', column: 'age' } },
      'wrong-column',
    ],
  ])('%s', async (_, request, code, catalogue = noisy) => {
    const wanted = { request: JSON.parse(JSON.stringify(request)), catalogue, asker };
    await expect(previewReport(wanted, { budgets })).rejects.toMatchObject({ code });
  });

  it('what is no request names the parameter', async () => {
    const files = { tables: [], audiences: [] };
    for (const [request, part] of [
      [{ application: 'nothing' }, 'application'],
      [{ ...reach, binCount: 0 }, 'binCount'],
      [{ ...reach, more: 1 }, 'more'],
      [{ ...reach, period: { from: 2, until: 1 } }, 'period'],
      [null, '/: '],
    ] as const) {
      await expect(ask(request, files, noisy)).rejects.toMatchObject({
        name: 'ReportRefused',
        code: 'malformed-request',
        at: expect.stringContaining(part),
      });
    }
  });

  it('what a column’s owner does not allow, or not to these receivers', async () => {
    const document = JSON.parse(JSON.stringify(noisy)) as {
      tables: { name: string; columns: Record<string, unknown>[] }[];
    };
    const changed = (table: string, column: string, change: object) => {
      const copy = structuredClone(document);
      Object.assign(
        copy.tables.find(({ name }) => name === table)!.columns.find(({ name }) => name === column)!,
        change,
      );
      return copy as unknown as Catalogue;
    };
    for (const [table, column, change, code] of [
      ['touches', 'channel', { group: false }, 'no-group'],
      ['touches', 'at', { filter: 'no' }, 'no-filter'],
      ['touches', 'person', { aggregates: [] }, 'no-aggregate'],
      ['touches', 'event_id', { receivers: [] }, 'no-receiver'],
      ['touches', 'kind', { purposes: [] }, 'no-purpose'],
      ['orders', 'person', { join: false }, 'no-join'],
      ['orders', 'value', { aggregates: [] }, 'no-aggregate'],
    ] as const) {
      const catalogue = changed(table, column, change);
      const wanted = { request: attribution, catalogue, asker };
      await expect(previewReport(wanted, { budgets }), `${table}.${column}`).rejects.toMatchObject({
        name: 'QueryRefused',
        code,
        place: { column: `${table}.${column}` },
      });
    }
  });
});
