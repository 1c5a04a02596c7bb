/** An upload as sealed chunks on disk, and back. */
import {
  chunkAad,
  type Layout,
  type RoomManifest,
  saltBytes,
  sealInfo,
  type TableManifest,
} from '@causeway/core/applications/room';
import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import { HpkeError, type KemKeyPair, setupRecipient, setupSender } from '@causeway/core/crypto';
import type { RandomSource } from '@causeway/core/random';
import { JobFailure } from '../life/index.ts';
import { aes256Gcm, type Chunks, chunkCount, commitmentOf, openChunks, sealChunks } from '../sealed/index.ts';
import { type WorkFolder, withFiles } from '../work/index.ts';

export interface SealOptions {
  readonly work: WorkFolder;
  /** Names in the work folder: packed rows (in), sealed chunks (out). */
  readonly files: { readonly rows: string; readonly sealed: string };
  readonly layout: Layout;
  /** The manifest without its tables. */
  readonly about: Omit<RoomManifest, 'tables'>;
  /** The room's key. */
  readonly recipient: Uint8Array;
  readonly rows: number;
  readonly random: RandomSource;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Seals a table under a context of its own, which is forgotten at the end. @returns its part of the manifest. */
export async function sealTable(options: SealOptions): Promise<TableManifest> {
  const { work, files, layout, rows, random, recipient, about, onProgress } = options;
  const cut: Chunks = { rows, chunkRows: layout.chunkRows, rowBytes: layout.rowBytes };
  const salt = random.bytes(saltBytes);
  return withFiles(work, files, async ({ rows: plain, sealed }) => {
    const commitment = bytesToHex(await commitmentOf(plain, cut, salt));
    const { table, chunkRows } = layout;
    const bound = { table, rows, chunks: chunkCount(cut), chunkRows, commitment };
    const [manifest, unsealed] = [
      { ...about, tables: [] },
      { ...bound, enc: '', sealedRoot: '' },
    ];
    const info = sealInfo(manifest, unsealed);
    const { enc, context } = setupSender({ aead: aes256Gcm, info, recipient }, random);
    const aad = (index: number) => chunkAad(manifest, unsealed, index);
    const root = await sealChunks({ plain, sealed, cut, salt, context, aad, onProgress });
    return { ...bound, enc: bytesToHex(enc), sealedRoot: bytesToHex(root) };
  });
}

/**
 * Opens a table whose chunks have all come.
 * @param files names in the work folder: sealed chunks (in), packed rows (out).
 * @throws {JobFailure} `upload-refused` unless all of it is exactly what the manifest says.
 */
export async function openTable(
  work: WorkFolder,
  files: { readonly sealed: string; readonly rows: string },
  of: { readonly manifest: RoomManifest; readonly layout: Layout; readonly recipient: KemKeyPair },
): Promise<void> {
  const { manifest, layout, recipient } = of;
  const refuse = (why: string): never => {
    const { contributor } = manifest;
    const what = `the table ${layout.table} in the upload of ${contributor}`;
    throw new JobFailure('upload-refused', `${what} ${why}; nothing of it was kept`, { partner: contributor });
  };
  const table = manifest.tables.find((one) => one.table === layout.table) ?? refuse('is missing');
  const cut: Chunks = { rows: table.rows, chunkRows: layout.chunkRows, rowBytes: layout.rowBytes };
  if (table.chunkRows !== layout.chunkRows || table.chunks !== chunkCount(cut)) refuse('is cut in another way');
  await withFiles(work, files, async ({ sealed, rows }) => {
    const info = sealInfo(manifest, table);
    const context = (() => {
      try {
        return setupRecipient({ aead: aes256Gcm, info, enc: hexToBytes(table.enc), recipient });
      } catch (error) {
        if (error instanceof HpkeError) return refuse('has a key that gives no secret');
        throw error;
      }
    })();
    const aad = (index: number) => chunkAad(manifest, table, index);
    const roots =
      (await openChunks({ sealed, plain: rows, cut, context, aad })) ?? refuse('could not be authenticated');
    if (bytesToHex(roots.sealed) !== table.sealedRoot) refuse('is not the one that its manifest names');
    if (bytesToHex(roots.commitment) !== table.commitment) refuse('holds other rows than were committed to');
  });
}
