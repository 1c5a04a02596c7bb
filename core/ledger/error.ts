/** Why the ledger refuses something, and what a third party could judge it by. */
import type { Evidence } from './evidence.ts';

/**
 * Codes, by what was refused: the form of an entry or record; a rule of the state machine; a note, a proof or a tile; a history.
 */
export type LedgerErrorCode =
  | 'malformed-entry'
  | 'malformed-record'
  | 'entry-too-large'
  | 'wrong-network'
  | 'wrong-index'
  | 'clock-skew'
  | 'time-reversed'
  | 'stale-entry'
  | 'duplicate-entry'
  | 'signature-invalid'
  | 'not-permitted'
  | 'network-exists'
  | 'network-missing'
  | 'not-a-member'
  | 'member-exists'
  | 'consent-invalid'
  | 'key-in-use'
  | 'certificate-in-use'
  | 'name-in-use'
  | 'dataset-unknown'
  | 'dataset-withdrawn'
  | 'agreement-exists'
  | 'agreement-unknown'
  | 'agreement-not-proposed'
  | 'agreement-not-active'
  | 'agreement-rejected'
  | 'agreement-revoked'
  | 'agreement-expired'
  | 'agreement-exhausted'
  | 'agreement-busy'
  | 'already-signed'
  | 'epoch-not-next'
  | 'job-exists'
  | 'job-unknown'
  | 'job-not-running'
  | 'job-not-failed'
  | 'job-not-finished'
  | 'room-unknown'
  | 'room-open'
  | 'room-deleted'
  | 'room-not-deleted'
  | 'wrong-key'
  | 'outcome-signature-invalid'
  | 'already-reported'
  | 'budget-period'
  | 'budget-not-renewable'
  | 'malformed-note'
  | 'malformed-key'
  | 'malformed-checkpoint'
  | 'malformed-tile'
  | 'malformed-bundle'
  | 'wrong-origin'
  | 'head-signature-invalid'
  | 'cosignature-invalid'
  | 'proof-invalid'
  | 'root-mismatch'
  | 'head-beyond-records'
  | 'unconfirmed'
  | 'rollback'
  | 'split-view'
  | 'broken-rule';

/** What a refusal carries besides its code and sentence. */
export interface LedgerErrorDetails {
  /** Place inside the refused entry or record (RFC 6901). */
  readonly pointer?: string | undefined;
  /** Index of the record at fault. */
  readonly index?: number | undefined;
  /** Signed statements that show the fault to an outsider. */
  readonly evidence?: Evidence | undefined;
  readonly cause?: unknown;
}

export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;
  readonly pointer: string | undefined;
  readonly index: number | undefined;
  readonly evidence: Evidence | undefined;

  constructor(code: LedgerErrorCode, message: string, details: LedgerErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.pointer = details.pointer;
    this.index = details.index;
    this.evidence = details.evidence;
  }
}
