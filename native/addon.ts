/** The compiled library, with types; what JavaScript passes is checked in C++. */
import { createRequire } from 'node:module';
import type { KernelName } from '@causeway/core/group';
import type { SumLibrary } from './sum/library.ts';
import type { VoleLibrary } from './vole/library.ts';

/** A class of processor instructions, as the library names them. */
export type CpuClass = Exclude<KernelName, 'wasm'>;

declare const poolBrand: unique symbol;
/** Threads of the library's own. */
export interface Pool {
  readonly [poolBrand]: true;
}

/** The first row of a batch that is no element, or the identity. */
export interface GroupFault {
  readonly code: 'malformed-point' | 'identity';
  readonly index: number;
}

export interface Addon extends SumLibrary, VoleLibrary {
  /** Those that this processor has, the best first. */
  readonly classes: readonly CpuClass[];
  openPool(threadCount: number): Pool;
  closePool(pool: Pool): Promise<void>;
  blind(
    pool: Pool,
    cpuClass: CpuClass,
    keys: Uint8Array,
    prefix: Uint8Array,
    dst: Uint8Array,
    scalar: Uint8Array,
  ): Promise<Uint8Array>;
  evaluate(
    pool: Pool,
    cpuClass: CpuClass,
    points: Uint8Array,
    scalar: Uint8Array,
    context: Uint8Array,
    tagBytes: number,
  ): Promise<Uint8Array | GroupFault>;
  /** scalar · point of encodings. */
  multiply(pool: Pool, cpuClass: CpuClass, points: Uint8Array, scalar: Uint8Array): Promise<Uint8Array | GroupFault>;
  /** scalar · the element of 64 uniform bytes each (RFC 9496 §4.3.4), for inputs that were hashed elsewhere. */
  multiplyMapped(
    pool: Pool,
    cpuClass: CpuClass,
    uniform: Uint8Array,
    scalar: Uint8Array,
  ): Promise<Uint8Array | GroupFault>;
  /** The first bytes of Finalize's hash for each key and its element (RFC 9497 §3.3.1). */
  finalize(
    pool: Pool,
    cpuClass: CpuClass,
    keys: Uint8Array,
    prefix: Uint8Array,
    points: Uint8Array,
    outputBytes: number,
  ): Promise<Uint8Array>;
  /** The first bytes of the function's output for each key (RFC 9497 §3.3.1, Evaluate). */
  prf(
    pool: Pool,
    cpuClass: CpuClass,
    keys: Uint8Array,
    prefix: Uint8Array,
    dst: Uint8Array,
    scalar: Uint8Array,
    outputBytes: number,
  ): Promise<Uint8Array | GroupFault>;
  /** Weighted sums over `c`, and over `d` as well where two are wanted (RFC 9497 §2.2.1). */
  composites(
    pool: Pool,
    cpuClass: CpuClass,
    c: Uint8Array,
    d: Uint8Array,
    seed: Uint8Array,
    dst: Uint8Array,
    sumCount: 1 | 2,
    firstIndex: number,
  ): Promise<Uint8Array | GroupFault>;
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
