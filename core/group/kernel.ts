/**
 * The port for bulk group arithmetic. A host hands over packed rows and goes on; the work runs on other threads, in WebAssembly
 * or in the native kernel. Protocol code sees this port alone.
 */
import type { RandomSource } from '../random/index.ts';

/** Which implementation does the arithmetic; named in health, job reports and evidence. In ascending order of speed. */
export const kernelNames = ['wasm', 'portable', 'avx2', 'ifma'] as const;
export type KernelName = (typeof kernelNames)[number];

/** Whether a kernel is the one named, or a faster one. A name that nobody knows is not. */
export function isKernelAtLeast(name: string, least: KernelName): boolean {
  return kernelNames.indexOf(name as KernelName) >= kernelNames.indexOf(least);
}

export interface BlindRequest {
  /** Match keys of 16 bytes, row after row. */
  readonly keys: Uint8Array;
  /** What stands before each key in the hash input: binds the points to a network, agreement, job and profile. */
  readonly prefix: Uint8Array;
  /** Domain separation tag of hash-to-group (RFC 9380 §3.1). */
  readonly dst: Uint8Array;
  /** Secret scalar of 32 bytes. */
  readonly scalar: Uint8Array;
}

export interface EvaluateRequest {
  /** Encodings of 32 bytes, row after row; peer-controlled. */
  readonly points: Uint8Array;
  /** Secret scalar of 32 bytes. */
  readonly scalar: Uint8Array;
  /** A tag is the first `bytes` bytes of SHA-256(context ‖ encoding of the product). */
  readonly tag: { readonly context: Uint8Array; readonly bytes: number };
}

export interface Kernel {
  readonly name: KernelName;
  /** @returns scalar · H(prefix ‖ keyᵢ) as encodings of 32 bytes, in the order of the keys. */
  blind(request: BlindRequest): Promise<Uint8Array>;
  /**
   * @returns a tag of scalar · pointᵢ for each point, in order.
   * @throws {GroupError} `malformed-point` with its index, for a non-canonical or identity encoding (RFC 9496 §4.3.1).
   */
  evaluate(request: EvaluateRequest): Promise<Uint8Array>;
  /** @returns a secret scalar, uniform in [1, ℓ − 1]. */
  randomScalar(random: RandomSource): Uint8Array;
}

/** A group element or scalar that is not one. */
export class GroupError extends Error {
  override readonly name = 'GroupError';
  readonly code: 'malformed-point' | 'identity' | 'malformed-scalar';
  /** Row of the element in its batch. */
  readonly index: number;

  constructor(code: GroupError['code'], index: number) {
    super(`element ${index} is ${code === 'identity' ? 'the identity' : 'not a canonical encoding'}`);
    this.code = code;
    this.index = index;
  }
}
