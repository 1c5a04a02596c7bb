import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import { type Database, inTransaction } from './database.ts';
import { StoreError } from './error.ts';
import type { Tables } from './tables.ts';

export type LedgerHeadRow = Readonly<Selectable<Tables['ledgerHeads']>>;

export interface LedgerLeaf {
  readonly index: number;
  /** The record's canonical JSON, as it was hashed. */
  readonly leaf: Uint8Array;
  readonly type: string;
  readonly author: string;
}

export interface LedgerHead {
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note, as it was signed. */
  readonly note: Uint8Array;
  readonly atMs: number;
}

/** This node's copy of the network's log: leaves that only grow, and the heads that were signed over them. */
export class LedgerTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async size(): Promise<number> {
    const row = await this.#db
      .selectFrom('ledgerRecords')
      .select((records) => records.fn.max('index').as('last'))
      .executeTakeFirst();
    return row?.last == null ? 0 : row.last + 1;
  }

  /**
   * Appends leaves, and the head that covers them, together or not at all.
   * @throws {StoreError} `conflict` unless the first leaf's index is the size, and they follow one another.
   */
  async append(leaves: readonly LedgerLeaf[], head?: LedgerHead): Promise<void> {
    await inTransaction(this.#db, async (tx) => {
      await sql`LOCK TABLE ledger_records IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
      const size = await new LedgerTable(tx).size();
      leaves.forEach((leaf, i) => {
        if (leaf.index === size + i) return;
        throw new StoreError('conflict', `ledger record ${leaf.index} cannot follow record ${size + i - 1}`);
      });
      if (head !== undefined && head.size > size + leaves.length) {
        throw new StoreError(
          'conflict',
          `a ledger head of ${head.size} records was given with ${size + leaves.length}`,
        );
      }
      if (leaves.length > 0) {
        await sql`
          INSERT INTO ledger_records (index, leaf, type, author)
          SELECT * FROM unnest(
            ${leaves.map((leaf) => leaf.index)}::bigint[],
            ${leaves.map((leaf) => Buffer.from(leaf.leaf))}::bytea[],
            ${leaves.map((leaf) => leaf.type)}::text[],
            ${leaves.map((leaf) => leaf.author)}::text[])`.execute(tx);
      }
      if (head !== undefined) await new LedgerTable(tx).putHead(head);
    });
  }

  /** Leaves from `first` on, in order, at most `limit`. */
  async range(first: number, limit: number): Promise<readonly LedgerLeaf[]> {
    return this.#db
      .selectFrom('ledgerRecords')
      .selectAll()
      .where('index', '>=', first)
      .orderBy('index')
      .limit(limit)
      .execute();
  }

  /** Every leaf in order, a batch at a time: what a start replays. */
  async *replay(batch = 2000): AsyncGenerator<readonly LedgerLeaf[]> {
    for (let first = 0; ; ) {
      const leaves = await this.range(first, batch);
      if (leaves.length === 0) return;
      yield leaves;
      first = leaves.at(-1)!.index + 1;
    }
  }

  /** Newest first, those before `before`, of one type where one is given. */
  async newest(request: {
    readonly before?: number | undefined;
    readonly limit: number;
    readonly type?: string | undefined;
  }): Promise<readonly LedgerLeaf[]> {
    let query = this.#db.selectFrom('ledgerRecords').selectAll().orderBy('index', 'desc').limit(request.limit);
    if (request.before !== undefined) query = query.where('index', '<', request.before);
    if (request.type !== undefined) query = query.where('type', '=', request.type);
    return query.execute();
  }

  /**
   * Keeps a signed head.
   * @throws {StoreError} `conflict` when another root is known for that size: that is a split view, and both notes are evidence.
   */
  async putHead(head: LedgerHead): Promise<void> {
    const kept = await this.#db
      .insertInto('ledgerHeads')
      .values({ ...head })
      .onConflict((conflict) => conflict.column('size').doUpdateSet((row) => ({ size: row.ref('excluded.size') })))
      .returning('root')
      .executeTakeFirstOrThrow();
    if (Buffer.compare(kept.root, head.root) !== 0) {
      throw new StoreError('conflict', `two different ledger heads of ${head.size} records were signed`);
    }
  }

  async latestHead(): Promise<LedgerHeadRow | undefined> {
    return this.#db.selectFrom('ledgerHeads').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
  }

  async headOf(size: number): Promise<LedgerHeadRow | undefined> {
    return this.#db.selectFrom('ledgerHeads').selectAll().where('size', '=', size).executeTakeFirst();
  }

  /** A member's cosignature line under a head; the first one counts. */
  async putCosignature(cosignature: {
    readonly size: number;
    readonly organisation: string;
    readonly line: string;
    readonly atMs: number;
  }): Promise<void> {
    await this.#db
      .insertInto('ledgerCosignatures')
      .values(cosignature)
      .onConflict((conflict) => conflict.columns(['size', 'organisation']).doNothing())
      .execute();
  }

  async cosignatures(size: number): Promise<readonly { readonly organisation: string; readonly line: string }[]> {
    return this.#db
      .selectFrom('ledgerCosignatures')
      .select(['organisation', 'line'])
      .where('size', '=', size)
      .orderBy('organisation')
      .execute();
  }
}
