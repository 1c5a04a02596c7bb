/** An answer that is paid for once and kept: the charge is on the disk before the data is touched, and the answer before anybody is told. */
import type { BudgetSubject, PricedVector } from '@causeway/core/policy';
import type { MicroRho } from '@causeway/core/privacy';
import type { Budgets } from '../store/index.ts';

export interface Payment {
  /** Names what is paid for. */
  readonly key: string;
  readonly subjects: readonly BudgetSubject[];
  readonly vectors: readonly PricedVector[];
  readonly exactTables: number;
}

/** What a computation came to: plain JSON. */
export interface End {
  readonly status: 'answered' | 'refused';
  readonly answer: unknown;
}

export interface Paid {
  readonly end: End;
  /** `known`: paid for and answered before; nothing was computed. */
  readonly state: 'answered' | 'known';
  /** What this call charged, in millionths of ρ, to each account. */
  readonly rho: MicroRho;
  /** What was charged for it in all, by an earlier call perhaps that a crash cut off. */
  readonly cost: MicroRho;
}

/**
 * Cut off at any step, it goes on when it is asked again, without a second charge.
 * @param compute comes to the same whenever it is called.
 * @throws {BudgetRefused} with the account that has too little left; nothing is charged or computed then.
 */
export async function paid(
  payment: Payment,
  compute: () => Promise<End>,
  { budgets, nowMs }: { readonly budgets: Budgets; readonly nowMs: () => number },
): Promise<Paid> {
  const spent = await budgets.spend({ ...payment, atMs: nowMs() });
  if (spent.state === 'answered' || spent.state === 'refused') {
    return { state: 'known', rho: 0, cost: spent.rho, end: { status: spent.state, answer: spent.answer } };
  }
  const computed = await compute();
  // Two that came to an end at the same time tell the same: the first word is kept, and both give that.
  const kept = await budgets.settle(payment.key, { ...computed, atMs: nowMs() });
  if (kept === undefined || kept.status === 'pending') throw new Error('the charge of this answer is gone');
  const end = { status: kept.status, answer: kept.answer };
  return { state: 'answered', rho: spent.state === 'charged' ? spent.rho : 0, cost: spent.rho, end };
}
