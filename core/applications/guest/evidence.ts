/** The evidence of a match with a guest: one document that both of them keep, and that verifies without a node. */
import { base64ToBytes } from '../../bytes/index.ts';
import { verify } from '../../crypto/index.ts';
import { guestName, hasGuestConsented, jobOutcomeBytes, type LedgerRecord } from '../../ledger/index.ts';
import {
  type EvidenceChecks,
  type EvidenceOptions,
  type EvidenceReport,
  isFinishedByAll,
  isReleasedByAll,
  isStarted,
  type RunEvidence,
  verifyRun,
} from '../evidence.ts';
import { type MatchOutcome, matchOutcome, outcomeDigest } from '../match/index.ts';
import { disclose } from './disclosure.ts';
import { type GuestTerms, guestTerms } from './terms.ts';

export const guestEvidenceFormat = 'causeway/guest-evidence/v1';

export type GuestEvidence = RunEvidence<typeof guestEvidenceFormat, GuestTerms, MatchOutcome>;

/** Verifies evidence. A check that fails is told, and those that hang on it are left out. */
export function verifyGuestEvidence(document: unknown, options: EvidenceOptions = {}): EvidenceReport {
  const form = { format: guestEvidenceFormat, terms: guestTerms, outcome: matchOutcome, disclose };
  return verifyRun(document, options, form, checkRecords);
}

function checkRecords(
  checks: EvidenceChecks,
  records: readonly LedgerRecord[],
  { id, job, terms, outcome }: { id: string; job: string; terms: GuestTerms; outcome: MatchOutcome },
): void {
  const { host, guest } = terms;
  const digest = outcomeDigest(outcome);
  checks.check(
    'agreement',
    `proposed by ${host.organisation} with the consent of this guest, and the hash of these terms`,
    () =>
      records.some(
        ({ entry }) =>
          entry.type === 'agreement.proposed' &&
          entry.author === host.organisation &&
          entry.body.agreement === id &&
          entry.body.guest !== undefined &&
          entry.body.guest.key === guest.key &&
          hasGuestConsented(entry.body.guest, { network: entry.network, host: host.organisation, agreement: id }),
      ),
  );
  checks.check('run', `job ${job} was started under this agreement`, () => isStarted(records, { job, agreement: id }));
  checks.check(
    'outcome',
    'host and guest signed this outcome: the commitments to both lists and the digest of the exchange',
    () =>
      isFinishedByAll(records, { job, outcome: digest }, [host.organisation]) &&
      records.some(
        ({ entry }) =>
          entry.type === 'job.finished' &&
          entry.body.job === job &&
          entry.body.outcome === digest &&
          entry.body.signatures.some(
            ({ organisation, signature }) =>
              organisation === guestName(guest.key) &&
              verify(base64ToBytes(signature), jobOutcomeBytes({ job, outcome: digest }), base64ToBytes(guest.key)),
          ),
      ),
  );
  checks.check('released', 'the host said on the ledger what it released, by digest', () =>
    isReleasedByAll(records, job, [host.organisation]),
  );
}
