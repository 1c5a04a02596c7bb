/** The kernel port on the compiled addon. */
import {
  type BlindRequest,
  type EvaluateRequest,
  GroupError,
  type MultiplyRequest,
  ristretto255,
} from '@causeway/core/group';
import type { RandomSource } from '@causeway/core/random';
import type { Addon, Fault, NativeClass, PoolHandle } from './addon.ts';
import type { KernelHandle } from './kernel-handle.ts';

export class NativeKernel implements KernelHandle {
  readonly name: NativeClass;
  readonly distrusted: readonly NativeClass[];
  readonly #addon: Addon;
  readonly #pool: PoolHandle;
  #closing: Promise<void> | undefined;

  /** @param options.by the class of processor to compute as. */
  constructor(
    addon: Addon,
    options: { readonly by: NativeClass; readonly threads: number; readonly distrusted: readonly NativeClass[] },
  ) {
    this.#addon = addon;
    this.name = options.by;
    this.distrusted = options.distrusted;
    this.#pool = addon.openPool(options.threads);
  }

  async blind({ keys, prefix, dst, scalar }: BlindRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(scalar);
    return rowsOf(await this.#addon.blind(this.#pool, this.name, keys, prefix, dst, scalar));
  }

  async evaluate({ points, scalar, tag }: EvaluateRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(scalar);
    return rowsOf(await this.#addon.evaluate(this.#pool, this.name, points, scalar, tag.context, tag.bytes));
  }

  async multiply({ points, scalar }: MultiplyRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(scalar);
    return rowsOf(await this.#addon.multiply(this.#pool, this.name, points, scalar));
  }

  randomScalar(random: RandomSource): Uint8Array {
    return ristretto255.randomScalar(random);
  }

  close(): Promise<void> {
    this.#closing ??= this.#addon.closePool(this.#pool);
    return this.#closing;
  }
}

function rowsOf(result: Uint8Array | Fault): Uint8Array {
  if (result instanceof Uint8Array) return result;
  throw new GroupError(result.code, result.index);
}
