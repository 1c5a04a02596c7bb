/** The application "guest": a match with somebody who has a list and a browser. Terms, disclosure, evidence and what the two say to each other. */

export { disclose } from './disclosure.ts';
export { type GuestEvidence, guestEvidenceFormat, verifyGuestEvidence } from './evidence.ts';
export { decodeFrame, encodeFrame, type Frame, frameBytesMax } from './frames.ts';
export {
  type GuestList,
  type GuestOffer,
  guestFragment,
  guestOffer,
  secretDigest,
  secretOfFragment,
} from './offer.ts';
export {
  checkTerms,
  type GuestReceiver,
  type GuestTerms,
  guestLearning,
  guestParties,
  guestReceivers,
  guestTerms,
  matchOf,
} from './terms.ts';
