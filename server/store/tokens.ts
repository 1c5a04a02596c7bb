import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';
import type { UserRow } from './users.ts';

export type TokenRow = Readonly<Selectable<Tables['tokens']>>;

/** Bearer tokens of users, for programs. The secret was shown once; the table has its hash. */
export class Tokens {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create(token: {
    id: string;
    userId: string;
    name: string;
    secretHash: Uint8Array;
    atMs: number;
    expiresAtMs?: number;
  }): Promise<TokenRow> {
    const { atMs, expiresAtMs, ...row } = token;
    return this.#db
      .insertInto('tokens')
      .values({ ...row, createdAtMs: atMs, expiresAtMs: expiresAtMs ?? null })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** Those that are neither revoked nor expired. */
  async of(userId: string, atMs: number): Promise<readonly TokenRow[]> {
    return this.#db
      .selectFrom('tokens')
      .selectAll()
      .where('userId', '=', userId)
      .where('revokedAtMs', 'is', null)
      .where((row) => row.or([row('expiresAtMs', 'is', null), row('expiresAtMs', '>', atMs)]))
      .orderBy('createdAtMs', 'desc')
      .execute();
  }

  /** The token and its user; nothing when it is revoked, expired, or the user is disabled. */
  async find(
    secretHash: Uint8Array,
    atMs: number,
  ): Promise<{ readonly token: TokenRow; readonly user: UserRow } | undefined> {
    const token = await this.#db
      .selectFrom('tokens')
      .selectAll()
      .where('secretHash', '=', secretHash)
      .where('revokedAtMs', 'is', null)
      .where((row) => row.or([row('expiresAtMs', 'is', null), row('expiresAtMs', '>', atMs)]))
      .executeTakeFirst();
    if (token === undefined) return undefined;
    const user = await this.#db
      .selectFrom('users')
      .selectAll()
      .where('id', '=', token.userId)
      .where('status', '=', 'active')
      .executeTakeFirst();
    return user === undefined ? undefined : { token, user };
  }

  async used(id: string, atMs: number): Promise<void> {
    await this.#db.updateTable('tokens').set({ lastUsedAtMs: atMs }).where('id', '=', id).execute();
  }

  /** @returns whether the user had such a token, still valid. */
  async revoke(token: { readonly id: string; readonly userId: string; readonly atMs: number }): Promise<boolean> {
    const result = await this.#db
      .updateTable('tokens')
      .set({ revokedAtMs: token.atMs })
      .where('id', '=', token.id)
      .where('userId', '=', token.userId)
      .where('revokedAtMs', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }
}
