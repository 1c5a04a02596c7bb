/** What does the bulk arithmetic on this machine: chosen once, tried once, named everywhere. */
import { availableParallelism } from 'node:os';
import { addon, type CpuClass } from './addon.ts';
import type { KernelHandle } from './kernel-handle.ts';
import { isRight } from './known-answers.ts';
import { NativeKernel } from './native-kernel.ts';
import { WasmPool } from './wasm/pool.ts';

export { addon } from './addon.ts';
export type { KernelHandle } from './kernel-handle.ts';
export { openRowKernel, type RowKernel } from './row-kernel.ts';
export { systemRandom } from './system-random.ts';
export { openVoleKernel, type VoleKernelHandle, type VoleKernelOptions } from './vole/index.ts';

export interface KernelOptions {
  /** Worker threads; by default one for each core. */
  readonly threads?: number;
  /** The class to use, and no other; by default the best that this processor has and that gives the known answers. */
  readonly kernel?: CpuClass | 'wasm';
}

/**
 * Opens the kernel of this machine: the native library's best class, or WebAssembly where there is none.
 * @throws {RangeError} for a class that is named and not there, or does not give the known answers.
 */
export async function openKernel(options: KernelOptions = {}): Promise<KernelHandle> {
  const threads = options.threads ?? availableParallelism();
  if (options.kernel === 'wasm') return new WasmPool(threads);
  const classes = addon?.classes ?? [];
  const wanted = options.kernel === undefined ? classes : classes.filter((name) => name === options.kernel);
  for (const cpuClass of wanted) {
    const kernel = new NativeKernel(addon!, { cpuClass, threads });
    if (await isRight(kernel)) return kernel;
    await kernel.close();
  }
  if (options.kernel !== undefined)
    throw new RangeError(`the kernel ${options.kernel} is not there, or fails its test`);
  return new WasmPool(threads);
}
