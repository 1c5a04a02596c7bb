/**
 * Random rows: the native classes and the vectors of WebAssembly against libsodium, and against each other. Quick by default; the whole of it, a million rows each, with
 *
 *   CAUSEWAY_DIFFERENTIAL_ROWS=1000000 npx vitest run native/differential.test.ts
 */
import { utf8ToBytes } from '@causeway/core/bytes';
import { BatchKernel, ristretto255 as group, type Kernel } from '@causeway/core/group';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addon } from './addon.ts';
import { type KernelHandle, openKernel } from './index.ts';

const rowsWanted = process.env.CAUSEWAY_DIFFERENTIAL_ROWS;
const rowsAgainstLibsodium = Number(rowsWanted ?? 8_192);
const rowsAgainstEachOther = Number(rowsWanted ?? 16_384);
const blockRows = 4096;
const timeoutMs = 120_000 + 4 * Math.max(rowsAgainstEachOther, rowsAgainstLibsodium);
const dst = utf8ToBytes('causeway/v1/test/differential');

describe.skipIf(!addon)('random rows', () => {
  const kernels: KernelHandle[] = [];
  const libsodium = new BatchKernel({ vectors: false });
  beforeAll(async () => {
    for (const kernel of [...addon!.classes, 'wasm'] as const) kernels.push(await openKernel({ kernel }));
  });
  afterAll(async () => {
    for (const kernel of kernels) await kernel.close();
  });

  /** The points and the tags of a block, under secrets of its own. */
  async function resultsOf(kernel: Kernel, block: number) {
    const random = new SeededRandom(`block ${block}`);
    const scalar = group.randomScalar(random);
    const points = await kernel.blind({ keys: random.bytes(16 * blockRows), prefix: random.bytes(40), dst, scalar });
    const again = group.randomScalar(random);
    const tags = await kernel.evaluate({ points, scalar: again, tag: { context: random.bytes(32), bytes: 32 } });
    return [points, tags];
  }

  it(
    `give on every kernel, by turns, what libsodium gives: ${rowsAgainstLibsodium}`,
    async () => {
      for (let block = 0; block * blockRows < rowsAgainstLibsodium; block++) {
        const kernel = kernels[block % kernels.length]!;
        const [ours, theirs] = await Promise.all([resultsOf(kernel, block), resultsOf(libsodium, block)]);
        expect(ours, `${kernel.name}, block ${block}`).toEqual(theirs);
      }
    },
    timeoutMs,
  );

  it(
    `give the same on all kernels: ${rowsAgainstEachOther}`,
    async () => {
      for (let block = 0; block * blockRows < rowsAgainstEachOther; block++) {
        const [first, ...others] = await Promise.all(kernels.map((kernel) => resultsOf(kernel, block)));
        for (const [i, other] of others.entries())
          expect(other, `${kernels[i + 1]!.name}, block ${block}`).toEqual(first);
      }
    },
    timeoutMs,
  );
});
