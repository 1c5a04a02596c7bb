/**
 * Proofs that one scalar k relates a pair of public elements and a whole batch: B = k·A and Dᵢ = k·Cᵢ (RFC 9497 §2.2). The batch is
 * compressed to one statement with hash-derived weights, so a proof is two scalars whatever the batch's size.
 */
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, utf8ToBytes } from '../bytes/index.ts';
import { GroupError, ristretto255 as group } from '../group/index.ts';
import type { RandomSource } from '../random/index.ts';

export interface Statement {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly c: readonly Uint8Array[];
  readonly d: readonly Uint8Array[];
}

export interface Proof {
  readonly challenge: Uint8Array;
  readonly response: Uint8Array;
}

/** §2.2.1 GenerateProof. @param context the suite's context string; part of every hash. */
export function generateProof(k: Uint8Array, statement: Statement, context: Uint8Array, random: RandomSource): Proof {
  const m = composite(statement, context);
  // The prover's shortcut (ComputeCompositesFast): Z = k·M.
  const z = group.multiply(k, m);
  const r = group.randomScalar(random);
  const t2 = group.multiply(r, statement.a);
  const t3 = group.multiply(r, m);
  const challenge = challengeOf([statement.b, m, z, t2, t3], context);
  return { challenge, response: group.scalar.subtract(r, group.scalar.multiply(challenge, k)) };
}

/** §2.2.2 VerifyProof. @returns false for any proof that does not hold, malformed ones included. */
export function verifyProof(statement: Statement, proof: Proof, context: Uint8Array): boolean {
  try {
    group.checkScalar(proof.challenge);
    group.checkScalar(proof.response);
    const [m, z] = [composite(statement, context), composite({ ...statement, c: statement.d }, context, statement)];
    const t2 = group.add(group.multiply(proof.response, statement.a), group.multiply(proof.challenge, statement.b));
    const t3 = group.add(group.multiply(proof.response, m), group.multiply(proof.challenge, z));
    return equalBytes(challengeOf([statement.b, m, z, t2, t3], context), proof.challenge);
  } catch (error) {
    if (error instanceof GroupError) return false;
    throw error;
  }
}

/** §2.2.1 ComputeComposites: Σ wᵢ·Cᵢ, the weights bound to `weightsOf` (by default the statement itself). */
function composite(statement: Statement, context: Uint8Array, weightsOf: Statement = statement): Uint8Array {
  const seed = sha512(concatBytes(withLength(weightsOf.b), withLength(concatBytes(utf8ToBytes('Seed-'), context))));
  let sum: Uint8Array | undefined;
  for (let i = 0; i < statement.c.length; i++) {
    const input = concatBytes(
      withLength(seed),
      Uint8Array.of(i >> 8, i & 255),
      withLength(weightsOf.c[i]!),
      withLength(weightsOf.d[i]!),
      utf8ToBytes('Composite'),
    );
    const weight = group.hashToScalar(input, concatBytes(utf8ToBytes('HashToScalar-'), context));
    const term = group.multiply(weight, statement.c[i]!, i);
    sum = sum ? group.add(sum, term) : term;
  }
  if (!sum) throw new RangeError('a proof needs at least one pair of elements');
  return sum;
}

function challengeOf(elements: readonly Uint8Array[], context: Uint8Array): Uint8Array {
  const transcript = concatBytes(...elements.map(withLength), utf8ToBytes('Challenge'));
  return group.hashToScalar(transcript, concatBytes(utf8ToBytes('HashToScalar-'), context));
}

function withLength(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes);
}
