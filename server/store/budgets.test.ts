import {
  type BudgetGrant,
  type BudgetSubject,
  budgetId,
  exactTablesMax,
  type PricedVector,
} from '@causeway/core/policy';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Spending } from './budgets.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let store: Awaited<ReturnType<TestServer['store']>>;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  store = await server.store();
});
afterAll(() => server.close());

const brand: BudgetSubject = { owner: 'brand', subjects: 'customers', network: 'fair', receivers: 'agency' };
const media: BudgetSubject = { ...brand, owner: 'media', subjects: 'users' };
const grant = (subject: BudgetSubject, rho: number, period = 1): BudgetGrant => ({
  ...subject,
  period,
  rho,
  renewableAtMs: 1e12,
});
const numbers = (...fills: number[]) => fills.map((fill) => new Uint8Array(32).fill(fill));
const spending = (key: string, vectors: readonly PricedVector[], more: Partial<Spending> = {}): Spending => ({
  key,
  vectors,
  subjects: [brand],
  exactTables: 0,
  atMs: 5,
  ...more,
});
const vector = (cost: number, ...fills: number[]) => ({ cost, keys: numbers(...fills) });
const spentOf = async (subject: BudgetSubject) => (await store.budgets.find(budgetId(subject)))!.spent;
const refused = (code: string) => expect.objectContaining({ name: 'BudgetRefused', code });

describe('budgets', () => {
  it('[F69] of 100 queries that race for the last unit exactly one passes', async () => {
    await store.budgets.grant(grant(brand, 5000));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, (_, i) => store.budgets.spend(spending(`query ${i}`, [vector(5000, i)]))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(refused('budget-exhausted'));
    expect(await spentOf(brand)).toBe(5000);
    const { rows } = await store.database.pool.query('SELECT count(*) AS charges FROM budget_charges');
    expect(rows).toEqual([{ charges: 1 }]);
  });

  it('[F58, F70] the same query 100 times in parallel is one charge', async () => {
    await store.budgets.grant(grant(brand, 250_000));
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => store.budgets.spend(spending('query', [vector(5000, 1)]))),
    );
    expect(outcomes.filter(({ state }) => state === 'charged')).toHaveLength(1);
    expect(outcomes.filter(({ state }) => state === 'pending')).toHaveLength(99);
    expect(await spentOf(brand)).toBe(5000);
  });

  it('a charge takes all accounts or none', async () => {
    await store.budgets.grant(grant(brand, 9000));
    await store.budgets.grant(grant(media, 4000));
    const subjects = [media, brand];
    await expect(store.budgets.spend(spending('a', [vector(5000, 1)], { subjects }))).rejects.toEqual(
      refused('budget-exhausted'),
    );
    expect([await spentOf(brand), await spentOf(media)]).toEqual([0, 0]);
    expect(await store.budgets.charge('a')).toBeUndefined();
    await store.budgets.spend(spending('a', [vector(4000, 1)], { subjects }));
    expect([await spentOf(brand), await spentOf(media)]).toEqual([4000, 4000]);
    const unknown = { ...brand, subjects: 'leads' };
    await expect(store.budgets.spend(spending('b', [vector(1, 9)], { subjects: [unknown] }))).rejects.toEqual(
      refused('no-budget'),
    );
  });

  it('charges of the same accounts in any order do not wait for each other in a circle', async () => {
    await store.budgets.grant(grant(brand, 250_000));
    await store.budgets.grant(grant(media, 250_000));
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        store.budgets.spend(
          spending(`query ${i}`, [vector(10, 1 + (i % 7), 1 + ((i * 3) % 7))], {
            subjects: i % 2 ? [brand, media] : [media, brand],
          }),
        ),
      ),
    );
    expect(await spentOf(brand)).toBe(await spentOf(media));
  });

  it('[F70] numbers that were paid for are free in another query, for the same receivers alone', async () => {
    const other = { ...brand, receivers: 'cinema' };
    for (const subject of [brand, other]) await store.budgets.grant(grant(subject, 250_000));
    expect((await store.budgets.spend(spending('a', [vector(5000, 1, 2)]))).rho).toBe(5000);
    const isTold = await store.budgets.told('agency', [vector(5000, 2, 3)]);
    expect(numbers(1, 2, 3).map(isTold)).toEqual([false, true, false]);
    expect((await store.budgets.spend(spending('b', [vector(5000, 2), vector(700, 2, 3)]))).rho).toBe(700);
    expect((await store.budgets.spend(spending('c', [vector(5000, 2)], { subjects: [other] }))).rho).toBe(5000);
    expect(await spentOf(brand)).toBe(5700);
  });

  it('[F51] a charge whose node crashed is found pending, is not made again, and is settled once', async () => {
    await store.budgets.grant(grant(brand, 5000));
    await store.budgets.spend(spending('query', [vector(5000, 1)]));
    expect(await store.budgets.spend(spending('query', [vector(5000, 1)]))).toEqual({
      state: 'pending',
      rho: 5000,
      answer: null,
    });
    await store.budgets.settle('query', { status: 'answered', answer: { values: { ab: ['7'] } }, atMs: 6 });
    await store.budgets.settle('query', { status: 'refused', answer: {}, atMs: 7 });
    expect(await store.budgets.spend(spending('query', [vector(5000, 1)]))).toEqual({
      state: 'answered',
      rho: 5000,
      answer: { values: { ab: ['7'] } },
    });
    expect(await spentOf(brand)).toBe(5000);
  });

  it('[F73] grow by a grant of the ledger, once each and in order; neither a clock nor another dataset renews them', async () => {
    expect(await store.budgets.grant(grant(brand, 5000))).toBe(true);
    expect(await store.budgets.grant(grant(brand, 5000))).toBe(false);
    expect(await store.budgets.grant(grant(brand, 5000, 3))).toBe(false);
    await store.budgets.spend(spending('a', [vector(5000, 1)]));
    await expect(store.budgets.spend(spending('b', [vector(5000, 2)], { atMs: 1e15 }))).rejects.toEqual(
      refused('budget-exhausted'),
    );
    expect(await store.budgets.grant(grant(brand, 6000, 2))).toBe(true);
    expect(await store.budgets.find(budgetId(brand))).toMatchObject({ spent: 5000, total: 11_000, period: 2 });
    await store.budgets.spend(spending('b', [vector(5000, 2)]));
  });

  it('a grant that comes twice at once is taken once', async () => {
    const taken = await Promise.all(Array.from({ length: 20 }, () => store.budgets.grant(grant(brand, 5000))));
    expect(taken.filter((each) => each)).toHaveLength(1);
    const again = await Promise.all(Array.from({ length: 20 }, () => store.budgets.grant(grant(brand, 5000, 2))));
    expect(again.filter((each) => each)).toHaveLength(1);
    expect(await store.budgets.all()).toEqual([expect.objectContaining({ total: 5000, period: 2 })]);
  });

  it('exact tables end, whatever ρ is left', async () => {
    await store.budgets.grant(grant(brand, 5000));
    const exact = (i: number) => store.budgets.spend(spending(`exact ${i}`, [vector(0, i)], { exactTables: 1 }));
    for (let i = 0; i < exactTablesMax; i++) await exact(i);
    await expect(exact(exactTablesMax)).rejects.toEqual(refused('exact-tables-used'));
    await store.budgets.spend(spending('noisy', [vector(5000, 200)]));
  });

  it('the table itself holds no account that was overspent', async () => {
    await store.budgets.grant(grant(brand, 5000));
    await expect(store.database.pool.query('UPDATE budgets SET spent = total + 1')).rejects.toMatchObject({
      code: '23514',
    });
  });

  it('10,000 numbers are charged at once', async () => {
    await store.budgets.grant(grant(brand, 250_000));
    const keys = Array.from({ length: 10_000 }, (_, i) => {
      const key = new Uint8Array(32);
      new DataView(key.buffer).setUint32(0, i);
      return key;
    });
    expect((await store.budgets.spend(spending('a', [{ cost: 5000, keys }]))).rho).toBe(5000);
    expect((await store.budgets.spend(spending('b', [{ cost: 5000, keys: keys.slice(7) }]))).rho).toBe(0);
  });
});
