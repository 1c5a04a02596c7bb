/** `COLUMN:VALUE` as people type it; both parts may hold colons. */
import { parseProfile } from '@causeway/core/identifiers';
import { CommandError } from './problem.ts';
import type { Words } from './words/index.ts';

/**
 * Splits after the longest column name of the file that the text begins with: a column may be called `a:b`, and a
 * profile may be `email:uid2/sha256`.
 * @param values what may follow; anything, where it is absent.
 * @throws {CommandError} `unknown-column` naming the file’s columns, or `usage`.
 */
export function columnValue(
  text: string,
  columns: readonly string[],
  words: Words,
  values?: readonly string[],
): { readonly column: string; readonly value: string } {
  const column = columns
    .filter((name) => text.startsWith(`${name}:`))
    .reduce<string | undefined>(
      (longest, name) => (longest === undefined || name.length > longest.length ? name : longest),
      undefined,
    );
  if (column === undefined) {
    const shown = columns.slice(0, 20).join(', ') + (columns.length > 20 ? ', …' : '');
    throw new CommandError('unknown-column', words.column.unknown(text), words.column.remedy(shown));
  }
  const value = text.slice(column.length + 1);
  if (value === '' || (values !== undefined && !values.includes(value))) {
    throw new CommandError('usage', words.column.badValue(text), words.column.valueRemedy(column, values?.join(', ')));
  }
  return { column, value };
}

/**
 * The same without the file: the first colon after which a profile stands.
 * @throws {CommandError} `usage` with what the identifiers’ grammar says.
 */
export function columnProfile(text: string, words: Words): { readonly column: string; readonly profile: string } {
  let first: unknown;
  for (let colon = text.indexOf(':', 1); colon !== -1; colon = text.indexOf(':', colon + 1)) {
    try {
      const profile = text.slice(colon + 1);
      parseProfile(profile);
      return { column: text.slice(0, colon), profile };
    } catch (error) {
      first ??= error;
    }
  }
  const why = first instanceof Error ? first.message : words.column.badValue(text);
  throw new CommandError('usage', why, words.column.valueRemedy('COLUMN', undefined), first);
}
