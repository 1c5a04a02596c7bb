/** What the two sides' sessions have in common: public keys and numbers of the run, calls under way, failures in words. */
import { concatBytes } from '@causeway/core/bytes';
import { ProtocolError } from '@causeway/core/protocols';
import {
  bucketShape,
  epochBuckets,
  epochInstances,
  epochOf,
  epochShape,
  publicKey,
  type SessionOptions,
} from '@causeway/core/protocols/psi-vole';
import type { CpuClass, Pool } from '../addon.ts';
import type { Outcome, VoleLibrary } from './library.ts';

/** The library, its threads, and the class of instructions that a session uses. */
export interface Machine {
  readonly library: VoleLibrary;
  readonly pool: Pool;
  readonly cpuClass: CpuClass;
}

const seedBytes = 16;
/** Sizes of a VOLE, each of which has a code of its own. */
const voleSizes = [2 ** 13, 2 ** 15, 2 ** 16, 2 ** 17] as const;

export class Session {
  protected readonly machine: Machine;
  protected readonly options: SessionOptions;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(machine: Machine, options: SessionOptions) {
    this.machine = machine;
    this.options = options;
  }

  /** Waits for what was called, and remembers it so that the session is not closed under it. */
  protected async run(call: Promise<Outcome>): Promise<readonly Uint8Array[]> {
    this.#underWay.add(call);
    try {
      return made(await call);
    } finally {
      this.#underWay.delete(call);
    }
  }

  protected async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  /** 16 bytes of the host's randomness: each call makes its own of them. */
  protected seed(): Uint8Array {
    return this.options.random.bytes(seedBytes);
  }

  protected epoch(epoch: number): [number, number, number, number, Uint8Array] {
    const { geometry, run } = this.options;
    const { base, setup } = epochInstances(epoch);
    const keys = concatBytes(publicKey(run, 'ot', setup), publicKey(run, 'ggm', setup), this.seed());
    return [epoch, epochShape(geometry, epoch).voleSize, Number(base), Number(setup), keys];
  }

  protected bucket(bucket: number): [number, number, number, number, number, number, Uint8Array] {
    const { geometry, run } = this.options;
    const { binCount, tagCount, voleSize } = bucketShape(geometry, bucket);
    const labels = ['ot', 'ggm', 'tag'] as const;
    const keys = concatBytes(...labels.map((label) => publicKey(run, label, BigInt(bucket))), this.seed());
    return [bucket, epochOf(bucket), bucket % epochBuckets, binCount, tagCount, voleSize, keys];
  }

  protected outputsOf(epoch: number): number {
    return epochShape(this.options.geometry, epoch).voleSize;
  }
}

/** What opens a session in the library. */
export function sessionArguments(
  { cpuClass }: Machine,
  { geometry, run, partition }: SessionOptions,
): [CpuClass, number, Uint8Array, number, number] {
  const hashes = (['row', 'dense', 'value'] as const).map((label) => publicKey(run, label));
  const codes = voleSizes.map((size) => publicKey(run, 'code', BigInt(size)));
  const keys = concatBytes(...hashes, ...codes, partition);
  return [cpuClass, geometry.form === 'low' ? 1 : 0, keys, geometry.binCount, geometry.tagBits];
}

/** @throws {ProtocolError} `malformed-message` for what a peer did; {RangeError} for what the caller did. */
export function made(outcome: Outcome): readonly Uint8Array[] {
  if (typeof outcome !== 'number') return outcome;
  switch (outcome) {
    case 1:
      throw new RangeError('a stage of a bucket or an epoch was called out of order');
    case 2:
      throw new RangeError("the bucket's keys are not its own, or are too many");
    case 4:
      throw new ProtocolError('malformed-message', "the partner's choices differ from column to column");
    default:
      throw new ProtocolError('malformed-message', "the partner's tags are not in their one encoding");
  }
}
