import type { LedgerStore, StoredCosignature, StoredHead, StoredLeaf } from './ledger-store.ts';

/** A log in memory that outlives the node that writes it: for simulations, where a crash loses what was not stored. */
export class MemoryLedgerStore implements LedgerStore {
  readonly leaves: Uint8Array[] = [];
  readonly cosignatures: StoredCosignature[] = [];
  head: string | undefined;

  async load(): Promise<{ leaves: readonly Uint8Array[]; head: string | undefined }> {
    return { leaves: [...this.leaves], head: this.head };
  }

  async append(leaves: readonly StoredLeaf[], head: StoredHead): Promise<void> {
    for (const { index, leaf } of leaves) {
      if (index !== this.leaves.length)
        throw new RangeError(`expected record ${this.leaves.length}, got record ${index}`);
      this.leaves.push(leaf);
    }
    this.head = head.note;
  }

  async range(first: number, count: number): Promise<readonly Uint8Array[]> {
    return this.leaves.slice(first, first + count);
  }

  async putCosignature(cosignature: StoredCosignature): Promise<void> {
    this.cosignatures.push(cosignature);
  }
}
