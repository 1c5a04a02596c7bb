/** The compiled library, with types; what JavaScript passes is checked in C++. */
import { createRequire } from 'node:module';
import type { KernelName } from '@causeway/core/group';

/** A class of processor instructions, as the library names them. */
export type CpuClass = Exclude<KernelName, 'wasm'>;

declare const poolBrand: unique symbol;
/** Threads of the library's own. */
export interface Pool {
  readonly [poolBrand]: true;
}

export interface Addon {
  /** Those that this processor has, the best first. */
  readonly classes: readonly CpuClass[];
  openPool(threadCount: number): Pool;
  closePool(pool: Pool): Promise<void>;
  sortRows(pool: Pool, rows: Uint8Array, rowBytes: number, keyBytes: number): Promise<Uint8Array>;
  hashStrings(pool: Pool, cpuClass: CpuClass, prefix: Uint8Array, texts: Uint8Array): Promise<Uint8Array>;
}

/** Undefined where it was not compiled, or does not load on this machine. */
export const addon: Addon | undefined = load();

function load(): Addon | undefined {
  try {
    return createRequire(import.meta.url)('./build/causeway.node') as Addon;
  } catch {
    return undefined;
  }
}
