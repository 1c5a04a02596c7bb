/** The kernel port on the calling thread, row by row over libsodium: what a worker thread, a simulation and a browser tab run. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { RandomSource } from '../random/index.ts';
import type { BlindRequest, EvaluateRequest, Kernel, MultiplyRequest } from './kernel.ts';
import { checkSecretScalar, elementBytes, hashToGroup, multiply, randomScalar } from './ristretto255.ts';

/** Bytes of a match key. */
const keyBytes = 16;

export class BatchKernel implements Kernel {
  readonly name = 'wasm';

  async blind({ keys, prefix, dst, scalar }: BlindRequest): Promise<Uint8Array> {
    checkSecretScalar(scalar);
    const count = keys.length / keyBytes;
    const points = new Uint8Array(count * elementBytes);
    const message = new Uint8Array(prefix.length + keyBytes);
    message.set(prefix);
    for (let i = 0; i < count; i++) {
      message.set(keys.subarray(i * keyBytes, (i + 1) * keyBytes), prefix.length);
      points.set(multiply(scalar, hashToGroup(message, dst), i), i * elementBytes);
    }
    return points;
  }

  async evaluate({ points, scalar, tag }: EvaluateRequest): Promise<Uint8Array> {
    checkSecretScalar(scalar);
    const count = points.length / elementBytes;
    const tags = new Uint8Array(count * tag.bytes);
    const message = new Uint8Array(tag.context.length + elementBytes);
    message.set(tag.context);
    for (let i = 0; i < count; i++) {
      message.set(multiply(scalar, points.subarray(i * elementBytes, (i + 1) * elementBytes), i), tag.context.length);
      tags.set(sha256(message).subarray(0, tag.bytes), i * tag.bytes);
    }
    return tags;
  }

  async multiply({ points, scalar }: MultiplyRequest): Promise<Uint8Array> {
    checkSecretScalar(scalar);
    const products = new Uint8Array(points.length);
    for (let i = 0; i < points.length / elementBytes; i++) {
      products.set(multiply(scalar, points.subarray(i * elementBytes, (i + 1) * elementBytes), i), i * elementBytes);
    }
    return products;
  }

  randomScalar(random: RandomSource): Uint8Array {
    return randomScalar(random);
  }
}
