import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import { isAfter, type Page, type PageRequest, toPage } from './page.ts';
import type { Tables } from './tables.ts';

export type AgreementRow = Readonly<Selectable<Tables['agreements']>>;
export type AgreementStatus = AgreementRow['status'];

/** What was proposed and signed. The ledger decides what an agreement's state is; the status here is what this node last saw of it. */
export class Agreements {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async list(request: PageRequest & { readonly status?: AgreementStatus | undefined }): Promise<Page<AgreementRow>> {
    let query = this.#db
      .selectFrom('agreements')
      .selectAll()
      .where(isAfter(request, { time: 'createdAtMs', id: 'id' }))
      .orderBy('createdAtMs', 'desc')
      .orderBy('id', 'desc')
      .limit(request.limit + 1);
    if (request.status !== undefined) query = query.where('status', '=', request.status);
    return toPage(await query.execute(), request, (row) => ({ atMs: row.createdAtMs, id: row.id }));
  }

  /** By id, or by the first characters of it that no other one has (at least 6). */
  async find(idOrPrefix: string): Promise<AgreementRow | undefined> {
    if (!/^[0-9a-f]{6,64}$/.test(idOrPrefix)) return undefined;
    const rows = await this.#db
      .selectFrom('agreements')
      .selectAll()
      .where('id', 'like', `${idOrPrefix}%`)
      .limit(2)
      .execute();
    return rows.length === 1 ? rows[0] : undefined;
  }

  /** The same agreement twice is one: the first stays. @returns whether it is new. */
  async create(agreement: {
    id: string;
    status: AgreementStatus;
    operation: string;
    terms: unknown;
    disclosure: unknown;
    plan?: unknown;
    findings: unknown;
    signatures: unknown;
    proposedBy: string;
    proposedByUser?: string;
    atMs: number;
    expiresAtMs: number;
  }): Promise<boolean> {
    const { atMs, terms, disclosure, plan, findings, signatures, proposedByUser, ...row } = agreement;
    const result = await this.#db
      .insertInto('agreements')
      .values({
        ...row,
        terms: JSON.stringify(terms),
        disclosure: JSON.stringify(disclosure),
        plan: JSON.stringify(plan ?? null),
        findings: JSON.stringify(findings),
        signatures: JSON.stringify(signatures),
        proposedByUser: proposedByUser ?? null,
        createdAtMs: atMs,
        updatedAtMs: atMs,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  /**
   * Moves an agreement from one of some states to another, and keeps who decided: of two decisions at once, one wins.
   * @returns the agreement as it is now; nothing when it was in none of these states.
   */
  async move(
    id: string,
    change: {
      readonly from: readonly AgreementStatus[];
      readonly to: AgreementStatus;
      readonly atMs: number;
      readonly byUser?: string;
      readonly signatures?: unknown;
    },
  ): Promise<AgreementRow | undefined> {
    return this.#db
      .updateTable('agreements')
      .set({
        status: change.to,
        updatedAtMs: change.atMs,
        ...(change.byUser === undefined ? {} : { decidedByUser: change.byUser }),
        ...(change.signatures === undefined ? {} : { signatures: JSON.stringify(change.signatures) }),
      })
      .where('id', '=', id)
      .where('status', 'in', change.from)
      .returningAll()
      .executeTakeFirst();
  }

  /** Replaces what the policy last found. */
  async putFindings(id: string, findings: unknown): Promise<void> {
    await this.#db
      .updateTable('agreements')
      .set({ findings: JSON.stringify(findings) })
      .where('id', '=', id)
      .execute();
  }
}
