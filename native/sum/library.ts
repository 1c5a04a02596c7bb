/** The functions of the native library that work for join/sum; what JavaScript passes is checked in C++. */
import type { CpuClass, GroupFault, Pool } from '../addon.ts';

export interface SumLibrary {
  /** (rG, rX + bG) for each bit, r being scalar `firstRow` + i of the seed. */
  sumEncrypt(
    pool: Pool,
    cpuClass: CpuClass,
    publicKey: Uint8Array,
    seed: Uint8Array,
    firstRow: number,
    bits: Uint8Array,
  ): Promise<Uint8Array>;
  /** `cells` are 16-bit, `weights` doubles in the machine's order; `weightBits` bounds each weight's absolute value. */
  sumRows(
    pool: Pool,
    cpuClass: CpuClass,
    ciphertexts: Uint8Array,
    groupCount: number,
    cellCount: number,
    cells: Uint8Array,
    slotCount: number,
    weights: Uint8Array,
    weightBits: Uint8Array,
  ): Promise<Uint8Array | GroupFault>;
  sumGate(
    pool: Pool,
    cpuClass: CpuClass,
    publicKey: Uint8Array,
    sums: Uint8Array,
    /** How far below zero the tested values begin. */
    belowZero: number,
    counts: Uint8Array,
    length: number,
    seeds: Uint8Array,
  ): Promise<Uint8Array | GroupFault>;
  /** A table of 0·G to 2^bits·G. */
  sumLogTable(pool: Pool, cpuClass: CpuClass, bits: number): Promise<Uint8Array>;
  /** `bounds` are pairs of 64-bit integers; a double for each point, NaN where there is none. */
  sumLogs(
    pool: Pool,
    cpuClass: CpuClass,
    bits: number,
    table: Uint8Array,
    points: Uint8Array,
    bounds: Uint8Array,
  ): Promise<Uint8Array | GroupFault>;
}
