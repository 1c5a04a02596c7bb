/** The port on the calling thread, ciphertext by ciphertext over libsodium: what tests compare with, and what runs without the native library. */
import { concatBytes, equalBytes } from '../../bytes/index.ts';
import { elementBytes, ristretto255 as group, scalarBytes } from '../../group/index.ts';
import { encrypt, identity, pointOf, product, scalarOf } from './elgamal.ts';
import {
  type EncryptRequest,
  type GateRequest,
  type LogRequest,
  noCell,
  type SumKernel,
  type SumRequest,
} from './kernel.ts';
import { ciphertextBytes } from './parameters.ts';
import { rowScalar, seedBytes } from './run-seed.ts';

/** A table of baby steps takes as many additions as its giant steps: 2^13 of each take a second. */
const logRangeMax = 2 ** 26;

export class ReferenceSumKernel implements SumKernel {
  readonly name = 'wasm';
  readonly logRangeMax = logRangeMax;
  /** Multiples of G below the table's size, by their encoding: made for the largest range that was asked for. */
  #steps = new Map<string, number>();

  async encryptBits({ publicKey, seed, firstRow, bits }: EncryptRequest): Promise<Uint8Array> {
    const rows = new Uint8Array(bits.length * ciphertextBytes);
    for (const [i, bit] of bits.entries()) {
      rows.set(encrypt(publicKey, BigInt(bit), rowScalar(seed, firstRow + i)), i * ciphertextBytes);
    }
    return rows;
  }

  async sumRows(request: SumRequest): Promise<Uint8Array> {
    const { ciphertexts, groupCount, cellCount, cells, slotCount, weights, weightMax } = request;
    const weightCount = weightMax.length;
    const measureCount = 1 + weightCount;
    const sums = new Uint8Array(groupCount * cellCount * measureCount * ciphertextBytes);
    const add = (index: number, half: number, term: Uint8Array) => {
      const at = index * ciphertextBytes + half * elementBytes;
      const sum = sums.subarray(at, at + elementBytes);
      sums.set(group.add(sum, term), at);
    };
    const rowCount = ciphertexts.length / (groupCount * ciphertextBytes);
    for (let number = 0; number < rowCount * groupCount; number++) {
      const row = Math.floor(number / groupCount);
      for (const half of [0, 1]) {
        const at = number * ciphertextBytes + half * elementBytes;
        const element = ciphertexts.subarray(at, at + elementBytes);
        group.checkElement(element, number);
        for (const cell of cells.subarray(row * slotCount, (row + 1) * slotCount)) {
          if (cell === noCell) continue;
          const first = ((number % groupCount) * cellCount + cell) * measureCount;
          add(first, half, element);
          for (let w = 0; w < weightCount; w++) {
            const weight = scalarOf(BigInt(weights[row * weightCount + w]!));
            add(first + 1 + w, half, product(weight, element));
          }
        }
      }
    }
    return sums;
  }

  async gateTests({ publicKey, sums, low, counts, length, seeds }: GateRequest): Promise<Uint8Array> {
    const tests: Uint8Array[] = [];
    for (const [i, count] of counts.entries()) {
      const sum = sums.subarray(i * ciphertextBytes, (i + 1) * ciphertextBytes);
      const seed = seeds.subarray(i * seedBytes, (i + 1) * seedBytes);
      for (let j = 0; j < length; j++) {
        const [rho, r] = [rowScalar(seed, 2 * j), rowScalar(seed, 2 * j + 1)];
        const difference = group.subtract(sum.subarray(elementBytes), pointOf(BigInt(low + j)));
        const [first, second] =
          j < count
            ? [product(rho, sum.subarray(0, elementBytes)), product(rho, difference)]
            : [identity, group.multiplyBase(rho)];
        tests.push(group.add(group.multiplyBase(r), first), group.add(group.multiply(r, publicKey), second));
      }
    }
    return concatBytes(...tests);
  }

  async logs({ points, low, high }: LogRequest): Promise<Float64Array> {
    const values = new Float64Array(low.length).fill(Number.NaN);
    for (let i = 0; i < values.length; i++) {
      const range = high[i]! - low[i]!;
      if (range > logRangeMax) throw new RangeError(`expected a range of at most ${logRangeMax}, got ${range}`);
      const steps = this.#stepsFor(Math.ceil(Math.sqrt(range + 1)));
      const stride = pointOf(BigInt(steps.size));
      const point = points.subarray(i * elementBytes, (i + 1) * elementBytes);
      if (!equalBytes(point, identity)) group.checkElement(point, i);
      let rest = group.subtract(point, pointOf(BigInt(low[i]!)));
      for (let offset = 0; offset <= range; offset += steps.size) {
        const step = steps.get(key(rest));
        if (step !== undefined && offset + step <= range) {
          values[i] = low[i]! + offset + step;
          break;
        }
        rest = group.subtract(rest, stride);
      }
    }
    return values;
  }

  #stepsFor(count: number): ReadonlyMap<string, number> {
    if (this.#steps.size >= count) return this.#steps;
    const steps = new Map<string, number>();
    let multiple = identity;
    for (let i = 0; i < count; i++) {
      steps.set(key(multiple), i);
      multiple = group.add(multiple, group.generator);
    }
    this.#steps = steps;
    return steps;
  }
}

function key(element: Uint8Array): string {
  return String.fromCharCode(...element.subarray(0, scalarBytes / 2));
}
