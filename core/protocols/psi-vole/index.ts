/** psi/vole: private set intersection from vector oblivious linear evaluation and an oblivious key-value store. README.md explains it. */

export type { NewSha256, Sha256 } from '../streaming-hash.ts';
export * from './base-ot.ts';
export * from './binding.ts';
export { discloseRole } from './disclosure.ts';
export type * from './kernel.ts';
export { bulkBytes, smallBytesMax, wireBytes } from './lengths.ts';
export { type Loads, overflows } from './loads.ts';
export type { Mode, Role } from './messages.ts';
export * from './parameters.ts';
export { type BucketedList, type PerformOptions, ReceiverWorker, SenderWorker } from './perform.ts';
export { type ReceiverOptions, type ReceiverResult, type ReceiverWork, VoleReceiver } from './receiver.ts';
export { type Part, partOf } from './roles.ts';
export type { Agreed, Ending, Held, RunContext, RunOptions, Step } from './run.ts';
export { type SenderResult, type SenderWork, VoleSender } from './sender.ts';
export type { VoleParty } from './vole-party.ts';
