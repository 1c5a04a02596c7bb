/** The group that every protocol here works in: ristretto255 (RFC 9496), over packed bytes. */

export { BatchKernel } from './batch-kernel.ts';
export { expandMessageXmd } from './expand.ts';
export type { BlindRequest, EvaluateRequest, Kernel, KernelName, MultiplyRequest } from './kernel.ts';
export { GroupError } from './kernel.ts';
export * as ristretto255 from './ristretto255.ts';
export { elementBytes, scalarBytes } from './ristretto255.ts';
