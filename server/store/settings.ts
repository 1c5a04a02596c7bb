import type { Database } from './database.ts';

/** What the node is told to hold itself to, by key; the shapes are the callers'. */
export class SettingsTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async all(): Promise<ReadonlyMap<string, unknown>> {
    const rows = await this.#db.selectFrom('settings').select(['key', 'value']).execute();
    return new Map(rows.map((row) => [row.key, row.value]));
  }

  async get(key: string): Promise<unknown> {
    const row = await this.#db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst();
    return row?.value;
  }

  async put(change: { key: string; value: unknown; atMs: number; by: string }): Promise<void> {
    const value = JSON.stringify(change.value);
    await this.#db
      .insertInto('settings')
      .values({ key: change.key, value, changedAtMs: change.atMs, changedBy: change.by })
      .onConflict((row) => row.column('key').doUpdateSet({ value, changedAtMs: change.atMs, changedBy: change.by }))
      .execute();
  }
}
