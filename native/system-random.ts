import { randomBytes } from 'node:crypto';
import type { RandomSource } from '@causeway/core/random';

/** The operating system's generator. */
export const systemRandom: RandomSource = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
};
