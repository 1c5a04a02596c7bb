/** Which columns of the file are taken, as what, and how they are called afterwards. */
import { formatProfile, IdentifierError, type IdProfile, parseProfile } from '@causeway/core/identifiers';
import { DataError } from '../errors.ts';
import type { Grade, ImportInput } from './types.ts';

export interface IdColumn {
  readonly column: string;
  readonly storedAs: string;
  /** Index in the file. */
  readonly index: number;
  readonly profile: IdProfile;
  readonly profileText: string;
}

export interface AttributeColumn {
  readonly column: string;
  readonly storedAs: string;
  readonly index: number;
  readonly grade: Grade;
}

export interface Selection {
  readonly ids: readonly IdColumn[];
  readonly attributes: readonly AttributeColumn[];
  /** File indexes of the ids, then of the attributes. */
  readonly indexes: Int32Array;
}

/** What one import takes; DuckDB holds a row group of all of them in memory. */
const columnsMax = 2_000;

/**
 * @param columns the file's, in order.
 * @throws {DataError} `missing-column`, `ambiguous-column`, `bad-profile`, `too-many-columns`.
 */
export function selectColumns(input: ImportInput, columns: readonly string[]): Selection {
  const { path } = input;
  if (input.ids.length === 0)
    throw new DataError('missing-column', `${path}: name at least one identifier column.`, { path });
  if (input.ids.length + input.attributes.length > columnsMax) {
    throw new DataError('too-many-columns', `${path}: more than ${columnsMax} columns are chosen (limit).`, {
      path,
      limit: columnsMax,
    });
  }
  const names = new StoredNames();
  const ids = input.ids.map(({ column, profile }) => {
    const parsed = parsedProfile(profile, column, path);
    const index = indexOf(column, columns, path);
    return { column, storedAs: names.take(column), index, profile: parsed, profileText: formatProfile(parsed) };
  });
  const attributes = input.attributes.map(({ column, grade }) => {
    return { column, storedAs: names.take(column), index: indexOf(column, columns, path), grade };
  });
  return { ids, attributes, indexes: Int32Array.from([...ids, ...attributes], ({ index }) => index) };
}

function indexOf(column: string, columns: readonly string[], path: string): number {
  const index = columns.indexOf(column);
  if (index < 0) {
    const shown = columns.slice(0, 20).map((name) => JSON.stringify(name.slice(0, 40)));
    const list =
      shown.join(', ') + (columns.length > shown.length ? `, and ${columns.length - shown.length} more` : '');
    throw new DataError('missing-column', `${path} has no column ${JSON.stringify(column)}. It has ${list}.`, {
      path,
      column,
    });
  }
  if (columns.indexOf(column, index + 1) >= 0) {
    throw new DataError(
      'ambiguous-column',
      `${path} has more than one column ${JSON.stringify(column)}. Give each its own name in the header.`,
      { path, column },
    );
  }
  return index;
}

function parsedProfile(text: string, column: string, path: string): IdProfile {
  try {
    return parseProfile(text);
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    throw new DataError(
      'bad-profile',
      `${path}, column ${JSON.stringify(column)}: ${error.message}.`,
      { path, column },
      { cause: error },
    );
  }
}

/** DuckDB's names do not distinguish case, and these are taken: by us, and by its way of numbering rows. */
class StoredNames {
  readonly #taken = new Set(['row', 'file_row_number']);

  take(name: string): string {
    const clean = name.replaceAll('\0', '') || 'column';
    for (let i = 1; ; i++) {
      const stored = i === 1 ? clean : `${clean}_${i}`;
      if (this.#taken.has(stored.toLowerCase())) continue;
      this.#taken.add(stored.toLowerCase());
      return stored;
    }
  }
}
