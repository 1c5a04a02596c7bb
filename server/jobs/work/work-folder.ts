/**
 * The folder that a job works in, as a port: what is written here survives a crash once it was synced, and is erased when the job ends.
 * A simulation passes in one that loses unsynced writes and fails at its n-th operation.
 */
export interface WorkFolder {
  /** Opens a file for reading and writing; it is created empty where it does not exist. */
  open(name: string): Promise<WorkFile>;
  /** @returns the content of a small file, or undefined where there is none. */
  readSmall(name: string): Promise<Uint8Array | undefined>;
  /** Replaces a small file as a whole and durably: a crash leaves the old content or the new. */
  writeSmall(name: string, content: Uint8Array): Promise<void>;
  /** Gives a file, durable before, another name, durably. */
  rename(from: string, to: string): Promise<void>;
  /**
   * Gives a file a second name, durably, in another folder of the same kind: it stays there when this folder is erased. It must be durable,
   * and is never written to again under either name. A file that bears the name in the other folder is replaced.
   */
  link(name: string, to: WorkFolder, as: string): Promise<void>;
  /** Removes a file; nothing happens where there is none. */
  remove(name: string): Promise<void>;
  /** Where other programs of this organisation find a file; undefined in a simulation. */
  path(name: string): string;
  /** Erases the folder with everything in it. */
  erase(): Promise<void>;
}

/** A file of packed rows. Offsets and lengths are bytes. */
export interface WorkFile {
  size(): Promise<number>;
  /**
   * @param into memory to read into, of at least `length` bytes; new memory if left out.
   * @throws {WorkError} `short-read` when fewer bytes are there.
   */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>;
  write(offset: number, bytes: Uint8Array): Promise<void>;
  truncate(size: number): Promise<void>;
  /** Returns when all that was written is durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The disk failed this job. The message names the file and what to do. */
export class WorkError extends Error {
  override readonly name = 'WorkError';
  readonly code:
    | 'disk-full'
    | 'disk-failed'
    | 'short-read'
    | 'stored-data-damaged'
    | 'too-many-open-files'
    | 'access-denied'
    | 'read-only';

  constructor(code: WorkError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
