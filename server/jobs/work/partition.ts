/** Cuts a list of packed rows into buckets by their leading bytes, on disk, so that each bucket fits in memory. */
import type { WorkFile } from './work-folder.ts';

export interface Buckets {
  /** Rows stand in the file with their index in the original list behind them, 4 bytes little-endian. */
  readonly rowBytes: number;
  readonly count: number;
  /** Reads bucket `bucket`: its rows, packed, and their indices. */
  read(bucket: number): Promise<{ rows: Uint8Array; indices: Uint32Array }>;
}

/** How many buckets keep each of them near 2^17 rows: a power of two. */
export function bucketsFor(rows: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, rows) / 2 ** 17)));
}

/**
 * Reads the list twice, once to count and once to place, and writes it once; every bucket is one sequential extent.
 * @param list gives the rows in pieces, the same ones each time it is called; the leading 4 bytes are uniformly distributed.
 * @param bucketCount a power of two up to 2^16; two lists that are to be joined take the same.
 */
export async function partition(
  list: () => AsyncIterable<Uint8Array>,
  shape: { readonly rowBytes: number; readonly bucketCount: number },
  file: WorkFile,
): Promise<Buckets> {
  const { rowBytes, bucketCount } = shape;
  const sizes = new Float64Array(bucketCount);
  for await (const piece of list()) {
    for (let at = 0; at < piece.length; at += rowBytes) sizes[bucketOf(piece, at, bucketCount)]! += 1;
  }
  const starts = new Float64Array(bucketCount + 1);
  for (let i = 0; i < bucketCount; i++) starts[i + 1] = starts[i]! + sizes[i]!;
  await place(list, shape, starts, file);
  return {
    rowBytes,
    count: bucketCount,
    read: async (bucket) => {
      const rows = starts[bucket + 1]! - starts[bucket]!;
      const stored = await file.read(starts[bucket]! * (rowBytes + 4), rows * (rowBytes + 4));
      return unpack(stored, rowBytes, rows);
    },
  };
}

async function place(
  list: () => AsyncIterable<Uint8Array>,
  { rowBytes, bucketCount }: { rowBytes: number; bucketCount: number },
  starts: Float64Array,
  file: WorkFile,
): Promise<void> {
  const storedBytes = rowBytes + 4;
  const rowsPerBuffer = Math.max(1, Math.floor(Math.min(2 ** 16, 2 ** 25 / bucketCount) / storedBytes));
  const buffers = new Uint8Array(bucketCount * rowsPerBuffer * storedBytes);
  const filled = new Uint32Array(bucketCount);
  const next = starts.slice(0, bucketCount);
  const flush = async (bucket: number) => {
    const from = bucket * rowsPerBuffer * storedBytes;
    await file.write(next[bucket]! * storedBytes, buffers.slice(from, from + filled[bucket]! * storedBytes));
    next[bucket]! += filled[bucket]!;
    filled[bucket] = 0;
  };
  let index = 0;
  for await (const piece of list()) {
    for (let at = 0; at < piece.length; at += rowBytes, index++) {
      const bucket = bucketOf(piece, at, bucketCount);
      const to = (bucket * rowsPerBuffer + filled[bucket]!) * storedBytes;
      for (let k = 0; k < rowBytes; k++) buffers[to + k] = piece[at + k]!;
      buffers[to + rowBytes] = index & 255;
      buffers[to + rowBytes + 1] = (index >>> 8) & 255;
      buffers[to + rowBytes + 2] = (index >>> 16) & 255;
      buffers[to + rowBytes + 3] = index >>> 24;
      filled[bucket]! += 1;
      if (filled[bucket] === rowsPerBuffer) await flush(bucket);
    }
  }
  for (let bucket = 0; bucket < bucketCount; bucket++) if (filled[bucket]! > 0) await flush(bucket);
}

function bucketOf(piece: Uint8Array, at: number, bucketCount: number): number {
  const lead = ((piece[at]! << 24) | (piece[at + 1]! << 16) | (piece[at + 2]! << 8) | piece[at + 3]!) >>> 0;
  return Math.floor(lead / (2 ** 32 / bucketCount));
}

function unpack(stored: Uint8Array, rowBytes: number, count: number): { rows: Uint8Array; indices: Uint32Array } {
  const rows = new Uint8Array(count * rowBytes);
  const indices = new Uint32Array(count);
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  for (let i = 0, at = 0; i < count; i++, at += rowBytes + 4) {
    rows.set(stored.subarray(at, at + rowBytes), i * rowBytes);
    indices[i] = view.getUint32(at + rowBytes, true);
  }
  return { rows, indices };
}
