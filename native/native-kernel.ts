/** The kernel port on the native library: batches are cut in pieces there, and computed on threads of its own. */
import { checkRows, type RowShape } from '@causeway/core/bytes';
import {
  type BlindRequest,
  type CompositesRequest,
  type EvaluateRequest,
  type FinalizeRequest,
  GroupError,
  type MultiplyRequest,
  type PrfRequest,
  ristretto255,
} from '@causeway/core/group';
import type { RandomSource } from '@causeway/core/random';
import type { Addon, CpuClass, GroupFault, Pool } from './addon.ts';
import type { KernelHandle } from './kernel-handle.ts';

export interface NativeKernelOptions {
  readonly cpuClass: CpuClass;
  readonly threads: number;
  /** Better classes that gave wrong answers. */
  readonly distrusted?: readonly CpuClass[];
}

export class NativeKernel implements KernelHandle {
  readonly name: CpuClass;
  readonly distrusted: readonly CpuClass[];
  readonly #library: Addon;
  readonly #pool: Pool;
  #closed = false;

  constructor(library: Addon, { cpuClass, threads, distrusted = [] }: NativeKernelOptions) {
    this.name = cpuClass;
    this.distrusted = distrusted;
    this.#library = library;
    this.#pool = library.openPool(threads);
  }

  async blind({ keys, prefix, dst, scalar }: BlindRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(scalar);
    return rowsOf(await this.#library.blind(this.#open, this.name, keys, prefix, dst, scalar));
  }

  async evaluate({ points, scalar, tag }: EvaluateRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(scalar);
    return rowsOf(await this.#library.evaluate(this.#open, this.name, points, scalar, tag.context, tag.bytes));
  }

  async multiply({ points, scalar }: MultiplyRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(scalar);
    return rowsOf(await this.#library.multiply(this.#open, this.name, points, scalar));
  }

  async finalize({ keys, prefix, points, bytes }: FinalizeRequest): Promise<Uint8Array> {
    return this.#library.finalize(this.#open, this.name, keys, prefix, points, bytes);
  }

  async prf({ keys, prefix, dst, scalar, bytes }: PrfRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(scalar);
    return rowsOf(await this.#library.prf(this.#open, this.name, keys, prefix, dst, scalar, bytes));
  }

  async composites({ c, d, seed, dst, over, firstIndex = 0 }: CompositesRequest): Promise<Uint8Array> {
    const sums = over === 'both' ? 2 : 1;
    return rowsOf(await this.#library.composites(this.#open, this.name, c, d, seed, dst, sums, firstIndex));
  }

  async sortRows(rows: Uint8Array, shape: RowShape): Promise<Uint8Array> {
    checkRows(rows, shape);
    return this.#library.sortRows(this.#open, rows, shape.rowBytes, shape.keyBytes);
  }

  randomScalar(random: RandomSource): Uint8Array {
    return ristretto255.randomScalar(random);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#library.closePool(this.#pool);
  }

  get #open(): Pool {
    if (this.#closed) throw new Error('the kernel was closed');
    return this.#pool;
  }
}

/** @throws {GroupError} for the first row that is no element, or the identity. */
function rowsOf(result: Uint8Array | GroupFault): Uint8Array {
  if (result instanceof Uint8Array) return result;
  throw new GroupError(result.code, result.index);
}
