/**
 * The gate: the receiver says of each count whether it is below the minimum, and sees no more of it than that. Among the counts stand
 * canaries, whose verdicts the sender knows: a receiver that lies is caught with a probability of a half and more for a single lie.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter, compareRows, concatBytes, equalBytes, utf8ToBytes } from '../../bytes/index.ts';
import { hmacSha256 } from '../../crypto/index.ts';
import { elementBytes, type Kernel } from '../../group/index.ts';
import { ceilingRoot, RandomIntegers, ratio } from '../../privacy/index.ts';
import type { RandomSource } from '../../random/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import { encrypt } from './elgamal.ts';
import type { SumKernel } from './kernel.ts';
import { ciphertextBytes } from './parameters.ts';
import { canaryCounts, edgeMoveMax, type Line, noiseVariance, type SumPlan, tableOf } from './plan.ts';
import { type RunSeed, rowScalar, seedBytes } from './run-seed.ts';

/** The values that are below the minimum, and how many tests each gate group has. */
export interface GateRange {
  /** The smallest value of J: noise may take a count below zero. */
  readonly low: number;
  /** |J| where the edge is not moved. */
  readonly count: number;
  readonly length: number;
}

export function gateRange(plan: SumPlan): GateRange {
  const margins = plan.tables.map((table) => {
    const variance = noiseVariance(plan, table, { of: 'rows' });
    // ⌈7σ⌉: noise beyond it comes with probability below 2^-38.
    return Number(ceilingRoot(ratio(49n * variance.numerator, variance.denominator)));
  });
  const low = -Math.max(...margins);
  const count = plan.minimumGroupRows - low;
  return { low, count, length: count + (movesEdge(plan) ? edgeMoveMax : 0) };
}

/** A noised count has no edge that a list grown by one id could feel for. */
function movesEdge({ movesEdge: moves, protection }: SumPlan): boolean {
  return moves && protection.kind === 'exact';
}

/**
 * u, by which a figure's edge is moved: 0 to 15, always the same for one cell of one dataset.
 * @param secret of the dataset, 32 bytes.
 */
export function edgeOf(plan: SumPlan, line: Line, secret: Uint8Array): number {
  if (!movesEdge(plan)) return 0;
  const { table, cell } = tableOf(plan, line.cell);
  const name = utf8ToBytes(plan.tables[table]!.name);
  const input = new ByteWriter().prefixed(name).u32(cell).u32(line.measure).u8(line.group).finish();
  return hmacSha256(secret, concatBytes(utf8ToBytes('causeway/v1/join-sum/edge/'), input))[0]! % (edgeMoveMax + 1);
}

/** What is tested at one place of a round: a figure, or a canary with its value. */
export type Tested =
  | { readonly kind: 'figure'; readonly index: number }
  | { readonly kind: 'canary'; readonly value: bigint; readonly isSmall: boolean };

export interface GateRound {
  readonly places: readonly Tested[];
  /** |J| of each place. */
  readonly counts: Uint16Array;
  /** A ciphertext for each place. */
  readonly sums: Uint8Array;
  /** 32 bytes for each place: all that its tests were made of. */
  readonly seeds: Uint8Array;
}

/** A place of a round before anything is encrypted. */
interface Drawn {
  readonly tested: Tested;
  readonly count: number;
}

/**
 * Draws a round: figures and canaries in random order.
 * @param edges by how much the edge of each figure is moved.
 */
export function drawPlaces(edges: readonly number[], range: GateRange, random: RandomSource): Drawn[] {
  const integers = new RandomIntegers(random);
  const below = (bound: number) => Number(integers.below(BigInt(bound)));
  const canaries = canaryCounts(edges.length);
  const drawn: Drawn[] = edges.map((edge, index) => ({ tested: { kind: 'figure', index }, count: range.count + edge }));
  for (let i = 0; i < canaries.all; i++) {
    const count = range.count + below(range.length - range.count + 1);
    const isSmall = i < canaries.inside;
    const value = BigInt(range.low + (isSmall ? below(count) : count + below(2 ** 20)));
    drawn.push({ tested: { kind: 'canary', value, isSmall }, count });
  }
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [drawn[i], drawn[j]] = [drawn[j]!, drawn[i]!];
  }
  return drawn;
}

/**
 * Lays out a round, with a ciphertext at each place.
 * @param of.sums a ciphertext for each figure. @param of.edges by how much the edge of each is moved.
 */
export function layOutRound(
  of: {
    readonly round: number;
    readonly range: GateRange;
    readonly sums: Uint8Array;
    readonly edges: readonly number[];
  },
  { seed, publicKey }: { readonly seed: RunSeed; readonly publicKey: Uint8Array },
): GateRound {
  const { round, range, edges } = of;
  const drawn = drawPlaces(edges, range, seed.stream(`gate/${round}`));
  const seeds = seed.stream(`gate-seeds/${round}`).bytes(drawn.length * seedBytes);
  const sums = new Uint8Array(drawn.length * ciphertextBytes);
  for (const [place, { tested }] of drawn.entries()) {
    const from = tested.kind === 'figure' ? tested.index * ciphertextBytes : 0;
    const sum =
      tested.kind === 'figure'
        ? of.sums.subarray(from, from + ciphertextBytes)
        : encrypt(publicKey, tested.value, canaryScalar(seedAt(seeds, place), range));
    sums.set(sum, place * ciphertextBytes);
  }
  return {
    places: drawn.map(({ tested }) => tested),
    counts: Uint16Array.from(drawn, ({ count }) => count),
    sums,
    seeds,
  };
}

/** @returns the tests of a round: `range.length` for each place, ascending, 64 bytes each. */
export async function testRound(
  { sums, counts, seeds }: Pick<GateRound, 'sums' | 'counts' | 'seeds'>,
  { low, length }: GateRange,
  { kernel, publicKey }: { readonly kernel: SumKernel; readonly publicKey: Uint8Array },
): Promise<Uint8Array> {
  const tests = await kernel.gateTests({ publicKey, sums, low, counts, length, seeds });
  for (let at = 0; at < tests.length; at += length * ciphertextBytes) {
    sortTests(tests.subarray(at, at + length * ciphertextBytes));
  }
  return tests;
}

/**
 * The receiver's reading of a round: for each place, whether one of its tests holds 0.
 * @throws {ProtocolError} `not-distinct` for tests that do not ascend, or of which two hold 0; {GroupError} for a malformed one.
 */
export async function readVerdicts(
  tests: Uint8Array,
  { length }: GateRange,
  { kernel, secretKey }: { readonly kernel: Kernel; readonly secretKey: Uint8Array },
): Promise<Uint8Array> {
  const count = tests.length / ciphertextBytes;
  const [firsts, seconds] = [new Uint8Array(count * elementBytes), new Uint8Array(count * elementBytes)];
  for (let i = 0; i < count; i++) {
    const at = i * ciphertextBytes;
    firsts.set(tests.subarray(at, at + elementBytes), i * elementBytes);
    seconds.set(tests.subarray(at + elementBytes, at + ciphertextBytes), i * elementBytes);
    if (i % length > 0 && compareRows(tests, at - ciphertextBytes, tests, at, ciphertextBytes) >= 0) {
      throw new ProtocolError('not-distinct', "the partner's tests do not ascend");
    }
  }
  // Multiplication by 1 is what checks the encodings of the second halves.
  const one = new Uint8Array(32).fill(1, 0, 1);
  const products = await kernel.multiply({ points: firsts, scalar: secretKey });
  await kernel.multiply({ points: seconds, scalar: one });
  const verdicts = new Uint8Array(count / length);
  for (let i = 0; i < count; i++) {
    if (compareRows(products, i * elementBytes, seconds, i * elementBytes, elementBytes) !== 0) continue;
    const place = Math.floor(i / length);
    if (verdicts[place] === 1) throw new ProtocolError('not-distinct', "two of the partner's tests hold one value");
    verdicts[place] = 1;
  }
  return verdicts;
}

/**
 * What the receiver signs: the run, the round, its key, the tests of each place by digest, and its verdicts. Without the key a sender could test under another
 * one, of which the receiver's honest verdict is wrong.
 */
export function verdictMessage(
  run: Uint8Array,
  round: number,
  of: { readonly publicKey: Uint8Array; readonly digests: Uint8Array; readonly verdicts: Uint8Array },
): Uint8Array {
  const { publicKey, digests, verdicts } = of;
  return new ByteWriter()
    .raw(utf8ToBytes('causeway/v1/join-sum/verdicts'))
    .raw(run)
    .u8(round)
    .raw(publicKey)
    .raw(sha256(digests))
    .raw(verdicts)
    .finish();
}

/** SHA-256 over the tests of each place, packed. */
export function placeDigests(tests: Uint8Array, { length }: GateRange): Uint8Array {
  const digests: Uint8Array[] = [];
  for (let at = 0; at < tests.length; at += length * ciphertextBytes) {
    digests.push(sha256(tests.subarray(at, at + length * ciphertextBytes)));
  }
  return concatBytes(...digests);
}

/** What convinces a third party of a lie: the canary's opening, beside the signed verdicts. */
export interface Lie {
  /** Under which the figures were encrypted: the receiver's, of this run. */
  readonly publicKey: Uint8Array;
  readonly round: number;
  readonly place: number;
  readonly value: bigint;
  readonly count: number;
  /** All that the tests of the place were made of. */
  readonly seed: Uint8Array;
  readonly digests: Uint8Array;
  readonly verdicts: Uint8Array;
  readonly signature: Uint8Array;
}

/** The first canary whose verdict is wrong. */
export function findLie({ places }: Pick<GateRound, 'places'>, verdicts: Uint8Array): number | undefined {
  const place = places.findIndex((tested, i) => tested.kind === 'canary' && tested.isSmall !== (verdicts[i] === 1));
  return place < 0 ? undefined : place;
}

/** Whether the opened canary gives the tests that were signed for, and the verdict of them is wrong. The signature is the caller's to check. */
export async function isLie(lie: Lie, range: GateRange, kernel: SumKernel): Promise<boolean> {
  const { publicKey } = lie;
  const sums = encrypt(publicKey, lie.value, canaryScalar(lie.seed, range));
  const place = { sums, counts: Uint16Array.of(lie.count), seeds: lie.seed };
  const digest = sha256(await testRound(place, range, { kernel, publicKey }));
  const isSmall = lie.value >= BigInt(range.low) && lie.value < BigInt(range.low + lie.count);
  const signedDigest = lie.digests.subarray(lie.place * 32, (lie.place + 1) * 32);
  return equalBytes(digest, signedDigest) && isSmall !== (lie.verdicts[lie.place] === 1);
}

/** The canary's own randomness: a number that no test takes. */
function canaryScalar(seed: Uint8Array, { length }: GateRange): Uint8Array {
  return rowScalar(seed, 2 * length);
}

function seedAt(seeds: Uint8Array, place: number): Uint8Array {
  return seeds.subarray(place * seedBytes, (place + 1) * seedBytes);
}

/** In place; tens of rows. */
function sortTests(tests: Uint8Array): void {
  const rows = Array.from({ length: tests.length / ciphertextBytes }, (_, i) =>
    tests.slice(i * ciphertextBytes, (i + 1) * ciphertextBytes),
  );
  rows.sort((a, b) => compareRows(a, 0, b, 0, ciphertextBytes));
  for (const [i, row] of rows.entries()) tests.set(row, i * ciphertextBytes);
}
