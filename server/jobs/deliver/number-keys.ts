/**
 * The matched identifiers of a delivery in one order that both sides can make by themselves: kind after kind as the match had them, ascending within each. A row
 * matched by one kind first, and both sides know which, so the keys of a kind are the same for both.
 */
import { createHash } from 'node:crypto';
import type { RowSorter } from '@causeway/core/bytes';
import type { RandomSource } from '@causeway/core/random';
import { buildKeySet, keyBytes } from '../match/key-set.ts';
import { bytesOf, RowWriter, readRows, type WorkFolder, withFiles, wordsOf } from '../work/index.ts';

export interface NumberKeysPorts {
  readonly random: RandomSource;
  readonly sorter: RowSorter;
  readonly keys: (of: { readonly kind: number; readonly keys: string; readonly rows: string }) => Promise<number>;
}

/**
 * @param of.pairs becomes a file of (own row, number of its identifier), 32-bit, little-endian.
 * @returns how many identifiers there are in all, and the hash that `listDigest` takes.
 */
export async function numberKeys(
  of: { readonly work: WorkFolder; readonly kinds: number; readonly pairs: string },
  { random, sorter, keys }: NumberKeysPorts,
): Promise<{ readonly keyCount: number; readonly setHash: Uint8Array }> {
  const { work } = of;
  const hash = createHash('sha256');
  let total = 0;
  await withFiles(work, { pairs: of.pairs }, async ({ pairs }) => {
    const writer = new RowWriter(pairs);
    for (let kind = 0; kind < of.kinds; kind++) {
      const files = { keys: `keys-${kind}`, rows: `rows-${kind}`, set: `set-${kind}` };
      const rowCount = await keys({ kind, keys: files.keys, rows: files.rows });
      const { keyCount } = await buildKeySet(work, files, rowCount, { random, sorter }, 'ascending');
      hash.update(bytesOf(Uint32Array.of(keyCount)));
      await withFiles(work, { set: files.set, own: `${files.set}.pairs` }, async ({ set, own }) => {
        for await (const piece of readRows(set, keyBytes, keyCount)) hash.update(piece);
        for await (const piece of readRows(own, 8, rowCount)) {
          // In pairs of a row and a number; those of earlier kinds come first.
          const words = wordsOf(piece).slice();
          for (let i = 1; i < words.length; i += 2) words[i]! += total;
          await writer.write(bytesOf(words));
        }
      });
      total += keyCount;
    }
    await writer.finish();
  });
  return { keyCount: total, setHash: hash.digest() };
}
