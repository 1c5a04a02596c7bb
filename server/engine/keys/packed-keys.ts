/** Packs DuckDB's columns into keys and row numbers, without a number or an object per value. */
import { DataError } from '../errors.ts';
import type { RowSet } from '../row-list.ts';

/** A megabyte of keys at a time. */
const capacityRows = 64 * 1024;
/** DuckDB gives at most so many rows at once. */
const vectorRows = 2_048;

export class PackedKeys {
  readonly #excluded: RowSet | undefined;
  /** Four for each key. */
  readonly #words = new Uint32Array(4 * capacityRows);
  readonly #rows = new Uint32Array(capacityRows);
  #filled = 0;
  keyCount = 0;
  excludedCount = 0;
  lastRow = -1;

  constructor(excluded: RowSet | undefined) {
    this.#excluded = excluded;
  }

  get isFull(): boolean {
    return this.#filled > capacityRows - vectorRows;
  }

  /** @param keys four words a row: the key's bytes. */
  add(rows: Uint32Array, keys: Uint32Array): void {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (row <= this.lastRow)
        throw new DataError(
          'engine-failed',
          'The data engine lost the order of the rows. Nothing was kept; please report this.',
        );
      this.lastRow = row;
      if (this.#excluded?.has(row)) {
        this.excludedCount += 1;
        continue;
      }
      const at = 4 * this.#filled;
      for (let k = 0; k < 4; k++) this.#words[at + k] = keys[4 * i + k]!;
      this.#rows[this.#filled] = row;
      this.#filled += 1;
      this.keyCount += 1;
    }
  }

  keys(): Uint8Array {
    return new Uint8Array(this.#words.buffer, 0, 16 * this.#filled);
  }

  rows(): Uint8Array {
    return new Uint8Array(this.#rows.buffer, 0, 4 * this.#filled);
  }

  reset(): void {
    this.#filled = 0;
  }
}
