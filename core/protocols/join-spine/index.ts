/** join/spine: pseudonyms that are equal where rows match, made so that only a room can compare them. README.md explains it. */
export { checkCommitment, checkTranscript } from '../closing.ts';
export { checkDistinct } from '../distinct.ts';
export { type ClientEvent, type ClientOptions, SpineClient } from './client.ts';
export { discloseClient, discloseServer, type SpineLearned } from './disclosure.ts';
export * from './parameters.ts';
export { type ServerEvent, type ServerOptions, SpineServer } from './server.ts';
export { transcriptDigest } from './transcript.ts';
