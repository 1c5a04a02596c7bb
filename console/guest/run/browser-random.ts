import type { RandomSource } from '@causeway/core/random';

/** What `getRandomValues` gives at once (Web Cryptography API §10.1.1). */
const drawnMax = 65_536;

/** The browser's generator. */
export const browserRandom: RandomSource = {
  bytes(count) {
    const bytes = new Uint8Array(count);
    for (let from = 0; from < count; from += drawnMax) crypto.getRandomValues(bytes.subarray(from, from + drawnMax));
    return bytes;
  },
};
