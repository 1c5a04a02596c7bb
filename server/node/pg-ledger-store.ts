import type { LedgerStore, StoredCosignature, StoredHead, StoredLeaf } from '../ledger/index.ts';
import type { Store } from '../store/index.ts';

/** The node's copy of the log in its database. */
export class PgLedgerStore implements LedgerStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async load(): Promise<{ leaves: readonly Uint8Array[]; head: string | undefined }> {
    const leaves: Uint8Array[] = [];
    for await (const batch of this.#store.ledger.replay())
      for (const { leaf } of batch) leaves.push(new Uint8Array(leaf));
    const head = await this.#store.ledger.latestHead();
    return { leaves, head: head && Buffer.from(head.note).toString() };
  }

  async append(leaves: readonly StoredLeaf[], head: StoredHead): Promise<void> {
    await this.#store.ledger.append(leaves, { ...head, note: Buffer.from(head.note) });
  }

  async range(first: number, count: number): Promise<readonly Uint8Array[]> {
    if (count <= 0) return [];
    return (await this.#store.ledger.range(first, count)).map(({ leaf }) => new Uint8Array(leaf));
  }

  async putCosignature(cosignature: StoredCosignature): Promise<void> {
    await this.#store.ledger.putCosignature(cosignature);
  }
}
