/** Cuts a list of packed rows into buckets by their leading bytes, on disk, so that each bucket fits in memory. */
import { wordsOf } from './packed-file.ts';
import type { WorkFile } from './work-folder.ts';

export interface Buckets {
  readonly rowBytes: number;
  readonly count: number;
  /** @returns the rows of bucket `bucket`, packed, in the order of the list; valid until the next one is read. */
  read(bucket: number): Promise<Uint8Array>;
}

export interface BucketShape {
  /** Rows that the list is expected to have: extents are laid out for them. */
  readonly rowCount: number;
  /** Of a row as the list gives it. */
  readonly rowBytes: number;
  /** A power of two up to 2^16; two lists that are to be joined take the same. */
  readonly bucketCount: number;
  /** Whether each row gets its position in the list behind it: 4 bytes, little-endian. */
  readonly numbered: boolean;
}

const numberBytes = 4;
/** What the rows on their way into all buckets take at most, and those into one. */
const bufferBytesMax = 32 * 2 ** 20;
const bucketBufferBytesMax = 64 * 2 ** 10;

/** A list of up to so many rows is one bucket, and does not go through the disk. */
const heldRowsMax = 2 ** 20;

/** How many buckets a list takes: one that is held in memory, or many of near 2^17 rows; a power of two. */
export function bucketsFor(rows: number): number {
  return rows <= heldRowsMax ? 1 : 2 ** Math.ceil(Math.log2(rows / 2 ** 17));
}

/**
 * Reads the list once and writes it once; every bucket is one sequential extent. Extents have room for what uniformly distributed leading
 * bytes bring; a list whose rows crowd, as a hostile peer's may, is read once more to count them, and placed exactly. A single bucket stays
 * in memory.
 * @param list gives the rows in pieces, the same ones each time it is called.
 */
export async function partition(
  list: () => AsyncIterable<Uint8Array>,
  { rowCount, rowBytes, bucketCount, numbered }: BucketShape,
  file: WorkFile,
): Promise<Buckets> {
  const storedBytes = rowBytes + (numbered ? numberBytes : 0);
  if (bucketCount === 1) {
    const rows = await held(list(), { rowBytes, storedBytes });
    return { rowBytes: storedBytes, count: 1, read: async () => rows };
  }
  const sizes = { rowBytes, storedBytes };
  const even = evenStarts(rowCount, bucketCount);
  const placed = (await place(list(), file, sizes, even)) ?? (await placeCounted(list, file, sizes, bucketCount));
  const { starts, ends } = placed;
  // One buffer for all buckets, as large as the largest of them.
  const rowsMax = ends.reduce((max, end, bucket) => Math.max(max, end - starts[bucket]!), 0);
  let buffer: Uint8Array | undefined;
  return {
    rowBytes: storedBytes,
    count: bucketCount,
    read: async (bucket) => {
      const [start, end] = [starts[bucket]!, ends[bucket]!];
      buffer ??= new Uint8Array(rowsMax * storedBytes);
      // The file may end before the extent of a bucket that got nothing.
      if (end === start) return buffer.subarray(0, 0);
      return file.read(start * storedBytes, (end - start) * storedBytes, buffer);
    },
  };
}

interface RowSizes {
  readonly rowBytes: number;
  readonly storedBytes: number;
}

/** Where each bucket begins and ends in the file, in rows. */
interface Extents {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** Extents of one size, eight standard deviations over the mean of a bucket: one overflows in 10^15. */
function evenStarts(rowCount: number, bucketCount: number): Float64Array {
  const mean = rowCount / bucketCount;
  const room = Math.ceil(mean + 8 * Math.sqrt(mean) + 8);
  return Float64Array.from({ length: bucketCount + 1 }, (_, bucket) => bucket * room);
}

async function placeCounted(
  list: () => AsyncIterable<Uint8Array>,
  file: WorkFile,
  sizes: RowSizes,
  bucketCount: number,
): Promise<Extents> {
  const shift = 16 - Math.log2(bucketCount);
  const counts = new Float64Array(bucketCount);
  for await (const piece of list()) {
    for (let at = 0; at < piece.length; at += sizes.rowBytes)
      counts[((piece[at]! << 8) | piece[at + 1]!) >>> shift]! += 1;
  }
  const starts = new Float64Array(bucketCount + 1);
  for (let i = 0; i < bucketCount; i++) starts[i + 1] = starts[i]! + counts[i]!;
  const placed = await place(list(), file, sizes, starts);
  if (!placed) throw new RangeError('the list gave other rows when it was read again');
  return placed;
}

/** @returns undefined where a bucket has more rows than room before the next one's start. */
async function place(
  list: AsyncIterable<Uint8Array>,
  file: WorkFile,
  sizes: RowSizes,
  starts: Float64Array,
): Promise<Extents | undefined> {
  const bucketCount = starts.length - 1;
  const shift = 16 - Math.log2(bucketCount);
  const placer = new Placer(file, { ...sizes, starts });
  for await (const piece of list) {
    // Four bytes at a time where the rows allow it.
    const words = sizes.rowBytes % 4 === 0 ? wordsOf(piece) : undefined;
    for (let at = 0; at < piece.length; at += sizes.rowBytes) {
      const bucket = ((piece[at]! << 8) | piece[at + 1]!) >>> shift;
      const isFull = words ? placer.placeWords(words, at / 4, bucket) : placer.placeBytes(piece, at, bucket);
      if (isFull && !(await placer.flush(bucket))) return undefined;
    }
  }
  for (let bucket = 0; bucket < bucketCount; bucket++) if (!(await placer.flush(bucket))) return undefined;
  return { starts, ends: placer.ends };
}

/** The whole list, each row with its position behind it where the stored form has room for one. */
async function held(
  list: AsyncIterable<Uint8Array>,
  { rowBytes, storedBytes }: { rowBytes: number; storedBytes: number },
): Promise<Uint8Array> {
  let rows = new Uint8Array(0);
  let filled = 0;
  for await (const piece of list) {
    const end = filled + (piece.length / rowBytes) * storedBytes;
    if (end > rows.length) {
      const larger = new Uint8Array(Math.max(end, 2 * rows.length));
      larger.set(rows.subarray(0, filled));
      rows = larger;
    }
    if (storedBytes === rowBytes) rows.set(piece, filled);
    else appendNumbered(rows, filled, piece, rowBytes);
    filled = end;
  }
  return rows.subarray(0, filled);
}

function appendNumbered(rows: Uint8Array, offset: number, piece: Uint8Array, rowBytes: number): void {
  let position = offset / (rowBytes + numberBytes);
  for (let at = 0, to = offset; at < piece.length; position++) {
    for (let k = 0; k < rowBytes; k++) rows[to++] = piece[at++]!;
    rows[to++] = position & 255;
    rows[to++] = (position >>> 8) & 255;
    rows[to++] = (position >>> 16) & 255;
    rows[to++] = position >>> 24;
  }
}

/** Gathers the rows of each bucket in a buffer until it is worth a write. */
class Placer {
  readonly #file: WorkFile;
  readonly #rowBytes: number;
  readonly #storedBytes: number;
  readonly #bufferRows: number;
  readonly #buffers: Uint8Array;
  /** The same memory. */
  readonly #words: Uint32Array;
  readonly #filled: Uint32Array;
  readonly #starts: Float64Array;
  readonly #next: Float64Array;
  #position = 0;

  constructor(
    file: WorkFile,
    { rowBytes, storedBytes, starts }: { rowBytes: number; storedBytes: number; starts: Float64Array },
  ) {
    const bucketCount = starts.length - 1;
    this.#file = file;
    this.#rowBytes = rowBytes;
    this.#storedBytes = storedBytes;
    this.#bufferRows = Math.max(
      1,
      Math.floor(Math.min(bucketBufferBytesMax, bufferBytesMax / bucketCount) / storedBytes),
    );
    const length = bucketCount * this.#bufferRows * storedBytes;
    this.#words = new Uint32Array(Math.ceil(length / 4));
    this.#buffers = new Uint8Array(this.#words.buffer, 0, length);
    this.#filled = new Uint32Array(bucketCount);
    this.#starts = starts;
    this.#next = starts.slice(0, bucketCount);
  }

  /** @returns whether the bucket's buffer is full now, and has to be flushed. */
  placeBytes(piece: Uint8Array, at: number, bucket: number): boolean {
    const buffers = this.#buffers;
    const rowBytes = this.#rowBytes;
    const to = this.#place(bucket) * this.#storedBytes;
    for (let k = 0; k < rowBytes; k++) buffers[to + k] = piece[at + k]!;
    if (this.#storedBytes > rowBytes) {
      const position = this.#position;
      buffers[to + rowBytes] = position & 255;
      buffers[to + rowBytes + 1] = (position >>> 8) & 255;
      buffers[to + rowBytes + 2] = (position >>> 16) & 255;
      buffers[to + rowBytes + 3] = position >>> 24;
    }
    return this.#placed(bucket);
  }

  /** The same for rows of whole words; `at` counts words. */
  placeWords(piece: Uint32Array, at: number, bucket: number): boolean {
    const words = this.#words;
    const rowWords = this.#rowBytes / 4;
    const to = this.#place(bucket) * (this.#storedBytes / 4);
    for (let k = 0; k < rowWords; k++) words[to + k] = piece[at + k]!;
    if (this.#storedBytes > this.#rowBytes) words[to + rowWords] = this.#position;
    return this.#placed(bucket);
  }

  #place(bucket: number): number {
    return bucket * this.#bufferRows + this.#filled[bucket]!;
  }

  #placed(bucket: number): boolean {
    this.#position += 1;
    this.#filled[bucket]! += 1;
    return this.#filled[bucket] === this.#bufferRows;
  }

  /** Where each bucket ends. */
  get ends(): Float64Array {
    return this.#next;
  }

  /** @returns false where the bucket's extent has no room for its rows. */
  async flush(bucket: number): Promise<boolean> {
    const rows = this.#filled[bucket]!;
    if (rows === 0) return true;
    if (this.#next[bucket]! + rows > this.#starts[bucket + 1]!) return false;
    const from = bucket * this.#bufferRows * this.#storedBytes;
    await this.#file.write(
      this.#next[bucket]! * this.#storedBytes,
      this.#buffers.subarray(from, from + rows * this.#storedBytes),
    );
    this.#next[bucket]! += rows;
    this.#filled[bucket] = 0;
    return true;
  }
}
