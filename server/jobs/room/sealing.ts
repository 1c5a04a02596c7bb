/** An upload as sealed chunks on disk, and back: sealed as a whole before anything is sent, opened as a whole before anything is used. */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { chunkAad, type Layout, type RoomManifest, saltBytes, sealInfo } from '@causeway/core/applications/room';
import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import { type Aead, HpkeError, type KemKeyPair, setupRecipient, setupSender } from '@causeway/core/crypto';
import { Frontier } from '@causeway/core/ledger';
import type { RandomSource } from '@causeway/core/random';
import { JobFailure } from '../life/index.ts';
import { type WorkFile, type WorkFolder, withFiles } from '../work/index.ts';

const tagBytes = 16;

/** AES-256-GCM of the machine's own library. */
export const aes256Gcm: Aead = {
  id: 0x0002,
  keyBytes: 32,
  seal({ key, nonce, aad, message }) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(aad, { plaintextLength: message.length });
    return new Uint8Array(Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]));
  },
  open({ key, nonce, aad, message }) {
    if (message.length < tagBytes) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(aad, { plaintextLength: message.length - tagBytes });
    decipher.setAuthTag(message.subarray(message.length - tagBytes));
    try {
      const opened = decipher.update(message.subarray(0, message.length - tagBytes));
      return new Uint8Array(Buffer.concat([opened, decipher.final()]));
    } catch {
      return undefined;
    }
  },
};

/** How the rows of an upload are cut. */
export interface Chunks {
  readonly rows: number;
  readonly chunkRows: number;
  readonly rowBytes: number;
}

/** At least one, which holds the salt. */
export function chunkCount({ rows, chunkRows }: Pick<Chunks, 'rows' | 'chunkRows'>): number {
  return Math.max(1, Math.ceil(rows / chunkRows));
}

/** Bytes of a sealed chunk, and where it stands among them. */
export function sealedExtent(of: Chunks, index: number): { readonly at: number; readonly bytes: number } {
  const full = of.chunkRows * of.rowBytes + tagBytes;
  const rows = Math.min(of.chunkRows, of.rows - index * of.chunkRows);
  const salt = index === 0 ? saltBytes : 0;
  return { at: index === 0 ? 0 : index * full + saltBytes, bytes: rows * of.rowBytes + salt + tagBytes };
}

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

/** Seals under a context of its own, which is forgotten at the end: nothing is ever sealed twice under one. */
export async function sealUpload(options: SealOptions): Promise<RoomManifest> {
  const { work, files, layout, rows, random, recipient, about, onProgress } = options;
  const cut: Chunks = { rows, chunkRows: layout.chunkRows, rowBytes: layout.rowBytes };
  const chunks = chunkCount(cut);
  const salt = random.bytes(saltBytes);
  return withFiles(work, files, async ({ rows: plain, sealed }) => {
    const chunk = (index: number) => plainChunk(plain, cut, index, salt);
    const commitment = new Frontier();
    for (let index = 0; index < chunks; index++) commitment.append(commitmentLeaf(salt, index, await chunk(index)));
    const bound = { ...about, rows, chunks, chunkRows: layout.chunkRows, commitment: bytesToHex(commitment.root()) };
    const unsealed: RoomManifest = { ...bound, enc: '', sealedRoot: '' };
    const { enc, context } = setupSender({ aead: aes256Gcm, info: sealInfo(unsealed), recipient }, random);
    const sealedTree = new Frontier();
    for (let index = 0; index < chunks; index++) {
      const bytes = context.seal(await chunk(index), chunkAad(unsealed, index));
      await sealed.write(sealedExtent(cut, index).at, bytes);
      sealedTree.append(sealedLeaf(bytes));
      onProgress({ done: index + 1, total: chunks });
    }
    await sealed.sync();
    return { ...bound, enc: bytesToHex(enc), sealedRoot: bytesToHex(sealedTree.root()) };
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
    const [sealedTree, commitment] = [new Frontier(), new Frontier()];
    let salt: Uint8Array = new Uint8Array(0);
    for (let index = 0; index < manifest.chunks; index++) {
      const { at, bytes } = sealedExtent(cut, index);
      const chunk = await sealed.read(at, bytes);
      sealedTree.append(sealedLeaf(chunk));
      const plain =
        opened(() => context.open(chunk, chunkAad(manifest, index))) ?? refuse('could not be authenticated');
      if (index === 0) salt = plain.slice(0, saltBytes);
      commitment.append(commitmentLeaf(salt, index, plain));
      await rows.write(index * cut.chunkRows * cut.rowBytes, index === 0 ? plain.subarray(saltBytes) : plain);
    }
    if (bytesToHex(sealedTree.root()) !== manifest.sealedRoot) refuse('is not the one that its manifest names');
    if (bytesToHex(commitment.root()) !== manifest.commitment) refuse('holds other rows than were committed to');
    await rows.truncate(manifest.rows * layout.rowBytes);
    await rows.sync();
  });
}

function opened(open: () => Uint8Array): Uint8Array | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof HpkeError) return undefined;
    throw error;
  }
}

async function plainChunk(rows: WorkFile, cut: Chunks, index: number, salt: Uint8Array): Promise<Uint8Array> {
  const count = Math.min(cut.chunkRows, cut.rows - index * cut.chunkRows);
  const packed = await rows.read(index * cut.chunkRows * cut.rowBytes, count * cut.rowBytes);
  if (index > 0) return packed;
  const first = new Uint8Array(saltBytes + packed.length);
  first.set(salt);
  first.set(packed, saltBytes);
  return first;
}

/** RFC 6962 §2.1 over salt ‖ index ‖ chunk: without the salt, rows could be guessed and the guess be checked. */
function commitmentLeaf(salt: Uint8Array, index: number, chunk: Uint8Array): Uint8Array {
  const place = new Uint8Array(4);
  new DataView(place.buffer).setUint32(0, index);
  return createHash('sha256').update(Uint8Array.of(0)).update(salt).update(place).update(chunk).digest();
}

function sealedLeaf(chunk: Uint8Array): Uint8Array {
  return createHash('sha256').update(Uint8Array.of(0)).update(chunk).digest();
}
