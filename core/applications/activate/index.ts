/** The application "activate": what lets an advertiser's buying platform recognise people whom a publisher has too, in bid requests (IAB PAIR, OPJA). Without I/O. */
export { disclose } from './disclosure.ts';
export { type ActivateEvidence, activateEvidenceFormat, verifyActivateEvidence } from './evidence.ts';
export {
  type ActivateMessage,
  decodeActivate,
  encodeActivate,
  type LabelManifest,
  labelsPerChunk,
} from './messages.ts';
export { type ActivateOutcome, activateOutcome, activateOutcomeDigest } from './outcome.ts';
export { planActivate } from './plan.ts';
export {
  type ActivateKind,
  type ActivateRole,
  type ActivateTerms,
  activateDaysMax,
  activateTerms,
  checkTerms,
  learnsOf,
  publishedColumns,
  roleOf,
} from './terms.ts';
