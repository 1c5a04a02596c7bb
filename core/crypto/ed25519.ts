/**
 * Ed25519 (RFC 8032) under ONE strict rule set, so that no two nodes ever disagree about a signature. A signature (R, S) of a message
 * under a key A is accepted only if
 *
 * 1. S < L: no second signature can be made from a first one (RFC 8032 §5.1.7, §8.4);
 * 2. A is the canonical encoding (y < p) of a curve point that is not of small order;
 * 3. R is the canonical encoding of a point that is not of small order;
 * 4. S·B = R + k·A holds without multiplication by the cofactor, k = SHA-512(R ‖ A ‖ M) mod L over the bytes as they came.
 *
 * These are libsodium's rules, and those of ed25519-dalek's `verify_strict`; Chalkias, Garillot and Nikolaenko compare them with others
 * ("Taming the many EdDSAs", eprint 2020/1244). Whatever passes here passes in every common verifier, so evidence that we accepted is
 * accepted elsewhere; the reverse does not hold, and is not needed.
 */
import { sodium } from './sodium.ts';

export const ed25519SignatureBytes = 64;
export const ed25519PublicKeyBytes = 32;
export const ed25519SeedBytes = 32;

export interface Ed25519KeyPair {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes, seed ‖ public key: never leaves its node. */
  readonly secretKey: Uint8Array;
}

/**
 * The key pair of a secret seed (RFC 8032 §5.1.5).
 * @throws {RangeError} unless the seed has 32 bytes.
 */
export function keyPairFromSeed(seed: Uint8Array): Ed25519KeyPair {
  if (seed.length !== ed25519SeedBytes) throw new RangeError(`expected a seed of 32 bytes, got ${seed.length}`);
  const pair = sodium.crypto_sign_seed_keypair(seed);
  return { publicKey: pair.publicKey, secretKey: pair.privateKey };
}

/**
 * Signs a message; the same key and message always give the same signature (RFC 8032 §5.1.6).
 * @returns 64 bytes, R ‖ S.
 */
export function sign(message: Uint8Array, keyPair: Ed25519KeyPair): Uint8Array {
  return sodium.crypto_sign_detached(message, keyPair.secretKey);
}

/** @returns whether the signature holds by the rules above; false also for a key or a signature of the wrong length. */
export function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== ed25519SignatureBytes || publicKey.length !== ed25519PublicKeyBytes) return false;
  return sodium.crypto_sign_verify_detached(signature, message, publicKey);
}
