/** The network's ledger at one node: ordered by the operator, mirrored and checked by everyone. */
export type { LedgerStore, StoredCosignature, StoredHead, StoredLeaf } from './ledger-store.ts';
export { MemoryLedgerStore } from './memory-store.ts';
export { NetworkLedger, type NetworkLedgerOptions } from './network-ledger.ts';
