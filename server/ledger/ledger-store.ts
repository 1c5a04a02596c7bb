/** Where a node keeps its copy of the log. PostgreSQL in a node, memory in a simulation. */
export interface LedgerStore {
  /** All leaves in order, and the last signed head over them. */
  load(): Promise<{ readonly leaves: readonly Uint8Array[]; readonly head: string | undefined }>;
  /** Appends leaves and the head that covers them, together or not at all, durably. */
  append(leaves: readonly StoredLeaf[], head: StoredHead): Promise<void>;
  /** At most `count` leaves from an index on. */
  range(first: number, count: number): Promise<readonly Uint8Array[]>;
  putCosignature(cosignature: StoredCosignature): Promise<void>;
}

export interface StoredLeaf {
  readonly index: number;
  /** The record's canonical JSON, as it was hashed. */
  readonly leaf: Uint8Array;
  readonly type: string;
  readonly author: string;
}

export interface StoredHead {
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note. */
  readonly note: string;
  readonly atMs: number;
}

export interface StoredCosignature {
  readonly size: number;
  readonly organisation: string;
  /** The cosignature's line of the note. */
  readonly line: string;
  readonly atMs: number;
}
