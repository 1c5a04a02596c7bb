/**
 * Proofs that one scalar k relates a pair of public elements and a whole batch: B = k·A and Dᵢ = k·Cᵢ (RFC 9497 §2.2). The batch is
 * compressed to one statement with hash-derived weights, so a proof is two scalars whatever the batch's size. A large batch is
 * compressed by a kernel; what is proved and verified of the compressed statement is here.
 */
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, utf8ToBytes } from '../bytes/index.ts';
import { GroupError, ristretto255 as group, weightInput } from '../group/index.ts';
import type { RandomSource } from '../random/index.ts';

export interface Statement {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly c: readonly Uint8Array[];
  readonly d: readonly Uint8Array[];
}

/** A batch as one pair: M = Σ wᵢ·Cᵢ and Z = Σ wᵢ·Dᵢ. */
export interface Composites {
  readonly m: Uint8Array;
  readonly z: Uint8Array;
}

export interface Proof {
  readonly challenge: Uint8Array;
  readonly response: Uint8Array;
}

/** §2.2.1 GenerateProof. @param context the suite's context string; part of every hash. */
export function generateProof(k: Uint8Array, statement: Statement, context: Uint8Array, random: RandomSource): Proof {
  const m = composite(statement, statement.c, context);
  return proveComposite(k, { a: statement.a, b: statement.b, m }, context, random);
}

/** §2.2.2 VerifyProof. @returns false for any proof that does not hold, malformed ones included. */
export function verifyProof(statement: Statement, proof: Proof, context: Uint8Array): boolean {
  return falseForBadElements(() => {
    const m = composite(statement, statement.c, context);
    const z = composite(statement, statement.d, context);
    return verifyComposites({ a: statement.a, b: statement.b, m, z }, proof, context);
  });
}

/** §2.2.1 GenerateProof from its composite M on; Z = k·M is the prover's shortcut (ComputeCompositesFast). */
export function proveComposite(
  k: Uint8Array,
  { a, b, m }: { readonly a: Uint8Array; readonly b: Uint8Array; readonly m: Uint8Array },
  context: Uint8Array,
  random: RandomSource,
): Proof {
  const z = group.multiply(k, m);
  const r = group.randomScalar(random);
  const t2 = group.multiply(r, a);
  const t3 = group.multiply(r, m);
  const challenge = challengeOf([b, m, z, t2, t3], context);
  return { challenge, response: group.scalar.subtract(r, group.scalar.multiply(challenge, k)) };
}

/** §2.2.2 VerifyProof from both composites on. @returns false for any proof that does not hold, malformed ones included. */
export function verifyComposites(
  { a, b, m, z }: Composites & { readonly a: Uint8Array; readonly b: Uint8Array },
  proof: Proof,
  context: Uint8Array,
): boolean {
  return falseForBadElements(() => {
    group.checkScalar(proof.challenge);
    group.checkScalar(proof.response);
    const t2 = group.add(group.multiply(proof.response, a), group.multiply(proof.challenge, b));
    const t3 = group.add(group.multiply(proof.response, m), group.multiply(proof.challenge, z));
    return equalBytes(challengeOf([b, m, z, t2, t3], context), proof.challenge);
  });
}

/** §2.2.1: the 64 bytes that all weights of a batch under the key B are bound to. */
export function compositeSeed(b: Uint8Array, context: Uint8Array): Uint8Array {
  return sha512(concatBytes(withLength(b), withLength(concatBytes(utf8ToBytes('Seed-'), context))));
}

/** Domain separation tag of all scalars that a proof hashes to (§4.1). */
export function hashToScalarTag(context: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes('HashToScalar-'), context);
}

/** §2.2.1 ComputeComposites: Σ wᵢ·Eᵢ over one side of the statement, with the statement's weights. */
function composite(statement: Statement, elements: readonly Uint8Array[], context: Uint8Array): Uint8Array {
  const seed = compositeSeed(statement.b, context);
  let sum: Uint8Array | undefined;
  for (const [i, element] of elements.entries()) {
    const input = weightInput(seed, i, { c: statement.c[i]!, d: statement.d[i]! });
    const term = group.multiply(group.hashToScalar(input, hashToScalarTag(context)), element, i);
    sum = sum ? group.add(sum, term) : term;
  }
  if (!sum) throw new RangeError('a proof needs at least one pair of elements');
  return sum;
}

function challengeOf(elements: readonly Uint8Array[], context: Uint8Array): Uint8Array {
  const transcript = concatBytes(...elements.map(withLength), utf8ToBytes('Challenge'));
  return group.hashToScalar(transcript, hashToScalarTag(context));
}

function falseForBadElements(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof GroupError) return false;
    throw error;
  }
}

function withLength(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes);
}
