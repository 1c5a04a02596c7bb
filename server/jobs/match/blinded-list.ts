/** The own list as blinded points on disk, computed once and before anything is sent: what is sent again is byte for byte the same. */
import { createHash } from 'node:crypto';
import { elementBytes } from '@causeway/core/group';
import { Frontier } from '@causeway/core/ledger';
import { batchCount, rowsInBatch } from '@causeway/core/protocols';
import { WorkError, type WorkFile, type WorkFolder, withFiles } from '../work/index.ts';
import { keyBytes } from './key-set.ts';

export interface BlindOptions {
  readonly work: WorkFolder;
  /** Names in the work folder: the set of keys (in), the points (out). */
  readonly files: { readonly set: string; readonly points: string };
  readonly keyCount: number;
  /** Rows in a batch: a leaf of the commitment, and a message. */
  readonly batchRows: number;
  /** Keys of 16 bytes to points of 32, row after row: always the same points for the same keys. */
  readonly blind: (keys: Uint8Array) => Promise<Uint8Array>;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number) => void;
}

/** Batches between two points in time at which the work is durable. */
const batchesPerCheckpoint = 8;

/**
 * Blinds the set, going on where an earlier attempt stopped.
 * @returns the Merkle root over the batches of points: the commitment to this list.
 */
export async function blindSet({
  work,
  files,
  keyCount,
  batchRows,
  blind,
  signal,
  onProgress,
}: BlindOptions): Promise<Uint8Array> {
  const names = { set: files.set, points: files.points, leaves: `${files.points}.leaves` };
  return withFiles(work, names, async ({ set, points, leaves }) => {
    const total = batchCount(keyCount, batchRows);
    let done = Math.min(total, await readCounter(work, files.points));
    const blinded = async (index: number) => {
      const keys = await set.read(index * batchRows * keyBytes, rowsInBatch(keyCount, index, batchRows) * keyBytes);
      return blind(keys);
    };
    // The next batch is blinded while this one is written: arithmetic waits for no disk.
    const ahead = (index: number) => {
      const batch = index < total ? blinded(index) : Promise.resolve(new Uint8Array(0));
      // Whoever awaits it is told; until then a failed write comes first.
      batch.catch(() => {});
      return batch;
    };
    let next = ahead(done);
    try {
      for (; done < total; done++) {
        signal.throwIfAborted();
        const batch = await next;
        next = ahead(done + 1);
        await points.write(done * batchRows * elementBytes, batch);
        await leaves.write(done * 32, pointsLeaf(batch));
        if ((done + 1) % batchesPerCheckpoint === 0 || done + 1 === total) {
          await Promise.all([points.sync(), leaves.sync()]);
          await writeCounter(work, files.points, done + 1);
        }
        onProgress(Math.min(keyCount, (done + 1) * batchRows));
      }
    } finally {
      // Its file must not be closed under it.
      await next.catch(() => {});
    }
    return rootOfLeaves(leaves, total);
  });
}

/** Leaf of a batch in the commitment: RFC 6962 §2.1 over its points. */
export function pointsLeaf(batch: Uint8Array): Uint8Array {
  return createHash('sha256').update(Uint8Array.of(0)).update(batch).digest();
}

/** The Merkle root over `count` leaf hashes that stand packed in a file. */
export async function rootOfLeaves(leaves: WorkFile, count: number): Promise<Uint8Array> {
  const frontier = new Frontier();
  const packed = await leaves.read(0, count * 32);
  for (let i = 0; i < count; i++) frontier.append(packed.slice(i * 32, (i + 1) * 32));
  return frontier.root();
}

/**
 * Reads a batch of own points and checks it against its leaf.
 * @throws {WorkError} `stored-data-damaged` when the disk gave back something else than was written.
 */
export async function readPoints(
  files: { readonly points: WorkFile; readonly leaves: WorkFile },
  list: { readonly keyCount: number; readonly batchRows: number },
  index: number,
): Promise<Uint8Array> {
  const { keyCount, batchRows } = list;
  const rows = rowsInBatch(keyCount, index, batchRows);
  const batch = await files.points.read(index * batchRows * elementBytes, rows * elementBytes);
  const leaf = await files.leaves.read(index * 32, 32);
  if (!Buffer.from(leaf.buffer, leaf.byteOffset, 32).equals(pointsLeaf(batch))) {
    throw new WorkError(
      'stored-data-damaged',
      `stored points of batch ${index} do not match their hash; run the agreement again`,
    );
  }
  return batch;
}

async function readCounter(work: WorkFolder, name: string): Promise<number> {
  const stored = await work.readSmall(`${name}.done`);
  return stored ? Number.parseInt(Buffer.from(stored).toString(), 10) : 0;
}

async function writeCounter(work: WorkFolder, name: string, value: number): Promise<void> {
  await work.writeSmall(`${name}.done`, Buffer.from(String(value)));
}
