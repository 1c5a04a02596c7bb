import { type Selectable, sql } from 'kysely';
import { type Database, inTransaction } from './database.ts';
import { namedStoreError, StoreError } from './error.ts';
import { endedJobs } from './jobs.ts';
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
      readonly description?: unknown;
    },
  ): Promise<DatasetRow | undefined> {
    return this.#db
      .updateTable('datasets')
      .set({
        status: change.to,
        ...(change.publishedAtMs === undefined ? {} : { publishedAtMs: change.publishedAtMs }),
        ...(change.description === undefined ? {} : { description: JSON.stringify(change.description) }),
      })
      .where('id', '=', id)
      .where('status', 'in', change.from)
      .returningAll()
      .executeTakeFirst();
  }

  /**
   * Replaces what a dataset is made of; its id, name and state stay.
   * @returns the dataset as it was; nothing for an unknown one.
   * @throws {StoreError} `conflict` while a job uses it: its row numbers are those of the rows before.
   */
  async replace(
    id: string,
    by: Pick<DatasetRow, 'rows' | 'bytes' | 'description' | 'report' | 'source' | 'folder'>,
  ): Promise<DatasetRow | undefined> {
    return inTransaction(this.#db, async (tx) => {
      // No job begins or ends while it is looked whether one uses the dataset.
      await sql`LOCK TABLE jobs IN SHARE MODE`.execute(tx);
      const before = await tx.selectFrom('datasets').selectAll().where('id', '=', id).executeTakeFirst();
      const using = await tx
        .selectFrom('jobs')
        .innerJoin('agreements', 'agreements.id', 'jobs.agreement')
        .select('jobs.id')
        .where('jobs.status', 'not in', endedJobs)
        .where(sql<boolean>`${id} IN (terms->'proposer'->>'dataset', terms->'partner'->>'dataset')`)
        .executeTakeFirst();
      if (using) {
        throw new StoreError('conflict', `job ${using.id} uses this dataset`, {
          remedy: 'wait for it, or cancel it; then update the dataset',
        });
      }
      await tx
        .updateTable('datasets')
        .set({
          rows: by.rows,
          bytes: by.bytes,
          description: JSON.stringify(by.description),
          report: JSON.stringify(by.report),
          source: JSON.stringify(by.source),
          folder: by.folder,
        })
        .where('id', '=', id)
        .execute();
      return before;
    });
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
