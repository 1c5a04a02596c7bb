/**
 * Rows or bytes of a file as sealed chunks (HPKE, RFC 9180) in another, and back: sealed as a whole before anything is sent, opened as a whole before anything
 * is used. Every chunk is bound to its place; two RFC 6962 trees stand over all of them, over the plaintext behind a salt and over what was sealed.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { saltBytes } from '@causeway/core/applications/room';
import { type Aead, HpkeError, type RecipientContext, type SenderContext } from '@causeway/core/crypto';
import { Frontier } from '@causeway/core/ledger';
import type { WorkFile } from '../work/index.ts';

const tagBytes = 16;

/** AES-GCM of the machine's own library (RFC 9180 §7.3). */
export const aes128Gcm: Aead = aesGcm('aes-128-gcm', 0x0001, 16);
export const aes256Gcm: Aead = aesGcm('aes-256-gcm', 0x0002, 32);

function aesGcm(cipherName: 'aes-128-gcm' | 'aes-256-gcm', id: number, keyBytes: number): Aead {
  return {
    id,
    keyBytes,
    seal({ key, nonce, aad, message }) {
      const cipher = createCipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(aad, { plaintextLength: message.length });
      return new Uint8Array(Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]));
    },
    open({ key, nonce, aad, message }) {
      if (message.length < tagBytes) return undefined;
      const decipher = createDecipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
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
}

/** How rows are cut. */
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

/** @returns the root over the plaintext, 32 bytes. */
export async function commitmentOf(plain: WorkFile, cut: Chunks, salt: Uint8Array): Promise<Uint8Array> {
  const tree = new Frontier();
  for (let index = 0; index < chunkCount(cut); index++) {
    tree.append(commitmentLeaf(salt, index, await plainChunk(plain, cut, index, salt)));
  }
  return tree.root();
}

/** Seals under a context that is forgotten at the end: nothing is ever sealed twice under one. @returns the root over the sealed chunks, 32 bytes. */
export async function sealChunks(of: {
  readonly plain: WorkFile;
  readonly sealed: WorkFile;
  readonly cut: Chunks;
  readonly salt: Uint8Array;
  readonly context: SenderContext;
  readonly aad: (index: number) => Uint8Array;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}): Promise<Uint8Array> {
  const { plain, sealed, cut, salt, context, aad, onProgress } = of;
  const [tree, chunks] = [new Frontier(), chunkCount(cut)];
  for (let index = 0; index < chunks; index++) {
    const bytes = context.seal(await plainChunk(plain, cut, index, salt), aad(index));
    await sealed.write(sealedExtent(cut, index).at, bytes);
    tree.append(sealedLeaf(bytes));
    onProgress({ done: index + 1, total: chunks });
  }
  await sealed.sync();
  return tree.root();
}

/**
 * Opens chunks that have all come.
 * @returns the roots over what was sealed and over the plaintext, 32 bytes each, for whoever knows what they have to be; undefined where a chunk is not what
 * was sealed for its place.
 */
export async function openChunks(of: {
  readonly sealed: WorkFile;
  readonly plain: WorkFile;
  readonly cut: Chunks;
  readonly context: RecipientContext;
  readonly aad: (index: number) => Uint8Array;
}): Promise<{ readonly sealed: Uint8Array; readonly commitment: Uint8Array } | undefined> {
  const { sealed, plain: rows, cut, context, aad } = of;
  const [sealedTree, commitment] = [new Frontier(), new Frontier()];
  let salt: Uint8Array = new Uint8Array(0);
  for (let index = 0; index < chunkCount(cut); index++) {
    const { at, bytes } = sealedExtent(cut, index);
    const chunk = await sealed.read(at, bytes);
    sealedTree.append(sealedLeaf(chunk));
    const plain = opened(() => context.open(chunk, aad(index)));
    if (plain === undefined) return undefined;
    if (index === 0) salt = plain.slice(0, saltBytes);
    commitment.append(commitmentLeaf(salt, index, plain));
    await rows.write(index * cut.chunkRows * cut.rowBytes, index === 0 ? plain.subarray(saltBytes) : plain);
  }
  await rows.truncate(cut.rows * cut.rowBytes);
  await rows.sync();
  return { sealed: sealedTree.root(), commitment: commitment.root() };
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
