import { type Selectable, sql } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export type SignInFailures = Readonly<Selectable<Tables['signInFailures']>>;

/** How many attempts are free, and how long the wait is after each further one: doubled each time, up to a bound. */
export interface AttemptRule {
  readonly freeAttempts: number;
  readonly firstWaitMs: number;
  readonly waitMaxMs: number;
  /** Without an attempt for so long, counting begins again. */
  readonly forgetAfterMs: number;
}

/** Attempts to sign in by subject: a name, whether it exists or not, or a source address. */
export class SignInFailuresTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async of(subject: string): Promise<SignInFailures | undefined> {
    return this.#db.selectFrom('signInFailures').selectAll().where('subject', '=', subject).executeTakeFirst();
  }

  /**
   * Counts an attempt as failed before it is made, and locks the subject where it was the last free one: so that a hundred
   * attempts at once are no more than one after the other. A success is then taken back.
   * @returns whether the attempt may be made; and if not, until when none may.
   */
  async admit(
    subject: string,
    rule: AttemptRule,
    atMs: number,
  ): Promise<{ readonly admitted: true } | { readonly admitted: false; readonly untilMs: number }> {
    const stale = sql`sign_in_failures.last_at_ms < ${atMs - rule.forgetAfterMs}`;
    const count = sql`CASE WHEN ${stale} THEN 1 ELSE sign_in_failures.failures + 1 END`;
    const lockedUntil = (failures: ReturnType<typeof sql>) =>
      sql<number>`CASE WHEN ${failures} < ${rule.freeAttempts} THEN 0 ELSE
        ${atMs} + least(${rule.waitMaxMs}::float8, ${rule.firstWaitMs} * 2 ^ least(${failures} - ${rule.freeAttempts}, 40))::bigint END`;
    const row = await this.#db
      .insertInto('signInFailures')
      .values({ subject, failures: 1, firstAtMs: atMs, lastAtMs: atMs, lockedUntilMs: lockedUntil(sql`1`) })
      .onConflict((conflict) =>
        conflict
          .column('subject')
          .doUpdateSet({
            failures: sql`${count}`,
            firstAtMs: sql`CASE WHEN ${stale} THEN excluded.first_at_ms ELSE sign_in_failures.first_at_ms END`,
            lastAtMs: atMs,
            lockedUntilMs: lockedUntil(count),
          })
          .where('signInFailures.lockedUntilMs', '<=', atMs),
      )
      .returning('failures')
      .executeTakeFirst();
    if (row !== undefined) return { admitted: true };
    return { admitted: false, untilMs: (await this.of(subject))?.lockedUntilMs ?? atMs };
  }

  /** The attempt was right after all: it does not count. */
  async takeBack(subject: string): Promise<void> {
    await this.#db
      .updateTable('signInFailures')
      .set({ failures: sql`greatest(failures - 1, 0)`, lockedUntilMs: 0 })
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
