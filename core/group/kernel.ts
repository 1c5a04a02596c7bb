/**
 * The port for bulk group arithmetic. A host hands over packed rows and goes on; the work runs on other threads, in WebAssembly
 * or in the native kernel. Protocol code sees this port alone.
 */
import type { RandomSource } from '../random/index.ts';

/** Which implementation does the arithmetic; named in health, job reports and evidence. */
export type KernelName = 'ifma' | 'avx2' | 'portable' | 'wasm';

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
  /** Secret scalar of 32 bytes: a key, or the inverse of one, which takes it off. */
  readonly scalar: Uint8Array;
}

/** Every call refuses a scalar that is not from 1 to ℓ − 1: @throws {GroupError} `malformed-scalar`. */
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
  /** @returns the encoding of scalar · pointᵢ for each point, in order. @throws as `evaluate` does. */
  multiply(request: MultiplyRequest): Promise<Uint8Array>;
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
