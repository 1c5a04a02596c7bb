import type { Role } from '@causeway/core/api';
import { type Selectable, sql } from 'kysely';
import { type Database, inTransaction } from './database.ts';
import { StoreError } from './error.ts';
import type { Tables } from './tables.ts';

export type UserRow = Readonly<Selectable<Tables['users']>>;

/** People, and programs, that may use this node. */
export class Users {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async all(): Promise<readonly UserRow[]> {
    return this.#db.selectFrom('users').selectAll().orderBy('nameKey').execute();
  }

  async byId(id: string): Promise<UserRow | undefined> {
    return this.#db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** By the name as people type it: case and width of letters do not count. */
  async byName(name: string): Promise<UserRow | undefined> {
    return this.#db.selectFrom('users').selectAll().where('nameKey', '=', nameKey(name)).executeTakeFirst();
  }

  /** @throws {StoreError} `conflict` when the name is taken. */
  async create(user: {
    id: string;
    name: string;
    /** Absent for a user that signs in with tokens only. */
    passwordHash?: string;
    roles: readonly Role[];
    atMs: number;
  }): Promise<UserRow> {
    const row = await this.#db
      .insertInto('users')
      .values({
        id: user.id,
        name: user.name,
        nameKey: nameKey(user.name),
        passwordHash: user.passwordHash ?? null,
        roles: [...user.roles],
        status: 'active',
        createdAtMs: user.atMs,
      })
      .onConflict((conflict) => conflict.column('nameKey').doNothing())
      .returningAll()
      .executeTakeFirst();
    if (row === undefined)
      throw new StoreError('conflict', 'another user has this name', { remedy: 'choose another name' });
    return row;
  }

  /**
   * Changes roles or status.
   * @returns the user as it is now; nothing for an unknown one.
   * @throws {StoreError} `conflict` when no active admin would be left.
   */
  async update(
    id: string,
    change: { readonly roles?: readonly Role[]; readonly status?: UserRow['status'] },
  ): Promise<UserRow | undefined> {
    return inTransaction(this.#db, async (tx) => {
      // One change at a time, or two admins could each remove the other.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('causeway/users', 0))`.execute(tx);
      const user = await tx
        .updateTable('users')
        .set({
          ...(change.roles === undefined ? {} : { roles: [...change.roles] }),
          ...(change.status === undefined ? {} : { status: change.status }),
          id,
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (user === undefined) return undefined;
      const admin = await tx
        .selectFrom('users')
        .select('id')
        .where('status', '=', 'active')
        .where(sql<boolean>`'admin' = ANY (roles)`)
        .executeTakeFirst();
      if (admin === undefined) {
        throw new StoreError('conflict', 'this is the last active admin', { remedy: 'make another user admin first' });
      }
      return user;
    });
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    await this.#db.updateTable('users').set({ passwordHash }).where('id', '=', id).execute();
  }

  async signedIn(id: string, atMs: number): Promise<void> {
    await this.#db.updateTable('users').set({ lastSignInAtMs: atMs }).where('id', '=', id).execute();
  }
}

/** Names that look alike to a person are one name (Unicode NFKC and lower case). */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFKC');
}
