/**
 * Files that are sent to the node in pieces: for people whose file is on their own machine. A piece is written whole and flushed before it counts, in order, so
 * what a stopped node or a broken connection leaves is always the beginning of the file, and is gone on with. An upload that nobody takes in is removed.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { uploadPieceBytes } from '@causeway/core/api';
import { z } from 'zod';
import { DataError, systemError } from '../engine/index.ts';
import { ApiProblem, notFound } from '../http/index.ts';
import type { LinkClock } from '../link/index.ts';
import type { Log } from '../observe/index.ts';

/** As it is kept beside the file. */
const described = z.strictObject({
  id: z.string(),
  name: z.string(),
  bytes: z.number(),
  fingerprint: z.string(),
  startedBy: z.string(),
  startedAtMs: z.number(),
});

export interface Upload extends z.infer<typeof described> {
  readonly received: number;
  /** Absolute; undefined before all of it is there. */
  readonly path: string | undefined;
  readonly expiresAtMs: number;
}

interface Kept {
  readonly about: z.infer<typeof described>;
  received: number;
  isBusy: boolean;
}

export interface UploadParts {
  /** Made when the first upload begins. */
  readonly folder: string;
  readonly clock: LinkClock;
  readonly log: Log;
  /** Of all uploads together, at most. */
  readonly bytesMax: () => Promise<number>;
  /** Bytes that the folder's disk can still take. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

const keptMs = 7 * 24 * 3600_000;
const sweepMs = 3600_000;
const uploadsMax = 200;
/** Left free beside the file: the node's own database lies on the same disk. */
const reserveBytes = 256 * 1024 * 1024;
const aboutName = 'upload.json';

export class Uploads {
  readonly folder: string;
  readonly #parts: UploadParts;
  readonly #kept = new Map<string, Kept>();
  #cancelSweep: () => void = () => {};

  constructor(parts: UploadParts) {
    this.folder = parts.folder;
    this.#parts = parts;
  }

  /** Takes up what an earlier process had received; what came of a piece that was not whole is cut off. */
  async open(): Promise<void> {
    const ids = await readdir(this.folder).catch(() => []);
    for (const id of ids) {
      const about = await this.#readAbout(id);
      if (about === undefined) {
        this.#parts.log.warn('an upload cannot be gone on with, and is removed', { upload: id });
        await rm(join(this.folder, id), { recursive: true, force: true });
        continue;
      }
      const path = this.#pathOf(about);
      const { size } = await stat(path).catch(() => ({ size: 0 }));
      const received = size >= about.bytes ? about.bytes : size - (size % uploadPieceBytes);
      if (size !== received) await truncate(path, received);
      this.#kept.set(id, { about, received, isBusy: false });
    }
    await this.#sweep();
  }

  close(): void {
    this.#cancelSweep();
  }

  /** @throws {ApiProblem} `upload-quota`. @throws {DataError} `disk-full`, with the bytes that are needed and those that are free. */
  async begin(file: {
    readonly name: string;
    readonly bytes: number;
    readonly fingerprint: string;
    readonly user: string;
  }): Promise<Upload> {
    await this.#requireRoom(file.bytes);
    const id = `up-${randomBytes(8).toString('hex')}`;
    const { name, bytes, fingerprint, user: startedBy } = file;
    const about = { id, name, bytes, fingerprint, startedBy, startedAtMs: this.#parts.clock.wallMs() };
    const folder = join(this.folder, id);
    try {
      await mkdir(join(folder, 'file'), { recursive: true, mode: 0o700 });
      await writeFile(join(folder, aboutName), JSON.stringify(about), { mode: 0o600, flush: true });
      await writeFile(this.#pathOf(about), '', { mode: 0o600 });
    } catch (cause) {
      await rm(folder, { recursive: true, force: true });
      throw systemError(cause, folder, 'an upload began');
    }
    const kept = { about, received: 0, isBusy: false };
    this.#kept.set(id, kept);
    return this.#view(kept);
  }

  /**
   * Writes a piece behind those that are there.
   * @param piece its number, from 0; of one that is there nothing changes.
   * @param of.digest SHA-256 of the bytes, in hexadecimal, as whoever sends them made it.
   * @throws {ApiProblem} `piece-out-of-order`, `digest-differs`; nothing is written then. @throws {DataError} `disk-full`.
   */
  async put(id: string, piece: number, of: { readonly bytes: Uint8Array; readonly digest: string }): Promise<Upload> {
    const kept = this.#find(id);
    const { bytes: total, name } = kept.about;
    const at = piece * uploadPieceBytes;
    if (at < kept.received) return this.#view(kept);
    if (at > kept.received || at >= total || kept.isBusy) {
      throw new ApiProblem({
        code: 'piece-out-of-order',
        status: 409,
        title: 'Pieces come in order',
        detail: `piece ${piece} of ${name} cannot be taken now: ${kept.received} bytes are there`,
        remedy: `send piece ${Math.floor(kept.received / uploadPieceBytes)} next`,
      });
    }
    const expected = Math.min(uploadPieceBytes, total - at);
    if (of.bytes.length !== expected || createHash('sha256').update(of.bytes).digest('hex') !== of.digest) {
      throw new ApiProblem({
        code: 'digest-differs',
        status: 422,
        title: 'The piece did not arrive as it was sent',
        detail: `piece ${piece} of ${name} has ${of.bytes.length} bytes of ${expected}, or not the digest that was told`,
        remedy: 'send it again; if the file was changed meanwhile, begin anew',
      });
    }
    kept.isBusy = true;
    try {
      await this.#append(this.#pathOf(kept.about), at, of.bytes);
      kept.received = at + of.bytes.length;
    } finally {
      kept.isBusy = false;
    }
    return this.#view(kept);
  }

  /** Oldest first. */
  list(): readonly Upload[] {
    return [...this.#kept.values()].map((kept) => this.#view(kept)).toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  }

  async remove(id: string): Promise<void> {
    this.#find(id);
    await this.#erase(id);
  }

  /** What was uploaded to a path was taken in: the node has its own copy now. Any other path is left alone. */
  async taken(path: string): Promise<void> {
    const [id] = path.startsWith(this.folder + sep) ? path.slice(this.folder.length + 1).split(sep) : [];
    if (id !== undefined && this.#kept.has(id)) await this.#erase(id);
  }

  #view({ about, received }: Kept): Upload {
    return {
      ...about,
      received,
      path: received === about.bytes ? this.#pathOf(about) : undefined,
      expiresAtMs: about.startedAtMs + keptMs,
    };
  }

  #find(id: string): Kept {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw notFound();
    return kept;
  }

  /** In a folder of its own, so that names of two uploads, and of what is kept beside them, never meet. */
  #pathOf({ id, name }: { readonly id: string; readonly name: string }): string {
    return join(this.folder, id, 'file', name);
  }

  async #append(path: string, at: number, bytes: Uint8Array): Promise<void> {
    try {
      const file = await open(path, 'r+');
      try {
        for (let done = 0; done < bytes.length; )
          done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
        await file.datasync();
      } finally {
        await file.close();
      }
    } catch (cause) {
      await truncate(path, at).catch(() => {});
      throw systemError(cause, path, 'a piece was written');
    }
  }

  async #requireRoom(bytes: number): Promise<void> {
    const { bytesMax, freeBytes = systemFreeBytes } = this.#parts;
    const uploads = [...this.#kept.values()];
    const held = uploads.reduce((sum, { about }) => sum + about.bytes, 0);
    const most = await bytesMax();
    if (held + bytes > most || uploads.length >= uploadsMax) {
      throw new ApiProblem({
        code: 'upload-quota',
        status: 409,
        title: 'Too much waits to be taken in',
        detail: `${uploads.length} uploads hold ${held} bytes, this one has ${bytes}, and at most ${most} may wait`,
        remedy: 'take in or remove what waits, or let an admin raise the setting uploadBytesMax',
      });
    }
    await mkdir(this.folder, { recursive: true, mode: 0o700 }).catch((cause) => {
      throw systemError(cause, this.folder, 'an upload began');
    });
    // What others have still to send is as good as taken.
    const pending = uploads.reduce((sum, { about, received }) => sum + about.bytes - received, 0);
    const needed = bytes + pending + reserveBytes;
    const free = await freeBytes(this.folder);
    if (needed <= free) return;
    throw new DataError(
      'disk-full',
      `the node's disk has ${free} bytes free, and ${needed} are needed: this file, uploads on their way, and what is kept free. Free space, or put the file on another disk of the node's machine and name its path.`,
      { path: this.folder, neededBytes: needed, freeBytes: free },
    );
  }

  async #readAbout(id: string): Promise<z.infer<typeof described> | undefined> {
    try {
      const text = await readFile(join(this.folder, id, aboutName), 'utf8');
      const about = described.safeParse(JSON.parse(text));
      return about.success && about.data.id === id ? about.data : undefined;
    } catch {
      return undefined;
    }
  }

  async #erase(id: string): Promise<void> {
    this.#kept.delete(id);
    await rm(join(this.folder, id), { recursive: true, force: true });
  }

  async #sweep(): Promise<void> {
    const { clock, log } = this.#parts;
    for (const [id, { about, isBusy }] of this.#kept) {
      if (isBusy || clock.wallMs() < about.startedAtMs + keptMs) continue;
      await this.#erase(id).catch((error) => log.error('an old upload could not be removed', { upload: id, error }));
    }
    this.#cancelSweep = clock.after(sweepMs, () => void this.#sweep());
  }
}

async function systemFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
