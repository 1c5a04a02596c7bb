/** The evidence of a delivery as one document, which verifies without a node. It holds no identifier, no row and no value. */
import { type EvidenceOptions, type EvidenceReport, type RunEvidence, verifyPlainRun } from '../evidence.ts';
import { disclose } from './disclosure.ts';
import { type DeliverOutcome, deliverOutcome, deliverOutcomeDigest } from './outcome.ts';
import { type DeliverTerms, deliverTerms } from './terms.ts';

export const deliverEvidenceFormat = 'causeway/deliver-evidence/v1';

export type DeliverEvidence = RunEvidence<typeof deliverEvidenceFormat, DeliverTerms, DeliverOutcome>;

/** Verifies evidence. A check that fails is told, and those that hang on it are left out. */
export function verifyDeliverEvidence(document: unknown, options: EvidenceOptions = {}): EvidenceReport {
  return verifyPlainRun(document, options, {
    format: deliverEvidenceFormat,
    terms: deliverTerms,
    outcome: deliverOutcome,
    disclose,
    digest: deliverOutcomeDigest,
    signed: 'the receipt of what was delivered, by its digest',
  });
}
