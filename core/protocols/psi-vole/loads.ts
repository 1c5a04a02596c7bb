/** Whether a list that was cut fits: asked of both lists before any bucket begins. */
import type { Role } from './messages.ts';
import { binKeysMax, bucketBinsMax, bucketShape, type Geometry } from './parameters.ts';

/** What a list puts into the bins. */
export interface Loads {
  /** Keys in each bin, repeated ones counted again. */
  readonly bins: Uint32Array;
  /** Distinct keys in each bin of a bucket: asked only where repeated ones may make the difference. */
  distinct(bucket: number): Promise<Uint32Array>;
}

/**
 * The receiver's bins hold {@link binKeysMax} distinct keys each, whatever their number; the sender's buckets as many as it sends tags.
 * @returns whether one of them overflows, which happens with probability 2^-42 a run: the lists are then cut anew.
 */
export async function overflows(role: Role, geometry: Geometry, loads: Loads): Promise<boolean> {
  const fits = (bucket: number, bins: Uint32Array) =>
    role === 'receiver'
      ? bins.every((load) => load <= binKeysMax)
      : bins.reduce((sum, load) => sum + load, 0) <= bucketShape(geometry, bucket).tagCount;
  for (let bucket = 0; bucket < geometry.bucketCount; bucket++) {
    const first = bucket * bucketBinsMax;
    if (fits(bucket, loads.bins.subarray(first, first + bucketBinsMax))) continue;
    if (!fits(bucket, await loads.distinct(bucket))) return true;
  }
  return false;
}
