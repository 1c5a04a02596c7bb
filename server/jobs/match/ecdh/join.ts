/** From the tags on disk to the answer: both lists are cut into buckets by their leading bytes and joined bucket by bucket. */
import type { RowShape, RowSorter } from '@causeway/core/bytes';
import { ProtocolError, pointPrints, printBytes } from '@causeway/core/protocols';
import { checkDistinct, haveCommonKey, intersectTags, tagBytes as tagBytesOf } from '@causeway/core/protocols/psi-ecdh';
import {
  BitSet,
  type Buckets,
  bucketsFor,
  partition,
  RowWriter,
  readRows,
  type WorkFile,
  type WorkFolder,
  withFiles,
} from '../../work/index.ts';
import { receivedFiles } from './exchange.ts';

export interface JoinOptions {
  readonly work: WorkFolder;
  readonly sorter: RowSorter;
  readonly files: { readonly points: string; readonly received: string };
  readonly counts: { readonly own: number; readonly peer: number };
  /** Whether tags of the own points came: without them there is nothing to learn, and only the peer's list is checked. */
  readonly learns: boolean;
  /** Whose positions are wanted; `own` if left out. */
  readonly positionsOf?: 'own' | 'peer';
}

/**
 * Joins the two lists of tags, after checking that the peer's list holds no element twice and none of ours.
 * @returns the matched positions: of the own set, or of the sorted tags where only their number is learned, or in the peer's list; empty without tags.
 * @throws {ProtocolError} `not-distinct`.
 */
export async function joinTags({
  work,
  sorter,
  files,
  counts,
  learns,
  positionsOf = 'own',
}: JoinOptions): Promise<BitSet> {
  const tagBytes = tagBytesOf(counts);
  const names = { ...receivedFiles(files.received), points: files.points, a: 'join-a.partial', b: 'join-b.partial' };
  return withFiles(work, names, async ({ tagsOfMine, tagsOfTheirs, prints, points, a, b }) => {
    await checkPrints({ prints, points, counts, sorter }, { a, b });
    const bucketCount = bucketsFor(Math.max(counts.own, counts.peer));
    const cut = { rowBytes: tagBytes, bucketCount, numbered: true };
    const cutTheirs = { ...cut, rowCount: counts.peer };
    const theirs = await partition(() => readRows(tagsOfTheirs, tagBytes, counts.peer), cutTheirs, b);
    const matched = new BitSet(counts[positionsOf]);
    const ownRows = learns ? counts.own : 0;
    const cutMine = { ...cut, rowCount: ownRows };
    const mine = await partition(() => readRows(tagsOfMine, tagBytes, ownRows), cutMine, a);
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const sorted = await sortedBuckets({ mine, theirs }, bucket, { sorter, keyBytes: tagBytes });
      const ofWhom = positionsOf === 'own' ? sorted : { mine: sorted.theirs, theirs: sorted.mine };
      for (const position of intersectTags(ofWhom, tagBytes)) matched.add(position);
    }
    return matched;
  }).finally(() => Promise.all([names.a, names.b].map((name) => work.remove(name))));
}

/** No point of the peer's is one of ours: it would have sent our own elements back. */
async function checkPrints(
  { prints, points, counts, sorter }: { prints: WorkFile; points: WorkFile } & Pick<JoinOptions, 'counts' | 'sorter'>,
  { a, b }: { a: WorkFile; b: WorkFile },
): Promise<void> {
  const bucketCount = bucketsFor(Math.max(counts.own, counts.peer));
  const cut = { rowBytes: printBytes, bucketCount, numbered: false };
  const shape = { rowBytes: printBytes, keyBytes: printBytes };
  const ownPrints = async function* () {
    for await (const piece of readRows(points, 32, counts.own)) yield pointPrints(piece);
  };
  const mine = await partition(ownPrints, { ...cut, rowCount: counts.own }, a);
  const theirPrints = () => readRows(prints, printBytes, counts.peer);
  const theirs = await partition(theirPrints, { ...cut, rowCount: counts.peer }, b);
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const sorted = await sortedBuckets({ mine, theirs }, bucket, { sorter, keyBytes: printBytes });
    checkDistinct(sorted.theirs, shape);
    if (haveCommonKey(sorted.mine, sorted.theirs, shape)) {
      throw new ProtocolError('not-distinct', "an element of ours is in the partner's list");
    }
  }
}

async function sortedBuckets(
  { mine, theirs }: { readonly mine: Buckets; readonly theirs: Buckets },
  bucket: number,
  { sorter, keyBytes }: { readonly sorter: RowSorter } & Pick<RowShape, 'keyBytes'>,
): Promise<{ readonly mine: Uint8Array; readonly theirs: Uint8Array }> {
  const sorted = async ({ rowBytes, read }: Buckets) => sorter.sortRows(await read(bucket), { rowBytes, keyBytes });
  return { mine: await sorted(mine), theirs: await sorted(theirs) };
}

/** Writes the tags in ascending order: their order then says nothing about the list that they were taken of. */
export async function sortTags(
  work: WorkFolder,
  files: { from: WorkFile; to: WorkFile },
  { rows, tagBytes, sorter }: { rows: number; tagBytes: number; sorter: RowSorter },
): Promise<void> {
  const names = { cut: 'sort.partial' };
  await withFiles(work, names, async ({ cut }) => {
    // The number behind each tag is a stranger's position, and stays here.
    const shape = { rowCount: rows, rowBytes: tagBytes, bucketCount: bucketsFor(rows), numbered: true };
    const buckets = await partition(() => readRows(files.from, tagBytes, rows), shape, cut);
    const sort = { rowBytes: buckets.rowBytes, keyBytes: tagBytes };
    const writer = new RowWriter(files.to);
    for (let bucket = 0; bucket < buckets.count; bucket++) {
      const sorted = await sorter.sortRows(await buckets.read(bucket), sort);
      checkDistinct(sorted, sort);
      await writer.write(leadingBytes(sorted, sort));
    }
    await writer.finish();
  }).finally(() => work.remove(names.cut));
}

function leadingBytes(rows: Uint8Array, { rowBytes, keyBytes }: RowShape): Uint8Array {
  const keys = new Uint8Array((rows.length / rowBytes) * keyBytes);
  for (let from = 0, to = 0; from < rows.length; from += rowBytes) {
    for (let k = 0; k < keyBytes; k++) keys[to++] = rows[from + k]!;
  }
  return keys;
}
