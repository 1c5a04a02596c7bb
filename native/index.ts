/** What does the bulk arithmetic on this machine: chosen once, named everywhere. */
import { availableParallelism } from 'node:os';
import type { KernelName } from '@causeway/core/group';
import { loadAddon } from './addon.ts';
import type { KernelHandle } from './kernel-handle.ts';
import { NativeKernel } from './native-kernel.ts';
import { WasmPool } from './wasm/pool.ts';

export type { KernelHandle } from './kernel-handle.ts';
export { systemRandom } from './system-random.ts';

/** Those that this machine can run, the fastest first. */
export function availableKernels(): readonly KernelName[] {
  return [...(loadAddon()?.classes ?? []), 'wasm'];
}

/**
 * Opens the kernel of this machine: the best class that the native one has for its processor, or WebAssembly where it was not compiled.
 * @param options.threads by default one for each core.
 * @param options.kernel a slower one, on purpose.
 * @throws {RangeError} for a kernel that this machine cannot run.
 */
export function openKernel(options: { threads?: number; kernel?: KernelName } = {}): KernelHandle {
  const threads = options.threads ?? availableParallelism();
  const available = availableKernels();
  const name = options.kernel ?? available[0]!;
  if (!available.includes(name)) throw new RangeError(`expected a kernel of ${available.join(', ')}, got ${name}`);
  const native = loadAddon();
  if (name === 'wasm' || native === undefined) return new WasmPool(threads, native?.distrusted);
  return new NativeKernel(native.addon, { by: name, threads, distrusted: native.distrusted });
}
