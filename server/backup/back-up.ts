/**
 * A backup of a node's home, made while the node runs. The database comes first and the files after it: a file is written before the row
 * that names it, so every row of the copied database finds its file, as long as no dataset is removed meanwhile.
 */
import { readdir, realpath, stat, statfs } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { bytesToHex } from '@causeway/core/bytes';
import { claimHome, type Home } from '../home/index.ts';
import { type CopyTarget, type OpenStore, openStore } from '../store/index.ts';
import { ArchiveWriter, type BackupDescription } from './archive.ts';
import { BackupError, fileFailed } from './error.ts';

export interface BackupOptions {
  readonly home: Home;
  readonly database: OpenStore;
  /** The folder of the backup, absolute; it must not exist. */
  readonly to: string;
  readonly software: string;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: { readonly done: number; readonly total: number }) => void;
}

export interface BackupReport {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  /** `external`: that database is not in the backup. */
  readonly database: BackupDescription['database'];
  readonly ledger?: BackupDescription['ledger'];
}

/**
 * Of this process or of a run: a start makes them anew. Work in progress holds the secrets of a match, which must never run twice; tables are
 * made anew under other keys, because what a key has answered since the backup is known to nobody.
 */
const leftOut = new Set([
  'node.pid',
  'logs',
  'spill',
  'jobs',
  'tables',
  'uploads',
  'exports',
  'database',
  'restored.json',
]);
const cluster = 'database/cluster';

/** @throws {BackupError}, {StoreError}; there is then no backup. */
export async function backUp(options: BackupOptions): Promise<BackupReport> {
  const { home, database, signal, onProgress } = options;
  const to = resolve(options.to);
  await requireOutside(home.folder, to);
  const total = await bytesOf(home.folder, database.copyTo ? '' : 'database');
  await requireSpace(to, total);
  let done = 0;
  const archive = await ArchiveWriter.create(to, (count) => {
    if (signal.aborted) throw new BackupError('cancelled', 'the backup was cancelled; nothing was kept of it');
    done += count;
    // What is written to the database while it is copied comes on top.
    onProgress({ done: Math.min(done, total), total });
  });
  try {
    const head = await database.store.ledger.latestHead();
    const ledger = head && { records: head.size, root: bytesToHex(new Uint8Array(head.root)) };
    await archive.folder('home');
    if (database.copyTo) {
      await archive.folder('home/database');
      await archive.folder(`home/${cluster}`);
      await database.copyTo(inside(archive, `home/${cluster}`));
    }
    const datasets = await database.store.datasets.all();
    await copyFiles(home.folder, archive, new Set(datasets.map(({ folder }) => folder)));
    const kind = database.kind;
    await archive.finish({
      organisation: home.config.organisation,
      name: home.config.name,
      software: options.software,
      at: new Date(options.nowMs).toISOString(),
      database: kind,
      databaseVersion: database.version,
      ...(ledger ? { ledger } : {}),
    });
    const { fileCount: files, bytes } = archive;
    return { folder: to, files, bytes, database: kind, ...(ledger ? { ledger } : {}) };
  } catch (error) {
    await archive.discard();
    throw error;
  }
}

/** The same for a node that does not run: its database runs for as long as that takes. @throws {NodeError} `already-running` too. */
export async function backUpStopped(
  options: Omit<BackupOptions, 'database'> & { readonly databaseUrl?: string | undefined },
): Promise<BackupReport> {
  const { home, databaseUrl, nowMs } = options;
  const release = await claimHome(home.folder);
  try {
    const database = await openStore({ home: home.folder, databaseUrl, nowMs });
    try {
      return await backUp({ ...options, database });
    } finally {
      await database.close();
    }
  } finally {
    await release();
  }
}

/** @param datasets that the database knows; a folder of another one is an import that had not ended. */
async function copyFiles(home: string, archive: ArchiveWriter, datasets: ReadonlySet<string>): Promise<void> {
  const copyFolder = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(home, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (leftOut.has(path) || path.endsWith('.partial')) continue;
      // Somebody may have moved a folder to a larger disk: what a link leads to belongs to the home.
      const what = entry.isSymbolicLink() ? await stat(join(home, path)) : entry;
      if (what.isDirectory()) {
        if (folder === 'datasets' && !datasets.has(path)) continue;
        await archive.folder(`home/${path}`);
        await copyFolder(path);
      } else if (what.isFile()) {
        await archive.file(`home/${path}`, join(home, path)).catch((error) => {
          throw fileFailed(error, join(home, path));
        });
      }
    }
  };
  await copyFolder('');
}

function inside(archive: ArchiveWriter, folder: string): CopyTarget {
  return {
    folder: (path) => archive.folder(`${folder}/${path}`),
    file: (path, from) => archive.file(`${folder}/${path}`, from),
    content: (path, content) => archive.content(`${folder}/${path}`, content),
  };
}

async function requireOutside(home: string, to: string): Promise<void> {
  const folder = await realpath(dirname(to)).catch((error) => {
    throw fileFailed(error, dirname(to));
  });
  const path = relative(await realpath(home), folder);
  if (!path.startsWith('..') && !isAbsolute(path)) {
    throw new BackupError('backup-exists', `${to} lies in the home that is to be backed up`, {
      remedy: 'choose a folder elsewhere, best on another disk',
    });
  }
}

async function requireSpace(to: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(to)).catch((error) => {
    throw fileFailed(error, dirname(to));
  });
  if (bavail * bsize >= neededBytes) return;
  throw new BackupError(
    'disk-full',
    `the backup takes about ${neededBytes} bytes, and ${bavail * bsize} are free on the disk of ${to}`,
    { remedy: 'free space there, or choose another folder; nothing was started' },
  );
}

/** Sizes of all that will be copied, about; the database is counted with the rest. */
async function bytesOf(home: string, without: string): Promise<number> {
  let bytes = 0;
  const look = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(home, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === without || (path !== 'database' && leftOut.has(path))) continue;
      // A file that goes meanwhile takes no space.
      if (entry.isDirectory()) await look(path).catch(() => {});
      else
        bytes += await stat(join(home, path)).then(
          ({ size }) => size,
          () => 0,
        );
    }
  };
  await look('');
  return bytes;
}
