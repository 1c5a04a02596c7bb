import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex } from '../bytes/index.ts';
import {
  afterCharge,
  afterGrant,
  type BudgetAccount,
  type BudgetGrant,
  BudgetRefused,
  budgetId,
  budgetWords,
  exactTablesMax,
  priceOf,
  shownRho,
} from './index.ts';

const subject = { owner: 'brand', subjects: 'customers', network: 'fair', receivers: 'media' };
const grant = (period: number, rho = 250_000): BudgetGrant => ({
  ...subject,
  period,
  rho,
  renewableAtMs: Date.UTC(2026, 6, 1),
});
const account = afterGrant(undefined, grant(1))!;
const noisy = (rho: number) => ({ rho, exactTables: 0 });

describe('budgets', () => {
  it('[F69] are spent to the last unit and not beyond', () => {
    const used = afterCharge(account, noisy(249_999)) as BudgetAccount;
    expect(afterCharge(used, noisy(2))).toBe('budget-exhausted');
    expect(afterCharge(used, noisy(1))).toMatchObject({ spent: 250_000 });
    expect(afterCharge(undefined, noisy(1))).toBe('no-budget');
  });

  it('[F73] grow by the next grant alone, to what it says; exact tables do not come back', () => {
    const used = afterCharge(account, { rho: 200_000, exactTables: 3 }) as BudgetAccount;
    expect(afterGrant(used, grant(1))).toBeUndefined();
    expect(afterGrant(used, grant(3))).toBeUndefined();
    expect(afterGrant(undefined, grant(2))).toBeUndefined();
    expect(afterGrant(used, grant(2, 100_000))).toMatchObject({
      total: 300_000,
      spent: 200_000,
      exactTables: 3,
      period: 2,
    });
  });

  it('allow 64 exact tables, whatever was granted', () => {
    const used = afterCharge(account, { rho: 0, exactTables: exactTablesMax }) as BudgetAccount;
    expect(afterCharge(used, { rho: 0, exactTables: 1 })).toBe('exact-tables-used');
    expect(afterCharge(used, noisy(5000))).toMatchObject({ spent: 5000 });
  });

  it('never overspend, whatever is asked and granted in whatever order', () => {
    const happening = fc.oneof(
      fc.record({ rho: fc.nat(90_000) }),
      fc.record({ period: fc.integer({ min: 1, max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        let now = account;
        let granted = 250_000;
        for (const each of happenings) {
          if ('rho' in each) {
            const next = afterCharge(now, noisy(each.rho));
            if (typeof next === 'object') now = next;
          } else {
            const next = afterGrant(now, grant(each.period, 50_000));
            if (next !== undefined) {
              now = next;
              granted += 50_000;
            }
          }
          expect(now.spent).toBeLessThanOrEqual(now.total);
          expect(now.spent).toBeLessThanOrEqual(granted);
        }
      }),
    );
  });

  it('a vector is free once all of its numbers are known, and else costs the whole', () => {
    const keys = [1, 2, 3].map((fill) => new Uint8Array(32).fill(fill));
    const known =
      (...numbers: number[]) =>
      (key: Uint8Array) =>
        numbers.some((number) => bytesToHex(key).startsWith(`0${number}`));
    const vectors = [
      { cost: 5000, keys: keys.slice(0, 2) },
      { cost: 700, keys: keys.slice(1) },
    ];
    expect(priceOf(vectors, known())).toBe(5700);
    expect(priceOf(vectors, known(1))).toBe(5700);
    expect(priceOf(vectors, known(1, 2))).toBe(700);
    expect(priceOf(vectors, known(1, 2, 3))).toBe(0);
    expect(priceOf([{ cost: 9, keys: [] }], known())).toBe(9);
  });

  it('say what was used and when they can be renewed, in both languages', () => {
    const used = afterCharge(account, noisy(1)) as BudgetAccount;
    expect(budgetWords(used)).toEqual({
      en: 'budget used 0.0001 of 0.2500, can be renewed from 2026-07-01',
      zh: '预算已用 0.0001，共 0.2500，2026-07-01 起可续期',
    });
    expect(shownRho(0)).toBe('0.0000');
    for (const code of ['no-budget', 'budget-exhausted', 'exact-tables-used'] as const) {
      const refused = new BudgetRefused(code, { subject, account: used });
      expect(refused.words.zh).toMatch(/[一-鿿]/);
      expect(refused.message).toContain('brand/customers for media');
    }
  });

  it('are named by their subject and nothing else', () => {
    expect(budgetId(subject)).toBe('fair/brand/customers/media');
  });
});
