import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import { StoreError } from './error.ts';
import type { Tables } from './tables.ts';

export type TemplateRow = Readonly<Selectable<Tables['templates']>>;

/** All are listed at once: so many are more than anybody looks through. */
export const templatesMax = 500;

/** Proposals that are kept to be made again; the shape of what they hold is the caller's. */
export class Templates {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async all(): Promise<readonly TemplateRow[]> {
    return this.#db.selectFrom('templates').selectAll().orderBy('name').limit(templatesMax).execute();
  }

  /** The last one under a name stays. @throws {StoreError} `conflict` where there are {@link templatesMax} others. */
  async save(template: {
    readonly id: string;
    readonly name: string;
    readonly days: number;
    readonly proposal: unknown;
    readonly atMs: number;
    readonly by: string;
  }): Promise<TemplateRow> {
    const { id, name, days } = template;
    const others = await this.#db
      .selectFrom('templates')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('name', '!=', name)
      .executeTakeFirstOrThrow();
    if (Number(others.count) >= templatesMax) {
      throw new StoreError('conflict', `there are ${templatesMax} templates: remove some first`);
    }
    const content = {
      days,
      proposal: JSON.stringify(template.proposal),
      createdAtMs: template.atMs,
      createdBy: template.by,
    };
    return this.#db
      .insertInto('templates')
      .values({ id, name, ...content })
      .onConflict((row) => row.column('name').doUpdateSet(content))
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** By id or name. @returns whether there was one. */
  async remove(idOrName: string): Promise<boolean> {
    const removed = await this.#db
      .deleteFrom('templates')
      .where((row) => row.or([row('id', '=', idOrName), row('name', '=', idOrName)]))
      .executeTakeFirst();
    return removed.numDeletedRows > 0n;
  }
}
