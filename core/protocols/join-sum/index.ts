/** join/sum: counts and sums over the rows that two lists share, by segment, without either list. README.md explains it. */
export { batchRows } from '../batch.ts';
export { discloseSide, type SumLearned, type SumStatement } from './disclosure.ts';
export { type GateRange, gateRange, isLie, type Lie, verdictMessage } from './gate.ts';
export * from './kernel.ts';
export { hashPrefix, listSizes, runId } from './parameters.ts';
export * from './plan.ts';
export { type ReceiverOptions, type ReceiverResult, runReceiver } from './receiver.ts';
export { ReferenceSumKernel } from './reference-kernel.ts';
export type { Conversation, RoleOptions } from './role-options.ts';
export { rowScalar, seedBytes } from './run-seed.ts';
export { runSender, type SenderOptions, type SenderResult } from './sender.ts';
export type { SenderRows } from './sums.ts';
