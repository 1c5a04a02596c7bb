/** psi/ecdh: private set intersection by Diffie–Hellman over ristretto255. README.md explains it. */
export { batchCount, batchRows, rowsInBatch, setSizeMax } from '../batch.ts';
export { checkCommitment, checkTranscript } from '../closing.ts';
export { checkDistinct, haveCommonKey } from '../distinct.ts';
export { discloseSide } from './disclosure.ts';
export { intersectTags } from './join.ts';
export type { Hello, Message } from './messages.ts';
export { decodeMessage, encodeMessage } from './messages.ts';
export * from './parameters.ts';
export { EcdhParty, type PartyEvent, type PartyOptions } from './party.ts';
export { type Said, transcriptDigest } from './transcript.ts';
