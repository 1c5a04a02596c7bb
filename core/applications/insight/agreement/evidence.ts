/** The evidence of an insight as one document, which verifies without a node. It holds no identifier, no row and no figure. */
import { z } from 'zod';
import type { LedgerBundle } from '../../../ledger/index.ts';
import { agreementId } from '../../agreement-id.ts';
import type { Disclosure } from '../../disclosure.ts';
import { checkRun, EvidenceChecks, type EvidenceOptions, type EvidenceReport } from '../../evidence.ts';
import { disclose } from './disclosure.ts';
import { type InsightOutcome, insightOutcome, insightOutcomeDigest } from './outcome.ts';
import { type InsightTerms, insightTerms } from './terms.ts';

export const insightEvidenceFormat = 'causeway/insight-evidence/v1';

export interface InsightEvidence {
  readonly format: typeof insightEvidenceFormat;
  readonly job: string;
  readonly terms: InsightTerms;
  readonly disclosure: Disclosure;
  readonly outcome: InsightOutcome;
  readonly ledger: LedgerBundle;
}

const form = z.looseObject({
  format: z.literal(insightEvidenceFormat),
  job: z.string(),
  terms: insightTerms,
  disclosure: z.looseObject({ digest: z.string() }),
  outcome: insightOutcome,
  ledger: z.unknown(),
});

/** Verifies evidence. A check that fails is told, and those that hang on it are left out. */
export function verifyInsightEvidence(document: unknown, options: EvidenceOptions = {}): EvidenceReport {
  const checks = new EvidenceChecks();
  const parsed = form.safeParse(document);
  if (
    !checks.check('form', `a document of the form ${insightEvidenceFormat}`, () => parsed.success) ||
    !parsed.success
  ) {
    return checks.report;
  }
  const { job, terms, outcome, disclosure } = parsed.data;
  const id = agreementId(terms);
  const records = checks.ledger(parsed.data.ledger, options);
  checks.check(
    'disclosure',
    'the statement of who learns what is the one that follows from the terms',
    () => disclose(terms).digest === disclosure.digest,
  );
  checks.check(
    'terms',
    'the outcome names these terms and this job',
    () => outcome.agreement === id && outcome.job === job,
  );
  if (!records) return checks.report;
  checkRun(checks, records, {
    agreement: id,
    job,
    parties: [terms.proposer.organisation, terms.partner.organisation],
    outcome: insightOutcomeDigest(outcome),
    signed: 'both lists, the exchange and the result by digests',
  });
  return checks.report;
}
