/** The group that every protocol here works in: ristretto255 (RFC 9496), over packed bytes. */

export { BatchKernel, weightInput } from './batch-kernel.ts';
export { expandMessageXmd } from './expand.ts';
export type {
  BlindRequest,
  CompositesRequest,
  EvaluateRequest,
  FinalizeRequest,
  Kernel,
  KernelName,
  MultiplyRequest,
  PrfRequest,
} from './kernel.ts';
export { GroupError, isKernelAtLeast, kernelNames } from './kernel.ts';
export * as ristretto255 from './ristretto255.ts';
export { elementBytes, scalarBytes } from './ristretto255.ts';
