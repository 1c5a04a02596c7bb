/** What does the bulk arithmetic on this machine: chosen once, named everywhere. */
import { availableParallelism } from 'node:os';
import { WasmPool } from './wasm/pool.ts';

export { openRowKernel, type RowKernel } from './row-kernel.ts';
export { systemRandom } from './system-random.ts';
export type { KernelHandle } from './wasm/pool.ts';

/**
 * Opens the kernel of this machine.
 * @param options.threads worker threads; by default one for each core.
 */
export function openKernel(options: { threads?: number } = {}): WasmPool {
  return new WasmPool(options.threads ?? availableParallelism());
}
