/** The arithmetic of psi/vole, in the native library. Without the library there is none: psi/ecdh runs then. */
import { availableParallelism } from 'node:os';
import type { Partition, PartitionRequest, VoleKernel } from '@causeway/core/protocols/psi-vole';
import { type Addon, addon, type CpuClass } from '../addon.ts';
import { openReceiver } from './receiver.ts';
import { openSender } from './sender.ts';
import { type Machine, made } from './session.ts';

export { isVoleRight } from './known-answers.ts';

/** A kernel that holds threads until it is closed. */
export interface VoleKernelHandle extends VoleKernel {
  close(): Promise<void>;
}

export interface VoleKernelOptions {
  /** Worker threads; by default one for each core. */
  readonly threads?: number;
  /** The class to use, never another one; by default the best that this processor has. */
  readonly cpuClass?: CpuClass;
}

/** @returns undefined where the native library was not compiled, or does not load. */
export function openVoleKernel(options: VoleKernelOptions = {}, library = addon): VoleKernelHandle | undefined {
  return library && nativeVole(library, options);
}

function nativeVole(
  library: Addon,
  { threads = availableParallelism(), cpuClass }: VoleKernelOptions,
): VoleKernelHandle {
  const name = cpuClass ?? library.classes[0] ?? 'portable';
  if (!library.classes.includes(name)) throw new RangeError(`this processor does not have the class ${name}`);
  const pool = library.openPool(threads);
  const machine: Machine = { library, pool, cpuClass: name };
  return {
    name,
    partition: async ({ keys, partition, binCount }: PartitionRequest): Promise<Partition> => {
      const [sorted, rows, starts, loads] = made(await library.psiPartition(pool, name, partition, binCount, keys));
      return { keys: sorted!, rows: words(rows!), bucketStarts: words(starts!), binLoads: words(loads!) };
    },
    distinctLoads: async ({ keys, partition, binCount, bucket }) => {
      const [loads] = made(await library.psiLoads(pool, name, partition, binCount, bucket, keys));
      return words(loads!);
    },
    openReceiver: async (session, elements) => openReceiver(machine, session, elements),
    openSender: async (session) => openSender(machine, session),
    close: () => library.closePool(pool),
  };
}

/** The library gives numbers of 32 bits as the bytes that they have in memory. */
function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
