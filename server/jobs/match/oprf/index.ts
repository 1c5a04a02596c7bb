/** psi/oprf in a job: rounds of both sides, and the tables that outlive it. */
export { ledgerKeys } from './ledger-keys.ts';
export { OneAtATime } from './one-at-a-time.ts';
export type { EvaluationBudget, OprfPorts, PublishedKey, PublishedKeys } from './ports.ts';
export { canAnswer, type ServeOptions, serveList } from './serve-list.ts';
export { readServed, type ServedTable } from './served-table.ts';
export { buildSortedSet } from './sorted-set.ts';
