/**
 * A node's disk under a harsh reading of POSIX: a crash loses every write that was not synced, or keeps a part of it, down to half a
 * write; a name that was made, replaced or removed is sure only once its folder was synced. Every operation takes time, so that a crash or
 * a partner's message can come between any two, and the n-th one can fail.
 */

import { WorkError, type WorkFile, type WorkFolder } from '@causeway/server/jobs/work';
import type { Rarity } from '../check/rarities.ts';
import type { Luck } from './luck.ts';
import type { Process } from './process.ts';
import type { Trace } from './trace.ts';

export interface DiskFault {
  /** `disk-full`: what takes room fails. `disk-failed`: everything does. */
  readonly code: 'disk-full' | 'disk-failed';
  /** How many operations fail, from the next one on that can. */
  operationCount: number;
}

interface Inode {
  bytes: Uint8Array;
  /** As of the last sync. */
  durable: Uint8Array;
  unsynced: Change[];
}

type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number };

interface Folder {
  names: Map<string, Inode>;
  durableNames: Map<string, Inode>;
}

export class SimulatedDisk {
  readonly #luck: Luck;
  readonly #latencyMsMax: number;
  readonly #trace: Trace;
  readonly #folders = new Map<string, Folder>();
  #fault: DiskFault | undefined;
  /** Codes of the faults that an operation has met. */
  readonly faultsMet = new Set<string>();
  #openFiles = 0;
  /** For the checker's own test: a disk that says that it has synced and has not. */
  syncs = true;

  readonly #sometimes: (rarity: Rarity) => void;

  constructor(options: {
    readonly luck: Luck;
    readonly latencyMsMax: number;
    readonly trace: Trace;
    readonly sometimes: (rarity: Rarity) => void;
  }) {
    this.#sometimes = options.sometimes;
    this.#luck = options.luck;
    this.#latencyMsMax = options.latencyMsMax;
    this.#trace = options.trace;
  }

  /** A work folder as one process sees it. */
  folder(name: string, process: Process): WorkFolder {
    return new SimulatedFolder(this, name, process);
  }

  fail(fault: DiskFault): void {
    this.#fault = fault;
  }

  repair(): void {
    this.#fault = undefined;
  }

  /** Makes the names in a folder durable, as a flush of it does. */
  async flush(folder: string, process: Process): Promise<void> {
    await this.operate(process, folder, { takesRoom: true });
    const of = this.folderOf(folder);
    if (this.syncs) of.durableNames = new Map(of.names);
  }

  /** Files that a living process holds open. */
  get openFiles(): number {
    return this.#openFiles;
  }

  /** The content of a file as a process would read it, for checks. */
  contentOf(folder: string, name: string): Uint8Array | undefined {
    return this.#folders.get(folder)?.names.get(name)?.bytes;
  }

  /** Names of the files in a folder. */
  namesIn(folder: string): readonly string[] {
    return [...(this.#folders.get(folder)?.names.keys() ?? [])];
  }

  /** Loses what was not synced, some of it or all. */
  crash(): void {
    this.#openFiles = 0;
    for (const folder of this.#folders.values()) {
      const names = new Map(folder.durableNames);
      for (const name of new Set([...folder.names.keys(), ...folder.durableNames.keys()])) {
        const now = folder.names.get(name);
        if (now === folder.durableNames.get(name)) continue;
        if (this.#luck.chance(0.5)) {
          this.#sometimes('a crash took back a name');
          continue;
        }
        if (now === undefined) names.delete(name);
        else names.set(name, now);
      }
      for (const inode of new Set([...names.values()])) this.#lose(inode);
      folder.names = names;
      folder.durableNames = new Map(names);
    }
  }

  /** Waits as long as an operation takes, and fails where the disk does. */
  async operate(process: Process, path: string, operation: { readonly takesRoom: boolean }): Promise<void> {
    // A dead process must not draw: the living ones' luck would change.
    if (process.alive) await process.pause(this.#luck.share() * this.#latencyMsMax);
    else await process.pause(0);
    const fault = this.#fault;
    if (fault === undefined || (fault.code === 'disk-full' && !operation.takesRoom)) return;
    fault.operationCount -= 1;
    if (fault.operationCount <= 0) this.#fault = undefined;
    this.faultsMet.add(fault.code);
    this.#trace('disk', `${path}: ${fault.code}`);
    throw new WorkError(fault.code, `${path}: the simulated disk failed`);
  }

  opened(by: 1 | -1): void {
    this.#openFiles += by;
  }

  folderOf(name: string): Folder {
    let folder = this.#folders.get(name);
    if (folder === undefined) {
      folder = { names: new Map(), durableNames: new Map() };
      this.#folders.set(name, folder);
    }
    return folder;
  }

  #lose(inode: Inode): void {
    const keepsSome = this.#luck.chance(0.5);
    let bytes = inode.durable;
    for (const change of inode.unsynced) {
      if (!keepsSome || this.#luck.chance(0.5)) {
        this.#sometimes('a crash lost a write');
        continue;
      }
      const torn = change.kind === 'write' && this.#luck.chance(0.3);
      if (torn) this.#sometimes('a crash tore a write');
      bytes = changed(
        bytes,
        torn ? { ...change, bytes: change.bytes.subarray(0, this.#luck.below(change.bytes.length + 1)) } : change,
      );
    }
    inode.bytes = bytes;
    inode.durable = bytes;
    inode.unsynced = [];
  }
}

class SimulatedFolder implements WorkFolder {
  readonly #disk: SimulatedDisk;
  readonly #name: string;
  readonly #process: Process;

  constructor(disk: SimulatedDisk, name: string, process: Process) {
    this.#disk = disk;
    this.#name = name;
    this.#process = process;
  }

  path(name: string): string {
    return `${this.#name}/${name}`;
  }

  async open(name: string): Promise<WorkFile> {
    await this.#operate(name, { takesRoom: !this.#folder.names.has(name) });
    let inode = this.#folder.names.get(name);
    if (inode === undefined) {
      inode = { bytes: new Uint8Array(0), durable: new Uint8Array(0), unsynced: [] };
      this.#folder.names.set(name, inode);
    }
    return new SimulatedFile(this.#disk, this.path(name), this.#process, inode);
  }

  async readSmall(name: string): Promise<Uint8Array | undefined> {
    await this.#operate(name, { takesRoom: false });
    return this.#folder.names.get(name)?.bytes.slice();
  }

  async writeSmall(name: string, content: Uint8Array): Promise<void> {
    const partial = `${name}.partial`;
    const file = await this.open(partial);
    try {
      await file.truncate(0);
      await file.write(0, content);
      await file.sync();
    } finally {
      await file.close();
    }
    await this.rename(partial, name);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#operate(to, { takesRoom: false });
    const { names } = this.#folder;
    const inode = names.get(from);
    if (inode === undefined) throw new WorkError('disk-failed', `${this.path(from)}: ENOENT`);
    names.set(to, inode);
    names.delete(from);
    await this.#sync();
  }

  async link(name: string, to: WorkFolder, as: string): Promise<void> {
    const other = new SimulatedFolder(this.#disk, to.path(as).slice(0, -as.length - 1), this.#process);
    await other.#operate(as, { takesRoom: true });
    const inode = this.#folder.names.get(name);
    if (inode === undefined) throw new WorkError('disk-failed', `${this.path(name)}: ENOENT`);
    other.#folder.names.set(as, inode);
    await other.#sync();
  }

  async remove(name: string): Promise<void> {
    await this.#operate(name, { takesRoom: false });
    this.#folder.names.delete(name);
  }

  async erase(): Promise<void> {
    await this.#operate('.', { takesRoom: false });
    this.#folder.names.clear();
  }

  async #sync(): Promise<void> {
    await this.#operate('.', { takesRoom: true });
    if (this.#disk.syncs) this.#folder.durableNames = new Map(this.#folder.names);
  }

  get #folder(): Folder {
    return this.#disk.folderOf(this.#name);
  }

  #operate(name: string, operation: { readonly takesRoom: boolean }): Promise<void> {
    return this.#disk.operate(this.#process, this.path(name), operation);
  }
}

class SimulatedFile implements WorkFile {
  readonly #disk: SimulatedDisk;
  readonly #path: string;
  readonly #process: Process;
  readonly #inode: Inode;
  #closed = false;

  constructor(disk: SimulatedDisk, path: string, process: Process, inode: Inode) {
    this.#disk = disk;
    this.#path = path;
    this.#process = process;
    this.#inode = inode;
    disk.opened(1);
  }

  async size(): Promise<number> {
    await this.#operate({ takesRoom: false });
    return this.#inode.bytes.length;
  }

  async read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    await this.#operate({ takesRoom: false });
    const { bytes } = this.#inode;
    if (bytes.length < offset + length) {
      throw new WorkError('short-read', `${this.#path} ends at byte ${bytes.length}, not at ${offset + length}`);
    }
    const read = into?.subarray(0, length) ?? new Uint8Array(length);
    read.set(bytes.subarray(offset, offset + length));
    return read;
  }

  /** The bytes are taken when the operation is done, as a system would: whoever changes them meanwhile writes something else. */
  async write(offset: number, bytes: Uint8Array): Promise<void> {
    await this.#operate({ takesRoom: true });
    this.#change({ kind: 'write', offset, bytes: bytes.slice() });
  }

  async truncate(size: number): Promise<void> {
    await this.#operate({ takesRoom: false });
    this.#change({ kind: 'truncate', size });
  }

  async sync(): Promise<void> {
    await this.#operate({ takesRoom: true });
    if (!this.#disk.syncs) return;
    this.#inode.durable = this.#inode.bytes;
    this.#inode.unsynced = [];
  }

  async close(): Promise<void> {
    if (this.#closed) throw this.#closedError();
    this.#closed = true;
    if (this.#process.alive) this.#disk.opened(-1);
  }

  #change(change: Change): void {
    this.#inode.bytes = changed(this.#inode.bytes, change);
    this.#inode.unsynced.push(change);
  }

  async #operate(operation: { readonly takesRoom: boolean }): Promise<void> {
    if (this.#closed) throw this.#closedError();
    await this.#disk.operate(this.#process, this.#path, operation);
  }

  #closedError(): WorkError {
    return new WorkError('disk-failed', `${this.#path}: EBADF, the file was closed`);
  }
}

/** @returns the content after a change; the array before it stays as it was. */
function changed(bytes: Uint8Array, change: Change): Uint8Array {
  const size = change.kind === 'truncate' ? change.size : Math.max(bytes.length, change.offset + change.bytes.length);
  const after = new Uint8Array(size);
  after.set(bytes.subarray(0, size));
  if (change.kind === 'write') after.set(change.bytes, change.offset);
  return after;
}
