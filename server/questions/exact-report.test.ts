import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileReport, parseReportRequest } from '@causeway/core/applications/request';
import { budgetId } from '@causeway/core/policy';
import { parseCatalogue } from '@causeway/core/policy/query';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Engine } from '../engine/index.ts';
import { loadRandomRoom, randomShape } from '../engine/report/testing/random-room.ts';
import { requests } from '../engine/report/testing/requests.ts';
import { asker, type RoomFiles, roomCatalogue, writeRoom } from '../engine/report/testing/room.ts';
import { testFolder } from '../engine/testing/context.ts';
import { type TestDatabase, testDatabase } from '../engine/testing/database.ts';
import type { Budgets } from '../store/index.ts';
import { startTestServer, type TestServer } from '../store/test-server.ts';
import { AnswerGuard, answerQuestion, answerReport, previewReport, type ReportAnswered } from './index.ts';

let server: TestServer;
let engine: Engine;
let spill: string;
let budgets: Budgets;
beforeAll(async () => {
  server = await startTestServer();
  spill = await mkdtemp(join(tmpdir(), 'causeway-exact-report-'));
  engine = new Engine({ spillFolder: spill });
});
beforeEach(async () => {
  budgets = (await server.store()).budgets;
  for (const subject of [brand, media]) await budgets.grant({ ...subject, period: 1, rho: 250_000, renewableAtMs: 0 });
});
afterAll(async () => {
  await engine.close();
  await server.close();
  await rm(spill, { recursive: true });
});

const k = 10;
const catalogue = roomCatalogue({ ...randomShape, k, protection: { kind: 'exact' } });
const brand = { owner: 'brand', subjects: 'customers', network: 'fair', receivers: asker.group };
const media = { ...brand, owner: 'media', subjects: 'users' };
const { attribution, ...counted } = requests;
const { paths: _, ...rules } = {
  ...attribution,
  dimensions: ['channel', 'audience'],
  models: ['first', 'linear', 'decay'],
};
const exactRequests = { ...counted, attribution: rules };

interface Room {
  readonly files: RoomFiles;
  readonly folder: string;
  readonly guard: AnswerGuard;
}

function newGuard(): AnswerGuard {
  return new AnswerGuard({ folder: testFolder(), isStrict: false });
}

async function room(
  personCount: number,
  change: (test: TestDatabase) => Promise<void> = async () => {},
): Promise<Room> {
  const folder = testFolder();
  const test = await testDatabase([folder]);
  await loadRandomRoom(test, new SeededRandom('exact report'), personCount);
  await change(test);
  return {
    files: await writeRoom(test, folder),
    folder,
    guard: newGuard(),
  };
}

function data({ files, guard }: Room) {
  return { ...files, secret: new Uint8Array(32).fill(3), guard, timeLimitMs: 60_000 };
}

function ask(request: unknown, of: Room): Promise<ReportAnswered> {
  return answerReport({ request, catalogue, asker }, data(of), { engine, budgets, nowMs: () => 5 });
}

function question(statement: string, of: Room) {
  return answerQuestion({ statement, catalogue, asker }, data(of), { engine, budgets, nowMs: () => 5 });
}

async function trueNumbers(request: unknown, { files }: Room): Promise<Readonly<Record<string, readonly string[]>>> {
  const input = { request: parseReportRequest(request), catalogue, ...files, isOwn: false, timeLimitMs: 60_000 };
  const made = await engine.runReport(input);
  if (!('numbers' in made)) throw new Error('expected numbers');
  return made.numbers;
}

describe('an exact report', { timeout: 120_000 }, () => {
  it('equals the plain computation wherever it shows a number, and is told again for free', async () => {
    const files = await room(1_500);
    for (const [name, request] of Object.entries(exactRequests)) {
      const of = { ...files, guard: newGuard() };
      const preview = await previewReport({ request, catalogue, asker }, { budgets });
      expect(preview).toMatchObject({ isOwn: false, isKnown: false, rho: 0, k });
      const made = await ask(request, of);
      expect(made, name).toMatchObject({ state: 'answered', rho: 0 });
      const truth = await trueNumbers(request, of);
      const cells = Object.entries(made.numbers).flatMap(([table, values]) =>
        values.map((value, cell) => ({ at: `${name}: ${table} ${cell}`, value, true: truth[table]![cell] })),
      );
      const shown = cells.filter(({ value }) => value !== null);
      for (const cell of shown) expect(cell.value, cell.at).toBe(cell.true);
      expect(shown.length / cells.length, name).toBeGreaterThan(0.5);
      expect(JSON.stringify(made.report)).not.toMatch(/NaN|Infinity/);
      for (const subject of made.subjects) {
        expect((await budgets.find(budgetId(subject)))!.exactTables).toBeGreaterThan(0);
      }
      const again = await ask(request, of);
      expect(again).toMatchObject({ state: 'known', rho: 0, numbers: made.numbers, report: made.report });
    }
  });

  it('[F68] shows no number of fewer than k people', async () => {
    const files = await room(40);
    for (const [name, request] of Object.entries(exactRequests)) {
      const of = { ...files, guard: newGuard() };
      const made = await ask(request, of);
      const { tables } = compileReport({ request: parseReportRequest(request), catalogue, asker });
      const truth = await trueNumbers(request, of);
      for (const table of tables.filter(({ isOwn }) => !isOwn)) {
        made.numbers[table.name]!.forEach((value, cell) => {
          const people = truth[table.people.table]![table.people.cell === 'first' ? 0 : cell]!;
          if (Number(people) < k) expect(value, `${name}: ${table.name} ${cell}`).toBeNull();
        });
      }
    }
  });
});

/** Everybody is a customer and a user; so many of each tier, one after the other. */
function tiers(counts: Readonly<Record<string, number>>) {
  return async ({ run }: TestDatabase): Promise<void> => {
    const rows = Object.entries(counts).flatMap(([tier, count]) => Array<string>(count).fill(tier));
    const values = rows.map((tier, person) => `(${person}::UINTEGER, '${tier}')`).join(', ');
    await run(`CREATE OR REPLACE TABLE customers AS SELECT * FROM (VALUES ${values}) t(person, tier)`);
    await run(`CREATE OR REPLACE TABLE users AS SELECT person, 'g0' AS grp, 30::BIGINT AS age FROM customers`);
  };
}

describe('[F68] what exact reports cannot be made to tell', { timeout: 120_000 }, () => {
  const { overlap, reach, insight } = exactRequests;

  it('a group below the minimum, from a total and the other groups', async () => {
    const { segment, ...whole } = overlap;
    // The third group is of people without a declared tier: three of them.
    const few = await room(0, tiers({ a: 300, b: 200, undeclared: 3 }));
    const made = await ask({ ...whole, segment }, few);
    expect(made.numbers['overlap by segment']).toEqual(['300', null]);
    expect(made.numbers.overlap).toEqual(['503']);
    const many = await room(0, tiers({ a: 300, b: 200, undeclared: 30 }));
    budgets = (await server.store()).budgets;
    for (const subject of [brand, media]) await budgets.grant({ ...subject, period: 1, rho: 1, renewableAtMs: 0 });
    expect((await ask({ ...whole, segment }, many)).numbers['overlap by segment']).toEqual(['300', '200']);
  });

  it('the few of the own list who did not match', async () => {
    const of = await room(0, async (test) => {
      await tiers({ a: 300, b: 200 })(test);
      await test.run('DELETE FROM users WHERE person IN (7, 400)');
    });
    const { numbers } = await ask(overlap, of);
    expect([numbers.overlap, numbers['overlap by segment']]).toEqual([[null], [null, null]]);
  });

  it('one person more in a second report', async () => {
    const of = await room(0, tiers({ a: 300, b: 200 }));
    const one = {
      ...insight,
      base: 'users',
      tags: ['grp'],
      audience: { table: 'customers', where: { column: 'tier', in: ['a'] } },
    };
    await ask(one, of);
    // The same room with one user more among the first tier would tell who came; a room's data stays, so a question has to make the difference.
    const other = {
      ...of,
      ...(await room(0, async (test) => {
        await tiers({ a: 300, b: 200 })(test);
        await test.run(`UPDATE customers SET tier = 'a' WHERE person = 400`);
      })),
      guard: of.guard,
    };
    const changed = { ...one, baseName: { en: 'users', zh: '用户' } };
    await expect(ask(changed, other)).rejects.toMatchObject({ name: 'QueryRefused', code: 'difference' });
    // Paid for, and refused again for free.
    await expect(ask(changed, of)).rejects.toMatchObject({ name: 'QueryRefused', code: 'difference' });
  });

  it('one person more in a question after a report, or in a report after a question', async () => {
    const select = (to: number) => ({ ...exactRequests.select, rule: { tag: 'age', from: 0, to } });
    const ages = async ({ run }: TestDatabase) => {
      await run(
        `CREATE OR REPLACE TABLE users AS SELECT n::UINTEGER AS person, 'g0' AS grp, (CASE WHEN n < 300 THEN 10 WHEN n = 300 THEN 22 ELSE 40 END)::BIGINT AS age FROM range(600) t(n)`,
      );
    };
    const first = await room(50, ages);
    expect((await ask(select(19), first)).numbers).toEqual({ size: ['300'] });
    await expect(question('SELECT count(*) FROM users WHERE age < 25', first)).rejects.toMatchObject({
      code: 'difference',
    });
    const second = { ...first, guard: newGuard() };
    expect((await question('SELECT count(*) FROM users WHERE age < 15', second)).answer.rows).toEqual([['300']]);
    await expect(ask(select(24), second)).rejects.toMatchObject({ name: 'QueryRefused', code: 'difference' });
  });

  it('one person’s impressions, from two reports of the same people', async () => {
    // Half of the people see one, half see two; then one of the first sees a second.
    const touches =
      (more: number) =>
      async ({ run }: TestDatabase) => {
        const row = (person: string, id: string) =>
          `SELECT ${person}::UINTEGER AS person, ${reach.period.from} + 86400 AS "at", 'exposure' AS kind, 'c0' AS channel, 'k0' AS campaign, 0::BIGINT AS cost, ${id} AS event_id`;
        await run(`CREATE OR REPLACE TABLE touches AS ${row('n', "'x' || n")} FROM range(200) t(n)
        UNION ALL ${row('n', "'y' || n")} FROM range(${100 - more}, 200) t(n)`);
      };
    const { target: _, ...plain } = { ...reach, binCount: 1, impressionsMax: 2 };
    const [of, changed] = [await room(50, touches(0)), await room(50, touches(1))];
    expect((await ask(plain, of)).numbers).toMatchObject({ reach: ['200'], impressions: ['300'] });
    const again = { ...plain, media: ['c0', 'c1'] };
    await expect(ask(again, { ...changed, guard: of.guard })).rejects.toMatchObject({ code: 'difference' });
  });

  it('what racing reports tell: they come one after the other, whoever is first', async () => {
    const ages = async ({ run }: TestDatabase) => {
      await run(
        `CREATE OR REPLACE TABLE users AS SELECT n::UINTEGER AS person, 'g0' AS grp, (CASE WHEN n < 300 THEN 10 ELSE 20 + n % 70 END)::BIGINT AS age FROM range(600) t(n)`,
      );
    };
    const of = await room(50, ages);
    const limits = [19, 24, 29, 34];
    const made = await Promise.allSettled(
      limits.flatMap((to) => [0, 1].map(() => ask({ ...exactRequests.select, rule: { tag: 'age', from: 0, to } }, of))),
    );
    const sizes = limits.map((to, i) => {
      const [a, b] = made
        .slice(2 * i, 2 * i + 2)
        .map((one) => (one.status === 'fulfilled' ? one.value.numbers.size![0] : one.reason.code));
      expect([to, a]).toEqual([to, b]);
      return a;
    });
    const numbers = sizes
      .map(Number)
      .filter(Number.isFinite)
      .sort((x, y) => x - y);
    for (const [i, size] of numbers.entries()) if (i > 0) expect(size - numbers[i - 1]!).toBeGreaterThanOrEqual(k);
    const account = await budgets.find(budgetId(media));
    expect(account!.exactTables).toBe(limits.length);
  });

  it('more exact tables than there are', async () => {
    const of = await room(50);
    await Promise.allSettled(Array.from({ length: 30 }, (_, i) => ask({ ...reach, impressionsMax: i + 1 }, of)));
    expect((await budgets.find(budgetId(media)))!.exactTables).toBeLessThanOrEqual(64);
    await expect(ask({ ...reach, impressionsMax: 99 }, of)).rejects.toMatchObject({ code: 'exact-tables-used' });
  });

  it('what is left when the receiver takes its own events away', async () => {
    const document = JSON.parse(JSON.stringify(catalogue)) as {
      tables: { name: string; owner: string; subjects: string }[];
    };
    const touches = document.tables.find(({ name }) => name === 'touches')!;
    const shared = parseCatalogue({
      ...document,
      tables: [...document.tables, { ...touches, name: 'own touches', owner: 'brand', subjects: 'customers' }],
    });
    const { target: _, ...plain } = reach;
    const request = { ...plain, events: ['touches', 'own touches'] };
    const make = async (others: number) => {
      const of = await room(50, async ({ run }) => {
        const rows = (from: number, to: number) =>
          `SELECT n::UINTEGER AS person, ${reach.period.from} + 86400 AS "at", 'exposure' AS kind, 'c0' AS channel, 'k0' AS campaign, 0::BIGINT AS cost, 'x' || n AS event_id FROM range(${from}, ${to}) t(n)`;
        await run(`CREATE OR REPLACE TABLE touches AS ${rows(100, 100 + others)}`);
        await run(
          `CREATE OR REPLACE TABLE customers AS SELECT n::UINTEGER AS person, 'a' AS tier FROM range(500) t(n)`,
        );
      });
      const own = join(of.folder, 'own-touches.parquet');
      const test = await testDatabase([of.folder]);
      await test.run(
        `COPY (SELECT n::UINTEGER AS person, ${reach.period.from} + 86400 AS "at", 'exposure' AS kind, 'c0' AS channel, 'k0' AS campaign, 0::BIGINT AS cost, 'x' || n AS event_id FROM range(0, 200) t(n)) TO '${own}' (FORMAT parquet)`,
      );
      const files = { ...of.files, tables: [...of.files.tables, { name: 'own touches', files: [own] }] };
      return answerReport({ request, catalogue: shared, asker }, data({ ...of, files }), {
        engine,
        budgets,
        nowMs: () => 5,
      });
    };
    expect((await make(103)).numbers.reach).toEqual([null]);
  });
});
