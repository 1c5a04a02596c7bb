/**
 * One CSV file while it is written: rows are put together in one buffer that is flushed per MiB, to a name of its own until all is complete.
 * Every row ends with the column `synthetic`, so that a file that leaves its folder still says what it is.
 */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GeneratorError } from '../errors.ts';
import type { GenerateProgress } from '../options.ts';
import { ascii, TextBuffer } from './text-buffer.ts';

export interface FileReport {
  readonly name: string;
  /** Data rows, the header not counted. */
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 of the whole file, lower-case hexadecimal. */
  readonly sha256: string;
}

export interface CsvForm {
  readonly name: string;
  readonly columns: readonly string[];
  readonly lineEnd: 'lf' | 'crlf';
  /** Whether a UTF-8 byte order mark comes first. */
  readonly mark: boolean;
}

export interface WriteSettings {
  readonly folder: string;
  readonly onProgress?: (progress: GenerateProgress) => void;
  readonly signal?: AbortSignal;
}

const flushBytes = 1 << 20;
const rowBytesMax = 1 << 14;
/** A row that comes again comes this many rows later: no reader gets away with looking at neighbours only. */
const repeatAfterRows = 500;

export class CsvFile {
  readonly line = new TextBuffer(flushBytes + 4 * rowBytesMax);
  rows = 0;
  readonly #form: CsvForm;
  readonly #settings: WriteSettings;
  readonly #handle: FileHandle;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;
  #rowStart = 0;
  #repeats: { readonly dueRow: number; readonly bytes: Uint8Array }[] = [];

  static async open(form: CsvForm, settings: WriteSettings): Promise<CsvFile> {
    const path = join(settings.folder, partialName(form.name));
    const handle = await open(path, 'w').catch((cause) => {
      throw diskError(cause, path);
    });
    return new CsvFile(form, settings, handle);
  }

  private constructor(form: CsvForm, settings: WriteSettings, handle: FileHandle) {
    this.#form = form;
    this.#settings = settings;
    this.#handle = handle;
    if (form.mark) this.line.text(new Uint8Array([0xef, 0xbb, 0xbf]));
    this.line.latin1([...form.columns, 'synthetic'].join(','));
    this.#endLine();
    this.#rowStart = this.line.length;
  }

  /** Whether {@link flush} is due: to be asked after every row. */
  get full(): boolean {
    return this.line.length >= flushBytes;
  }

  comma(): void {
    this.line.byte(ascii.comma);
  }

  /** Ends a row whose last cell was just written. */
  endRow(): void {
    this.#finishRow();
    const due = this.#repeats[0];
    if (due !== undefined && due.dueRow <= this.rows) {
      this.#repeats.shift();
      this.line.text(due.bytes);
      this.rows++;
    }
    this.#rowStart = this.line.length;
  }

  /** Ends the row and keeps a copy that is written again later. */
  endRowAndRepeatLater(): void {
    const start = this.#rowStart;
    this.#finishRow();
    this.#keep(start);
    this.#rowStart = this.line.length;
  }

  /** Ends the row and takes it out: it is written later only. */
  endRowLater(): void {
    const start = this.#rowStart;
    this.#finishRow();
    this.#keep(start);
    this.rows--;
    this.line.length = start;
  }

  async flush(): Promise<void> {
    const { onProgress, signal } = this.#settings;
    signal?.throwIfAborted();
    const bytes = this.line.view();
    this.#hash.update(bytes);
    try {
      for (let offset = 0; offset < bytes.length; ) {
        offset += (await this.#handle.write(bytes, offset, bytes.length - offset)).bytesWritten;
      }
    } catch (cause) {
      throw diskError(cause, join(this.#settings.folder, this.#form.name));
    }
    this.#bytes += bytes.length;
    this.line.clear();
    this.#rowStart = 0;
    onProgress?.({ file: this.#form.name, rows: this.rows, bytes: this.#bytes });
  }

  /** Writes what is left, repeats that are still due among it. */
  async finish(): Promise<FileReport> {
    for (const repeat of this.#repeats.splice(0)) {
      this.line.text(repeat.bytes);
      this.rows++;
      if (this.full) await this.flush();
    }
    await this.flush();
    await this.#handle.close();
    return { name: this.#form.name, rows: this.rows, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Closes the file after a failure; what was written is removed by {@link removePartial}. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }

  #finishRow(): void {
    this.line.byte(ascii.comma);
    this.line.byte(ascii.one);
    this.#endLine();
    if (this.line.length - this.#rowStart > rowBytesMax) throw new Error('a row is longer than the buffer allows');
    this.rows++;
  }

  #endLine(): void {
    if (this.#form.lineEnd === 'crlf') this.line.byte(ascii.carriageReturn);
    this.line.byte(ascii.lineFeed);
  }

  #keep(start: number): void {
    // A copy: a Buffer's own slice would only look at bytes that are about to be overwritten.
    const bytes = new Uint8Array(this.line.view().subarray(start));
    this.#repeats.push({ dueRow: this.rows + repeatAfterRows, bytes });
  }
}

/** Gives finished files their names. */
export async function publish(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = join(folder, name);
    await rename(join(folder, partialName(name)), path).catch((cause) => {
      throw diskError(cause, path);
    });
  }
}

/** Removes unfinished files, where there are any. */
export async function removePartial(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, partialName(name)), { force: true });
}

export function partialName(name: string): string {
  return `${name}.partial`;
}

export function diskError(cause: unknown, path: string): GeneratorError {
  const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
  return full
    ? new GeneratorError(
        'disk-full',
        `the disk is full: ${path} could not be written; free some space or choose a smaller number of people`,
        { cause },
      )
    : new GeneratorError('not-writable', `${path} could not be written (${(cause as Error).message})`, { cause });
}
