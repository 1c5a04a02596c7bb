/** The application "room": one member keeps what others bring under pseudonyms, and answers questions as they all agreed. Without I/O. */
export { askerOf, audienceAskerOf, budgetsOf, catalogueOf, rulesHash } from './catalogue.ts';
export { disclose } from './disclosure.ts';
export { evidenceFormat, type RoomEvidence, verifyEvidence } from './evidence.ts';
export {
  chunkPlaintextMax,
  columnBytes,
  type Layout,
  type LayoutColumn,
  layoutOf,
  nullCode,
  nullKey,
  nullNumber,
  saltBytes,
} from './layout.ts';
export {
  chunkAad,
  keyIdOf,
  manifestDigest,
  type RoomManifest,
  roomManifest,
  sealInfo,
  type TableManifest,
} from './manifest.ts';
export { decodeUpload, encodeUpload, type UploadMessage } from './messages.ts';
export { outcomeDigest, outcomeOf, type RoomOutcome, roomOutcome } from './outcome.ts';
export { planRoom, type RoomPlan } from './plan.ts';
export {
  audiencePlaceOf,
  checkTerms,
  contributionsOf,
  contributorsOf,
  type PlacedContribution,
  type RoomActivation,
  type RoomContribution,
  type RoomTerms,
  roomParties,
  roomRowsMax,
  roomTerms,
  serversOf,
} from './terms.ts';
