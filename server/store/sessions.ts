import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';
import type { UserRow } from './users.ts';

export type SessionRow = Readonly<Selectable<Tables['sessions']>>;

/** Signed-in browsers. The secret is in the cookie alone; the table has its hash. */
export class Sessions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create(session: {
    secretHash: Uint8Array;
    userId: string;
    csrf: string;
    atMs: number;
    expiresAtMs: number;
  }): Promise<void> {
    const { atMs, ...row } = session;
    await this.#db
      .insertInto('sessions')
      .values({ ...row, createdAtMs: atMs, seenAtMs: atMs })
      .execute();
  }

  /** The session and its user; nothing when it has ended, was idle too long, or the user is disabled. */
  async find(
    secretHash: Uint8Array,
    at: { readonly atMs: number; readonly idleMaxMs: number },
  ): Promise<{ readonly session: SessionRow; readonly user: UserRow } | undefined> {
    const session = await this.#db
      .selectFrom('sessions')
      .selectAll()
      .where('secretHash', '=', secretHash)
      .where('expiresAtMs', '>', at.atMs)
      .where('seenAtMs', '>', at.atMs - at.idleMaxMs)
      .executeTakeFirst();
    if (session === undefined) return undefined;
    const user = await this.#db
      .selectFrom('users')
      .selectAll()
      .where('id', '=', session.userId)
      .where('status', '=', 'active')
      .executeTakeFirst();
    return user === undefined ? undefined : { session, user };
  }

  async seen(secretHash: Uint8Array, atMs: number): Promise<void> {
    await this.#db.updateTable('sessions').set({ seenAtMs: atMs }).where('secretHash', '=', secretHash).execute();
  }

  async end(secretHash: Uint8Array): Promise<void> {
    await this.#db.deleteFrom('sessions').where('secretHash', '=', secretHash).execute();
  }

  /** Ends all sessions of a user, but for the one named. */
  async endAllOf(userId: string, options: { readonly except?: Uint8Array } = {}): Promise<void> {
    let query = this.#db.deleteFrom('sessions').where('userId', '=', userId);
    if (options.except !== undefined) query = query.where('secretHash', '!=', options.except);
    await query.execute();
  }

  async removeExpired(atMs: number): Promise<void> {
    await this.#db.deleteFrom('sessions').where('expiresAtMs', '<=', atMs).execute();
  }
}
