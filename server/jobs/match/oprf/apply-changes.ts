/**
 * Brings a kept table to the present version by what left and joined it since: one pass over its buckets, beside which the changes run in the same
 * order. The result is coded as the server codes it, so its root is the server's, or the changes were not these.
 */
import { compareRows } from '@causeway/core/bytes';
import { ProtocolError } from '@causeway/core/protocols';
import {
  bucketOfTag,
  type Coding,
  decodeBucket,
  encodeBucket,
  type Part,
  tagBytes,
} from '@causeway/core/protocols/psi-oprf';
import type { CodedListReader, CodedListWriter } from './coded-list.ts';

export interface Change {
  readonly list: Exclude<Part['list'], 'all'>;
  readonly tags: CodedListReader;
}

/**
 * @param changes in the order in which they were made.
 * @throws {ProtocolError} `commitment` for a tag that leaves and is not there, or joins and is.
 */
export async function applyChanges(
  base: CodedListReader,
  changes: readonly Change[],
  to: CodedListWriter,
  signal: AbortSignal,
): Promise<void> {
  const { coding } = base;
  const cursors = changes.map(({ list, tags }) => ({ list, cursor: new TagCursor(tags, coding) }));
  for (let bucket = 0; bucket < base.bucketCount; bucket++) {
    signal.throwIfAborted();
    let tags = decodeBucket(await base.read(bucket), coding);
    for (const { list, cursor } of cursors) {
      const changed = await cursor.take(bucket);
      if (changed.length > 0)
        tags = list === 'removed' ? without(tags, changed, coding) : withAdded(tags, changed, coding);
    }
    await to.write(encodeBucket(tags, coding, bucket));
  }
  await to.sync();
}

/** Goes through a list of changes in the order of its tags, by the buckets of the table. */
class TagCursor {
  readonly #list: CodedListReader;
  readonly #coding: Coding;
  readonly #width: number;
  #read = 0;
  #tags: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** @param coding of the table. */
  constructor(list: CodedListReader, coding: Coding) {
    this.#list = list;
    this.#coding = coding;
    this.#width = tagBytes(coding);
  }

  /** The tags of one bucket of the table, packed; buckets are asked for in ascending order. */
  async take(bucket: number): Promise<Uint8Array> {
    const taken: Uint8Array[] = [];
    for (;;) {
      const from = this.#at;
      while (this.#at < this.#tags.length && bucketOfTag(this.#tags, this.#at, this.#coding) === bucket)
        this.#at += this.#width;
      taken.push(this.#tags.subarray(from, this.#at));
      if (this.#at < this.#tags.length || this.#read === this.#list.bucketCount) return Buffer.concat(taken);
      this.#tags = decodeBucket(await this.#list.read(this.#read), this.#list.coding);
      this.#read += 1;
      this.#at = 0;
    }
  }
}

function without(tags: Uint8Array, removed: Uint8Array, coding: Coding): Uint8Array {
  const width = tagBytes(coding);
  const left = new Uint8Array(Math.max(0, tags.length - removed.length));
  let [filled, gone] = [0, 0];
  for (let at = 0; at < tags.length; at += width) {
    if (gone < removed.length && compareRows(tags, at, removed, gone, width) === 0) {
      gone += width;
      continue;
    }
    if (filled === left.length) break;
    for (let k = 0; k < width; k++) left[filled++] = tags[at + k]!;
  }
  if (gone !== removed.length)
    throw new ProtocolError('commitment', 'a tag left the partner’s table that was not in it');
  return left;
}

function withAdded(tags: Uint8Array, added: Uint8Array, coding: Coding): Uint8Array {
  const width = tagBytes(coding);
  const all = new Uint8Array(tags.length + added.length);
  let [i, j] = [0, 0];
  for (let filled = 0; filled < all.length; ) {
    const order = i === tags.length ? 1 : j === added.length ? -1 : compareRows(tags, i, added, j, width);
    if (order === 0) throw new ProtocolError('commitment', 'a tag joined the partner’s table that was in it');
    const [from, at] = order < 0 ? [tags, i] : [added, j];
    for (let k = 0; k < width; k++) all[filled++] = from[at + k]!;
    if (order < 0) i += width;
    else j += width;
  }
  return all;
}
