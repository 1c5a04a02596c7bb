import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export type GuestInviteRow = Readonly<Selectable<Tables['guestInvites']>>;
export type GuestRunRow = Readonly<Selectable<Tables['guestRuns']>>;

/** Invites of guests, and the runs that came of them. The ledger decides what has become of a run. */
export class GuestInvites {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create(invite: {
    id: string;
    secretDigest: string;
    label: string;
    dataset: string;
    rules: unknown;
    usesMax: number;
    needsConfirmation: boolean;
    by: string;
    atMs: number;
    expiresAtMs: number;
  }): Promise<void> {
    const { rules, by, atMs, ...row } = invite;
    await this.#db
      .insertInto('guestInvites')
      .values({
        ...row,
        rules: JSON.stringify(rules),
        createdAtMs: atMs,
        createdBy: by,
        revokedAtMs: null,
        revokedBy: null,
        confirmedAtMs: null,
        confirmedBy: null,
      })
      .execute();
  }

  /** Newest first. */
  async list(): Promise<GuestInviteRow[]> {
    return this.#db.selectFrom('guestInvites').selectAll().orderBy('createdAtMs', 'desc').orderBy('id').execute();
  }

  async find(by: { readonly id: string } | { readonly secretDigest: string }): Promise<GuestInviteRow | undefined> {
    const query = this.#db.selectFrom('guestInvites').selectAll();
    return 'id' in by
      ? query.where('id', '=', by.id).executeTakeFirst()
      : query.where('secretDigest', '=', by.secretDigest).executeTakeFirst();
  }

  /** A second person's yes, once. */
  async confirm(id: string, at: { readonly atMs: number; readonly by: string }): Promise<void> {
    await this.#db
      .updateTable('guestInvites')
      .set({ confirmedAtMs: at.atMs, confirmedBy: at.by })
      .where('id', '=', id)
      .where('confirmedAtMs', 'is', null)
      .execute();
  }

  /** Ends an invite, once. */
  async revoke(id: string, at: { readonly atMs: number; readonly by: string }): Promise<void> {
    await this.#db
      .updateTable('guestInvites')
      .set({ revokedAtMs: at.atMs, revokedBy: at.by })
      .where('id', '=', id)
      .where('revokedAtMs', 'is', null)
      .execute();
  }

  async addRun(run: GuestRunRow): Promise<void> {
    await this.#db.insertInto('guestRuns').values(run).execute();
  }

  /** Of one invite, or of all, oldest first. */
  async runs(of: { readonly invite?: string } = {}): Promise<GuestRunRow[]> {
    let query = this.#db.selectFrom('guestRuns').selectAll();
    if (of.invite !== undefined) query = query.where('invite', '=', of.invite);
    return query.orderBy('atMs').execute();
  }
}
