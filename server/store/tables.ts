/** The tables of `migrations/` as types. Columns are snake_case there and camelCase here; `null` is SQL's. */
import type { Role } from '@causeway/core/api';
import type { ColumnType } from 'kysely';

/** A JSON document: read as the value, written as its text. */
type Json<Value = unknown> = ColumnType<Value, string, string>;

export interface Tables {
  readonly settings: { key: string; value: Json; changedAtMs: number; changedBy: string };
  readonly users: {
    id: string;
    name: string;
    nameKey: string;
    passwordHash: string | null;
    roles: Role[];
    status: 'active' | 'disabled';
    createdAtMs: number;
    lastSignInAtMs: number | null;
  };
  readonly signInFailures: {
    subject: string;
    failures: number;
    firstAtMs: number;
    lastAtMs: number;
    lockedUntilMs: number;
  };
  readonly sessions: {
    secretHash: Uint8Array;
    userId: string;
    csrf: string;
    createdAtMs: number;
    seenAtMs: number;
    expiresAtMs: number;
  };
  readonly tokens: {
    id: string;
    userId: string;
    name: string;
    secretHash: Uint8Array;
    createdAtMs: number;
    expiresAtMs: number | null;
    lastUsedAtMs: number | null;
    revokedAtMs: number | null;
  };
  readonly auditLog: {
    sequence: number;
    atMs: number;
    actor: string;
    action: string;
    target: string | null;
    job: string | null;
    outcome: 'done' | 'refused' | 'failed';
    detail: string | null;
    hash: Uint8Array;
  };
  readonly ledgerRecords: { index: number; leaf: Uint8Array; type: string; author: string };
  readonly ledgerHeads: { size: number; root: Uint8Array; note: Uint8Array; atMs: number };
  readonly ledgerCosignatures: { size: number; organisation: string; line: string; atMs: number };
  readonly datasets: {
    id: string;
    name: string;
    status: 'ready' | 'published' | 'withdrawn' | 'broken';
    rows: number;
    bytes: number;
    description: Json;
    report: Json;
    source: Json;
    /** Relative to the home. */
    folder: string;
    createdAtMs: number;
    createdBy: string;
    publishedAtMs: number | null;
  };
  readonly agreements: {
    id: string;
    status: 'draft' | 'proposed' | 'active' | 'rejected' | 'revoked' | 'expired' | 'exhausted';
    operation: string;
    terms: Json;
    disclosure: Json;
    plan: Json;
    findings: Json;
    signatures: Json;
    proposedBy: string;
    proposedByUser: string | null;
    decidedByUser: string | null;
    createdAtMs: number;
    expiresAtMs: number;
    updatedAtMs: number;
  };
  readonly decisions: {
    agreement: string;
    organisation: string;
    decision: 'approved' | 'rejected' | 'revoked';
    reason: string | null;
    byUser: string | null;
    atMs: number;
  };
  readonly jobs: {
    id: string;
    agreement: string;
    operation: string;
    partners: string[];
    startedBy: string;
    status: 'queued' | 'running' | 'interrupted' | 'cancelling' | 'finished' | 'failed' | 'cancelled';
    stage: string;
    stages: Json;
    progress: number;
    ratePerSecond: number | null;
    etaSeconds: number | null;
    attempt: number;
    fence: number;
    worker: string | null;
    seenAtMs: number | null;
    kernel: string | null;
    counts: Json;
    audience: string | null;
    outcome: string | null;
    error: Json;
    createdAtMs: number;
    startedAtMs: number | null;
    finishedAtMs: number | null;
    sequence: number;
  };
  readonly audiences: {
    id: string;
    job: string;
    dataset: string;
    name: string;
    rows: number;
    /** Relative to the home. */
    filePath: string;
    digest: string;
    status: 'ready' | 'withdrawn';
    createdAtMs: number;
  };
  readonly evaluations: {
    job: string;
    round: number;
    partner: string;
    dataset: string;
    form: string;
    epoch: number;
    evaluations: number;
    atMs: number;
  };
  readonly templates: {
    id: string;
    name: string;
    days: number;
    proposal: Json;
    createdAtMs: number;
    createdBy: string;
  };
  readonly operations: {
    id: string;
    kind: string;
    target: string;
    status: 'running' | 'cancelling' | 'finished' | 'failed' | 'cancelled';
    stage: string;
    progress: number;
    ratePerSecond: number | null;
    etaSeconds: number | null;
    startedBy: string;
    startedAtMs: number;
    finishedAtMs: number | null;
    result: Json;
    error: Json;
    sequence: number;
  };
  readonly budgets: {
    id: string;
    network: string;
    owner: string;
    subjects: string;
    receivers: string;
    period: number;
    total: number;
    spent: number;
    exactTables: number;
    renewableAtMs: number;
  };
  readonly budgetCharges: {
    key: string;
    budgets: string[];
    rho: number;
    status: 'pending' | 'answered' | 'refused';
    answer: Json;
    chargedAtMs: number;
    settledAtMs: number | null;
  };
  readonly guestInvites: {
    id: string;
    secretDigest: string;
    label: string;
    dataset: string;
    rules: Json;
    usesMax: number;
    createdAtMs: number;
    createdBy: string;
    expiresAtMs: number;
    revokedAtMs: number | null;
    revokedBy: string | null;
    needsConfirmation: boolean;
    confirmedAtMs: number | null;
    confirmedBy: string | null;
  };
  readonly guestRuns: { agreement: string; invite: string; job: string; atMs: number };
  readonly budgetNumbers: { receivers: string; key: Uint8Array };
}
