/**
 * What a backup is on disk: a folder with `backup.json`, which says whose it is and of when; `home/`, the files; and `SHA256SUMS`, which names
 * every file with its digest, as `sha256sum -c` reads it. It is written under another name, and gets its own when it is complete.
 */
import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { copyFile } from './copy-file.ts';
import { BackupError, fileFailed } from './error.ts';

const description = z.strictObject({
  format: z.literal('causeway/backup/v1'),
  organisation: z.string(),
  name: z.string(),
  software: z.string(),
  /** When it was begun. RFC 3339. */
  at: z.iso.datetime(),
  /** `external`: the server is another one than the node's own, and is not in the backup. */
  database: z.enum(['embedded', 'external']),
  databaseVersion: z.string(),
  /** What the node's copy of the ledger held at least. */
  ledger: z.strictObject({ records: z.int().min(0), root: z.string() }).exactOptional(),
  /** All folders, also the empty ones, each before those in it. */
  folders: z.array(z.string()),
});

export type BackupDescription = z.infer<typeof description>;

const sumsName = 'SHA256SUMS';
const descriptionName = 'backup.json';

/** Writes an archive: fill it, then `finish`, or `discard` what there is. Paths are relative, with `/`. */
export class ArchiveWriter {
  readonly #folder: string;
  readonly #partial: string;
  readonly #onBytes: (count: number) => void;
  readonly #folders: string[] = [];
  readonly #sums = new Map<string, string>();
  #bytes = 0;

  private constructor(folder: string, partial: string, onBytes: (count: number) => void) {
    this.#folder = folder;
    this.#partial = partial;
    this.#onBytes = onBytes;
  }

  /** @param onBytes told of every piece; may throw to stop. @throws {BackupError} `backup-exists`, and of the disk. */
  static async create(folder: string, onBytes: (count: number) => void): Promise<ArchiveWriter> {
    if (await exists(folder)) {
      throw new BackupError('backup-exists', `${folder} exists already`, {
        remedy: 'give each backup a folder of its own that does not exist yet',
      });
    }
    const partial = join(dirname(folder), `.${basename(folder)}.${randomBytes(6).toString('hex')}.partial`);
    await mkdir(partial, { mode: 0o700 }).catch((error) => {
      throw fileFailed(error, folder);
    });
    return new ArchiveWriter(folder, partial, onBytes);
  }

  get fileCount(): number {
    return this.#sums.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Makes a folder; those above it have to be there. */
  async folder(path: string): Promise<void> {
    await mkdir(join(this.#partial, path), { mode: 0o700 }).catch((error) => {
      throw fileFailed(error, path);
    });
    this.#folders.push(path);
  }

  /** @throws ENOENT where `from` is gone; {BackupError} of the disk. */
  async file(path: string, from: string): Promise<void> {
    const to = join(this.#partial, checkPath(path));
    try {
      const { sha256, bytes } = await copyFile({ from, to, isDurable: true, onBytes: this.#onBytes });
      this.#sums.set(path, sha256);
      this.#bytes += bytes;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
      throw fileFailed(error, from);
    }
  }

  async content(path: string, content: Uint8Array): Promise<void> {
    await this.#write(checkPath(path), content);
    this.#sums.set(path, createHash('sha256').update(content).digest('hex'));
    this.#bytes += content.length;
  }

  /** Gives the archive its name. */
  async finish(of: Omit<BackupDescription, 'format' | 'folders'>): Promise<void> {
    const described: BackupDescription = { format: 'causeway/backup/v1', ...of, folders: this.#folders };
    await this.content(descriptionName, Buffer.from(`${JSON.stringify(described, null, 2)}\n`));
    const paths = [...this.#sums.keys()].sort();
    const lines = paths.map((path) => `${this.#sums.get(path)}  ${path}\n`);
    await this.#write(sumsName, Buffer.from(lines.join('')));
    for (const path of ['', ...this.#folders]) await syncFolder(join(this.#partial, path));
    await rename(this.#partial, this.#folder).catch((error) => {
      throw fileFailed(error, this.#folder);
    });
    await syncFolder(dirname(this.#folder));
  }

  async discard(): Promise<void> {
    await rm(this.#partial, { recursive: true, force: true });
  }

  async #write(path: string, content: Uint8Array): Promise<void> {
    await writeFile(join(this.#partial, path), content, { mode: 0o600, flag: 'wx', flush: true }).catch((error) => {
      throw fileFailed(error, join(this.#folder, path));
    });
  }
}

export interface Archive {
  readonly description: BackupDescription;
  /** SHA-256 of each file but `backup.json`, by its path. */
  readonly sums: ReadonlyMap<string, string>;
}

/**
 * Reads what an archive says of itself, and holds the names that are there to those that should be.
 * @throws {BackupError} `not-a-backup`; `backup-damaged` with the file.
 */
export async function readArchive(folder: string): Promise<Archive> {
  const [sumsText, text] = await Promise.all(
    [sumsName, descriptionName].map((name) =>
      readFile(join(folder, name), 'utf8').catch((cause) => {
        if (cause.code !== 'ENOENT') throw fileFailed(cause, join(folder, name));
        throw new BackupError('not-a-backup', `${folder} is not a backup: it has no ${name}`, {
          remedy: 'name the folder that `causeway backup --to` has made',
          cause,
        });
      }),
    ),
  );
  const sums = parseSums(sumsText!);
  if (sums.get(descriptionName) !== createHash('sha256').update(text!).digest('hex')) throw damaged(descriptionName);
  sums.delete(descriptionName);
  const described = description.safeParse(JSON.parse(text!));
  if (!described.success) {
    throw new BackupError('not-a-backup', `${folder} is a backup in a form that this release does not know`, {
      remedy: 'restore it with the release that made it',
      cause: described.error,
    });
  }
  await checkNames(folder, sums, new Set(described.data.folders));
  return { description: described.data, sums };
}

/** @throws {BackupError} `backup-damaged` */
export function damaged(path: string, what = 'is not as it was written'): BackupError {
  return new BackupError('backup-damaged', `${path} ${what}; nothing was restored`, {
    remedy: 'restore another backup, and look at the disk that this one lies on',
  });
}

function parseSums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [, sha256, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sha256 === undefined || path === undefined || !isInside(path)) throw damaged(sumsName);
    sums.set(path, sha256);
  }
  if (!text.endsWith('\n')) throw damaged(sumsName);
  return sums;
}

/** Neither a file that is missing nor one that nobody has named: the archive is all of a home, and nothing else. */
async function checkNames(
  archive: string,
  sums: ReadonlyMap<string, string>,
  folders: ReadonlySet<string>,
): Promise<void> {
  const missing = new Set([...sums.keys(), ...folders]);
  if (![...folders].every(isInside)) throw damaged(descriptionName);
  const look = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(archive, path), { withFileTypes: true })) {
      const name = path === '' ? entry.name : `${path}/${entry.name}`;
      if (name === sumsName || name === descriptionName) continue;
      const isRight = entry.isDirectory() ? folders.has(name) : entry.isFile() && sums.has(name);
      if (!isRight) throw damaged(name, 'was not written with this backup');
      missing.delete(name);
      if (entry.isDirectory()) await look(name);
    }
  };
  await look('');
  for (const path of missing) throw damaged(path, 'is missing');
}

/** A path that leads to no other place than the archive, whoever wrote it. */
function isInside(path: string): boolean {
  const [first, ...rest] = path.split('/');
  return path === descriptionName || (first === 'home' && rest.every((name) => !['', '.', '..'].includes(name)));
}

/** A name with a line break would be two lines of the list. */
function checkPath(path: string): string {
  if (/[\n\r\\]/.test(path))
    throw new BackupError('file-failed', `${JSON.stringify(path)} cannot be kept under its name`);
  return path;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw fileFailed(error, path);
    },
  );
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
