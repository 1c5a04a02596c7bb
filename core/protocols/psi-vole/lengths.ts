/** How long each bulk message is. Both sides compute it; a message of another length is refused before anything is allocated. */
import { elementBytes } from '../../group/index.ts';
import { baseElementsBytes, baseOtCount } from './base-ot.ts';
import { blockBytes, digestBytes } from './binding.ts';
import { type Bulk, type Mode, pieceBytesMax, pieceOverheadBytes } from './messages.ts';
import {
  binColumns,
  bucketShape,
  ceilDivide,
  epochShape,
  type Form,
  type Geometry,
  treeCount,
  treeDepth,
} from './parameters.ts';

/** @param number of the epoch or bucket. @returns bytes of the whole message, before it is cut into pieces. */
export function bulkBytes(geometry: Geometry, type: Bulk, number: number): number {
  switch (type) {
    case 'base-elements':
      return baseElementsBytes;
    case 'base-answer':
      return elementBytes;
    case 'epoch-choices': {
      // A base value is made of one correlated OT for each bit of its field.
      const baseValueOts = treeCount * valueBytes(geometry.form) * 8;
      return (
        extensionBytes(baseValueOts) + extensionBytes(treeCount * treeDepth(epochShape(geometry, number).voleSize))
      );
    }
    case 'epoch-trees':
      return treesBytes(epochShape(geometry, number).voleSize);
    case 'choices':
      return extensionBytes(treeCount * treeDepth(bucketShape(geometry, number).voleSize));
    case 'trees':
      return treesBytes(bucketShape(geometry, number).voleSize);
    case 'okvs':
      return bucketShape(geometry, number).binCount * binColumns * valueBytes(geometry.form);
    case 'tags':
      return tagsBytes(bucketShape(geometry, number).tagCount, geometry.tagBits);
    case 'match':
      return ceilDivide(bucketShape(geometry, number).tagCount, 8);
  }
}

/** @returns how many pieces a bulk message of so many bytes is cut into. */
export function pieceCount(bytes: number): number {
  return ceilDivide(bytes, pieceBytesMax);
}

/** Bytes of a value of the receiver's vectors. */
export function valueBytes(form: Form): number {
  return form === 'fast' ? 16 : 8;
}

/**
 * All that the bulk messages of an uninterrupted run put on the wire, exactly; hello, open and done add {@link smallBytesMax} at most.
 * @returns bytes that each role sends.
 */
export function wireBytes(geometry: Geometry, mode: Mode): { readonly receiver: number; readonly sender: number } {
  const { epochCount, bucketCount } = geometry;
  const sum = (types: readonly Bulk[], count: number) => {
    let bytes = 0;
    for (const type of types)
      for (let number = 0; number < count; number++) bytes += framedBytes(geometry, type, number);
    return bytes;
  };
  const fromReceiver = ['choices', 'okvs', ...(mode === 'both-learn' ? ['match' as const] : [])] as const;
  return {
    receiver: sum(['base-answer'], 1) + sum(['epoch-choices'], epochCount) + sum(fromReceiver, bucketCount),
    sender: sum(['base-elements'], 1) + sum(['epoch-trees'], epochCount) + sum(['trees', 'tags'], bucketCount),
  };
}

/** Bytes that hello, open and done of both sides take together, at most. */
export const smallBytesMax = 1024;

function framedBytes(geometry: Geometry, type: Bulk, number: number): number {
  const bytes = bulkBytes(geometry, type, number);
  return bytes + pieceCount(bytes) * pieceOverheadBytes;
}

/** For each base OT a bit for each extended one, and for each of 128 that hide these in the proof; then the proof: a block and a digest. */
function extensionBytes(otCount: number): number {
  return baseOtCount * ceilDivide(otCount + baseOtCount, 8) + blockBytes + digestBytes;
}

/** For each tree two sums a level, and one more block that plants its value. */
function treesBytes(voleSize: number): number {
  return treeCount * (2 * treeDepth(voleSize) + 1) * blockBytes;
}

/** Elias–Fano: M values below 2^ℓ, ascending. The low ℓ − h bits of each, then M ones among 2^h zeroes, with h = ⌊log₂ M⌋. */
function tagsBytes(tagCount: number, tagBits: number): number {
  const high = 31 - Math.clz32(tagCount);
  return ceilDivide((tagBits - high) * tagCount, 8) + ceilDivide(tagCount + 2 ** high, 8);
}
