import { z } from 'zod';
import * as activate from '../activate/index.ts';
import * as deliver from '../deliver/index.ts';
import { EvidenceChecks, type EvidenceOptions, type EvidenceReport } from '../evidence.ts';
import * as guest from '../guest/index.ts';
import * as insight from '../insight/agreement/index.ts';
import * as match from '../match/index.ts';
import * as room from '../room/index.ts';

const named = z.looseObject({
  format: z.enum([
    match.evidenceFormat,
    insight.insightEvidenceFormat,
    room.evidenceFormat,
    deliver.deliverEvidenceFormat,
    activate.activateEvidenceFormat,
    guest.guestEvidenceFormat,
  ]),
});

/** Verifies a document about a job: its evidence, or that a party of it lied. */
export async function verifyDocument(document: unknown, options: EvidenceOptions = {}): Promise<EvidenceReport> {
  const isOfLie = z.looseObject({ format: z.literal(insight.lieEvidenceFormat) }).safeParse(document).success;
  return isOfLie ? insight.verifyLieEvidence(document, options) : verifyEvidence(document, options);
}

/** Verifies the evidence of a job, whatever its agreement was for. A check that fails is told, and those that hang on it are left out. */
export function verifyEvidence(document: unknown, options: EvidenceOptions = {}): EvidenceReport {
  const parsed = named.safeParse(document);
  if (!parsed.success) {
    const checks = new EvidenceChecks();
    checks.check('form', 'a document whose format this version knows', () => false);
    return checks.report;
  }
  switch (parsed.data.format) {
    case match.evidenceFormat:
      return match.verifyEvidence(document, options);
    case insight.insightEvidenceFormat:
      return insight.verifyInsightEvidence(document, options);
    case room.evidenceFormat:
      return room.verifyEvidence(document, options);
    case deliver.deliverEvidenceFormat:
      return deliver.verifyDeliverEvidence(document, options);
    case activate.activateEvidenceFormat:
      return activate.verifyActivateEvidence(document, options);
    case guest.guestEvidenceFormat:
      return guest.verifyGuestEvidence(document, options);
  }
}
