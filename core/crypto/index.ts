/** Hashing, signatures and oblivious functions. */

export {
  type Composites,
  compositeSeed,
  generateProof,
  hashToScalarTag,
  type Proof,
  proveComposite,
  verifyComposites,
  verifyProof,
} from './dleq.ts';
export {
  type Ed25519KeyPair,
  ed25519PublicKeyBytes,
  ed25519SeedBytes,
  ed25519SignatureBytes,
  keyPairFromSeed,
  sign,
  verify,
} from './ed25519.ts';
export { hkdfSha256, hmacSha256, sha256, sha512 } from './hash.ts';
export * from './oprf.ts';
export { sodium } from './sodium.ts';
