/** A file of a few people points at them: below the minimum nothing is given out. */
import { DataError } from '../errors.ts';

/**
 * The message has the minimum and not the count, which is a small one.
 * @throws {DataError} `below-minimum`
 */
export function requireMinimum(count: number, minimum: number, what: 'rows' | 'identifiers'): void {
  if (count >= minimum) return;
  throw new DataError(
    'below-minimum',
    `fewer than ${minimum} ${what} would be given out; nothing was written. Choose a larger audience, or ask an admin of this node about the setting minimumGroupRows.`,
  );
}
