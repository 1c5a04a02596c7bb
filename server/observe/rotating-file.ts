import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RotatingFileOptions {
  readonly path: string;
  /** A file is put aside when the next line would make it larger. */
  readonly bytesMax: number;
  /** How many older files are kept, as `<path>.1` (the youngest) and so on. */
  readonly keptMax: number;
}

/**
 * A log file of bounded size. Lines are written at once, so that the last ones before a crash are there. A disk that is full or gone
 * never stops the node: lines are then lost, and counted.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #file: number | undefined;
  #bytes = 0;
  #lost = 0;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** How many lines could not be written. */
  get lost(): number {
    return this.#lost;
  }

  write(line: string): void {
    const bytes = Buffer.from(line, 'utf8');
    try {
      if (this.#file !== undefined && this.#bytes > 0 && this.#bytes + bytes.length > this.#options.bytesMax)
        this.#rotate();
      this.#file ??= this.#open();
      for (let offset = 0; offset < bytes.length; ) offset += writeSync(this.#file, bytes, offset);
      this.#bytes += bytes.length;
    } catch {
      this.#lost += 1;
      this.close();
    }
  }

  close(): void {
    if (this.#file === undefined) return;
    const file = this.#file;
    this.#file = undefined;
    try {
      closeSync(file);
    } catch {
      this.#lost += 1;
    }
  }

  #open(): number {
    mkdirSync(dirname(this.#options.path), { recursive: true, mode: 0o700 });
    const file = openSync(this.#options.path, 'a', 0o600);
    this.#bytes = fstatSync(file).size;
    return file;
  }

  #rotate(): void {
    this.close();
    const { path, keptMax } = this.#options;
    for (let n = keptMax; n >= 1; n--) {
      try {
        renameSync(n === 1 ? path : `${path}.${n - 1}`, `${path}.${n}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }
}
