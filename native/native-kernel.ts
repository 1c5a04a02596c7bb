/** The kernel port on the native library: batches are cut in pieces there, and computed on threads of its own. */
import { checkRows, type RowShape } from '@causeway/core/bytes';
import {
  BatchKernel,
  type BlindRequest,
  type CompositesRequest,
  type EvaluateRequest,
  type FinalizeRequest,
  GroupError,
  type MultiplyRequest,
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

  finalize(request: FinalizeRequest): Promise<Uint8Array> {
    return new BatchKernel().finalize(request);
  }

  composites(request: CompositesRequest): Promise<Uint8Array> {
    return new BatchKernel().composites(request);
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
