/** What every protocol shares: how a run is bound, how a hostile peer is named. */

export { batchCount, batchRows, rowsInBatch } from './batch.ts';
export { checkCommitment, checkTranscript } from './closing.ts';
export type { Learned, Received, ReceivedBytes, ReceivedRows, SideDisclosure } from './disclosure.ts';
export { checkDistinct } from './distinct.ts';
export { keyContext, matchKey, matchKeyBytes } from './match-key.ts';
export { type Learns, type MatchProtocol, matchProtocols, type RunBinding, type Side } from './party.ts';
export { pointPrints, printBytes } from './point-prints.ts';
export { ProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
export type { NewSha256, Sha256 } from './streaming-hash.ts';
