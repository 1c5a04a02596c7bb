/**
 * The difference guard: remembers, inside this node, the lists that were brought to a partner's dataset, and refuses one that differs from
 * an earlier one by a few identifiers. What is kept are 8 bytes for each match key, encrypted under a secret of this node and sorted: who
 * takes the file without the secret cannot try identifiers on it.
 */
import { createCipheriv } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareBytes, type RowSorter } from '@causeway/core/bytes';
import { evaluateDifference, PolicyDenied } from '@causeway/core/policy';
import {
  bucketsFor,
  openWorkFolder,
  partition,
  RowWriter,
  readRows,
  type WorkFile,
  type WorkFolder,
} from '../jobs/work/index.ts';

const keyBytes = 16;
const rememberedBytes = 8;

export interface GuardedList {
  readonly organisation: string;
  readonly partner: string;
  /** The partner's dataset, and the common form of the identifiers. */
  readonly dataset: string;
  readonly form: string;
  readonly job: string;
  /** Of the list, where its protocol takes one: the very list of an earlier job is then known without being compared. */
  readonly digest?: string | undefined;
  /** Of this node, 32 bytes. */
  readonly secret: Uint8Array;
  readonly work: WorkFolder;
  readonly sorter: RowSorter;
  /** Name of the file of distinct keys, in any order. */
  readonly set: string;
  readonly keyCount: number;
  readonly minimumGroupRows: number;
}

/**
 * Compares the list with every earlier one, and remembers it.
 * @param folder the guard's own, in the node's home.
 * @throws {PolicyDenied} rule `difference`.
 */
export async function guardDifference(folder: string, list: GuardedList): Promise<void> {
  const place = join(folder, slug(list.partner), slug(list.dataset), slug(list.form));
  await mkdir(place, { recursive: true, mode: 0o700 });
  const own = list.digest ? `${slug(list.job)}.${list.digest}.keys` : `${slug(list.job)}.keys`;
  const remembered = (await readdir(place)).filter((name) => name.endsWith('.keys'));
  if (list.digest && remembered.some((name) => name.endsWith(`.${list.digest}.keys`))) return;
  const earlier = remembered.filter((name) => name !== own);
  const guard = await openWorkFolder(place);
  // Beside the lists that it is compared with: the job's folder may be on another disk.
  const partial = `${own}.partial`;
  const sorted = await guard.open(partial);
  try {
    await writeSorted(list, sorted);
    for (const name of earlier) {
      const other = await guard.open(name);
      try {
        const rows = (await other.size()) / rememberedBytes;
        const differing = await symmetricDifference(
          { file: sorted, rows: list.keyCount },
          { file: other, rows },
          list.minimumGroupRows,
        );
        const finding = evaluateDifference(list.organisation, {
          differing,
          minimumGroupRows: list.minimumGroupRows,
          earlierJob: name.split('.')[0]!,
        });
        if (finding.outcome === 'refused') throw new PolicyDenied([finding]);
      } finally {
        await other.close();
      }
    }
    await guard.rename(partial, own);
  } finally {
    await sorted.close();
    await guard.remove(partial);
  }
}

async function writeSorted({ work, sorter, set, keyCount, secret }: GuardedList, to: WorkFile): Promise<void> {
  const [from, cut] = [await work.open(set), await work.open('guard.partial')];
  try {
    await to.truncate(0);
    const remembered = async function* () {
      for await (const piece of readRows(from, keyBytes, keyCount)) {
        // One AES block a key (FIPS 197), so that a whole piece is one call: equal keys stay equal, and nothing else is to be seen.
        const cipher = createCipheriv('aes-256-ecb', secret, null).setAutoPadding(false);
        const blocks = cipher.update(piece);
        const rows = new Uint8Array((blocks.length / keyBytes) * rememberedBytes);
        for (let from = 0, to = 0; from < blocks.length; from += keyBytes) {
          for (let k = 0; k < rememberedBytes; k++) rows[to++] = blocks[from + k]!;
        }
        yield rows;
      }
    };
    const shape = { rowBytes: rememberedBytes, keyBytes: rememberedBytes };
    const buckets = await partition(
      remembered,
      { rowCount: keyCount, rowBytes: rememberedBytes, bucketCount: bucketsFor(keyCount), numbered: false },
      cut,
    );
    const writer = new RowWriter(to);
    for (let bucket = 0; bucket < buckets.count; bucket++) {
      await writer.write(await sorter.sortRows(await buckets.read(bucket), shape));
    }
    await writer.finish();
  } finally {
    await Promise.all([from, cut].map((file) => file.close()));
    await work.remove('guard.partial');
  }
}

interface SortedList {
  readonly file: WorkFile;
  readonly rows: number;
}

/** How many rows stand in one list alone; counting stops once it is `enough`. */
async function symmetricDifference(a: SortedList, b: SortedList, enough: number): Promise<number> {
  if (Math.abs(a.rows - b.rows) >= enough) return enough;
  const [left, right] = [cursor(a), cursor(b)];
  let differing = 0;
  let [x, y] = [await left.next(), await right.next()];
  while ((x || y) && differing < enough) {
    const order = !x ? 1 : !y ? -1 : compareBytes(x, y);
    if (order !== 0) differing += 1;
    if (order <= 0) x = await left.next();
    if (order >= 0) y = await right.next();
  }
  return differing;
}

function cursor({ file, rows }: SortedList): { next(): Promise<Uint8Array | undefined> } {
  const pieces = readRows(file, rememberedBytes, rows);
  let piece: Uint8Array = new Uint8Array(0);
  let at = 0;
  return {
    async next() {
      if (at === piece.length) {
        const more = await pieces.next();
        if (more.done) return undefined;
        piece = more.value;
        at = 0;
      }
      at += rememberedBytes;
      return piece.subarray(at - rememberedBytes, at);
    },
  };
}

function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 100);
}
