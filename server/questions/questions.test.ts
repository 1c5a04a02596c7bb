import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { budgetId } from '@causeway/core/policy';
import type { Catalogue } from '@causeway/core/policy/query';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataError, Engine } from '../engine/index.ts';
import { type RoomData, roomData } from '../engine/query/testing/data.ts';
import { asker, catalogueOf } from '../engine/query/testing/rules.ts';
import { testFolder } from '../engine/testing/context.ts';
import type { Budgets } from '../store/index.ts';
import { startTestServer, type TestServer } from '../store/test-server.ts';
import { AnswerGuard, answerQuestion, previewQuestion, type QuestionData, type QuestionWork } from './index.ts';

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

const noisy = catalogueOf();
const exact = catalogueOf({ protection: { kind: 'exact' } });
const brand = { owner: 'brand', subjects: 'customers', network: 'fair', receivers: asker.group };

async function grant(rho: number): Promise<void> {
  for (const subject of [brand, { ...brand, owner: 'media', subjects: 'users' }]) {
    await budgets.grant({ ...subject, period: 1, rho, renewableAtMs: 0 });
  }
}
const account = async () => (await budgets.find(budgetId(brand)))!;

class Room {
  readonly folder = testFolder();
  readonly data: RoomData;
  readonly guarded = join(this.folder, 'guard');
  guard: AnswerGuard;

  private constructor(data: RoomData, isStrict: boolean) {
    this.data = data;
    mkdirSync(this.guarded);
    this.guard = new AnswerGuard({ folder: this.guarded, isStrict });
  }

  static async open({ persons = 3000, isStrict = false } = {}): Promise<Room> {
    return new Room(await roomData(testFolder(), persons), isStrict);
  }

  ask(statement: string, catalogue: Catalogue, work: Partial<QuestionWork> = {}, data: Partial<QuestionData> = {}) {
    const secret = new Uint8Array(32).fill(7);
    return answerQuestion(
      { statement, catalogue, asker },
      { ...this.data, secret, guard: this.guard, timeLimitMs: 60_000, ...data },
      { engine, budgets, nowMs: () => 5, ...work },
    );
  }
}

const counts = 'SELECT city, count(*) FROM crm GROUP BY city';
const refused = (code: string) => expect.objectContaining({ name: 'QueryRefused', code });
const dataError = (code: string) => expect.objectContaining({ name: 'DataError', code });

/** Ports that fail once, as a crash does. */
const failing = {
  engine: (): QuestionWork['engine'] => ({
    serialiseQuery: (input) => engine.serialiseQuery(input),
    runQuery: async () => {
      throw new DataError('engine-failed', 'cut off');
    },
  }),
  settling: (): Budgets =>
    new Proxy(budgets, {
      get: (of, name) => {
        if (name === 'settle') return async () => Promise.reject(new Error('cut off'));
        const value: unknown = Reflect.get(of, name);
        return typeof value === 'function' ? value.bind(of) : value;
      },
    }),
};

describe('a question', { timeout: 120_000 }, () => {
  it('[F70] is charged and answered once, whatever its words, and its answer is the stored one', async () => {
    const room = await Room.open();
    await grant(250_000);
    const first = await room.ask(counts, noisy);
    expect(first).toMatchObject({ state: 'answered', rho: 5000, subjects: [brand] });
    expect(first.answer.rows).toHaveLength(5);
    const again = await room.ask('SELECT count(*), c.city AS "where" FROM crm c GROUP BY 2', noisy, {
      engine: failing.engine(),
    });
    expect(again).toMatchObject({ state: 'known', rho: 0, queryKey: first.queryKey, numbers: first.numbers });
    expect(again.answer.columns.map(({ name }) => name)).toEqual(['column1', 'where']);
    expect((await account()).spent).toBe(5000);
  });

  it('that a rule refuses costs nothing, and touches no data', async () => {
    const room = await Room.open();
    await grant(250_000);
    const work = { engine: failing.engine() };
    await expect(room.ask("SELECT count(*) FROM crm WHERE secret = 'x'", noisy, work)).rejects.toEqual(
      refused('no-filter'),
    );
    await expect(room.ask('x'.repeat(20_000), noisy, work)).rejects.toEqual(refused('text-too-long'));
    expect((await account()).spent).toBe(0);
  });

  it('without a budget touches no data', async () => {
    const room = await Room.open();
    const work = { engine: failing.engine() };
    await expect(room.ask(counts, noisy, work)).rejects.toMatchObject({ name: 'BudgetRefused', code: 'no-budget' });
    await grant(4999);
    await expect(room.ask(counts, noisy, work)).rejects.toMatchObject({ code: 'budget-exhausted' });
  });

  it('[F69] of a hundred different ones at once, for one unit of budget, one is answered', async () => {
    const room = await Room.open();
    await grant(5000);
    const texts = Array.from({ length: 100 }, (_, i) => {
      const [low, high] = [18 + (i % 10), 40 + Math.floor(i / 10)];
      return `SELECT count(*) FROM crm WHERE age BETWEEN ${low} AND ${high}`;
    });
    const outcomes = await Promise.allSettled(texts.map((text) => room.ask(text, noisy)));
    const codes = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'answered' : outcome.reason.code));
    expect(codes.toSorted()).toEqual(['answered', ...Array(99).fill('budget-exhausted')]);
    expect(await account()).toMatchObject({ spent: 5000, total: 5000 });
  });

  it('[F51] cut off after its charge goes on when it is asked again, to the same numbers, for free', async () => {
    const room = await Room.open();
    await grant(250_000);
    await expect(room.ask(counts, noisy, { engine: failing.engine() })).rejects.toEqual(dataError('engine-failed'));
    await expect(room.ask(counts, noisy, {}, { timeLimitMs: 0 })).rejects.toEqual(dataError('time-limit'));
    await expect(room.ask(counts, noisy, { budgets: failing.settling() })).rejects.toThrow('cut off');
    expect((await account()).spent).toBe(5000);
    const last = await room.ask(counts, noisy);
    expect(last).toMatchObject({ state: 'answered', rho: 0 });
    budgets = (await server.store()).budgets;
    await grant(250_000);
    expect((await room.ask(counts, noisy)).numbers).toEqual(last.numbers);
  });

  it('[F58] asked a hundred times at once is one charge and one answer', async () => {
    const room = await Room.open({ persons: 500 });
    await grant(250_000);
    const all = await Promise.all(Array.from({ length: 100 }, () => room.ask(counts, noisy)));
    expect(new Set(all.map(({ numbers }) => JSON.stringify(numbers))).size).toBe(1);
    expect(all.filter(({ rho }) => rho > 0)).toHaveLength(1);
    expect((await account()).spent).toBe(5000);
  });

  it('has other noise under another secret, and none is taken that is too short', async () => {
    const room = await Room.open();
    await grant(250_000);
    const first = await room.ask(counts, noisy);
    budgets = (await server.store()).budgets;
    await grant(250_000);
    const secret = new Uint8Array(32).fill(8);
    expect((await room.ask(counts, noisy, {}, { secret })).numbers).not.toEqual(first.numbers);
    const short = { secret: secret.subarray(1) };
    await expect(room.ask('SELECT count(*) FROM crm', noisy, {}, short)).rejects.toThrow(RangeError);
  });
});

describe('a preview', { timeout: 120_000 }, () => {
  it('says what the question then costs, without a way to the data', async () => {
    const room = await Room.open();
    await grant(250_000);
    const question = { statement: counts, catalogue: noisy, asker };
    const { serialiseQuery } = failing.engine();
    const preview = () => previewQuestion(question, { engine: { serialiseQuery }, budgets });
    expect(await preview()).toMatchObject({
      rho: 5000,
      isKnown: false,
      k: 50,
      budgets: [{ isEnough: true, left: 245_000 }],
    });
    await room.ask(counts, noisy);
    expect(await preview()).toMatchObject({ rho: 0, isKnown: true, budgets: [{ isEnough: true, left: 245_000 }] });
    await expect(
      previewQuestion({ ...question, statement: 'SELECT * FROM crm' }, { engine: { serialiseQuery }, budgets }),
    ).rejects.toMatchObject({ name: 'QueryRefused' });
  });
});

describe('[F68] exact answers', { timeout: 120_000 }, () => {
  const all = 'SELECT count(*) FROM crm';
  /** All but a few: those of one age. */
  const fewer = "SELECT count(*) FROM crm WHERE age <> 30 OR age IS NULL OR city <> '上海' OR tier = '1'";

  it('are held against all before them, also after a restart; a refusal is charged and remembered', async () => {
    const room = await Room.open();
    await grant(250_000);
    const answered = await room.ask(all, exact);
    expect(answered.answer.rows).toEqual([['3000']]);
    await expect(room.ask(fewer, exact)).rejects.toEqual(refused('difference'));
    expect((await account()).exactTables).toBe(2);
    room.guard = new AnswerGuard({ folder: room.guarded, isStrict: false });
    await expect(room.ask(fewer, exact, { engine: failing.engine() })).rejects.toEqual(refused('difference'));
    expect((await account()).exactTables).toBe(2);
    expect(readdirSync(room.guarded)).toEqual([`${answered.queryKey}.told`]);
  });

  it('count the tables as told before the first answer', async () => {
    const room = await Room.open();
    await grant(250_000);
    await expect(room.ask(fewer, exact)).rejects.toEqual(refused('difference'));
  });

  it('[F51] that a crash cut off between the guard and the store count as told, and are given when asked again', async () => {
    const room = await Room.open();
    await grant(250_000);
    const statement = 'SELECT count(*) FROM crm WHERE age < 50';
    await expect(room.ask(statement, exact, { budgets: failing.settling() })).rejects.toThrow('cut off');
    writeFileSync(join(room.guarded, 'left.persons'), 'x');
    room.guard = new AnswerGuard({ folder: room.guarded, isStrict: false });
    await expect(
      room.ask("SELECT count(*) FROM crm WHERE age < 50 AND (age < 49 OR city <> '上海')", exact),
    ).rejects.toEqual(refused('difference'));
    expect(await room.ask(statement, exact)).toMatchObject({ state: 'answered' });
    expect(readdirSync(room.guarded)).toHaveLength(1);
  });

  it('[F56] end where what was told is damaged', async () => {
    const room = await Room.open();
    await grant(250_000);
    const { queryKey } = await room.ask(all, exact);
    const path = join(room.guarded, `${queryKey}.told`);
    const bytes = readFileSync(path);
    bytes[100]! ^= 1;
    writeFileSync(path, bytes);
    room.guard = new AnswerGuard({ folder: room.guarded, isStrict: false });
    await expect(room.ask(counts, exact)).rejects.toMatchObject({ name: 'DecodeError' });
  });

  it('at once are held against each other, one after the other', async () => {
    const room = await Room.open();
    await grant(250_000);
    const outcomes = await Promise.allSettled(
      ['age < 50', "age < 50 AND (age < 49 OR city <> '上海')"].map((condition) =>
        room.ask(`SELECT count(*) FROM crm WHERE ${condition}`, exact),
      ),
    );
    const codes = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'answered' : outcome.reason.code));
    expect(codes.toSorted()).toEqual(['answered', 'difference']);
  });
});
