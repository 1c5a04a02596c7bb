/** psi/oprf: a small list against a large one whose table is prepared once, kept, and brought up to date by its changes. README.md explains it. */
export { batchCount, batchRows, rowsInBatch } from '../batch.ts';
export { checkCommitment, checkTranscript } from '../closing.ts';
export { type ClientEvent, type ClientOptions, OprfClient } from './client.ts';
export { discloseClient, discloseServer, tableBytesPerRow } from './disclosure.ts';
export { answerPoints, blindKeys, drawKey, keyOf, openAnswers, tagKeys } from './evaluation.ts';
export { type EarlierVersion, type HeldTable, proofBytes } from './messages.ts';
export * from './parameters.ts';
export { OprfServer, type ServerEvent, type ServerOptions } from './server.ts';
export { type Part, placeInShipment, planShipment, type Shipment } from './shipment.ts';
export * from './tag-coding.ts';
export { type Said, transcriptDigest } from './transcript.ts';
