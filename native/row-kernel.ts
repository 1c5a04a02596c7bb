/** Bulk work on rows that touches no secret key: sorting them, and hashing the texts of a column. */
import { checkRows, plainRowSorter, type RowSorter } from '@causeway/core/bytes';
import { type Addon, addon } from './addon.ts';

export interface RowKernel extends RowSorter {
  /**
   * The first 16 bytes of SHA-256(prefix ‖ text) for each text; undefined without the native library.
   * @param texts the memory of a VARCHAR vector of DuckDB's without NULLs, 16 bytes a text; its chunk has to live until the promise is
   * settled. It holds pointers: nothing else may be passed.
   */
  readonly hashTexts: ((prefix: Uint8Array, texts: Uint8Array) => Promise<Uint8Array>) | undefined;
  close(): Promise<void>;
}

/** @param options.library `none` for what runs where the native library does not. */
export function openRowKernel(options: { readonly library?: Addon | 'none' } = {}): RowKernel {
  const library = options.library ?? addon;
  return library === undefined || library === 'none' ? plain : nativeRows(library);
}

const plain: RowKernel = { ...plainRowSorter, hashTexts: undefined, close: async () => {} };

function nativeRows(library: Addon): RowKernel {
  const pool = library.openPool(1);
  const [best = 'portable'] = library.classes;
  return {
    async sortRows(rows, shape) {
      checkRows(rows, shape);
      return library.sortRows(pool, rows, shape.rowBytes, shape.keyBytes);
    },
    hashTexts: (prefix, texts) => library.hashStrings(pool, best, prefix, texts),
    close: () => library.closePool(pool),
  };
}
