/** ElGamal over ristretto255 with the message in the exponent: single ciphertexts, and the proof of who can open them. */
import { concatBytes, equalBytes } from '../../bytes/index.ts';
import { GroupError, ristretto255 as group, scalarBytes } from '../../group/index.ts';
import type { RandomSource } from '../../random/index.ts';
import { ciphertextBytes } from './parameters.ts';

/** The encoding of the identity (RFC 9496 §4.3.2). */
export const identity: Uint8Array = new Uint8Array(32);

/** An integer of either sign, mod ℓ. */
export function scalarOf(value: bigint): Uint8Array {
  const wide = new Uint8Array(64);
  let magnitude = value < 0n ? -value : value;
  for (let i = 0; magnitude > 0n; i++, magnitude >>= 8n) wide[i] = Number(magnitude & 255n);
  const scalar = group.reduceScalar(wide);
  return value < 0n ? group.scalar.subtract(new Uint8Array(scalarBytes), scalar) : scalar;
}

/** value · G, the identity for 0. */
export function pointOf(value: bigint): Uint8Array {
  return value === 0n ? identity : group.multiplyBase(scalarOf(value));
}

/** scalar · point, where both may be zero. */
export function product(scalar: Uint8Array, point: Uint8Array): Uint8Array {
  return group.scalar.isZero(scalar) || equalBytes(point, identity) ? identity : group.multiply(scalar, point);
}

/** Enc(v; r) = (rG, rX + vG). */
export function encrypt(publicKey: Uint8Array, value: bigint, r: Uint8Array): Uint8Array {
  return concatBytes(group.multiplyBase(r), group.add(group.multiply(r, publicKey), pointOf(value)));
}

/** A ciphertext of the sum of two messages. */
export function addCiphertexts(a: Uint8Array, b: Uint8Array): Uint8Array {
  return concatBytes(
    group.add(a.subarray(0, 32), b.subarray(0, 32)),
    group.add(a.subarray(32, ciphertextBytes), b.subarray(32, ciphertextBytes)),
  );
}

/** Adds two lists of ciphertexts, row by row. */
export function addRows(a: Uint8Array, b: Uint8Array): Uint8Array {
  const sums = new Uint8Array(a.length);
  for (let at = 0; at < a.length; at += 32) {
    const [x, y] = [a.subarray(at, at + 32), b.subarray(at, at + 32)];
    sums.set(isZero(x) ? y : isZero(y) ? x : group.add(x, y), at);
  }
  return sums;
}

/** The same message under fresh randomness: nothing but the message is in it. */
export function rerandomize(publicKey: Uint8Array, ciphertext: Uint8Array, r: Uint8Array): Uint8Array {
  return addCiphertexts(ciphertext, encrypt(publicKey, 0n, r));
}

/** v·G of a ciphertext of v. @throws {GroupError} for a malformed ciphertext. */
export function open(secretKey: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return group.subtract(ciphertext.subarray(32, ciphertextBytes), product(secretKey, ciphertext.subarray(0, 32)));
}

/** Whether a ciphertext is Enc(v; r). */
export function opensTo(publicKey: Uint8Array, ciphertext: Uint8Array, value: bigint, r: Uint8Array): boolean {
  try {
    group.checkScalar(r);
    return !group.scalar.isZero(r) && equalBytes(ciphertext, encrypt(publicKey, value, r));
  } catch (error) {
    if (error instanceof GroupError) return false;
    throw error;
  }
}

/** A proof of knowledge of x for X = xG (Schnorr, with the challenge from a hash): 64 bytes, challenge ‖ response. */
export function proveKey(x: Uint8Array, context: Uint8Array, random: RandomSource): Uint8Array {
  const r = group.randomScalar(random);
  const challenge = challengeOf(group.multiplyBase(x), group.multiplyBase(r), context);
  return concatBytes(challenge, group.scalar.subtract(r, group.scalar.multiply(challenge, x)));
}

/** @returns false for any proof that does not hold, and for a key that is malformed or the identity. */
export function verifyKey(publicKey: Uint8Array, proof: Uint8Array, context: Uint8Array): boolean {
  try {
    const [challenge, response] = [proof.subarray(0, 32), proof.subarray(32, 64)];
    group.checkElement(publicKey);
    for (const scalar of [challenge, response]) group.checkScalar(scalar);
    const commitment = group.add(pointOfScalar(response), product(challenge, publicKey));
    return equalBytes(challenge, challengeOf(publicKey, commitment, context));
  } catch (error) {
    if (error instanceof GroupError) return false;
    throw error;
  }
}

function challengeOf(publicKey: Uint8Array, commitment: Uint8Array, context: Uint8Array): Uint8Array {
  return group.hashToScalar(concatBytes(publicKey, commitment), context);
}

function pointOfScalar(scalar: Uint8Array): Uint8Array {
  return product(scalar, group.generator);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
