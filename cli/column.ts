/** `COLUMN:VALUE` as people type it; both parts may hold colons. */
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
