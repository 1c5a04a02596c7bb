/**
 * ristretto255 (RFC 9496), prime order ℓ = 2^252 + 27742317777372353535851937790883648493, by libsodium. Elements and scalars travel as
 * 32-byte encodings. Every element that comes from outside is checked; the identity is refused, as RFC 9497 §3.3 asks of peers.
 */
import sodium from 'libsodium-wrappers-sumo';
import { equalBytes } from '../bytes/index.ts';
import type { RandomSource } from '../random/index.ts';
import { expandMessageXmd } from './expand.ts';
import { GroupError } from './kernel.ts';

await sodium.ready;

/** Bytes of an encoded element. */
export const elementBytes = 32;
/** Bytes of an encoded scalar, little-endian. */
export const scalarBytes = 32;

/** The generator (RFC 9496 §4). */
export const generator: Uint8Array = sodium.crypto_scalarmult_ristretto255_base(scalarOf(1));

/** The element of 64 uniformly random bytes (RFC 9496 §4.3.4). */
export function fromUniformBytes(uniform: Uint8Array): Uint8Array {
  return sodium.crypto_core_ristretto255_from_hash(uniform);
}

/** hash_to_ristretto255 (RFC 9380 appendix B). */
export function hashToGroup(message: Uint8Array, dst: Uint8Array): Uint8Array {
  return fromUniformBytes(expandMessageXmd(message, dst, 64));
}

/** HashToScalar of RFC 9497 §4.1: 64 expanded bytes, little-endian, mod ℓ. */
export function hashToScalar(message: Uint8Array, dst: Uint8Array): Uint8Array {
  return sodium.crypto_core_ristretto255_scalar_reduce(expandMessageXmd(message, dst, 64));
}

/** @throws {GroupError} for a non-canonical encoding or the identity. */
export function checkElement(point: Uint8Array, index = 0): void {
  if (point.length !== elementBytes) throw new GroupError('malformed-point', index);
  if (point.every((byte) => byte === 0)) throw new GroupError('identity', index);
  if (!sodium.crypto_core_ristretto255_is_valid_point(point)) throw new GroupError('malformed-point', index);
}

/** @throws {GroupError} for an encoding that is not below ℓ. */
export function checkScalar(scalar: Uint8Array): void {
  const reduced = scalar.length === scalarBytes && sodium.crypto_core_ristretto255_scalar_reduce(widened(scalar));
  if (!reduced || !equalBytes(reduced, scalar)) throw new GroupError('malformed-scalar', 0);
}

/** @throws {GroupError} for a scalar that is not from 1 to ℓ − 1. */
export function checkSecretScalar(secret: Uint8Array): void {
  checkScalar(secret);
  if (scalar.isZero(secret)) throw new GroupError('malformed-scalar', 0);
}

/** scalar · point. @throws {GroupError} for a point that is malformed or the identity, or a product that is the identity. */
export function multiply(scalar: Uint8Array, point: Uint8Array, index = 0): Uint8Array {
  try {
    return sodium.crypto_scalarmult_ristretto255(scalar, point);
  } catch {
    // libsodium says only that it refused: ask which.
    checkElement(point, index);
    throw new GroupError('identity', index);
  }
}

/** scalar · generator, for a non-zero scalar. */
export function multiplyBase(scalar: Uint8Array): Uint8Array {
  return sodium.crypto_scalarmult_ristretto255_base(scalar);
}

export function add(a: Uint8Array, b: Uint8Array): Uint8Array {
  return sodium.crypto_core_ristretto255_add(a, b);
}

export function subtract(a: Uint8Array, b: Uint8Array): Uint8Array {
  return sodium.crypto_core_ristretto255_sub(a, b);
}

/** Arithmetic mod ℓ. */
export const scalar = {
  add: (a: Uint8Array, b: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_scalar_add(a, b),
  subtract: (a: Uint8Array, b: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_scalar_sub(a, b),
  multiply: (a: Uint8Array, b: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_scalar_mul(a, b),
  invert: (a: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_scalar_invert(a),
  isZero: (a: Uint8Array): boolean => a.every((byte) => byte === 0),
};

/** Uniform in [1, ℓ − 1]: 64 random bytes mod ℓ (bias below 2^-252), drawn again for zero. */
export function randomScalar(random: RandomSource): Uint8Array {
  for (;;) {
    const drawn = sodium.crypto_core_ristretto255_scalar_reduce(random.bytes(64));
    if (!scalar.isZero(drawn)) return drawn;
  }
}

function scalarOf(value: number): Uint8Array {
  const bytes = new Uint8Array(scalarBytes);
  bytes[0] = value;
  return bytes;
}

function widened(bytes: Uint8Array): Uint8Array {
  const wide = new Uint8Array(64);
  wide.set(bytes);
  return wide;
}
