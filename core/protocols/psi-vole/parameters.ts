/**
 * The public numbers of a run: all computed from the two declared set sizes, exactly, and none received. Every length on the wire follows
 * from them. Names are those of Rindal and Raghuraman (CCS 2022, "RR22"), whose parameters we leave where README.md says so.
 */
import { ProtocolError } from '../protocol-error.ts';

/** Version of the messages; a peer with another one is refused. */
export const protocolVersion = 1;
/** Identifiers on one side: the failure bounds are spent for this many. */
export const setSizeMax = 1_000_000_000;
/** Columns of a bin, m: 20,477 sparse ones and 3 dense ones. */
export const binColumns = 20_480;
/** Keys of the receiver that a bin can hold. */
export const binKeysMax = 16_384;
/** Keys of the receiver in a bin, on average at most: a bin overflows with probability below 2^-58 (Bernstein). */
export const binKeysMean = 15_256;
/** Bins that one bucket, the unit of work and of messages, holds at most. */
export const bucketBinsMax = 6;
/** Buckets whose base values come from one set-up VOLE. */
export const epochBuckets = 512;
/** Buckets that the receiver may have begun and not ended: what a sender holds memory for. */
export const bucketsInFlightMax = 8;
/** Tags of the sender in a bucket, at most: what a receiver allocates for. */
export const tagCountMax = 2 ** 21;
/** Noise positions, and trees, of a VOLE: t. */
export const treeCount = 256;
/** Bits of a tag beyond those that pairs need, and at most. */
const tagMarginBits = 42;
const tagBitsMax = 96;

/** `fast`: values in GF(2^128). `low`: values in GF(2^64), for fewer bytes and at most {@link lowTagsMax} tags. */
export type Form = 'fast' | 'low';

/** Tags over all buckets that `low` carries: each can match by accident with probability 2^-64. ⌊2^23.5⌋. */
export const lowTagsMax = 11_863_283;

/** The distinct identifiers that each side declares: the true number, or more. */
export interface SetSizes {
  readonly receiver: number;
  readonly sender: number;
}

/** What both sides compute from the sizes before anything is sent. */
export interface Geometry {
  readonly sizes: SetSizes;
  readonly form: Form;
  /** T. */
  readonly binCount: number;
  readonly bucketCount: number;
  readonly epochCount: number;
  /** ℓ: a run has a false match with probability below 2^-42. */
  readonly tagBits: number;
}

/** What a bucket's messages are made of. */
export interface BucketShape {
  /** β. */
  readonly binCount: number;
  /** M: tags that the sender sends, its own and dummies together. */
  readonly tagCount: number;
  /** k: outputs of the bucket's VOLE. */
  readonly voleSize: number;
}

/**
 * The geometry of two lists. Where one of them is empty nothing matches, and there is no bucket to run.
 * @throws {ProtocolError} `set-size` for a list over {@link setSizeMax}, or so much larger than the other that a bucket would not fit in
 * memory.
 */
export function geometryOf(sizes: SetSizes, form: Form = 'fast'): Geometry {
  for (const size of [sizes.receiver, sizes.sender]) {
    if (!Number.isInteger(size) || size < 0 || size > setSizeMax) {
      throw new ProtocolError('set-size', `psi/vole matches lists of up to ${setSizeMax} identifiers, not of ${size}`);
    }
  }
  if (sizes.receiver === 0 || sizes.sender === 0) {
    return { sizes, form, binCount: 0, bucketCount: 0, epochCount: 0, tagBits: 0 };
  }
  const binCount = ceilDivide(sizes.receiver, binKeysMean);
  const bucketCount = ceilDivide(binCount, bucketBinsMax);
  // The last bucket has fewer bins or as many, so the first one has the most tags.
  const largest = tagCountOf(sizes, binCount, Math.min(binCount, bucketBinsMax));
  if (largest > tagCountMax) {
    throw new ProtocolError(
      'set-size',
      `the sender's list of ${sizes.sender} is too large beside the receiver's of ${sizes.receiver}: swap the roles`,
    );
  }
  // Only pairs in one bucket are compared.
  const tagBits = tagMarginBits + ceilLog2(sizes.receiver * largest);
  if (tagBits > tagBitsMax) throw new ProtocolError('set-size', `tags would take ${tagBits} bits, over ${tagBitsMax}`);
  const geometry = { sizes, form, binCount, bucketCount, epochCount: ceilDivide(bucketCount, epochBuckets), tagBits };
  if (form === 'low' && tagTotal(geometry) > lowTagsMax) {
    throw new ProtocolError('set-size', `the low form carries ${lowTagsMax} tags at most: use the fast form`);
  }
  return geometry;
}

/** @param bucket below `geometry.bucketCount`. */
export function bucketShape(geometry: Geometry, bucket: number): BucketShape {
  const binCount = Math.min(bucketBinsMax, geometry.binCount - bucket * bucketBinsMax);
  return {
    binCount,
    tagCount: tagCountOf(geometry.sizes, geometry.binCount, binCount),
    voleSize: binCount === 1 ? 2 ** 15 : binCount <= 3 ? 2 ** 16 : 2 ** 17,
  };
}

/** The buckets of an epoch, from `first` up to `end`, and the size of the VOLE that sets them up. */
export interface EpochShape {
  readonly first: number;
  readonly end: number;
  readonly voleSize: number;
}

/** @param epoch below `geometry.epochCount`. */
export function epochShape(geometry: Geometry, epoch: number): EpochShape {
  const first = epoch * epochBuckets;
  const end = Math.min(geometry.bucketCount, first + epochBuckets);
  const count = end - first;
  return { first, end, voleSize: count <= 32 ? 2 ** 13 : count <= 128 ? 2 ** 15 : 2 ** 17 };
}

export function epochOf(bucket: number): number {
  return Math.floor(bucket / epochBuckets);
}

/** Levels of each of a VOLE's trees, d: 256 trees of 2^d leaves are the 2k noisy positions before the code. */
export function treeDepth(voleSize: number): number {
  return ceilLog2((2 * voleSize) / treeCount);
}

/** N_s′: what the sender sends over all buckets. */
function tagTotal(geometry: Geometry): number {
  const { bucketCount } = geometry;
  const last = bucketShape(geometry, bucketCount - 1).tagCount;
  return (bucketCount - 1) * bucketShape(geometry, 0).tagCount + last;
}

/** M: the sender's keys in a bucket of `bins` exceed it with probability below 2^-58 (Bernstein, with μ keys on average). */
function tagCountOf(sizes: SetSizes, binCount: number, bins: number): number {
  const mean = ceilDivide(sizes.sender * bins, binCount);
  return Math.min(sizes.sender, mean + 14 + ceilSqrt(81 * mean + 183));
}

/** ⌈a/b⌉, exact for integers up to 2^53: the division that is done has no remainder. */
export function ceilDivide(a: number, b: number): number {
  return (a + ((b - (a % b)) % b)) / b;
}

/** ⌈√x⌉ of an integer below 2^52. */
function ceilSqrt(x: number): number {
  let root = Math.floor(Math.sqrt(x));
  while (root * root < x) root += 1;
  while (root > 0 && (root - 1) * (root - 1) >= x) root -= 1;
  return root;
}

/** ⌈log₂ x⌉ of an integer from 1 to 2^53. */
function ceilLog2(x: number): number {
  let bits = 0;
  for (let power = 1; power < x; power *= 2) bits += 1;
  return bits;
}
