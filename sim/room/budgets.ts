/** The budgets of a node as its database keeps them: a transaction is done at one moment, and a crash may come before its writer hears of it. */

import { bytesToHex } from '@causeway/core/bytes';
import {
  afterCharge,
  afterGrant,
  type BudgetAccount,
  type BudgetGrant,
  BudgetRefused,
  budgetId,
  type PricedVector,
  priceOf,
} from '@causeway/core/policy';
import type { Budgets, Spending, Spent } from '@causeway/server/store';
import { DatabaseFailure } from '../world/database-failure.ts';
import type { Luck } from '../world/luck.ts';
import type { Process } from '../world/process.ts';
import type { World } from '../world/world.ts';

type Charge = Awaited<ReturnType<Budgets['charge']>> & object;

const commitMsMax = 2;

export class BudgetBook {
  readonly accounts = new Map<string, BudgetAccount>();
  readonly charges = new Map<string, Charge>();
  /** By receivers and number. */
  readonly numbers = new Set<string>();
  readonly #luck: Luck;
  #failureCount = 0;

  constructor(luck: Luck) {
    this.#luck = luck;
  }

  /** Makes the next transactions fail, before or after they are done. */
  fail(failureCount: number): void {
    this.#failureCount = failureCount;
  }

  /** The budgets as one process has them. */
  of(process: Process, world: World): Budgets {
    const budgets: Pick<Budgets, keyof Budgets> = {
      find: (id) => this.#transaction(process, () => this.accounts.get(id)),
      all: () => this.#transaction(process, () => [...this.accounts.values()]),
      grant: (grant) => this.#transaction(process, () => this.#grant(grant)),
      spend: async (spending) => {
        const before = world.canary === 'double-spend' ? new Map(this.accounts) : undefined;
        if (before) await process.pause(5);
        world.moment('office charge');
        const spent = await this.#transaction(process, () => this.#spend(spending, before ?? this.accounts));
        if (spent.state === 'pending') world.sometimes('a charge was found without its answer');
        return spent;
      },
      settle: async (key, end) => {
        world.moment('office tell');
        return this.#transaction(process, () => this.#settle(key, end));
      },
      charge: (key) => this.#transaction(process, () => this.charges.get(key)),
      told: (receivers, vectors) =>
        this.#transaction(process, () => (key: Uint8Array) => this.#isKnown(receivers, key) && vectors.length > 0),
    };
    // The product's class has its database beside these.
    return budgets as Budgets;
  }

  #grant(grant: BudgetGrant): boolean {
    const after = afterGrant(this.accounts.get(budgetId(grant)), grant);
    if (after) this.accounts.set(after.id, after);
    return after !== undefined;
  }

  #spend({ key, subjects, vectors, exactTables, atMs }: Spending, seen: ReadonlyMap<string, BudgetAccount>): Spent {
    const known = this.charges.get(key);
    if (known) return { state: known.status, rho: known.rho, answer: known.answer };
    const receivers = subjects[0]!.receivers;
    const rho = priceOf(vectors, (number) => this.#isKnown(receivers, number));
    const after = new Map<string, BudgetAccount>();
    for (const subject of subjects) {
      const account = seen.get(budgetId(subject));
      const charged = afterCharge(account, { rho, exactTables });
      if (typeof charged === 'string') throw new BudgetRefused(charged, { subject, account });
      const now = this.accounts.get(charged.id)!;
      after.set(charged.id, { ...now, spent: now.spent + rho, exactTables: now.exactTables + exactTables });
    }
    for (const [id, account] of after) this.accounts.set(id, account);
    for (const number of numbersOf(vectors)) this.numbers.add(`${receivers} ${number}`);
    const budgets = [...after.keys()];
    this.charges.set(key, { key, budgets, rho, status: 'pending', answer: null, chargedAtMs: atMs, settledAtMs: null });
    return { state: 'charged', rho, answer: null };
  }

  #settle(key: string, end: Parameters<Budgets['settle']>[1]): Charge | undefined {
    const charge = this.charges.get(key);
    if (charge?.status === 'pending')
      this.charges.set(key, { ...charge, status: end.status, answer: end.answer, settledAtMs: end.atMs });
    return this.charges.get(key);
  }

  #isKnown(receivers: string, number: Uint8Array): boolean {
    return this.numbers.has(`${receivers} ${bytesToHex(number)}`);
  }

  async #transaction<T>(process: Process, work: () => T): Promise<T> {
    await this.#take(process);
    const fails = this.#failureCount > 0;
    if (fails) this.#failureCount -= 1;
    if (fails && this.#luck.chance(0.5)) throw new DatabaseFailure('the simulated database failed');
    const done = work();
    if (fails) throw new DatabaseFailure('the simulated database was lost after its commit');
    await this.#take(process);
    return done;
  }

  async #take(process: Process): Promise<void> {
    await process.pause(process.alive ? this.#luck.share() * commitMsMax : 0);
  }
}

function numbersOf(vectors: readonly PricedVector[]): readonly string[] {
  return vectors.flatMap(({ keys }) => keys.map((key) => bytesToHex(key)));
}
