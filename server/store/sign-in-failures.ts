import { type Selectable, sql } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export type SignInFailures = Readonly<Selectable<Tables['signInFailures']>>;

/** Failed sign-ins, counted by subject: a name, whether it exists or not, or a source address. */
export class SignInFailuresTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async of(subject: string): Promise<SignInFailures | undefined> {
    return this.#db.selectFrom('signInFailures').selectAll().where('subject', '=', subject).executeTakeFirst();
  }

  /** Counts one more, from 1 again when the last one is older than `forgetAfterMs`. @returns the count, in one step for any number at once. */
  async add(subject: string, options: { readonly atMs: number; readonly forgetAfterMs: number }): Promise<number> {
    const stale = sql<boolean>`sign_in_failures.last_at_ms < ${options.atMs - options.forgetAfterMs}`;
    const row = await this.#db
      .insertInto('signInFailures')
      .values({ subject, failures: 1, firstAtMs: options.atMs, lastAtMs: options.atMs, lockedUntilMs: 0 })
      .onConflict((conflict) =>
        conflict.column('subject').doUpdateSet({
          failures: sql`CASE WHEN ${stale} THEN 1 ELSE sign_in_failures.failures + 1 END`,
          firstAtMs: sql`CASE WHEN ${stale} THEN excluded.first_at_ms ELSE sign_in_failures.first_at_ms END`,
          lastAtMs: options.atMs,
        }),
      )
      .returning('failures')
      .executeTakeFirstOrThrow();
    return row.failures;
  }

  async lock(subject: string, untilMs: number): Promise<void> {
    await this.#db
      .updateTable('signInFailures')
      .set({ lockedUntilMs: untilMs })
      .where('subject', '=', subject)
      .execute();
  }

  async forget(subject: string): Promise<void> {
    await this.#db.deleteFrom('signInFailures').where('subject', '=', subject).execute();
  }

  /** So that a spray of invented names does not grow the table for ever. */
  async forgetBefore(atMs: number): Promise<void> {
    await this.#db
      .deleteFrom('signInFailures')
      .where('lastAtMs', '<', atMs)
      .where('lockedUntilMs', '<', atMs)
      .execute();
  }
}
