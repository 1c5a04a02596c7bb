/**
 * Checks the ledger and evidence in the reader's own browser, with core's own code: nothing of what it says is the node's word. It is a
 * thread of its own, so that a long ledger does not hold the page still, and so that the page itself compiles no WebAssembly.
 */
import { type EvidenceReport, verifyEvidence } from '@causeway/core/applications/agreement';
import { base64ToBytes, bytesToHex } from '@causeway/core/bytes';
import { encodeRecord, LedgerError, LogVerifier, parseRecord } from '@causeway/core/ledger';
import { answerTasks } from '../../threads/answer-tasks.ts';

/** A record as the API tells it. */
export interface ToldRecord {
  readonly index: number;
  readonly sequencedAt: string;
  readonly entry: unknown;
}

export type Task =
  /** Begins a ledger, whose records follow in order. */
  | { readonly kind: 'begin'; readonly size: number; readonly operatorKey: string | undefined }
  | { readonly kind: 'records'; readonly records: readonly ToldRecord[] }
  | { readonly kind: 'end'; readonly note: string }
  | { readonly kind: 'evidence'; readonly text: string; readonly operatorKey: string | undefined };

export type LedgerVerdict =
  | {
      readonly ok: true;
      readonly root: string;
      readonly cosigners: readonly string[];
      readonly missing: readonly string[];
    }
  | { readonly ok: false; readonly detail: string; readonly index: number | undefined };

export interface EvidenceVerdict {
  readonly ok: boolean;
  readonly checks: EvidenceReport['checks'];
  readonly network?: string;
  readonly operator?: string;
  readonly operatorKeyGiven?: boolean;
  readonly cosigners: readonly string[];
}

export interface Verdicts {
  readonly begin: null;
  readonly records: LedgerVerdict | null;
  readonly end: LedgerVerdict;
  readonly evidence: EvidenceVerdict | null;
}

let verifier: LogVerifier | undefined;

function perform(task: Task): Verdicts[keyof Verdicts] {
  switch (task.kind) {
    case 'begin':
      verifier = new LogVerifier({ size: task.size, operatorKey: keyOf(task.operatorKey) });
      return null;
    case 'records':
      return judged(() => {
        for (const { index, sequencedAt, entry } of task.records)
          verifier?.push(encodeRecord(parseRecord({ index, sequencedAt: Date.parse(sequencedAt), entry })));
        return null;
      });
    case 'end':
      return judged(() => {
        const { head, cosigned, missing } = verifier!.finish(task.note);
        return {
          ok: true,
          root: bytesToHex(head.root),
          cosigners: cosigned.map(({ organisation }) => organisation),
          missing,
        };
      });
    case 'evidence':
      return evidence(task.text, keyOf(task.operatorKey));
  }
}

function judged<T>(check: () => T): T | Extract<LedgerVerdict, { ok: false }> {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { ok: false, detail: error.message, index: error.index };
  }
}

/** @returns null for a text that is no JSON. */
function evidence(text: string, operatorKey: Uint8Array | undefined): EvidenceVerdict | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const { ok, checks, bundle } = verifyEvidence(document, operatorKey === undefined ? {} : { operatorKey });
  return {
    ok,
    checks,
    ...(bundle
      ? { network: bundle.network, operator: bundle.operator, operatorKeyGiven: bundle.operatorKeyGiven }
      : {}),
    cosigners: bundle?.cosigned.map(({ organisation }) => organisation) ?? [],
  };
}

function keyOf(key: string | undefined): Uint8Array | undefined {
  return key === undefined ? undefined : base64ToBytes(key);
}

answerTasks(perform, (error) => (error instanceof Error ? error.message : 'unknown'));
