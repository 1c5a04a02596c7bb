/**
 * The evidence of a match as one document: what was agreed, what ran and that both sides signed it, with the ledger's proofs. It verifies
 * without a node. It shows commitments and digests; no identifier, no row and no count is in it.
 */
import type { LedgerRecord } from '../../ledger/index.ts';
import {
  type EvidenceChecks,
  type EvidenceOptions,
  type EvidenceReport,
  isFinishedByAll,
  isReleasedByAll,
  isSignedByAll,
  isStarted,
  type RunEvidence,
  verifyRun,
} from '../evidence.ts';
import { disclose } from './disclosure.ts';
import { type MatchOutcome, matchOutcome, outcomeDigest } from './outcome.ts';
import { oprfLists } from './psi-oprf.ts';
import { type MatchTerms, matchTerms } from './terms.ts';

export const evidenceFormat = 'causeway/match-evidence/v1';

export type MatchEvidence = RunEvidence<typeof evidenceFormat, MatchTerms, MatchOutcome>;

/** Verifies evidence. A check that fails is told, and those that hang on it are left out. */
export function verifyEvidence(document: unknown, options: EvidenceOptions = {}): EvidenceReport {
  return verifyRun(
    document,
    options,
    { format: evidenceFormat, terms: matchTerms, outcome: matchOutcome, disclose },
    checkRecords,
  );
}

function checkRecords(
  checks: EvidenceChecks,
  records: readonly LedgerRecord[],
  { id, job, terms, outcome }: { id: string; job: string; terms: MatchTerms; outcome: MatchOutcome },
): void {
  const parties = [terms.proposer.organisation, terms.partner.organisation];
  checks.check('agreement', `proposed by ${parties[0]} and signed by ${parties[1]}, with the hash of these terms`, () =>
    isSignedByAll(records, id, parties),
  );
  checks.check('run', `job ${job} was started under this agreement`, () => isStarted(records, { job, agreement: id }));
  if (terms.protocol === 'psi/oprf') {
    checks.check('key', 'each round was answered under a key that its owner had published for the other side', () =>
      outcome.rounds.every((round) => isPublished(round, terms, records)),
    );
  }
  checks.check(
    'outcome',
    'both parties signed this outcome: the commitments to both lists and the digest of the exchange',
    () => isFinishedByAll(records, { job, outcome: outcomeDigest(outcome) }, parties),
  );
  checks.check('released', 'each side said on the ledger what it released, by digest', () =>
    isReleasedByAll(records, job, parties),
  );
}

function isPublished(
  { form, key }: MatchOutcome['rounds'][number],
  terms: MatchTerms,
  records: readonly LedgerRecord[],
): boolean {
  const { client, server } = oprfLists(terms);
  return records.some(
    ({ entry }) =>
      entry.type === 'oprf-key.published' &&
      entry.author === server.organisation &&
      entry.body.dataset === server.dataset &&
      entry.body.partner === client.organisation &&
      entry.body.form === form &&
      entry.body.epoch === key?.epoch &&
      entry.body.publicKey === key.publicKey,
  );
}
