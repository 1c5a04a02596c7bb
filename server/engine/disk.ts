/**
 * The few things that the engine does to a disk, as a port: a test hands in a disk that fails at its n-th operation.
 * Every result is written under a temporary name, flushed, and only then given its own name, so a reader never meets half a file.
 */
import { type FileHandle, mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError, systemError } from './errors.ts';

export interface Disk {
  create(path: string): Promise<FileHandle>;
  write(file: FileHandle, bytes: Uint8Array): Promise<void>;
  /** Flushes a file that is closed, or the names in a folder. */
  flush(path: string, what: 'file' | 'folder'): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  freeBytes(folder: string): Promise<number>;
}

export const systemDisk: Disk = {
  create: (path) => open(path, 'wx', 0o600),
  write: async (file, bytes) => {
    for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten;
  },
  flush: async (path, what) => {
    if (what === 'folder' && process.platform === 'win32') return; // Windows has no flush of a folder: its rename is journalled
    const file = await open(path, what === 'folder' ? 'r' : 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: (path) => rm(path, { force: true, recursive: true }),
  makeFolder: async (path) => {
    // Node calls every cause ENOENT when it makes parents too; one folder alone tells the true one.
    await mkdir(path, { recursive: true, mode: 0o700 }).catch(() => mkdir(path, { mode: 0o700 }));
  },
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
};

/** A file that is being written: `finish` makes it appear under its name, `discard` leaves nothing. Call one of them. */
export interface FileWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes written so far. */
  readonly length: number;
  finish(): Promise<void>;
  discard(): Promise<void>;
}

/** The name under which a result is written before it is complete; the caller of the task removes what a killed process left. */
export function partialName(path: string, taskId: string): string {
  return `${path}.${taskId}.partial`;
}

/**
 * Starts writing `path`, under its partial name until it is finished.
 * @throws {DataError} `disk-full`, `disk-failed`, `access-denied`, … with the path and the free bytes.
 */
export async function writeFileWhole(disk: Disk, path: string, taskId: string): Promise<FileWriter> {
  return writeFile(disk, path, partialName(path, taskId), () => publishFile(disk, partialName(path, taskId), path));
}

/** Writes a file of the task's own folder: it ends with the task, so nothing is flushed. */
export async function writeScratchFile(disk: Disk, path: string): Promise<FileWriter> {
  return writeFile(disk, path, path, async () => {});
}

async function writeFile(disk: Disk, path: string, partial: string, publish: () => Promise<void>): Promise<FileWriter> {
  const file = await disk.create(partial).catch((error) => fail(disk, error, path, 'creating it'));
  let length = 0;
  let open = true;
  const close = async () => {
    if (!open) return;
    open = false;
    await file.close();
  };
  const discard = async () => {
    await close();
    await disk.remove(partial);
  };
  const attempt = async (doing: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      await discard();
      await fail(disk, error, path, doing);
    }
  };
  return {
    get length() {
      return length;
    },
    discard,
    write: (bytes) =>
      attempt('writing it', async () => {
        await disk.write(file, bytes);
        length += bytes.length;
      }),
    finish: () =>
      attempt('finishing it', async () => {
        await close();
        await publish();
      }),
  };
}

/** Flushes a file that was written under its partial name, and gives it its own name: durable once the folder is flushed too. */
export async function publishFile(disk: Disk, partial: string, path: string): Promise<void> {
  try {
    await disk.flush(partial, 'file');
    await disk.rename(partial, path);
    await disk.flush(dirname(path), 'folder');
  } catch (error) {
    await disk.remove(partial);
    await fail(disk, error, path, 'finishing it');
  }
}

/**
 * Refuses a task that would fill the disk, before it starts.
 * @throws {DataError} `disk-full` with the needed and the free bytes.
 */
export async function requireSpace(disk: Disk, folder: string, neededBytes: number): Promise<void> {
  const freeBytes = await disk
    .freeBytes(folder)
    .catch((error) => fail(disk, error, folder, 'asking for its free space'));
  if (freeBytes >= neededBytes) return;
  throw new DataError(
    'disk-full',
    `${folder}: this needs about ${neededBytes} bytes and ${freeBytes} are free. Free space, or choose another folder; nothing was started.`,
    { path: folder, neededBytes, freeBytes },
  );
}

/** Turns a failed disk operation into a `DataError` that names the path and, for a full disk, the free bytes; always throws. */
export async function fail(disk: Disk, cause: unknown, path: string, doing: string): Promise<never> {
  const error = systemError(cause, path, doing);
  if (!(error instanceof DataError) || error.code !== 'disk-full' || error.details.freeBytes !== undefined) throw error;
  const freeBytes = await disk.freeBytes(dirname(path)).catch(() => 0);
  throw new DataError('disk-full', `${error.message} ${freeBytes} bytes are free.`, { path, freeBytes }, { cause });
}
