/** The ledger of a network: entries, the rules that admit them, the transparency log that keeps them, and the proofs of all that. */

export { type AgreementStatus, agreementStatus } from './agreements.ts';
export {
  type Bodies,
  columnsMax,
  type DatasetDescription,
  datasetDescription,
  type EntryType,
  formatTime,
  type Grade,
  type Member,
  parseTime,
  partiesMax,
  roomSuites,
  roundRowsAbout,
} from './bodies.ts';
export type { JobFailure } from './books.ts';
export { type BundleReport, jobRecords, type LedgerBundle, makeBundle, verifyBundle } from './bundle.ts';
export { type Checkpoint, formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
export { cosign, cosignedAt, verifyCosignature } from './cosignature.ts';
export {
  type Entry,
  type EntryOf,
  entryBytesMax,
  entrySchema,
  isEntrySignedBy,
  jobOutcomeBytes,
  memberConsentBytes,
  parseEntry,
  signConsent,
  signEntry,
  signOutcome,
} from './entry.ts';
export { LedgerError, type LedgerErrorCode, type LedgerErrorDetails } from './error.ts';
export {
  type BrokenRuleEvidence,
  type Evidence,
  historyPath,
  parseEvidence,
  type RollbackEvidence,
  type SplitEvidence,
  verifyBrokenRule,
  verifyRollbackEvidence,
  verifySplitEvidence,
} from './evidence.ts';
export { genesisOf } from './genesis.ts';
export { guestConsentBytes, guestName, guestPrefix, hasGuestConsented, signGuestConsent } from './guests.ts';
export { cosignerKey, type LogIdentity, logKey, logOrigin, openHead, type SignedHead } from './head.ts';
export { emptyRoot, Frontier, leafHash, MerkleTree, nodeHash } from './merkle.ts';
export { type AcceptedHead, Mirror, type MirrorOptions } from './mirror.ts';
export {
  formatNote,
  formatSignatureLine,
  formatVerifierKey,
  type Note,
  type NoteKey,
  type NoteSignature,
  noteKey,
  parseNote,
  parseSignatureLine,
  parseVerifierKey,
} from './note.ts';
export type { OprfKeyScope } from './oprf-keys.ts';
export { verifyConsistency, verifyInclusion, verifySubtreeConsistency, verifySubtreeInclusion } from './proof.ts';
export {
  mayListValues,
  publishedValue,
  publishedValueLengthMax,
  publishedValues,
  publishedValuesMax,
} from './published-values.ts';
export { decodeRecord, encodeRecord, type LedgerRecord, parseRecord, recordSchema } from './record.ts';
export { Sequencer } from './sequencer.ts';
export {
  type AgreementState,
  type ApplyOptions,
  type BudgetState,
  clockSkewMaxMs,
  type DatasetState,
  type JobState,
  LedgerState,
  type MemberState,
  type NetworkState,
  type OprfKeyState,
  type RoomState,
} from './state.ts';
export {
  encodeEntryBundle,
  encodeTile,
  entriesPath,
  parseEntryBundle,
  parseTile,
  parseTilePath,
  rootFromTiles,
  type Tile,
  tilePath,
  tilesOf,
  verifyTiles,
} from './tiles.ts';
export { firstDifference, type LogReport, LogVerifier, verifyLog } from './verify.ts';
export { type Cosigned, cosignaturesOn, memberCosigners } from './witnesses.ts';
