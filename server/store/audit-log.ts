/**
 * Who did what on this node, in a chain: each line's hash covers the line and the hash before it, so that an altered, removed
 * or inserted line shows. Lines cut off the end do not, unless the last hash was written down elsewhere.
 */
import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import { type Database, inTransaction } from './database.ts';
import { StoreError } from './error.ts';
import type { Page, PageRequest } from './page.ts';
import type { Tables } from './tables.ts';

export type AuditRow = Readonly<Selectable<Tables['auditLog']>>;

export interface AuditEvent {
  readonly atMs: number;
  /** The user's name, or what part of the node acted by itself. */
  readonly actor: string;
  /** A route's name, or what happened, such as `job.failed`. */
  readonly action: string;
  readonly target?: string | undefined;
  readonly job?: string | undefined;
  readonly outcome: AuditRow['outcome'];
  readonly detail?: string | undefined;
}

export type AuditVerdict =
  | { readonly ok: true; readonly entries: number; readonly head: Uint8Array }
  | { readonly ok: false; readonly entries: number; readonly firstBroken: number };

const genesis = new Uint8Array(32);

export class AuditLog {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Adds a line; lines of any number of writers come one after the other. */
  async append(event: AuditEvent): Promise<AuditRow> {
    return inTransaction(this.#db, async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('causeway/audit/' || current_schema(), 0))`.execute(tx);
      const last = await tx
        .selectFrom('auditLog')
        .select(['sequence', 'hash'])
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      const line = {
        sequence: (last?.sequence ?? 0) + 1,
        atMs: event.atMs,
        actor: storable(event.actor),
        action: storable(event.action),
        target: event.target === undefined ? null : storable(event.target),
        job: event.job === undefined ? null : storable(event.job),
        outcome: event.outcome,
        detail: event.detail === undefined ? null : storable(event.detail),
      };
      return tx
        .insertInto('auditLog')
        .values({ ...line, hash: chainHash(last?.hash ?? genesis, line) })
        .returningAll()
        .executeTakeFirstOrThrow();
    });
  }

  /** Newest first. */
  async list(request: PageRequest & { readonly job?: string | undefined }): Promise<Page<AuditRow>> {
    let query = this.#db
      .selectFrom('auditLog')
      .selectAll()
      .orderBy('sequence', 'desc')
      .limit(request.limit + 1);
    if (request.job !== undefined) query = query.where('job', '=', request.job);
    if (request.after !== undefined) {
      const before = Number(request.after);
      if (!Number.isSafeInteger(before)) throw new StoreError('bad-cursor', 'the list cannot go on there');
      query = query.where('sequence', '<', before);
    }
    const rows = await query.execute();
    if (rows.length <= request.limit) return { items: rows };
    const items = rows.slice(0, request.limit);
    return { items, next: String(items.at(-1)!.sequence) };
  }

  /** Recomputes the chain from the first line, in bounded memory. */
  async verify(): Promise<AuditVerdict> {
    let previous: Uint8Array = genesis;
    for (let entries = 0; ; ) {
      const rows = await this.#db
        .selectFrom('auditLog')
        .selectAll()
        .where('sequence', '>', entries)
        .orderBy('sequence')
        .limit(5000)
        .execute();
      if (rows.length === 0) return { ok: true, entries, head: previous };
      for (const row of rows) {
        const expected = chainHash(previous, row);
        if (row.sequence !== entries + 1 || Buffer.compare(expected, row.hash) !== 0) {
          return { ok: false, entries, firstBroken: entries + 1 };
        }
        previous = row.hash;
        entries = row.sequence;
      }
    }
  }
}

/** An array in a fixed order, so that no two lines have one text. */
function chainHash(previous: Uint8Array, line: Omit<AuditRow, 'hash'>): Uint8Array {
  const fields = [line.sequence, line.atMs, line.actor, line.action, line.target, line.job, line.outcome, line.detail];
  return createHash('sha256').update('causeway/v1/audit\n').update(previous).update(JSON.stringify(fields)).digest();
}

/** PostgreSQL's text cannot hold U+0000, and UTF-8 no lone surrogate. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}
