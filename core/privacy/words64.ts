/** The border between bytes and integers: the only file of the samplers that counts in `number`, and it counts bytes. */
import type { RandomSource } from '../random/index.ts';

const wordBytes = 8;
/** What is asked of the source at a time: enough for the noise of a count or two. */
const blockBytes = 256;

/** Uniform 64-bit words of the source without end, least byte first on every machine, so that keyed noise is the same everywhere. */
export function* words64(source: RandomSource): Generator<bigint, never, void> {
  for (;;) {
    const { buffer, byteOffset } = source.bytes(blockBytes);
    const view = new DataView(buffer, byteOffset, blockBytes);
    for (let at = 0; at < blockBytes; at += wordBytes) yield view.getBigUint64(at, true);
  }
}
