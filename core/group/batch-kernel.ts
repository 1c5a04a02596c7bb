/**
 * The kernel port on the calling thread: what a worker thread, a simulation and a browser tab run. Many rows go through a module of vectors
 * of our own (simd/) where the engine can run it; few rows, and all elsewhere, one by one through libsodium.
 */
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { ByteWriter, concatBytes, utf8ToBytes } from '../bytes/index.ts';
import type { RandomSource } from '../random/index.ts';
import { expandMessageXmd } from './expand.ts';
import type {
  BlindRequest,
  CompositesRequest,
  EvaluateRequest,
  FinalizeRequest,
  Kernel,
  MultiplyRequest,
  PrfRequest,
} from './kernel.ts';
import {
  add,
  checkSecretScalar,
  elementBytes,
  fromUniformBytes,
  hashToScalar,
  multiply,
  randomScalar,
} from './ristretto255.ts';
import { RowMultiplier } from './simd/index.ts';

/** Bytes of a match key. */
const keyBytes = 16;
const uniformBytes = 64;
/** Rows of a call from which on writing the module, once, is worth it. */
const manyRows = 256;

/** Undefined until it is first wanted, null where the engine cannot run it. One for all kernels of a thread: a call ends before the next begins. */
let opened: RowMultiplier | null | undefined;

export class BatchKernel implements Kernel {
  readonly name = 'wasm';
  readonly #vectors: boolean;

  /** @param options without `vectors` everything is computed by libsodium: what tests and measurements compare with. */
  constructor({ vectors = true }: { readonly vectors?: boolean } = {}) {
    this.#vectors = vectors;
  }

  async blind({ keys, prefix, dst, scalar }: BlindRequest): Promise<Uint8Array> {
    checkSecretScalar(scalar);
    const count = keys.length / keyBytes;
    const multiplier = this.#multiplierFor(count);
    const rowBytes = multiplier ? uniformBytes : elementBytes;
    const rows = new Uint8Array(count * rowBytes);
    const message = new Uint8Array(prefix.length + keyBytes);
    message.set(prefix);
    for (let i = 0; i < count; i++) {
      message.set(keys.subarray(i * keyBytes, (i + 1) * keyBytes), prefix.length);
      const uniform = expandMessageXmd(message, dst, uniformBytes);
      rows.set(multiplier ? uniform : multiply(scalar, fromUniformBytes(uniform), i), i * rowBytes);
    }
    return multiplier ? multiplier.multiplyUniform(rows, scalar) : rows;
  }

  async evaluate({ points, scalar, tag }: EvaluateRequest): Promise<Uint8Array> {
    const products = await this.multiply({ points, scalar });
    const count = points.length / elementBytes;
    const tags = new Uint8Array(count * tag.bytes);
    const message = new Uint8Array(tag.context.length + elementBytes);
    message.set(tag.context);
    for (let i = 0; i < count; i++) {
      message.set(products.subarray(i * elementBytes, (i + 1) * elementBytes), tag.context.length);
      tags.set(sha256(message).subarray(0, tag.bytes), i * tag.bytes);
    }
    return tags;
  }

  async multiply({ points, scalar }: MultiplyRequest): Promise<Uint8Array> {
    checkSecretScalar(scalar);
    const multiplier = this.#multiplierFor(points.length / elementBytes);
    if (multiplier) return multiplier.multiplyEncodings(points, scalar);
    const products = new Uint8Array(points.length);
    for (let i = 0, at = 0; at < points.length; i++, at += elementBytes) {
      products.set(multiply(scalar, points.subarray(at, at + elementBytes), i), at);
    }
    return products;
  }

  async finalize({ keys, prefix, points, bytes }: FinalizeRequest): Promise<Uint8Array> {
    const count = keys.length / keyBytes;
    const outputs = new Uint8Array(count * bytes);
    // I2OSP(length, 2) ‖ input ‖ I2OSP(32, 2) ‖ element ‖ "Finalize"
    const message = new ByteWriter()
      .u16(prefix.length + keyBytes)
      .raw(prefix)
      .raw(new Uint8Array(keyBytes))
      .u16(elementBytes)
      .raw(new Uint8Array(elementBytes))
      .raw(utf8ToBytes('Finalize'))
      .finish();
    const [keyAt, pointAt] = [2 + prefix.length, 2 + prefix.length + keyBytes + 2];
    for (let i = 0; i < count; i++) {
      message.set(keys.subarray(i * keyBytes, (i + 1) * keyBytes), keyAt);
      message.set(points.subarray(i * elementBytes, (i + 1) * elementBytes), pointAt);
      outputs.set(sha512(message).subarray(0, bytes), i * bytes);
    }
    return outputs;
  }

  async prf({ bytes, ...request }: PrfRequest): Promise<Uint8Array> {
    const { keys, prefix } = request;
    return this.finalize({ keys, prefix, points: await this.blind(request), bytes });
  }

  async composites({ c, d, seed, dst, over, firstIndex = 0 }: CompositesRequest): Promise<Uint8Array> {
    const count = c.length / elementBytes;
    if (count === 0) throw new RangeError('a proof needs at least one pair of elements');
    const lists = over === 'both' ? [c, d] : [c];
    const sums: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      const row = (elements: Uint8Array) => elements.subarray(i * elementBytes, (i + 1) * elementBytes);
      const weight = hashToScalar(weightInput(seed, firstIndex + i, { c: row(c), d: row(d) }), dst);
      for (const [k, elements] of lists.entries()) {
        const term = multiply(weight, row(elements), i);
        sums[k] = sums[k] ? add(sums[k], term) : term;
      }
    }
    return concatBytes(...sums);
  }

  randomScalar(random: RandomSource): Uint8Array {
    return randomScalar(random);
  }

  #multiplierFor(rowCount: number): RowMultiplier | undefined {
    if (!this.#vectors || rowCount < manyRows) return undefined;
    if (opened === undefined) opened = RowMultiplier.open() ?? null;
    return opened ?? undefined;
  }
}

/** What row `index` of a batch hashes to its weight (RFC 9497 §2.2.1, compositeTranscript). */
export function weightInput(
  seed: Uint8Array,
  index: number,
  { c, d }: { readonly c: Uint8Array; readonly d: Uint8Array },
): Uint8Array {
  return new ByteWriter()
    .u16(seed.length)
    .raw(seed)
    .u16(index)
    .u16(c.length)
    .raw(c)
    .u16(d.length)
    .raw(d)
    .raw(utf8ToBytes('Composite'))
    .finish();
}
