import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import { namedStoreError } from './error.ts';
import type { Tables } from './tables.ts';

export type DatasetRow = Readonly<Selectable<Tables['datasets']>>;

/** This organisation's tables: what they are and where their rows lie; never a row itself. */
export class Datasets {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async all(): Promise<readonly DatasetRow[]> {
    return this.#db.selectFrom('datasets').selectAll().orderBy('name').execute();
  }

  /** By id, or else by name. */
  async find(idOrName: string): Promise<DatasetRow | undefined> {
    return this.#db
      .selectFrom('datasets')
      .selectAll()
      .where((row) => row.or([row('id', '=', idOrName), row('name', '=', idOrName)]))
      .orderBy((row) => row('id', '=', idOrName), 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  /** @throws {StoreError} `conflict` when the name is taken. */
  async create(dataset: {
    id: string;
    name: string;
    rows: number;
    bytes: number;
    description: unknown;
    report: unknown;
    source: unknown;
    folder: string;
    atMs: number;
    by: string;
  }): Promise<DatasetRow> {
    const { atMs, by, description, report, source, ...row } = dataset;
    return this.#db
      .insertInto('datasets')
      .values({
        ...row,
        status: 'ready',
        description: JSON.stringify(description),
        report: JSON.stringify(report),
        source: JSON.stringify(source),
        createdAtMs: atMs,
        createdBy: by,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
      .catch((error) => {
        throw namedStoreError(error);
      });
  }

  /** @returns the dataset as it is now; nothing when it was not in one of the states `from`. */
  async move(
    id: string,
    change: {
      readonly from: readonly DatasetRow['status'][];
      readonly to: DatasetRow['status'];
      readonly publishedAtMs?: number;
    },
  ): Promise<DatasetRow | undefined> {
    return this.#db
      .updateTable('datasets')
      .set({
        status: change.to,
        ...(change.publishedAtMs === undefined ? {} : { publishedAtMs: change.publishedAtMs }),
      })
      .where('id', '=', id)
      .where('status', 'in', change.from)
      .returningAll()
      .executeTakeFirst();
  }

  /** @returns the dataset that is gone. @throws {StoreError} `conflict` while an audience is made of its rows. */
  async remove(id: string): Promise<DatasetRow | undefined> {
    return this.#db
      .deleteFrom('datasets')
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
      .catch((error) => {
        throw namedStoreError(error);
      });
  }
}
