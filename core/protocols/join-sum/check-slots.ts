/**
 * Slots whose bits are opened, so that a receiver cannot encrypt other weights than 0 and 1: labels that both sides have, and points that
 * match nothing. The sender names them when all ciphertexts are there, and proves what they are before the receiver opens anything: else it
 * would name real rows and read their bits.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from '../../bytes/index.ts';
import { generateProof, verifyProof } from '../../crypto/index.ts';
import { elementBytes, ristretto255 } from '../../group/index.ts';
import type { RandomSource } from '../../random/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import { opensTo } from './elgamal.ts';
import type { Check } from './messages.ts';
import { checkCount, ciphertextBytes, decoyCount, labelElements, proofContext } from './parameters.ts';
import { rowScalar } from './run-seed.ts';
import { emptyPoint, slotKinds } from './sender-list.ts';

/** M5, with the proof that the label slots are key · label. */
export function nameCheckSlots(
  of: {
    readonly run: Uint8Array;
    readonly groupCount: number;
    readonly rowCount: number;
    readonly points: Uint8Array;
    readonly owners: Uint32Array;
  },
  secrets: { readonly scalar: Uint8Array; readonly emptySeed: Uint8Array; readonly random: RandomSource },
): Check {
  const { run, groupCount, rowCount, points, owners } = of;
  const first = slotKinds(rowCount, groupCount);
  const labelSlots = new Uint32Array(groupCount * checkCount);
  const emptySlots = new Uint32Array(checkCount);
  for (const [slot, owner] of owners.entries()) {
    if (owner >= first.empty) emptySlots[owner - first.empty] = slot;
    else if (owner >= first.labels) labelSlots[owner - first.labels] = slot;
  }
  const statement = statementOf(run, groupCount, labelSlots, {
    key: ristretto255.multiplyBase(secrets.scalar),
    points,
  });
  const proof = generateProof(secrets.scalar, statement, proofContext(run, 'check-slots'), secrets.random);
  return {
    type: 'check',
    labelSlots,
    emptySlots,
    emptySeed: secrets.emptySeed,
    proof: concatBytes(proof.challenge, proof.response),
  };
}

/**
 * The receiver's judgement of M5, before anything is opened.
 * @param peer.emptyDigest SHA-256 of the seed, from the peer's hello.
 * @throws {ProtocolError} `wrong-proof`.
 */
export function verifyCheckSlots(
  check: Check,
  of: { readonly run: Uint8Array; readonly groupCount: number },
  peer: { readonly key: Uint8Array; readonly emptyDigest: Uint8Array; readonly points: Uint8Array },
): void {
  const { run, groupCount } = of;
  const { labelSlots, emptySlots, emptySeed } = check;
  const slotCount = peer.points.length / elementBytes;
  const all = [...labelSlots, ...emptySlots];
  const refuse = (what: string) => {
    throw new ProtocolError('wrong-proof', `the partner did not prove that the slots to open are no rows: ${what}`);
  };
  if (all.some((slot) => slot >= slotCount) || new Set(all).size !== all.length)
    refuse('a slot is named twice, or is none');
  if (!equalBytes(sha256(emptySeed), peer.emptyDigest)) refuse('another seed');
  for (const [i, slot] of emptySlots.entries()) {
    if (!equalBytes(pointAt(peer.points, slot), emptyPoint(emptySeed, i))) refuse('an empty slot is none');
  }
  const statement = statementOf(run, groupCount, labelSlots, peer);
  const proof = { challenge: check.proof.subarray(0, 32), response: check.proof.subarray(32) };
  if (!verifyProof(statement, proof, proofContext(run, 'check-slots'))) refuse('a label slot is none');
}

/** The scalars of these slots' ciphertexts, 32 bytes for each slot and group: label slots first. */
export function openCheckSlots(
  check: Check,
  of: { readonly groupCount: number; readonly seed: Uint8Array },
): Uint8Array {
  const scalars: Uint8Array[] = [];
  for (const slot of [...check.labelSlots, ...check.emptySlots]) {
    for (let group = 0; group < of.groupCount; group++) scalars.push(rowScalar(of.seed, slot * of.groupCount + group));
  }
  return concatBytes(...scalars);
}

/**
 * The sender's judgement of the opening: label slots hold 1 for their own group and 0 for the others, empty ones 0.
 * @param ciphertexts of the slot, one for each group.
 * @throws {ProtocolError} `wrong-proof`.
 */
export function verifyOpening(
  scalars: Uint8Array,
  check: Check,
  of: {
    readonly groupCount: number;
    readonly publicKey: Uint8Array;
    readonly ciphertexts: (slot: number) => Uint8Array;
  },
): void {
  const { groupCount, publicKey, ciphertexts } = of;
  for (const [i, slot] of [...check.labelSlots, ...check.emptySlots].entries()) {
    const labelled = i < check.labelSlots.length ? Math.floor(i / checkCount) : -1;
    for (let group = 0; group < groupCount; group++) {
      const at = (i * groupCount + group) * 32;
      const ciphertext = ciphertexts(slot).subarray(group * ciphertextBytes, (group + 1) * ciphertextBytes);
      if (opensTo(publicKey, ciphertext, group === labelled ? 1n : 0n, scalars.subarray(at, at + 32))) continue;
      throw new ProtocolError('wrong-proof', 'the partner encrypted something else than whether a slot matches');
    }
  }
}

function statementOf(
  run: Uint8Array,
  groupCount: number,
  labelSlots: Uint32Array,
  { key, points }: { readonly key: Uint8Array; readonly points: Uint8Array },
) {
  const labels = Array.from({ length: groupCount }, (_, group) => labelElements(run, group).slice(decoyCount));
  return {
    a: ristretto255.generator,
    b: key,
    c: labels.flat(),
    d: [...labelSlots].map((slot) => pointAt(points, slot)),
  };
}

function pointAt(points: Uint8Array, slot: number): Uint8Array {
  return points.subarray(slot * elementBytes, (slot + 1) * elementBytes);
}
