/** An upload as sealed chunks on disk, and back. */
import { chunkAad, type Layout, type RoomManifest, saltBytes, sealInfo } from '@causeway/core/applications/room';
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
  /** All of the manifest that does not follow from sealing. */
  readonly about: Omit<RoomManifest, 'rows' | 'chunks' | 'chunkRows' | 'commitment' | 'enc' | 'sealedRoot'>;
  /** The room's key. */
  readonly recipient: Uint8Array;
  readonly rows: number;
  readonly random: RandomSource;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Seals under a context of its own, which is forgotten at the end. */
export async function sealUpload(options: SealOptions): Promise<RoomManifest> {
  const { work, files, layout, rows, random, recipient, about, onProgress } = options;
  const cut: Chunks = { rows, chunkRows: layout.chunkRows, rowBytes: layout.rowBytes };
  const salt = random.bytes(saltBytes);
  return withFiles(work, files, async ({ rows: plain, sealed }) => {
    const commitment = bytesToHex(await commitmentOf(plain, cut, salt));
    const bound = { ...about, rows, chunks: chunkCount(cut), chunkRows: layout.chunkRows, commitment };
    const unsealed: RoomManifest = { ...bound, enc: '', sealedRoot: '' };
    const { enc, context } = setupSender({ aead: aes256Gcm, info: sealInfo(unsealed), recipient }, random);
    const aad = (index: number) => chunkAad(unsealed, index);
    const root = await sealChunks({ plain, sealed, cut, salt, context, aad, onProgress });
    return { ...bound, enc: bytesToHex(enc), sealedRoot: bytesToHex(root) };
  });
}

/**
 * Opens an upload whose chunks have all come.
 * @param files names in the work folder: sealed chunks (in), packed rows (out).
 * @throws {JobFailure} `upload-refused` unless all of it is exactly what the manifest says.
 */
export async function openUpload(
  work: WorkFolder,
  files: { readonly sealed: string; readonly rows: string },
  of: { readonly manifest: RoomManifest; readonly layout: Layout; readonly recipient: KemKeyPair },
): Promise<void> {
  const { manifest, layout, recipient } = of;
  const refuse = (why: string): never => {
    throw new JobFailure('upload-refused', `the upload of ${manifest.contributor} ${why}; nothing of it was kept`, {
      partner: manifest.contributor,
    });
  };
  const cut: Chunks = { rows: manifest.rows, chunkRows: layout.chunkRows, rowBytes: layout.rowBytes };
  if (manifest.chunkRows !== layout.chunkRows || manifest.chunks !== chunkCount(cut)) refuse('is cut in another way');
  await withFiles(work, files, async ({ sealed, rows }) => {
    const info = sealInfo(manifest);
    const context = (() => {
      try {
        return setupRecipient({ aead: aes256Gcm, info, enc: hexToBytes(manifest.enc), recipient });
      } catch (error) {
        if (error instanceof HpkeError) return refuse('has a key that gives no secret');
        throw error;
      }
    })();
    const aad = (index: number) => chunkAad(manifest, index);
    const roots =
      (await openChunks({ sealed, plain: rows, cut, context, aad })) ?? refuse('could not be authenticated');
    if (bytesToHex(roots.sealed) !== manifest.sealedRoot) refuse('is not the one that its manifest names');
    if (bytesToHex(roots.commitment) !== manifest.commitment) refuse('holds other rows than were committed to');
  });
}
