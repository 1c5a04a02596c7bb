import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export type DecisionRow = Readonly<Selectable<Tables['decisions']>>;

/** Why organisations signed, rejected or ended agreements, in their own words. That they did, the ledger says. */
export class Decisions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The first word stays: a decision is made once. */
  async add(decision: DecisionRow): Promise<void> {
    await this.#db
      .insertInto('decisions')
      .values(decision)
      .onConflict((conflict) => conflict.columns(['agreement', 'organisation', 'decision']).doNothing())
      .execute();
  }

  /** Takes back the reason of a decision that did not come about. */
  async remove(of: Pick<DecisionRow, 'agreement' | 'organisation' | 'decision'>): Promise<void> {
    await this.#db
      .deleteFrom('decisions')
      .where('agreement', '=', of.agreement)
      .where('organisation', '=', of.organisation)
      .where('decision', '=', of.decision)
      .execute();
  }

  /** Oldest first. */
  async of(agreement: string): Promise<DecisionRow[]> {
    return this.#db
      .selectFrom('decisions')
      .selectAll()
      .where('agreement', '=', agreement)
      .orderBy('atMs')
      .orderBy('organisation')
      .execute();
  }
}
