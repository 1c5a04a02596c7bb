/**
 * A file of the owner's, opened once: its identity, its first bytes, and its bytes in order while they are hashed.
 * The hash is of the bytes that were used, so that a later reading of the same file can prove that it is the same.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { DataError, systemError } from '../errors.ts';

export const bufferBytes = 4 * 1024 * 1024;

/** What tells one state of one file from another, without reading it. Numbers as text: they do not fit a double. */
export interface FileIdentity {
  readonly device: string;
  readonly inode: string;
  readonly bytes: number;
  readonly modifiedNs: string;
  readonly changedNs: string;
}

export interface Source {
  /** As the caller named it: messages repeat this, never the resolved path. */
  readonly path: string;
  readonly resolvedPath: string;
  readonly file: FileHandle;
  readonly identity: FileIdentity;
  /** The first `bufferBytes` or fewer. */
  readonly head: Uint8Array;
  close(): Promise<void>;
}

/**
 * @throws {DataError} `not-found`, `access-denied`, … ; `not-a-file` for a folder, a pipe or a device (their bytes can be read only once).
 */
export async function openSource(path: string): Promise<Source> {
  try {
    const resolvedPath = await realpath(path);
    // Looked at before it is opened: opening a pipe that nobody writes to would wait for ever.
    if (!(await stat(resolvedPath)).isFile()) {
      throw new DataError('not-a-file', `${path} is not a regular file. Save the data as a file first.`, { path });
    }
    const file = await open(resolvedPath, 'r');
    try {
      const identity = identityOf(await file.stat({ bigint: true }));
      const head = new Uint8Array(Math.min(bufferBytes, identity.bytes));
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      return { path, resolvedPath, file, identity, head: head.subarray(0, bytesRead), close: () => file.close() };
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    throw systemError(error, path, 'opening it');
  }
}

/** Called with the bytes read so far, of `source.identity.bytes`. */
export type OnBytes = (bytesRead: number) => void;

/** The raw bytes and their hash. `digest` may be asked for once, after the last chunk. */
export interface RawBytes {
  readonly chunks: AsyncIterable<Uint8Array>;
  digest(): string;
}

/** Reads the whole file in order. A chunk is overwritten by the next one: use it before asking for more. */
export function readAll(source: Source, onBytes: OnBytes = () => {}): RawBytes {
  const hash = createHash('sha256');
  return { chunks: readChunks(source, hash.update.bind(hash), onBytes), digest: () => hash.digest('hex') };
}

/** The SHA-256 of the whole file, for containers that are not read in order. */
export async function hashSource(source: Source, onBytes?: OnBytes): Promise<string> {
  const raw = readAll(source, onBytes);
  for await (const _ of raw.chunks);
  return raw.digest();
}

async function* readChunks(
  source: Source,
  update: (bytes: Uint8Array) => void,
  onBytes: OnBytes,
): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(bufferBytes);
  for (let position = 0; ; ) {
    const { bytesRead } = await source.file.read(buffer, 0, buffer.length, position).catch((error) => {
      throw systemError(error, source.path, 'reading it');
    });
    if (bytesRead === 0) return;
    position += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    update(chunk);
    yield chunk;
    onBytes(position);
  }
}

/**
 * Compares the path with what was opened: whether it was written to, replaced, swapped or removed meanwhile [F11].
 * @throws {DataError} `file-changed`
 */
export async function requireUnchanged(source: Source): Promise<void> {
  const now = await stat(source.resolvedPath, { bigint: true }).catch(() => undefined);
  const target = await realpath(source.path).catch(() => undefined);
  if (now !== undefined && target === source.resolvedPath && sameIdentity(identityOf(now), source.identity)) return;
  throw fileChanged(source.path, now === undefined || target === undefined ? 'it was removed' : 'its identity differs');
}

export function fileChanged(path: string, how: string): DataError {
  return new DataError(
    'file-changed',
    `${path}: the file changed during reading (${how}). Nothing was kept; start again when no program writes to it.`,
    { path },
  );
}

export function sameIdentity(a: FileIdentity, b: FileIdentity): boolean {
  return (
    a.device === b.device &&
    a.inode === b.inode &&
    a.bytes === b.bytes &&
    a.modifiedNs === b.modifiedNs &&
    a.changedNs === b.changedNs
  );
}

function identityOf(stats: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint; ctimeNs: bigint }): FileIdentity {
  return {
    device: String(stats.dev),
    inode: String(stats.ino),
    bytes: Number(stats.size),
    modifiedNs: String(stats.mtimeNs),
    changedNs: String(stats.ctimeNs),
  };
}
