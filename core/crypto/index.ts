/** Hashing, signatures, sealing and oblivious functions. */

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
export {
  type Aead,
  type AeadInput,
  generateKemKeyPair,
  HpkeError,
  type KemKeyPair,
  kdfId,
  kemId,
  kemKeyBytes,
  type RecipientContext,
  type SenderContext,
  setupRecipient,
  setupSender,
} from './hpke.ts';
export * from './oprf.ts';
export { sodium } from './sodium.ts';
