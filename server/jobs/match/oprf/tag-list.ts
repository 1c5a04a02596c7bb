/**
 * Tags a list under an epoch's key: what an earlier version of the list has is taken over, what is new is evaluated, and what is gone is noted. Both lists
 * are in ascending order, so it is one pass; it stops and goes on at a bucket of the list.
 */
import { compareBytes, compareRows } from '@causeway/core/bytes';
import type { Kernel } from '@causeway/core/group';
import { tagBytes, tagKeys } from '@causeway/core/protocols/psi-oprf';
import { type WorkFile, type WorkFolder, withFiles } from '../../work/index.ts';
import { keyBytes } from '../key-set.ts';

export interface TagListOptions {
  readonly work: WorkFolder;
  readonly kernel: Kernel;
  /** In: the list, and the earlier version with its tags. Out: a tag for each key, and the tags that joined and left, in the order of their keys. */
  readonly files: {
    readonly list: string;
    readonly earlier?: { readonly list: string; readonly tags: string } | undefined;
    readonly tags: string;
    readonly added: string;
    readonly removed: string;
  };
  readonly rows: { readonly list: number; readonly earlier: number };
  readonly secretKey: Uint8Array;
  readonly tagBits: number;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number) => void;
  /** Rows in a bucket: {@link bucketRows}, unless a simulation makes many of a short list. */
  readonly bucketRows?: number | undefined;
}

/** How far the pass is: a bucket's end in both lists, and what it found. Stands beside the tags. */
export interface Tagged {
  readonly rows: number;
  readonly earlierRows: number;
  readonly added: number;
  readonly removed: number;
}

/** Rows between two points at which the work is durable: near half a second of it. */
const bucketRows = 2 ** 17;

/** @returns what joined and left since the earlier version; all that is there has joined, where there is none. */
export async function tagList(options: TagListOptions): Promise<Tagged> {
  const { work, files } = options;
  const names = {
    list: files.list,
    tags: files.tags,
    added: files.added,
    removed: files.removed,
    // Where there is no earlier version, nothing of it is read.
    earlierList: files.earlier?.list ?? files.list,
    earlierTags: files.earlier?.tags ?? files.tags,
  };
  return withFiles(work, names, (open) => new Pass(options, open).run());
}

type Files = Readonly<Record<'list' | 'tags' | 'added' | 'removed' | 'earlierList' | 'earlierTags', WorkFile>>;

class Pass {
  readonly #options: TagListOptions;
  readonly #files: Files;
  readonly #tagBytes: number;
  /** What is read of a bucket, into the same memory each time. */
  readonly #buffers: Readonly<Record<'list' | 'earlierList' | 'earlierTags', Uint8Array>>;

  constructor(options: TagListOptions, files: Files) {
    this.#options = options;
    this.#files = files;
    this.#tagBytes = tagBytes(options);
    const { rows, bucketRows: size = bucketRows } = options;
    const [own, old] = [Math.min(size, rows.list), Math.min(size, rows.earlier)];
    this.#buffers = {
      list: new Uint8Array(own * keyBytes),
      earlierList: new Uint8Array(old * keyBytes),
      earlierTags: new Uint8Array(old * this.#tagBytes),
    };
  }

  async run(): Promise<Tagged> {
    const { rows, signal, onProgress } = this.#options;
    let at = await this.#read();
    while (at.rows < rows.list || at.earlierRows < rows.earlier) {
      signal.throwIfAborted();
      at = await this.#bucket(at);
      await this.#remember(at);
      onProgress(at.rows);
    }
    return at;
  }

  async #bucket(from: Tagged): Promise<Tagged> {
    const { kernel, secretKey } = this.#options;
    const { keys, earlier } = await this.#next(from);
    const { tags: known, fresh, freshAt, removed } = this.#compare(keys, earlier);
    const added = await tagKeys(kernel, { keys: fresh, secretKey, coding: this.#options });
    const tags = fresh.length === keys.length ? added : this.#placed(known, added, freshAt);
    await this.#files.tags.write(from.rows * this.#tagBytes, tags);
    await this.#files.added.write(from.added * this.#tagBytes, added);
    await this.#files.removed.write(from.removed * this.#tagBytes, removed);
    return {
      rows: from.rows + keys.length / keyBytes,
      earlierRows: from.earlierRows + earlier.keys.length / keyBytes,
      added: from.added + fresh.length / keyBytes,
      removed: from.removed + removed.length / this.#tagBytes,
    };
  }

  #placed(tags: Uint8Array, added: Uint8Array, freshAt: Uint32Array): Uint8Array {
    for (let i = 0; i < freshAt.length; i++) {
      const [to, at] = [freshAt[i]! * this.#tagBytes, i * this.#tagBytes];
      for (let k = 0; k < this.#tagBytes; k++) tags[to + k] = added[at + k]!;
    }
    return tags;
  }

  /** The next rows of both lists up to one key: a bucket of one of them, and of the other what is not above its last key. */
  async #next(from: Tagged) {
    const { rows, bucketRows: size = bucketRows } = this.#options;
    const { list, earlierList, earlierTags } = this.#files;
    const into = this.#buffers;
    const counts = { list: rows.list - from.rows, earlier: rows.earlier - from.earlierRows };
    const read = (file: WorkFile, row: number, count: number, buffer: Uint8Array) =>
      file.read(row * keyBytes, Math.min(size, count) * keyBytes, buffer);
    const own = await read(list, from.rows, counts.list, into.list);
    const old = await read(earlierList, from.earlierRows, counts.earlier, into.earlierList);
    // A piece that ends its list bounds nothing.
    const ends = [...(counts.list > size ? [own] : []), ...(counts.earlier > size ? [old] : [])];
    const last = ends.map((piece) => piece.subarray(-keyBytes)).sort(compareBytes)[0];
    const upTo = (piece: Uint8Array) => piece.subarray(0, last && rowsUpTo(piece, last) * keyBytes);
    const oldKeys = upTo(old);
    const tags = await earlierTags.read(
      from.earlierRows * this.#tagBytes,
      (oldKeys.length / keyBytes) * this.#tagBytes,
      into.earlierTags,
    );
    return { keys: upTo(own), earlier: { keys: oldKeys, tags } };
  }

  /** Takes over the tags of keys that stand in both; the others are new, or gone. */
  #compare(keys: Uint8Array, earlier: { readonly keys: Uint8Array; readonly tags: Uint8Array }) {
    const width = this.#tagBytes;
    const count = keys.length / keyBytes;
    const earlierCount = earlier.keys.length / keyBytes;
    if (earlierCount === 0) {
      const none = new Uint8Array(0);
      return { tags: none, fresh: keys, freshAt: new Uint32Array(0), removed: none };
    }
    const tags = new Uint8Array(count * width);
    const fresh = new Uint8Array(keys.length);
    const freshAt = new Uint32Array(count);
    const removed = new Uint8Array(earlier.tags.length);
    let [freshCount, removedCount] = [0, 0];
    for (let i = 0, j = 0; i < count || j < earlierCount; ) {
      const order =
        i === count
          ? 1
          : j === earlierCount
            ? -1
            : compareRows(keys, i * keyBytes, earlier.keys, j * keyBytes, keyBytes);
      if (order < 0) {
        for (let k = 0; k < keyBytes; k++) fresh[freshCount * keyBytes + k] = keys[i * keyBytes + k]!;
        freshAt[freshCount++] = i;
      } else {
        const to = order === 0 ? tags : removed;
        const at = order === 0 ? i : removedCount++;
        for (let k = 0; k < width; k++) to[at * width + k] = earlier.tags[j * width + k]!;
      }
      if (order <= 0) i += 1;
      if (order >= 0) j += 1;
    }
    return {
      tags,
      fresh: fresh.subarray(0, freshCount * keyBytes),
      freshAt: freshAt.subarray(0, freshCount),
      removed: removed.subarray(0, removedCount * width),
    };
  }

  async #read(): Promise<Tagged> {
    const stored = await this.#options.work.readSmall(`${this.#options.files.tags}.done`);
    if (stored) return JSON.parse(Buffer.from(stored).toString()) as Tagged;
    return { rows: 0, earlierRows: 0, added: 0, removed: 0 };
  }

  /** Makes durable what was tagged, then says so: never the other way round. */
  async #remember(at: Tagged): Promise<void> {
    const { tags, added, removed } = this.#files;
    await Promise.all([tags, added, removed].map((file) => file.sync()));
    await this.#options.work.writeSmall(`${this.#options.files.tags}.done`, Buffer.from(JSON.stringify(at)));
  }
}

/** How many rows of an ascending list are not above a key. */
function rowsUpTo(keys: Uint8Array, last: Uint8Array): number {
  let [low, high] = [0, keys.length / keyBytes];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareRows(keys, middle * keyBytes, last, 0, keyBytes) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
