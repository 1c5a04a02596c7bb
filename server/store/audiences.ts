import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import { namedStoreError } from './error.ts';
import { isAfter, type Page, type PageRequest, toPage } from './page.ts';
import type { Tables } from './tables.ts';

export type AudienceRow = Readonly<Selectable<Tables['audiences']>>;

/** Named sets of this organisation's own rows; the row numbers lie in a file, here is its digest. */
export class Audiences {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async list(request: PageRequest & { readonly dataset?: string | undefined }): Promise<Page<AudienceRow>> {
    let query = this.#db
      .selectFrom('audiences')
      .selectAll()
      .where(isAfter(request, { time: 'createdAtMs', id: 'id' }))
      .orderBy('createdAtMs', 'desc')
      .orderBy('id', 'desc')
      .limit(request.limit + 1);
    if (request.dataset !== undefined) query = query.where('dataset', '=', request.dataset);
    return toPage(await query.execute(), request, (row) => ({ atMs: row.createdAtMs, id: row.id }));
  }

  /** By id, or else by name. */
  async find(idOrName: string): Promise<AudienceRow | undefined> {
    return this.#db
      .selectFrom('audiences')
      .selectAll()
      .where((row) => row.or([row('id', '=', idOrName), row('name', '=', idOrName)]))
      .orderBy((row) => row('id', '=', idOrName), 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  /** Its id names what it was made of: what is finished twice (it was resumed at the last step) is one audience. @throws {StoreError} `conflict` when the name is taken. */
  async create(audience: {
    id: string;
    job: string;
    dataset: string;
    name: string;
    rows: number;
    filePath: string;
    digest: string;
    atMs: number;
  }): Promise<AudienceRow> {
    const { atMs, ...row } = audience;
    const created = await this.#db
      .insertInto('audiences')
      .values({ ...row, status: 'ready', createdAtMs: atMs })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returningAll()
      .executeTakeFirst()
      .catch((error) => {
        throw namedStoreError(error);
      });
    if (created !== undefined) return created;
    return this.#db.selectFrom('audiences').selectAll().where('id', '=', audience.id).executeTakeFirstOrThrow();
  }

  async withdraw(id: string): Promise<void> {
    await this.#db.updateTable('audiences').set({ status: 'withdrawn' }).where('id', '=', id).execute();
  }

  /** Withdraws all audiences of a dataset: the rows that they name are not there any more. @returns them, for their files to be deleted. */
  async withdrawOf(dataset: string): Promise<readonly AudienceRow[]> {
    return this.#db
      .updateTable('audiences')
      .set({ status: 'withdrawn' })
      .where('dataset', '=', dataset)
      .returningAll()
      .execute();
  }

  /** Removes all audiences of a dataset. @returns them, for their files to be deleted. */
  async removeOf(dataset: string): Promise<readonly AudienceRow[]> {
    return this.#db.deleteFrom('audiences').where('dataset', '=', dataset).returningAll().execute();
  }
}
