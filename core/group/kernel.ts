/**
 * The port for bulk group arithmetic. A host hands over packed rows and goes on; the work runs on other threads, in WebAssembly
 * or in the native kernel. Protocol code sees this port alone.
 */
import type { RandomSource } from '../random/index.ts';

/** Which implementation does the arithmetic; named in health, job reports and evidence. In the order in which an agreement asks for one at least. */
export const kernelNames = ['wasm', 'portable', 'avx2', 'ifma'] as const;
export type KernelName = (typeof kernelNames)[number];

/** Whether a kernel is the one named, or one that comes after it. A name that nobody knows is not. */
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

export interface MultiplyRequest {
  /** Encodings of 32 bytes, row after row; peer-controlled. */
  readonly points: Uint8Array;
  /** Secret scalar of 32 bytes. */
  readonly scalar: Uint8Array;
}

export interface FinalizeRequest {
  /** Match keys of 16 bytes, row after row. */
  readonly keys: Uint8Array;
  /** What stands before each key in the private input, as in {@link BlindRequest}. */
  readonly prefix: Uint8Array;
  /** The function's element for each key, 32 bytes each; taken as bytes, not decoded. */
  readonly points: Uint8Array;
  /** First bytes of each output that are kept, up to 64. */
  readonly bytes: number;
}

export interface PrfRequest extends BlindRequest {
  /** First bytes of each output that are kept, up to 64. */
  readonly bytes: number;
}

export interface CompositesRequest {
  /** Elements Cᵢ and Dᵢ, as many of both, encodings of 32 bytes, row after row; up to 2^16. */
  readonly c: Uint8Array;
  readonly d: Uint8Array;
  /** What every weight is bound to, 64 bytes. */
  readonly seed: Uint8Array;
  /** Domain separation tag of hash-to-scalar. */
  readonly dst: Uint8Array;
  /** Which sums are wanted: a prover needs that over C alone. */
  readonly over: 'c' | 'both';
  /** Number of the first row in its batch, where a batch is cut in pieces; 0 if left out. */
  readonly firstIndex?: number;
}

/** Every call refuses a secret scalar that is not from 1 to ℓ − 1: @throws {GroupError} `malformed-scalar`. */
export interface Kernel {
  readonly name: KernelName;
  /** @returns scalar · H(prefix ‖ keyᵢ) as encodings of 32 bytes, in the order of the keys. */
  blind(request: BlindRequest): Promise<Uint8Array>;
  /**
   * @returns a tag of scalar · pointᵢ for each point, in order.
   * @throws {GroupError} with the index of the first point that is none: `malformed-point` for a non-canonical encoding
   * (RFC 9496 §4.3.1), `identity` for that of the identity.
   */
  evaluate(request: EvaluateRequest): Promise<Uint8Array>;
  /**
   * @returns scalar · pointᵢ as encodings of 32 bytes, in order.
   * @throws {GroupError} as {@link evaluate} does.
   */
  multiply(request: MultiplyRequest): Promise<Uint8Array>;
  /** @returns the first bytes of Finalize's hash over (prefix ‖ keyᵢ, pointᵢ), in order (RFC 9497 §3.3.1). */
  finalize(request: FinalizeRequest): Promise<Uint8Array>;
  /**
   * The function in the hands of who holds its key (RFC 9497 §3.3.1, Evaluate): {@link finalize} of what {@link blind} gives, at once.
   * @returns the first bytes of each output, in the order of the keys.
   */
  prf(request: PrfRequest): Promise<Uint8Array>;
  /**
   * The weighted sums that stand for a batch in a proof (RFC 9497 §2.2.1, ComputeComposites). Everything in it is public.
   * @returns Σ wᵢ·Cᵢ, 32 bytes, and Σ wᵢ·Dᵢ behind it where both are asked for.
   * @throws {GroupError} as {@link evaluate} does; {RangeError} for an empty batch.
   */
  composites(request: CompositesRequest): Promise<Uint8Array>;
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
    super(saidOf(code, index));
    this.code = code;
    this.index = index;
  }
}

function saidOf(code: GroupError['code'], index: number): string {
  switch (code) {
    case 'malformed-point':
      return `element ${index} is not a canonical encoding`;
    case 'identity':
      return `element ${index} is the identity`;
    case 'malformed-scalar':
      return 'the scalar is out of its range';
  }
}
