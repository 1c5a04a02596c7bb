import {
  afterCharge,
  afterGrant,
  type BudgetAccount,
  type BudgetGrant,
  type BudgetRefusal,
  BudgetRefused,
  type BudgetSubject,
  budgetId,
  exactTablesMax,
  type PricedVector,
  priceOf,
} from '@causeway/core/policy';
import { type Selectable, sql } from 'kysely';
import { type Database, inTransaction } from './database.ts';
import type { Tables } from './tables.ts';

export type BudgetChargeRow = Readonly<Selectable<Tables['budgetCharges']>>;

export interface Spending {
  /** What is paid for, such as a query's key: paid for once, whoever asks and however often. */
  readonly key: string;
  /** The people whom the answer is about. All accounts are of one group of receivers. */
  readonly subjects: readonly BudgetSubject[];
  readonly vectors: readonly PricedVector[];
  /** Tables that are answered exactly. */
  readonly exactTables: number;
  readonly atMs: number;
}

export interface Spent {
  /** `charged` when this call paid; else what an earlier one has come to. */
  readonly state: 'charged' | BudgetChargeRow['status'];
  readonly rho: number;
  /** The released numbers, or why they were not released; null while that is pending. */
  readonly answer: unknown;
}

/**
 * Budgets, what was charged to them, and the answers that were paid for. A charge is made before the data is touched; whoever crashes after it finds it
 * pending, and comes to the same numbers without paying again.
 */
export class Budgets {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(id: string): Promise<BudgetAccount | undefined> {
    return this.#db.selectFrom('budgets').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** In the order of their ids. */
  async all(): Promise<readonly BudgetAccount[]> {
    return this.#db.selectFrom('budgets').selectAll().orderBy('id').execute();
  }

  /**
   * Takes in a grant of the ledger; seen again, or out of order, it changes nothing.
   * @returns whether it was the next one.
   */
  async grant(grant: BudgetGrant): Promise<boolean> {
    return inTransaction(this.#db, async (tx) => {
      const before = await tx
        .selectFrom('budgets')
        .selectAll()
        .where('id', '=', budgetId(grant))
        .forUpdate()
        .executeTakeFirst();
      const after = afterGrant(before, grant);
      if (after === undefined) return false;
      const { total, period, renewableAtMs } = after;
      const result =
        before === undefined
          ? await tx
              .insertInto('budgets')
              .values(after)
              .onConflict((row) => row.doNothing())
              .executeTakeFirst()
          : await tx
              .updateTable('budgets')
              .set({ total, period, renewableAtMs })
              .where('id', '=', after.id)
              .executeTakeFirst();
      return Number('numUpdatedRows' in result ? result.numUpdatedRows : result.numInsertedOrUpdatedRows) === 1;
    });
  }

  /**
   * Pays, all or nothing, or finds what was paid for before. Spenders that race for the last unit wait for each other, and one of them gets it.
   * @throws {BudgetRefused} with the account that has too little; nothing is spent then.
   */
  async spend(spending: Spending): Promise<Spent> {
    const { key, subjects, vectors, exactTables, atMs } = spending;
    const accounts = new Map(subjects.map((subject) => [budgetId(subject), subject]));
    const ids = [...accounts.keys()].sort();
    const receivers = oneReceiver(subjects);
    return inTransaction(this.#db, async (tx) => {
      const inserted = await tx
        .insertInto('budgetCharges')
        .values({ key, budgets: ids, rho: 0, status: 'pending', answer: 'null', chargedAtMs: atMs })
        .onConflict((row) => row.doNothing())
        .returning('key')
        .executeTakeFirst();
      if (inserted === undefined) return earlier(await chargeOf(tx, key));
      const known = await knownNumbers(tx, receivers, vectors);
      const rho = priceOf(vectors, (number) => known.has(hex(number)));
      for (const id of ids) await take(tx, { id, subject: accounts.get(id)!, charge: { rho, exactTables } });
      await rememberNumbers(tx, receivers, vectors);
      await tx.updateTable('budgetCharges').set({ rho }).where('key', '=', key).execute();
      return { state: 'charged', rho, answer: null };
    });
  }

  /**
   * Keeps what a charge came to; the first word is the last.
   * @returns the charge as it is now.
   */
  async settle(
    key: string,
    end: { readonly status: 'answered' | 'refused'; readonly answer: unknown; readonly atMs: number },
  ): Promise<BudgetChargeRow | undefined> {
    await this.#db
      .updateTable('budgetCharges')
      .set({ status: end.status, answer: JSON.stringify(end.answer), settledAtMs: end.atMs })
      .where('key', '=', key)
      .where('status', '=', 'pending')
      .execute();
    return this.charge(key);
  }

  async charge(key: string): Promise<BudgetChargeRow | undefined> {
    return this.#db.selectFrom('budgetCharges').selectAll().where('key', '=', key).executeTakeFirst();
  }

  /** Which of these numbers the receivers have paid for: for a preview, which promises nothing. */
  async told(receivers: string, vectors: readonly PricedVector[]): Promise<(key: Uint8Array) => boolean> {
    const known = await knownNumbers(this.#db, receivers, vectors);
    return (key) => known.has(hex(key));
  }
}

/** One row, if it has enough left: the condition is part of the write, so no other spender comes between. */
async function take(
  tx: Database,
  of: {
    readonly id: string;
    readonly subject: BudgetSubject;
    readonly charge: { readonly rho: number; readonly exactTables: number };
  },
): Promise<void> {
  const { rho, exactTables } = of.charge;
  const taken = await tx
    .updateTable('budgets')
    .set({ spent: sql`spent + ${rho}`, exactTables: sql`exact_tables + ${exactTables}` })
    .where('id', '=', of.id)
    .where(sql<boolean>`spent + ${rho} <= total`)
    .where(sql<boolean>`exact_tables + ${exactTables} <= ${exactTablesMax}`)
    .returning('id')
    .executeTakeFirst();
  if (taken !== undefined) return;
  const account = await tx.selectFrom('budgets').selectAll().where('id', '=', of.id).executeTakeFirst();
  const refusal = afterCharge(account, of.charge);
  // It had too little a moment ago; should a grant have come since, asking again will do.
  const code: BudgetRefusal = typeof refusal === 'string' ? refusal : 'budget-exhausted';
  throw new BudgetRefused(code, { subject: of.subject, account });
}

async function chargeOf(tx: Database, key: string): Promise<BudgetChargeRow> {
  return tx.selectFrom('budgetCharges').selectAll().where('key', '=', key).executeTakeFirstOrThrow();
}

function earlier({ status, rho, answer }: BudgetChargeRow): Spent {
  return { state: status, rho, answer };
}

async function knownNumbers(
  db: Database,
  receivers: string,
  vectors: readonly PricedVector[],
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('budgetNumbers')
    .select('key')
    .where('receivers', '=', receivers)
    .where(sql<boolean>`key = ANY(${numbersOf(vectors)}::bytea[])`)
    .execute();
  return new Set(rows.map(({ key }) => hex(key)));
}

/** In ascending order, so that two charges with numbers in common never wait for each other in a circle. */
async function rememberNumbers(tx: Database, receivers: string, vectors: readonly PricedVector[]): Promise<void> {
  await sql`INSERT INTO budget_numbers (receivers, key)
    SELECT ${receivers}, key FROM unnest(${numbersOf(vectors)}::bytea[]) AS key ORDER BY key
    ON CONFLICT DO NOTHING`.execute(tx);
}

function numbersOf(vectors: readonly PricedVector[]): readonly Buffer[] {
  const numbers = vectors.flatMap(({ keys }) => keys.map((key) => Buffer.from(key)));
  return [...new Map(numbers.map((key) => [hex(key), key])).values()];
}

function oneReceiver(subjects: readonly BudgetSubject[]): string {
  const [receivers, ...more] = new Set(subjects.map((subject) => subject.receivers));
  if (receivers === undefined || more.length > 0)
    throw new TypeError('subjects: expected accounts of one group of receivers');
  return receivers;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
