/**
 * The port for the arithmetic on ciphertexts: packed rows in, packed rows out, on other threads. A ciphertext of v under the key X is
 * (rG, rX + vG), two encodings of 32 bytes: ElGamal with the message in the exponent. What a scalar is drawn from is `rowScalar`.
 */
import type { KernelName } from '../../group/index.ts';

export interface SumKernel {
  readonly name: KernelName;
  /** The widest range in which `logs` finds a value. */
  readonly logRangeMax: number;
  /** @returns a ciphertext of each bit, in order. */
  encryptBits(request: EncryptRequest): Promise<Uint8Array>;
  /**
   * Adds ciphertexts up, cell by cell and weight by weight.
   * @returns for each group, cell and measure a ciphertext: Σ Eᵢ over the rows of the cell, then Σ wᵢ·Eᵢ for each weight. One over nothing is
   *   64 zero bytes, twice the encoding of the identity.
   * @throws {GroupError} with the number of the ciphertext, for one whose halves are not canonical or are the identity.
   */
  sumRows(request: SumRequest): Promise<Uint8Array>;
  /** @returns for each of the sums `length` tests, 64 bytes each, in the order of what is tested: see {@link GateRequest}. */
  gateTests(request: GateRequest): Promise<Uint8Array>;
  /**
   * Discrete logarithms to the base G.
   * @returns a value in [low, high] for each element; NaN where there is none.
   * @throws {GroupError} for an encoding that is not canonical. The identity is the encoding of 0 here.
   */
  logs(request: LogRequest): Promise<Float64Array>;
}

export interface EncryptRequest {
  readonly publicKey: Uint8Array;
  /** 32 bytes; the randomness of ciphertext i is its scalar number `firstRow` + i. */
  readonly seed: Uint8Array;
  readonly firstRow: number;
  /** One byte for each, 0 or 1. */
  readonly bits: Uint8Array;
}

export interface SumRequest {
  /** For each row, one ciphertext of each of the receiver's groups; peer-controlled. */
  readonly ciphertexts: Uint8Array;
  readonly groupCount: number;
  readonly cellCount: number;
  /** For each row `slotCount` cell numbers, {@link noCell} where there are fewer. */
  readonly cells: Uint16Array;
  readonly slotCount: number;
  /** For each row an integer of each weight. */
  readonly weights: Float64Array;
  /** The largest absolute value that each weight may have, at most 2^44: what a row costs depends on it, and not on the values. */
  readonly weightMax: readonly number[];
}

/** A place for a cell number that is not used. */
export const noCell = 0xffff;

/**
 * Tests whether a sum Y is of a value in J = {low, …, low + count − 1}: Tⱼ = ρⱼ·(Y − jG) + Enc(0), which is a ciphertext of 0 for the value
 * itself, and of a uniform value else. The fresh Enc(0) is what keeps ρⱼ from the receiver. Behind them come Enc(ρ) up to `length`.
 */
export interface GateRequest {
  readonly publicKey: Uint8Array;
  /** Ciphertexts, 64 bytes each; halves may be the identity. */
  readonly sums: Uint8Array;
  readonly low: number;
  /** How many values J has, for each sum. */
  readonly counts: Uint16Array;
  /** Tests of each sum, at least the largest count. */
  readonly length: number;
  /** 32 bytes for each sum: test j takes its scalars 2j, for ρ, and 2j + 1, for Enc(0). */
  readonly seeds: Uint8Array;
}

export interface LogRequest {
  /** Encodings of 32 bytes. */
  readonly points: Uint8Array;
  /** Bounds of each value, both inclusive; high − low is at most `logRangeMax`. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}
