/** The arithmetic of join/sum, in the native library. Without the library there is none: the protocol does not run then. */
import { availableParallelism } from 'node:os';
import { GroupError, ristretto255 } from '@causeway/core/group';
import {
  type EncryptRequest,
  figureMax,
  type GateRequest,
  type LogRequest,
  ReferenceSumKernel,
  rowScalar,
  type SumKernel,
  type SumRequest,
} from '@causeway/core/protocols/join-sum';
import { type Addon, addon, type CpuClass, type GroupFault, type Pool } from '../addon.ts';

/** A kernel that holds threads until it is closed. */
export interface SumKernelHandle extends SumKernel {
  close(): Promise<void>;
}

export interface SumKernelOptions {
  /** Worker threads; by default one for each core. */
  readonly threads?: number;
  /** The class to use, never another one; by default the best that this processor has. */
  readonly cpuClass?: CpuClass;
}

/** @returns undefined where the native library was not compiled, or does not load. */
export function openSumKernel(options: SumKernelOptions = {}, library = addon): SumKernelHandle | undefined {
  return library && new NativeSumKernel(library, options);
}

/** Rows of the trial: more than fill a vector, and a number that fills none. */
const trialRows = 21;

/** Whether the kernel gives the reference's answers to a small trial of everything that it does. */
export async function isSumRight(kernel: SumKernel): Promise<boolean> {
  const [tried, expected] = await Promise.all([answersOf(kernel), answersOf(new ReferenceSumKernel())]);
  return tried.every((answer, i) => Buffer.from(answer).equals(expected[i]!));
}

async function answersOf(kernel: SumKernel): Promise<Uint8Array[]> {
  const seed = new Uint8Array(32).fill(5);
  const publicKey = ristretto255.multiplyBase(rowScalar(seed, 0));
  const bits = Uint8Array.from({ length: trialRows }, (_, i) => i & 1);
  const ciphertexts = await kernel.encryptBits({ publicKey, seed, firstRow: 1, bits });
  const sums = await kernel.sumRows({
    ciphertexts,
    groupCount: 1,
    cellCount: 2,
    cells: Uint16Array.from({ length: trialRows }, (_, i) => i % 2),
    slotCount: 1,
    weights: Float64Array.from({ length: trialRows }, (_, i) => 37 * i - 100),
    weightMax: [1000],
  });
  const counts = Uint16Array.of(3, 2, 3, 1);
  const gate = { publicKey, sums, low: -1, counts, length: 3, seeds: sums.slice(0, 32 * counts.length) };
  const logs = await kernel.logs({
    points: ristretto255.multiplyBase(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 200 : 0))),
    low: Float64Array.of(-90),
    high: Float64Array.of(1000),
  });
  return [ciphertexts, sums, await kernel.gateTests(gate), bytesOf(logs)];
}

const logBits = { min: 4, max: 22 };

class NativeSumKernel implements SumKernelHandle {
  readonly name: CpuClass;
  readonly logRangeMax = 2 * figureMax;
  readonly #library: Addon;
  readonly #pool: Pool;
  /** The largest table that was needed: up to 64 MiB, dropped with the kernel. */
  #table: { readonly bits: number; readonly words: Uint8Array } | undefined;

  constructor(library: Addon, { threads = availableParallelism(), cpuClass }: SumKernelOptions) {
    this.name = cpuClass ?? library.classes[0] ?? 'portable';
    if (!library.classes.includes(this.name)) {
      throw new RangeError(`this processor does not have the class ${this.name}`);
    }
    this.#library = library;
    this.#pool = library.openPool(threads);
  }

  encryptBits({ publicKey, seed, firstRow, bits }: EncryptRequest): Promise<Uint8Array> {
    return this.#library.sumEncrypt(this.#pool, this.name, publicKey, seed, firstRow, bits);
  }

  async sumRows(request: SumRequest): Promise<Uint8Array> {
    const { ciphertexts, groupCount, cellCount, cells, slotCount, weights, weightMax } = request;
    const bits = weightMax.map((largest) => Math.ceil(Math.log2(largest + 1)));
    return resultOf(
      await this.#library.sumRows(
        this.#pool,
        this.name,
        ciphertexts,
        groupCount,
        cellCount,
        bytesOf(cells),
        slotCount,
        bytesOf(weights),
        Uint8Array.from(bits),
      ),
    );
  }

  async gateTests({ publicKey, sums, low, counts, length, seeds }: GateRequest): Promise<Uint8Array> {
    return resultOf(
      await this.#library.sumGate(this.#pool, this.name, publicKey, sums, -low, bytesOf(counts), length, seeds),
    );
  }

  async logs({ points, low, high }: LogRequest): Promise<Float64Array> {
    const ranges = low.reduce((sum, bound, i) => sum + (high[i]! - bound), 0);
    const { bits, words } = await this.#tableFor(ranges);
    const bounds = new BigInt64Array(2 * low.length);
    for (let i = 0; i < low.length; i++) {
      bounds[2 * i] = BigInt(low[i]!);
      bounds[2 * i + 1] = BigInt(high[i]!);
    }
    const found = resultOf(await this.#library.sumLogs(this.#pool, this.name, bits, words, points, bytesOf(bounds)));
    return new Float64Array(found.buffer, found.byteOffset, low.length);
  }

  close(): Promise<void> {
    this.#table = undefined;
    return this.#library.closePool(this.#pool);
  }

  /** As large a table as takes about as long to make as all the searches over it: √(ranges / 2). */
  async #tableFor(ranges: number): Promise<{ readonly bits: number; readonly words: Uint8Array }> {
    const wanted = Math.ceil(Math.log2(Math.max(1, ranges / 2)) / 2);
    const bits = Math.min(logBits.max, Math.max(logBits.min, wanted));
    if (!this.#table || this.#table.bits < bits) {
      this.#table = { bits, words: await this.#library.sumLogTable(this.#pool, this.name, bits) };
    }
    return this.#table;
  }
}

/** @throws {GroupError} for the first element that is none, or the identity. */
function resultOf(result: Uint8Array | GroupFault): Uint8Array {
  if (result instanceof Uint8Array) return result;
  throw new GroupError(result.code, result.index);
}

function bytesOf(numbers: Uint16Array | Float64Array | BigInt64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
