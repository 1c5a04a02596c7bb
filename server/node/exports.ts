/**
 * Files of audiences that wait to be downloaded: for whoever asked for one, for a short time, in a folder that begins empty with each start. A list
 * of those who opted out holds for a file as long as it can still be fetched, and a longer wait would make that less true.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileBody } from '@causeway/core/api';
import { systemError } from '../engine/index.ts';
import { notFound } from '../http/index.ts';
import type { LinkClock } from '../link/index.ts';
import type { Log } from '../observe/index.ts';

export const keptMs = 10 * 60_000;

/** Who may fetch a file, and under which name it is saved. */
export interface ExportOwner {
  readonly audience: string;
  readonly user: string;
  readonly fileName: string;
}

interface Kept extends ExportOwner {
  readonly expiresAtMs: number;
}

export interface ExportsParts {
  readonly folder: string;
  readonly clock: LinkClock;
  readonly log: Log;
}

export class Exports {
  readonly #parts: ExportsParts;
  readonly #kept = new Map<string, Kept>();
  readonly #sweeps = new Set<() => void>();

  constructor(parts: ExportsParts) {
    this.#parts = parts;
  }

  /** What an earlier process had written is nobody's any more. */
  async open(): Promise<void> {
    await this.#erase(this.#parts.folder);
  }

  async close(): Promise<void> {
    for (const cancel of this.#sweeps) cancel();
    this.#kept.clear();
    await this.#erase(this.#parts.folder);
  }

  /**
   * Has a file written, and keeps it. What was begun and not written whole is erased.
   * @param write puts the file where it is told.
   * @returns what `write` did, and how the file is fetched.
   * @throws what `write` throws. @throws {DataError} where the folder cannot be made.
   */
  async keep<Written>(
    owner: ExportOwner,
    write: (path: string) => Promise<Written>,
  ): Promise<{ readonly written: Written; readonly export: string; readonly expiresAtMs: number }> {
    const { clock, folder } = this.#parts;
    const id = `ex-${randomBytes(12).toString('hex')}`;
    const place = join(folder, id);
    await mkdir(place, { recursive: true, mode: 0o700 }).catch((cause) => {
      throw systemError(cause, place, 'an export began');
    });
    try {
      const written = await write(this.#pathOf(id));
      const expiresAtMs = clock.wallMs() + keptMs;
      this.#kept.set(id, { ...owner, expiresAtMs });
      this.#eraseLater(id);
      return { written, export: id, expiresAtMs };
    } catch (error) {
      await this.#erase(place);
      throw error;
    }
  }

  /** @throws {ApiProblem} `not-found` for what is gone, and for what somebody else asked for: the same to whoever asks. */
  async fetch(id: string, of: Pick<ExportOwner, 'audience' | 'user'>): Promise<FileBody> {
    const kept = this.#kept.get(id);
    const isTheirs = kept?.audience === of.audience && kept.user === of.user;
    if (!isTheirs || kept.expiresAtMs <= this.#parts.clock.wallMs()) throw notFound();
    // Opened before the answer begins: a reader goes on with it when the file's time ends in the middle.
    const file = await open(this.#pathOf(id)).catch(() => {
      throw notFound();
    });
    const { size } = await file.stat();
    return { name: kept.fileName, bytes: size, content: file.createReadStream() };
  }

  #pathOf(id: string): string {
    return join(this.#parts.folder, id, 'rows.csv');
  }

  #eraseLater(id: string): void {
    const cancel = this.#parts.clock.after(keptMs, () => {
      this.#sweeps.delete(cancel);
      this.#kept.delete(id);
      void this.#erase(join(this.#parts.folder, id));
    });
    this.#sweeps.add(cancel);
  }

  async #erase(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true }).catch((error) => {
      this.#parts.log.error('files of exports could not be erased', { error });
    });
  }
}
