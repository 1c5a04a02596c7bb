/** A node's memory: PostgreSQL, the node's own or one that is given, and one part for each area of what is kept. */

export type { AgreementRow, AgreementStatus } from './agreements.ts';
export type { AudienceRow } from './audiences.ts';
export type { AuditEvent, AuditRow, AuditVerdict } from './audit-log.ts';
export type { BudgetChargeRow, Budgets, Spending, Spent } from './budgets.ts';
export type { DatasetRow } from './datasets.ts';
export type { DecisionKey, DecisionRow } from './decisions.ts';
export { type CopyTarget, stopEmbedded } from './embedded/index.ts';
export { namedStoreError, StoreError, type StoreErrorCode } from './error.ts';
export type { GuestInviteRow, GuestRunRow } from './guest-invites.ts';
export { type JobEnd, type JobProgress, type JobRow, type JobStatus, jobHasEnded, type ListedJobRow } from './jobs.ts';
export type { LedgerHead, LedgerLeaf } from './ledger.ts';
export { type OperationRow, operationHasEnded } from './operations.ts';
export type { Page, PageRequest } from './page.ts';
export { type OpenStore, openStore, type PostgresOptions } from './postgres.ts';
export { Store } from './store.ts';
export type { TemplateRow } from './templates.ts';
export type { TokenRow } from './tokens.ts';
export { nameKey, type UserRow } from './users.ts';
