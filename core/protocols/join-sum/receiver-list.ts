/** The receiver's list: the ids of each group and the group's labels, blinded, in ascending order of their encodings. */
import { compareBytes, concatBytes, type RowSorter } from '../../bytes/index.ts';
import { generateProof, verifyProof } from '../../crypto/index.ts';
import { elementBytes, type Kernel, ristretto255 } from '../../group/index.ts';
import type { RandomSource } from '../../random/index.ts';
import { batchRows } from '../batch.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Labels } from './messages.ts';
import { hashToGroupDst, labelCount, labelElements, proofContext } from './parameters.ts';

/**
 * @param of.groups distinct match keys of each group, 16 bytes a row.
 * @returns the points of each group, group after group.
 */
export async function buildPoints(
  of: { readonly groups: readonly Uint8Array[]; readonly run: Uint8Array; readonly prefix: Uint8Array },
  scalar: Uint8Array,
  { kernel, sorter }: { readonly kernel: Kernel; readonly sorter: RowSorter },
): Promise<Uint8Array> {
  const sorted: Uint8Array[] = [];
  for (const [group, keys] of of.groups.entries()) {
    const pieces = [await kernel.multiply({ points: concatBytes(...labelElements(of.run, group)), scalar })];
    for (let at = 0; at < keys.length; at += batchRows * 16) {
      const piece = keys.slice(at, at + batchRows * 16);
      pieces.push(await kernel.blind({ keys: piece, prefix: of.prefix, dst: hashToGroupDst, scalar }));
    }
    sorted.push(await sorter.sortRows(concatBytes(...pieces), { rowBytes: elementBytes, keyBytes: elementBytes }));
  }
  return concatBytes(...sorted);
}

/** Which of the points are the labels', with the proof: a receiver that left them out would learn how many rows match. */
export function proveLabels(
  of: { readonly run: Uint8Array; readonly groupCount: number },
  scalar: Uint8Array,
  random: RandomSource,
): Labels {
  const labels = allLabels(of);
  const points = labels.map((label) => ristretto255.multiply(scalar, label));
  const statement = { a: ristretto255.generator, b: ristretto255.multiplyBase(scalar), c: labels, d: points };
  const proof = generateProof(scalar, statement, proofContext(of.run, 'labels'), random);
  return { type: 'labels', points: concatBytes(...points), proof: concatBytes(proof.challenge, proof.response) };
}

/**
 * @param peer.groups the points of each group, ascending.
 * @throws {ProtocolError} `wrong-proof` unless each label's point stands in its group, blinded with the peer's key.
 */
export function verifyLabels(
  labels: Labels,
  of: { readonly run: Uint8Array; readonly groupCount: number },
  peer: { readonly key: Uint8Array; readonly groups: readonly Uint8Array[] },
): void {
  const points = Array.from({ length: labels.points.length / elementBytes }, (_, i) =>
    labels.points.subarray(i * elementBytes, (i + 1) * elementBytes),
  );
  const isThere = points.every((point, i) => isIn(peer.groups[Math.floor(i / labelCount)]!, point));
  const statement = { a: ristretto255.generator, b: peer.key, c: allLabels(of), d: points };
  const proof = { challenge: labels.proof.subarray(0, 32), response: labels.proof.subarray(32) };
  if (isThere && verifyProof(statement, proof, proofContext(of.run, 'labels'))) return;
  throw new ProtocolError('wrong-proof', "the partner's list does not hold the labels that blur the match total");
}

function allLabels({ run, groupCount }: { readonly run: Uint8Array; readonly groupCount: number }): Uint8Array[] {
  return Array.from({ length: groupCount }, (_, group) => labelElements(run, group)).flat();
}

/** Binary search in an ascending list. */
function isIn(sorted: Uint8Array, point: Uint8Array): boolean {
  let [low, high] = [0, sorted.length / elementBytes];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const difference = compareBytes(sorted.subarray(middle * elementBytes, (middle + 1) * elementBytes), point);
    if (difference === 0) return true;
    if (difference < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}
