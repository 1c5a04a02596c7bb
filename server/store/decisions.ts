import { type Selectable, sql } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export type DecisionRow = Readonly<Selectable<Tables['decisions']>>;
/** Whose decision on what. */
export type DecisionKey<Decision extends DecisionRow['decision'] = DecisionRow['decision']> = Pick<
  DecisionRow,
  'agreement' | 'organisation'
> & { readonly decision: Decision };

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
  async remove(of: DecisionKey): Promise<void> {
    await this.#db
      .deleteFrom('decisions')
      .where('agreement', '=', of.agreement)
      .where('organisation', '=', of.organisation)
      .where('decision', '=', of.decision)
      .execute();
  }

  /** Of decisions on agreements that are kept here, those of which it is not known why, nor that nothing was said: one query for all. */
  async unexplained<Decision extends DecisionRow['decision']>(
    decisions: readonly DecisionKey<Decision>[],
  ): Promise<DecisionKey<Decision>[]> {
    if (decisions.length === 0) return [];
    const column = (of: keyof DecisionKey) => decisions.map((decision) => decision[of]);
    const { rows } = await sql<DecisionKey<Decision>>`
      SELECT made.* FROM unnest(${column('agreement')}::text[], ${column('organisation')}::text[], ${column('decision')}::text[])
        AS made (agreement, organisation, decision)
      JOIN agreements ON agreements.id = made.agreement
      LEFT JOIN decisions AS known USING (agreement, organisation, decision)
      WHERE known.agreement IS NULL`.execute(this.#db);
    return rows;
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
