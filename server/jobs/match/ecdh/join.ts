/** From the tags on disk to the answer: both lists are cut into buckets by their leading bytes and joined bucket by bucket. */
import { ProtocolError } from '@causeway/core/protocols';
import { distinctSorted, intersectTags, tagBytes as tagBytesOf } from '@causeway/core/protocols/psi-ecdh';
import {
  BitSet,
  bucketsFor,
  partition,
  RowWriter,
  readRows,
  type WorkFile,
  type WorkFolder,
  withFiles,
} from '../../work/index.ts';
import { pointPrints, printBytes } from '../point-prints.ts';
import { receivedFiles } from './exchange.ts';

export interface JoinOptions {
  readonly work: WorkFolder;
  readonly files: { readonly points: string; readonly received: string };
  readonly counts: { readonly own: number; readonly peer: number };
  /** Whether tags of the own points came: without them there is nothing to learn, and only the peer's list is checked. */
  readonly learns: boolean;
}

/**
 * Joins the two lists of tags, after checking that the peer's list holds no element twice and none of ours.
 * @returns the matched positions: of the own set, or of the sorted tags where only their number is learned; empty without tags.
 * @throws {ProtocolError} `not-distinct`.
 */
export async function joinTags({ work, files, counts, learns }: JoinOptions): Promise<BitSet> {
  const tagBytes = tagBytesOf(counts);
  const names = { ...receivedFiles(files.received), points: files.points, a: 'join-a.partial', b: 'join-b.partial' };
  return withFiles(work, names, async ({ tagsOfMine, tagsOfTheirs, prints, points, a, b }) => {
    await checkPrints({ prints, points, counts }, { a, b });
    const bucketCount = bucketsFor(Math.max(counts.own, counts.peer));
    const theirs = await partition(
      () => readRows(tagsOfTheirs, tagBytes, counts.peer),
      { rowBytes: tagBytes, bucketCount },
      b,
    );
    const matched = new BitSet(counts.own);
    const ownRows = learns ? counts.own : 0;
    const mine = await partition(() => readRows(tagsOfMine, tagBytes, ownRows), { rowBytes: tagBytes, bucketCount }, a);
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const [m, t] = [await mine.read(bucket), await theirs.read(bucket)];
      for (const at of intersectTags({ mine: m.rows, theirs: t.rows }, tagBytes)) matched.add(m.indices[at]!);
    }
    return matched;
  }).finally(() => Promise.all([names.a, names.b].map((name) => work.remove(name))));
}

/** No point of the peer's is one of ours: it would have sent our own elements back. */
async function checkPrints(
  { prints, points, counts }: { prints: WorkFile; points: WorkFile; counts: JoinOptions['counts'] },
  { a, b }: { a: WorkFile; b: WorkFile },
): Promise<void> {
  const shape = { rowBytes: printBytes, bucketCount: bucketsFor(Math.max(counts.own, counts.peer)) };
  const ownPrints = async function* () {
    for await (const piece of readRows(points, 32, counts.own)) yield pointPrints(piece);
  };
  const mine = await partition(ownPrints, shape, a);
  const theirs = await partition(() => readRows(prints, printBytes, counts.peer), shape, b);
  for (let bucket = 0; bucket < shape.bucketCount; bucket++) {
    const both = { mine: (await mine.read(bucket)).rows, theirs: (await theirs.read(bucket)).rows };
    if (intersectTags(both, printBytes).length > 0) {
      throw new ProtocolError('not-distinct', "an element of ours is in the partner's list");
    }
  }
}

/** Writes the tags in ascending order: their order then says nothing about the list that they were taken of. */
export async function sortTags(
  work: WorkFolder,
  files: { from: WorkFile; to: WorkFile },
  { rows, tagBytes }: { rows: number; tagBytes: number },
): Promise<void> {
  const names = { cut: 'sort.partial' };
  await withFiles(work, names, async ({ cut }) => {
    const buckets = await partition(
      () => readRows(files.from, tagBytes, rows),
      { rowBytes: tagBytes, bucketCount: bucketsFor(rows) },
      cut,
    );
    const writer = new RowWriter(files.to);
    for (let bucket = 0; bucket < buckets.count; bucket++) {
      const { rows: tags } = await buckets.read(bucket);
      const sorted = new Uint8Array(tags.length);
      for (const [to, from] of distinctSorted(tags, tagBytes).entries()) {
        sorted.set(tags.subarray(from * tagBytes, (from + 1) * tagBytes), to * tagBytes);
      }
      await writer.write(sorted);
    }
    await writer.finish();
  }).finally(() => work.remove(names.cut));
}
