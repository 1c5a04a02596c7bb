/** From tags in the order of their keys to the coded list: cut into buckets on disk, sorted and coded bucket by bucket. */
import type { RowSorter } from '@causeway/core/bytes';
import { bucketCount, type Coding, encodeBucket, tagBytes } from '@causeway/core/protocols/psi-oprf';
import { partition, readRows, type WorkFolder, withFiles } from '../../work/index.ts';
import { CodedListReader, CodedListWriter, codedNames } from './coded-list.ts';

export interface CodeOptions {
  readonly work: WorkFolder;
  readonly sorter: RowSorter;
  /** Names in the work folder: distinct tags, packed (in), and the coded list (out), which replaces one that is there. */
  readonly files: { readonly tags: string; readonly list: string };
  readonly count: number;
  readonly coding: Coding;
  readonly signal: AbortSignal;
}

/** @returns the list's Merkle root. */
export async function codeTags({ work, sorter, files, count, coding, signal }: CodeOptions): Promise<Uint8Array> {
  const rowBytes = tagBytes(coding);
  const names = { tags: files.tags, cut: `${files.list}.partial`, ...codedNames(files.list) };
  return withFiles(work, names, async ({ tags, cut, list, index }) => {
    await Promise.all([list.truncate(0), index.truncate(0)]);
    const cutting = { rowCount: count, rowBytes, bucketCount: bucketCount(coding), numbered: false };
    const buckets = await partition(() => readRows(tags, rowBytes, count), cutting, cut);
    const writer = await CodedListWriter.open({ list, index }, coding, 0);
    let coded: Uint8Array | undefined;
    for (let bucket = 0; bucket < buckets.count; bucket++) {
      signal.throwIfAborted();
      const sorted = await sorter.sortRows(await buckets.read(bucket), { rowBytes, keyBytes: rowBytes });
      const encoded = encodeBucket(sorted, coding, bucket, coded);
      if (encoded.bytes.length > (coded?.length ?? 0)) coded = encoded.bytes;
      await writer.write(encoded);
    }
    await writer.sync();
    return (await CodedListReader.open({ list, index }, coding)).root();
  }).finally(() => work.remove(names.cut));
}
