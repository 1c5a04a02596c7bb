/** The evidence of an activation as one document, which verifies without a node. It holds no identifier, no id and no label. */
import { type EvidenceOptions, type EvidenceReport, type RunEvidence, verifyPlainRun } from '../evidence.ts';
import { disclose } from './disclosure.ts';
import { type ActivateOutcome, activateOutcome, activateOutcomeDigest } from './outcome.ts';
import { type ActivateTerms, activateTerms } from './terms.ts';

export const activateEvidenceFormat = 'causeway/activate-evidence/v1';

export type ActivateEvidence = RunEvidence<typeof activateEvidenceFormat, ActivateTerms, ActivateOutcome>;

/** Verifies evidence. A check that fails is told, and those that hang on it are left out. */
export function verifyActivateEvidence(document: unknown, options: EvidenceOptions = {}): EvidenceReport {
  return verifyPlainRun(document, options, {
    format: activateEvidenceFormat,
    terms: activateTerms,
    outcome: activateOutcome,
    disclose,
    digest: activateOutcomeDigest,
    signed: 'both lists by their commitments, and what was made of them',
  });
}
