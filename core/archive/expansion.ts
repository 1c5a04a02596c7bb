/** When an archive unpacks to far more than it holds [F13]. */

export const expansionLimits = {
  /** Unpacked to packed; not looked at before `expandedBytesFree`. */
  expansionRatio: 100,
  expandedBytesFree: 100 * 1024 * 1024,
  expandedBytes: 1024 ** 4,
} as const;

/** Which limit it is past: the one on the ratio, or the one on the bytes. */
export type ExpansionFault = 'ratio' | 'bytes';

/** Called after each chunk with what came out so far. @param packedBytes of the same entry, whole. */
export function expansionFault(packedBytes: number, unpackedBytes: number): ExpansionFault | undefined {
  if (unpackedBytes > expansionLimits.expandedBytes) return 'bytes';
  if (unpackedBytes <= expansionLimits.expandedBytesFree) return undefined;
  return unpackedBytes > packedBytes * expansionLimits.expansionRatio ? 'ratio' : undefined;
}
