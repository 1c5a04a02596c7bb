/**
 * A node's home from a backup. All of it is checked while it is copied, under another name: there is a home that is as it was, or none.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { markRestored, openHome } from '../home/index.ts';
import { type BackupDescription, damaged, readArchive } from './archive.ts';
import { copyFile } from './copy-file.ts';
import { BackupError, fileFailed } from './error.ts';

export interface RestoreOptions {
  /** The backup's folder. */
  readonly from: string;
  /** Where the home goes; empty, or not there. */
  readonly home: string;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

export interface RestoreReport {
  readonly home: string;
  readonly files: number;
  readonly bytes: number;
  readonly backup: BackupDescription;
}

/** @throws {BackupError} `home-not-empty`, `not-a-backup`, `backup-damaged` with the file; {NodeError} `broken-home`. */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const [from, home] = [resolve(options.from), resolve(options.home)];
  await requireEmpty(home);
  const { description, sums } = await readArchive(from);
  const partial = join(dirname(home), `.${basename(home)}.${randomBytes(6).toString('hex')}.partial`);
  let bytes = 0;
  try {
    await mkdir(dirname(partial), { recursive: true });
    // `home` itself is the first of the folders.
    for (const path of description.folders) await mkdir(inHome(partial, path), { mode: 0o700 });
    for (const [path, sha256] of sums) {
      const copied = await copyFile({
        from: join(from, path),
        to: inHome(partial, path),
        // Before it recovers, PostgreSQL itself syncs all that it finds (recovery_init_sync_method).
        isDurable: !path.startsWith('home/database/'),
        onBytes: () => {
          if (options.signal.aborted) throw new BackupError('cancelled', 'cancelled; nothing was restored');
        },
      });
      if (copied.sha256 !== sha256) throw damaged(path);
      bytes += copied.bytes;
    }
    await markRestored(partial, {
      version: 1,
      backupAt: description.at,
      restoredAt: new Date(options.nowMs).toISOString(),
    });
    await openHome(partial);
    await rmdir(home).catch(() => {});
    await rename(partial, home);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw fileFailed(error, home);
  }
  return { home, files: sums.size, bytes, backup: description };
}

function inHome(home: string, path: string): string {
  return join(home, path.slice('home'.length));
}

async function requireEmpty(home: string): Promise<void> {
  const names = await readdir(home).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw fileFailed(error, home);
  });
  if (names.length === 0) return;
  throw new BackupError('home-not-empty', `${home} is not empty`, {
    remedy: 'restore into a folder that is empty or does not exist, with --home',
  });
}
