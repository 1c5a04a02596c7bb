/**
 * A list on disk, cut into the buckets of psi/vole: each bucket has an extent of a fixed size, as large as it may be, so that one pass over
 * the list places it. What matched stands beside it, a bit for each key of a bucket.
 */
import { createHash } from 'node:crypto';
import { bytesToHex, equalBytes } from '@causeway/core/bytes';
import {
  type BucketedList,
  binKeysMax,
  blockBytes,
  bucketBinsMax,
  bucketShape,
  type Geometry,
  overflows,
  type Role,
  type RunContext,
  type VoleKernel,
} from '@causeway/core/protocols/psi-vole';
import { BitSet, readRows, WorkError, type WorkFile, type WorkFolder, wordsOf } from '../../work/index.ts';

export interface ListFiles {
  /** The distinct keys, packed. */
  readonly set: WorkFile;
  /** By bucket: keys, and their positions in the set. */
  readonly keys: WorkFile;
  readonly positions: WorkFile;
  /** By bucket: what matched. */
  readonly matched: WorkFile;
}

export interface DiskListOptions {
  readonly work: WorkFolder;
  readonly kernel: VoleKernel;
  readonly role: Role;
  readonly files: ListFiles;
  /** Name of the small file that says how the list is cut. */
  readonly cutName: string;
  readonly keyCount: number;
  /** SHA-256 of the set's file, which the commitment stands for. */
  readonly setDigest: Uint8Array;
}

/** How the list lies in its files: durable before anything is built on it. */
interface Cut {
  /** The key that it was cut by, in hexadecimal. */
  readonly partition: string;
  /** Keys that a bucket's extent has room for. */
  readonly extentKeys: number;
  /** Keys of each bucket. */
  readonly counts: readonly number[];
}

const positionBytes = 4;
/** Rows that are cut at a time: a few of them go to each of many buckets. */
const pieceRows = 2 ** 20;

export class DiskList implements BucketedList {
  readonly #options: DiskListOptions;
  #cut: Cut | undefined;

  constructor(options: DiskListOptions) {
    this.#options = options;
  }

  async partition({ geometry, partition }: RunContext): Promise<{ readonly overflow: boolean }> {
    const { work, cutName } = this.#options;
    const stored = await storedCut(work, cutName);
    if (stored?.partition === bytesToHex(partition)) {
      this.#cut = stored;
      return { overflow: false };
    }
    const cut = await this.#place(geometry, partition);
    if (!cut) return { overflow: true };
    await work.writeSmall(cutName, Buffer.from(JSON.stringify(cut)));
    this.#cut = cut;
    return { overflow: false };
  }

  keys(bucket: number): Promise<Uint8Array> {
    const { extentKeys, counts } = this.#cut!;
    return this.#options.files.keys.read(bucket * extentKeys * blockBytes, counts[bucket]! * blockBytes);
  }

  async matched(bucket: number, bits: Uint8Array): Promise<void> {
    await this.#options.files.matched.write(bucket * bitBytes(this.#cut!.extentKeys), bits);
  }

  /** One pass over the set. @returns undefined where a bin or a bucket overflows. */
  async #place(geometry: Geometry, partition: Uint8Array): Promise<Cut | undefined> {
    const { kernel, role, files, keyCount } = this.#options;
    const extentKeys = role === 'receiver' ? bucketBinsMax * binKeysMax : bucketShape(geometry, 0).tagCount;
    const counts = new Array<number>(geometry.bucketCount).fill(0);
    const bins = new Uint32Array(geometry.binCount);
    const digest = createHash('sha256');
    let first = 0;
    for await (const keys of pieces(files.set, keyCount)) {
      digest.update(keys);
      const piece = await kernel.partition({ keys, partition, binCount: geometry.binCount });
      for (let bin = 0; bin < bins.length; bin++) bins[bin]! += piece.binLoads[bin]!;
      for (let bucket = 0; bucket < counts.length; bucket++) {
        const [from, to] = [piece.bucketStarts[bucket]!, piece.bucketStarts[bucket + 1]!];
        if (from === to) continue;
        if (counts[bucket]! + to - from > extentKeys) return undefined;
        const at = bucket * extentKeys + counts[bucket]!;
        await files.keys.write(at * blockBytes, piece.keys.subarray(from * blockBytes, to * blockBytes));
        const positions = piece.rows.subarray(from, to).map((row) => first + row);
        await files.positions.write(at * positionBytes, new Uint8Array(positions.buffer));
        counts[bucket]! += to - from;
      }
      first += keys.length / blockBytes;
    }
    if (!equalBytes(new Uint8Array(digest.digest()), this.#options.setDigest)) {
      throw new WorkError(
        'stored-data-damaged',
        'the stored list is not the one committed to; run the agreement again',
      );
    }
    // The keys of a set are distinct.
    const distinct = async (bucket: number) => bins.slice(bucket * bucketBinsMax, (bucket + 1) * bucketBinsMax);
    if (await overflows(role, geometry, { bins, distinct })) return undefined;
    await Promise.all([files.keys.sync(), files.positions.sync()]);
    return { partition: bytesToHex(partition), extentKeys, counts };
  }
}

/** The set positions of all keys that matched, once the exchange has ended. */
export async function matchedPositions(
  work: WorkFolder,
  {
    positions: positionsFile,
    matched,
    cutName,
    keyCount,
  }: Pick<ListFiles, 'positions' | 'matched'> & Pick<DiskListOptions, 'cutName' | 'keyCount'>,
): Promise<BitSet> {
  const all = new BitSet(keyCount);
  // Without a cut there was nothing to run: one of the lists is empty.
  const cut = await storedCut(work, cutName);
  for (const [bucket, count] of cut?.counts.entries() ?? []) {
    if (count === 0) continue;
    const { extentKeys } = cut!;
    const bits = new BitSet(count, await matched.read(bucket * bitBytes(extentKeys), bitBytes(count)));
    const positions = wordsOf(await positionsFile.read(bucket * extentKeys * positionBytes, count * positionBytes));
    for (let key = 0; key < count; key++) if (bits.has(key)) all.add(positions[key]!);
  }
  return all;
}

async function storedCut(work: WorkFolder, name: string): Promise<Cut | undefined> {
  const stored = await work.readSmall(name);
  return stored && (JSON.parse(Buffer.from(stored).toString()) as Cut);
}

async function* pieces(set: WorkFile, keyCount: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < keyCount; at += pieceRows) {
    yield await set.read(at * blockBytes, Math.min(pieceRows, keyCount - at) * blockBytes);
  }
}

function bitBytes(count: number): number {
  return Math.ceil(count / 8);
}

/** SHA-256 of the set's file. @param onProgress is told how many keys are done. */
export async function digestSet(
  set: WorkFile,
  keyCount: number,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (keys: number) => void },
): Promise<Uint8Array> {
  const digest = createHash('sha256');
  let done = 0;
  for await (const keys of readRows(set, blockBytes, keyCount)) {
    signal.throwIfAborted();
    digest.update(keys);
    done += keys.length / blockBytes;
    onProgress(done);
  }
  return new Uint8Array(digest.digest());
}
