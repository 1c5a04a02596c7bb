import { copyFile, type FileHandle, link, mkdir, open, readFile, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WorkError, type WorkFile, type WorkFolder } from './work-folder.ts';

export interface WorkFolderOptions {
  /** Whether what was synced survives a power cut; `no` for work that ends with this process in any case. */
  readonly durable?: 'yes' | 'no';
}

/** A work folder on this machine's disk, readable by its owner alone. */
export async function openWorkFolder(folder: string, { durable = 'yes' }: WorkFolderOptions = {}): Promise<WorkFolder> {
  await guarded(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  return new NodeFolder(folder, durable === 'yes');
}

class NodeFolder implements WorkFolder {
  readonly #folder: string;
  readonly #isDurable: boolean;

  constructor(folder: string, isDurable: boolean) {
    this.#folder = folder;
    this.#isDurable = isDurable;
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  async open(name: string): Promise<WorkFile> {
    const path = this.path(name);
    // 'a+' would append whatever the offset: open for update, and create first where needed.
    const handle = await guarded(path, () =>
      open(path, 'r+', 0o600).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        return open(path, 'w+', 0o600);
      }),
    );
    return new NodeFile(path, handle, this.#isDurable);
  }

  async readSmall(name: string): Promise<Uint8Array | undefined> {
    const path = this.path(name);
    return guarded(path, () =>
      readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        return undefined;
      }),
    );
  }

  async writeSmall(name: string, content: Uint8Array): Promise<void> {
    const path = this.path(name);
    await guarded(path, async () => {
      const handle = await open(`${path}.partial`, 'w', 0o600);
      try {
        await handle.writeFile(content);
        if (this.#isDurable) await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(`${path}.partial`, path);
      if (this.#isDurable) await syncFolder(dirname(path));
    });
  }

  async rename(from: string, to: string): Promise<void> {
    await guarded(this.path(to), async () => {
      await rename(this.path(from), this.path(to));
      if (this.#isDurable) await syncFolder(this.#folder);
    });
  }

  async link(name: string, to: WorkFolder, as: string): Promise<void> {
    const target = to.path(as);
    await guarded(target, async () => {
      await rm(target, { force: true });
      await link(this.path(name), target).catch(async (error: NodeJS.ErrnoException) => {
        if (!linkless.has(error.code ?? '')) throw error;
        await copyDurably(this.path(name), target);
      });
      await syncFolder(dirname(target));
    });
  }

  async remove(name: string): Promise<void> {
    await guarded(this.path(name), () => rm(this.path(name), { force: true }));
  }

  async erase(): Promise<void> {
    await guarded(this.#folder, () => rm(this.#folder, { recursive: true, force: true }));
  }
}

class NodeFile implements WorkFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #isDurable: boolean;

  constructor(path: string, handle: FileHandle, isDurable: boolean) {
    this.#path = path;
    this.#handle = handle;
    this.#isDurable = isDurable;
  }

  size(): Promise<number> {
    return guarded(this.#path, async () => (await this.#handle.stat()).size);
  }

  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    return guarded(this.#path, async () => {
      const bytes = into?.subarray(0, length) ?? new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const { bytesRead } = await this.#handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) {
          throw new WorkError(
            'short-read',
            `${this.#path} ends at byte ${offset + done}, ${length - done} bytes early`,
          );
        }
        done += bytesRead;
      }
      return bytes;
    });
  }

  write(offset: number, bytes: Uint8Array): Promise<void> {
    return guarded(this.#path, async () => {
      for (let done = 0; done < bytes.length; ) {
        done += (await this.#handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
      }
    });
  }

  truncate(size: number): Promise<void> {
    return guarded(this.#path, () => this.#handle.truncate(size));
  }

  async sync(): Promise<void> {
    if (this.#isDurable) await guarded(this.#path, () => this.#handle.sync());
  }

  close(): Promise<void> {
    return guarded(this.#path, () => this.#handle.close());
  }
}

/** Another disk, or one without links. */
const linkless = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, `${to}.partial`);
  const handle = await open(`${to}.partial`, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${to}.partial`, to);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const codes: Record<string, WorkError['code']> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EMFILE: 'too-many-open-files',
  ENFILE: 'too-many-open-files',
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  EROFS: 'read-only',
};

/** Runs a disk operation; a failure of the system becomes a {@link WorkError} that names the file. */
async function guarded<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof WorkError) throw error;
    const cause = error as NodeJS.ErrnoException;
    const code = codes[cause.code ?? ''] ?? 'disk-failed';
    const detail =
      code === 'disk-full'
        ? `the disk is full (${await freeBytes(path)} bytes free)`
        : (cause.code ?? 'unknown failure');
    throw new WorkError(code, `${path}: ${detail}. The job keeps what it has; it resumes when the cause is gone.`, {
      cause,
    });
  }
}

async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(dirname(path));
    return bavail * bsize;
  } catch {
    return 0;
  }
}
