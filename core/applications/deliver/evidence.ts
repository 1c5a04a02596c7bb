/** The evidence of a delivery as one document, which verifies without a node. It holds no identifier, no row and no value. */
import { z } from 'zod';
import type { LedgerBundle } from '../../ledger/index.ts';
import { agreementId } from '../agreement-id.ts';
import type { Disclosure } from '../disclosure.ts';
import { checkRun, EvidenceChecks, type EvidenceOptions, type EvidenceReport } from '../evidence.ts';
import { disclose } from './disclosure.ts';
import { type DeliverOutcome, deliverOutcome, deliverOutcomeDigest } from './outcome.ts';
import { type DeliverTerms, deliverTerms } from './terms.ts';

export const deliverEvidenceFormat = 'causeway/deliver-evidence/v1';

export interface DeliverEvidence {
  readonly format: typeof deliverEvidenceFormat;
  readonly job: string;
  readonly terms: DeliverTerms;
  readonly disclosure: Disclosure;
  readonly outcome: DeliverOutcome;
  readonly ledger: LedgerBundle;
}

const form = z.looseObject({
  format: z.literal(deliverEvidenceFormat),
  job: z.string(),
  terms: deliverTerms,
  disclosure: z.looseObject({ digest: z.string() }),
  outcome: deliverOutcome,
  ledger: z.unknown(),
});

/** Verifies evidence. A check that fails is told, and those that hang on it are left out. */
export function verifyDeliverEvidence(document: unknown, options: EvidenceOptions = {}): EvidenceReport {
  const checks = new EvidenceChecks();
  const parsed = form.safeParse(document);
  if (
    !checks.check('form', `a document of the form ${deliverEvidenceFormat}`, () => parsed.success) ||
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
    outcome: deliverOutcomeDigest(outcome),
    signed: 'the receipt of what was delivered, by its digest',
  });
  return checks.report;
}
