/**
 * The function in batches: F(k, x) of RFC 9497 in its verifiable mode over ristretto255-SHA512, where x is a match key of 16 bytes. A tag is
 * the first bits of F(k, x). One difference to the RFC: the client blinds all of its keys with one scalar, and not each with its own.
 * What the server sees is then pseudorandom under the decisional Diffie–Hellman assumption in place of uniformly random, which is what
 * psi/ecdh rests on as well; a server that is asked r·H(x) for every x learns no more of x.
 */
import { concatBytes, utf8ToBytes } from '../../bytes/index.ts';
import {
  compositeSeed,
  hashToScalarTag,
  type KeyPair,
  proveComposite,
  sha512,
  verifyComposites,
} from '../../crypto/index.ts';
import { elementBytes, type Kernel, ristretto255, scalarBytes } from '../../group/index.ts';
import type { RandomSource } from '../../random/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import { oprf } from './parameters.ts';
import { type Coding, cutTags, tagBytes } from './tag-coding.ts';

/** Match keys are the whole of the private input. */
const prefix = new Uint8Array(0);

/** Draws the key of an epoch (RFC 9497 §3.2, GenerateKeyPair). */
export function drawKey(kernel: Kernel, random: RandomSource): KeyPair {
  return keyOf(kernel.randomScalar(random));
}

/** The key pair of a secret key that was kept. */
export function keyOf(secretKey: Uint8Array): KeyPair {
  return { secretKey, publicKey: ristretto255.multiplyBase(secretKey) };
}

/**
 * The server's own evaluation: a table's tags (§3.3.1, Evaluate).
 * @param keys 16 bytes a row. @returns a packed tag for each, in order.
 */
export async function tagKeys(
  kernel: Kernel,
  { keys, secretKey, coding }: { keys: Uint8Array; secretKey: Uint8Array; coding: Pick<Coding, 'tagBits'> },
): Promise<Uint8Array> {
  const request = { keys, prefix, dst: oprf.hashToGroupTag, scalar: secretKey, bytes: tagBytes(coding) };
  const tags = await kernel.prf(request);
  cutTags(tags, coding);
  return tags;
}

/** §3.3.1 Blind, client side. @returns an element for each key, in order: what is sent. */
export function blindKeys(
  kernel: Kernel,
  { keys, blind }: { readonly keys: Uint8Array; readonly blind: Uint8Array },
): Promise<Uint8Array> {
  return kernel.blind({ keys, prefix, dst: oprf.hashToGroupTag, scalar: blind });
}

/**
 * §3.3.2 BlindEvaluate, server side, over a batch.
 * @param points peer-controlled.
 * @param random of the proof's nonce. Left out, the nonce is made of the key and the batch, as RFC 8032 §5.1.6 makes its own: an answer that
 *   is given again after a crash is the same, byte for byte.
 * @throws {GroupError} with the row of a malformed point or the identity.
 */
export async function answerPoints(
  kernel: Kernel,
  { points, key, random }: { readonly points: Uint8Array; readonly key: KeyPair; readonly random?: RandomSource },
): Promise<{ answers: Uint8Array; proof: Uint8Array }> {
  const answers = await kernel.multiply({ points, scalar: key.secretKey });
  const m = await kernel.composites({ ...statement(key.publicKey), c: points, d: answers, over: 'c' });
  const pair = { a: ristretto255.generator, b: key.publicKey, m };
  const nonces = random ?? nonceOf(key, m);
  const { challenge, response } = proveComposite(key.secretKey, pair, oprf.context, nonces);
  return { answers, proof: concatBytes(challenge, response) };
}

/**
 * §3.3.2 Finalize, client side, over a batch: verifies the proof first, then takes the blind off.
 * @param batch.points as they were sent; `answers` as many elements, peer-controlled.
 * @returns a packed tag for each key, in order.
 * @throws {GroupError} with the row of a malformed answer or the identity; {ProtocolError} `wrong-proof`.
 */
export async function openAnswers(
  kernel: Kernel,
  batch: {
    readonly keys: Uint8Array;
    readonly points: Uint8Array;
    readonly answers: Uint8Array;
    readonly proof: Uint8Array;
    readonly publicKey: Uint8Array;
    readonly blind: Uint8Array;
    readonly coding: Pick<Coding, 'tagBits'>;
  },
): Promise<Uint8Array> {
  const { keys, points, answers, publicKey, blind, coding } = batch;
  const sums = await kernel.composites({ ...statement(publicKey), c: points, d: answers, over: 'both' });
  const pair = {
    a: ristretto255.generator,
    b: publicKey,
    m: sums.subarray(0, elementBytes),
    z: sums.subarray(elementBytes),
  };
  const proof = {
    challenge: batch.proof.subarray(0, scalarBytes),
    response: batch.proof.subarray(scalarBytes),
  };
  if (!verifyComposites(pair, proof, oprf.context)) {
    throw new ProtocolError('wrong-proof', "the partner's proof of using one key failed");
  }
  const opened = await kernel.multiply({ points: answers, scalar: ristretto255.scalar.invert(blind) });
  const tags = await kernel.finalize({ keys, prefix, points: opened, bytes: tagBytes(coding) });
  cutTags(tags, coding);
  return tags;
}

/** M stands for the whole batch: its weights are hashes of every element in it. */
function nonceOf({ secretKey, publicKey }: KeyPair, m: Uint8Array): RandomSource {
  const label = utf8ToBytes('causeway/v1/psi-oprf/nonce');
  return { bytes: (count) => sha512(concatBytes(label, secretKey, publicKey, m)).subarray(0, count) };
}

function statement(publicKey: Uint8Array): { seed: Uint8Array; dst: Uint8Array } {
  return { seed: compositeSeed(publicKey, oprf.context), dst: hashToScalarTag(oprf.context) };
}
