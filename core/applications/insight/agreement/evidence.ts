/** The evidence of an insight as one document, which verifies without a node. It holds no identifier, no row and no figure. */
import { type EvidenceOptions, type EvidenceReport, type RunEvidence, verifyPlainRun } from '../../evidence.ts';
import { disclose } from './disclosure.ts';
import { type InsightOutcome, insightOutcome, insightOutcomeDigest } from './outcome.ts';
import { type InsightTerms, insightTerms } from './terms.ts';

export const insightEvidenceFormat = 'causeway/insight-evidence/v1';

export type InsightEvidence = RunEvidence<typeof insightEvidenceFormat, InsightTerms, InsightOutcome>;

/** Verifies evidence. A check that fails is told, and those that hang on it are left out. */
export function verifyInsightEvidence(document: unknown, options: EvidenceOptions = {}): EvidenceReport {
  return verifyPlainRun(document, options, {
    format: insightEvidenceFormat,
    terms: insightTerms,
    outcome: insightOutcome,
    disclose,
    digest: insightOutcomeDigest,
    signed: 'both lists, the exchange and the result by digests',
  });
}
