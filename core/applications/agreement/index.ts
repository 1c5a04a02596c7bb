/** Agreements of every application, by the operation that their terms name. */

export { agreementId } from '../agreement-id.ts';
export type { Disclosure } from '../disclosure.ts';
export type { EvidenceCheck, EvidenceOptions, EvidenceReport } from '../evidence.ts';
export { verifyDocument, verifyEvidence } from './evidence.ts';
export { type AgreementTerms, agreementTerms, checkTerms, datasetsOf, disclose, partiesOf } from './terms.ts';
