/** A list that is kept in memory: for tests, measurements, and lists that fit. */
import { blockBytes } from '../binding.ts';
import type { Partition, VoleKernel } from '../kernel.ts';
import { overflows } from '../loads.ts';
import type { Role } from '../messages.ts';
import type { BucketedList } from '../perform.ts';
import type { RunContext } from '../run.ts';

export class MemoryList implements BucketedList {
  readonly #role: Role;
  readonly #kernel: VoleKernel;
  readonly #keys: Uint8Array;
  readonly #matched: Uint8Array;
  #cut: Partition | undefined;

  /** @param keys 16 bytes each, packed, repeated or not. */
  constructor(role: Role, kernel: VoleKernel, keys: Uint8Array) {
    this.#role = role;
    this.#kernel = kernel;
    this.#keys = keys;
    this.#matched = new Uint8Array(keys.length / blockBytes);
  }

  async partition({ geometry, partition }: RunContext): Promise<{ overflow: boolean }> {
    const request = { partition, binCount: geometry.binCount };
    this.#cut = await this.#kernel.partition({ ...request, keys: this.#keys });
    const distinct = async (bucket: number) =>
      this.#kernel.distinctLoads({ ...request, bucket, keys: await this.keys(bucket) });
    return { overflow: await overflows(this.#role, geometry, { bins: this.#cut.binLoads, distinct }) };
  }

  async keys(bucket: number): Promise<Uint8Array> {
    const { keys, bucketStarts } = this.#cut!;
    return keys.subarray(bucketStarts[bucket]! * blockBytes, bucketStarts[bucket + 1]! * blockBytes);
  }

  async matched(bucket: number, bits: Uint8Array): Promise<void> {
    const { rows, bucketStarts } = this.#cut!;
    const start = bucketStarts[bucket]!;
    for (let i = 0; i < bucketStarts[bucket + 1]! - start; i++) {
      if ((bits[i >> 3]! >> (i & 7)) & 1) this.#matched[rows[start + i]!] = 1;
    }
  }

  /** For each row of the list whether it matches: 1 or 0. */
  get rows(): Uint8Array {
    return this.#matched;
  }
}
