/**
 * The sender's slots: its rows, decoys, check labels, and fillers, blinded and in ascending order of their encodings. To whoever lacks the
 * key the points are random, so their order says nothing of the rows, and nobody needs to keep a permutation.
 */
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, type RowSorter } from '../../bytes/index.ts';
import { elementBytes, type Kernel, ristretto255 } from '../../group/index.ts';
import { discreteGaussian, RandomIntegers, ratio } from '../../privacy/index.ts';
import type { RandomSource } from '../../random/index.ts';
import { batchRows } from '../batch.ts';
import { checkCount, decoyCount, hashToGroupDst, labelCount, labelElements } from './parameters.ts';
import type { RunSeed } from './run-seed.ts';

/** A point and, behind it, whose slot it is: 4 bytes, little-endian. */
export const slotBytes: number = elementBytes + 4;

/** Which of the decoys are in the list: 70 + Z of them, Z discrete Gaussian with σ = 10, conditioned on |Z| ≤ 70. */
export function drawDecoys(random: RandomSource): ReadonlySet<number> {
  const integers = new RandomIntegers(random);
  const half = decoyCount / 2;
  let blur: number;
  do blur = Number(discreteGaussian(ratio(100n), integers));
  while (Math.abs(blur) > half);
  const order = Array.from({ length: decoyCount }, (_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Number(integers.below(BigInt(i + 1)));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return new Set(order.slice(0, half + blur));
}

/** The point of an empty slot: the image of SHA-512(seed ‖ i), which is nobody's multiple of anything. */
export function emptyPoint(seed: Uint8Array, index: number): Uint8Array {
  return ristretto255.fromUniformBytes(sha512(concatBytes(seed, Uint8Array.of(index))));
}

/** Whose slot it is, by the number behind its point, for a list of `rows` rows and `groups` groups. */
export function slotKinds(rows: number, groups: number): { readonly labels: number; readonly empty: number } {
  const labels = rows + groups * decoyCount;
  return { labels, empty: labels + groups * checkCount };
}

/**
 * Builds the list.
 * @param of.keys distinct match keys of 16 bytes.
 * @returns {@link slotBytes} for each slot, ascending.
 */
export async function buildSlots(
  of: { readonly keys: Uint8Array; readonly groupCount: number; readonly run: Uint8Array; readonly prefix: Uint8Array },
  secrets: { readonly seed: RunSeed; readonly scalar: Uint8Array; readonly emptySeed: Uint8Array },
  { kernel, sorter }: { readonly kernel: Kernel; readonly sorter: RowSorter },
): Promise<Uint8Array> {
  const { keys, groupCount, run, prefix } = of;
  const { seed, scalar, emptySeed } = secrets;
  const fillers = seed.stream('fillers');
  const labels: Uint8Array[] = [];
  const filled = new Map<number, Uint8Array>();
  const checks: Uint8Array[] = [];
  for (let group = 0; group < groupCount; group++) {
    const elements = labelElements(run, group);
    const present = drawDecoys(seed.stream(`decoys/${group}`));
    for (let i = 0; i < decoyCount; i++) {
      // Filled up to the same number, else the list's size would tell Z.
      if (!present.has(i)) filled.set(labels.length, ristretto255.fromUniformBytes(fillers.bytes(64)));
      labels.push(elements[i]!);
    }
    checks.push(...elements.slice(decoyCount, labelCount));
  }
  const special = await kernel.multiply({ points: concatBytes(...labels, ...checks), scalar });
  for (const [at, point] of filled) special.set(point, at * elementBytes);
  const empty = Array.from({ length: checkCount }, (_, i) => emptyPoint(emptySeed, i));
  const rowCount = keys.length / 16;
  const slots = new Uint8Array((rowCount + groupCount * labelCount + checkCount) * slotBytes);
  let next = 0;
  for (let first = 0; first < rowCount; first += batchRows) {
    const piece = keys.slice(first * 16, Math.min(rowCount, first + batchRows) * 16);
    next = place(slots, next, await kernel.blind({ keys: piece, prefix, dst: hashToGroupDst, scalar }));
  }
  place(slots, next, concatBytes(special, ...empty));
  return sorter.sortRows(slots, { rowBytes: slotBytes, keyBytes: elementBytes });
}

function place(slots: Uint8Array, from: number, points: Uint8Array): number {
  let next = from;
  for (let at = 0; at < points.length; at += elementBytes, next++) {
    const to = next * slotBytes;
    slots.set(points.subarray(at, at + elementBytes), to);
    for (let k = 0; k < 4; k++) slots[to + elementBytes + k] = (next >>> (8 * k)) & 255;
  }
  return next;
}

/** The points alone, and the number behind each. */
export function splitSlots(slots: Uint8Array): { readonly points: Uint8Array; readonly owners: Uint32Array } {
  const count = slots.length / slotBytes;
  const points = new Uint8Array(count * elementBytes);
  const owners = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * slotBytes;
    points.set(slots.subarray(at, at + elementBytes), i * elementBytes);
    const n = at + elementBytes;
    owners[i] = (slots[n]! | (slots[n + 1]! << 8) | (slots[n + 2]! << 16) | (slots[n + 3]! << 24)) >>> 0;
  }
  return { points, owners };
}
