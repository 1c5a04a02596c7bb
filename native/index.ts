/** What does the bulk arithmetic on this machine: chosen once, tried once, named everywhere. */
import { availableParallelism } from 'node:os';
import { type KernelName, kernelNames } from '@causeway/core/group';
import { addon, type CpuClass } from './addon.ts';
import type { KernelHandle } from './kernel-handle.ts';
import { isRight } from './known-answers.ts';
import { NativeKernel } from './native-kernel.ts';
import { isVoleRight, openVoleKernel, type VoleKernelHandle } from './vole/index.ts';
import { WasmPool } from './wasm/pool.ts';

export { addon } from './addon.ts';
export type { KernelHandle } from './kernel-handle.ts';
export { openRowKernel, type RowKernel } from './row-kernel.ts';
export { systemRandom } from './system-random.ts';
export { openVoleKernel, type VoleKernelHandle, type VoleKernelOptions } from './vole/index.ts';

/** Everything that works for the protocols, on one class of instructions. */
export interface Kernels {
  readonly kernel: KernelHandle;
  /** Undefined in WebAssembly. */
  readonly vole: VoleKernelHandle | undefined;
  close(): Promise<void>;
}

export interface KernelOptions {
  /** Worker threads; by default one for each core. */
  readonly threads?: number;
  /** The class to use, and no other; by default the best that this processor has and that gives the known answers. */
  readonly kernel?: KernelName | undefined;
}

/**
 * Opens what {@link openKernel} opens, and beside it what psi/vole computes with, on the same class: one that gives a wrong answer to
 * either is trusted with neither.
 */
export async function openKernels(options: KernelOptions = {}, library = addon): Promise<Kernels> {
  const distrusted: CpuClass[] = [];
  for (;;) {
    const kernel = await openKernel(options, library, distrusted);
    const { name } = kernel;
    const vole = name === 'wasm' ? undefined : openVoleKernel({ ...options, cpuClass: name }, library);
    const close = async () => {
      await Promise.all([kernel.close(), vole?.close()]);
    };
    if (name === 'wasm' || (vole && (await isVoleRight(vole)))) return { kernel, vole, close };
    await close();
    distrusted.push(name);
  }
}

/** The kernel that a person names, as in the environment variable CAUSEWAY_KERNEL. @throws {RangeError} for any other word. */
export function kernelNamed(text: string | undefined): KernelName | undefined {
  if (text === undefined || text === '') return undefined;
  const name = kernelNames.find((known) => known === text);
  if (name === undefined)
    throw new RangeError(`CAUSEWAY_KERNEL: expected one of ${kernelNames.join(', ')}, got ${text}`);
  return name;
}

/**
 * Opens the kernel of this machine: the native library's best class, or WebAssembly where there is none. A class that gives a wrong
 * answer is passed over, and named in `distrusted`.
 * @param without classes that are passed over unasked.
 * @throws {RangeError} for a class that is named and not there, or does not give the known answers.
 */
export async function openKernel(
  options: KernelOptions = {},
  library = addon,
  without: readonly CpuClass[] = [],
): Promise<KernelHandle> {
  const threads = options.threads ?? availableParallelism();
  if (options.kernel === 'wasm') return new WasmPool(threads);
  const classes = library?.classes.filter((name) => !without.includes(name)) ?? [];
  const wanted = options.kernel === undefined ? classes : classes.filter((name) => name === options.kernel);
  const distrusted = [...without];
  for (const cpuClass of wanted) {
    const kernel = new NativeKernel(library!, { cpuClass, threads, distrusted });
    if (await isRight(kernel)) return kernel;
    await kernel.close();
    distrusted.push(cpuClass);
  }
  if (options.kernel !== undefined)
    throw new RangeError(`the kernel ${options.kernel} is not there, or fails its test`);
  return new WasmPool(threads, distrusted);
}
