/** The application "deliver": agreed columns of the rows that both sides matched go from one to the other. Without I/O. */
export { disclose } from './disclosure.ts';
export { type DeliverEvidence, deliverEvidenceFormat, verifyDeliverEvidence } from './evidence.ts';
export {
  chunkBytes,
  type DeliverManifest,
  deliverAad,
  deliverInfo,
  listDigest,
  manifestDigest,
} from './manifest.ts';
export { type DeliverMessage, decodeDeliver, encodeDeliver } from './messages.ts';
export { type DeliverOutcome, deliverOutcome, deliverOutcomeDigest } from './outcome.ts';
export { planDelivery } from './plan.ts';
export {
  checkTerms,
  type DeliverTerms,
  deliverTerms,
  receiverSide,
  valueCharactersMax,
} from './terms.ts';
