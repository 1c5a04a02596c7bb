/** Stops an import whose column is not what its profile says: a plain hash matched as plain text would match nobody, in silence [F10]. */
import { DataError } from '../errors.ts';
import type { IdColumn } from './columns.ts';
import type { Statistics } from './statistics.ts';

/** A few strays are refused row by row; above this share of the filled rows, it is the column. */
const strayShareMax = 0.01;

/**
 * @param rowCount rows so far: the check is made early, and again at the end.
 * @throws {DataError} `mixed-hashes`, `wrong-form`
 */
export function requireDeclaredForm(
  column: { readonly path: string; readonly id: IdColumn; readonly index: number; readonly firstRowNumber: number },
  statistics: Statistics,
  rowCount: number,
): void {
  const { path, id, index, firstRowNumber } = column;
  const filled = rowCount - statistics.refusedCount(index, 'empty').count;
  const where = `${path}, column ${JSON.stringify(id.column)}`;
  const first = (row: number | undefined) => (row ?? 0) + firstRowNumber;
  const details = (row: number) => ({ path, column: id.column, row });

  const otherHash = statistics.refusedCount(index, 'other-hash');
  if (otherHash.count > filled * strayShareMax) {
    const row = first(otherHash.firstRows[0]);
    const isAll = otherHash.count >= filled * (1 - strayShareMax);
    throw new DataError(
      isAll ? 'wrong-form' : 'mixed-hashes',
      isAll
        ? `${where}: the profile is ${id.profileText}, but the values are digests of another length (first: row ${row}). Declare the digest that they are.`
        : `${where}: digests of different kinds are mixed: ${otherHash.count} of ${filled} are not what ${id.profileText} says (first: row ${row}). Give each kind its own column.`,
      details(row),
    );
  }
  const hashed = statistics.refusedCount(index, 'looks-hashed');
  if (hashed.count > filled * strayShareMax) {
    const row = first(hashed.firstRows[0]);
    const isAll = hashed.count >= filled * (1 - strayShareMax);
    throw new DataError(
      isAll ? 'wrong-form' : 'mixed-hashes',
      isAll
        ? `${where}: this column looks hashed already (first: row ${row}). Declare its digest, for example ${id.profileText}/md5 for 32 or ${id.profileText}/sha256 for 64 hexadecimal digits.`
        : `${where}: plain and hashed values are mixed: ${hashed.count} of ${filled} look hashed (first: row ${row}). Give each kind its own column.`,
      details(row),
    );
  }
  const plain = statistics.refusedCount(index, 'not-hashed');
  if (filled > 0 && plain.count > filled / 2) {
    const row = first(plain.firstRows[0]);
    throw new DataError(
      'wrong-form',
      `${where}: the profile is ${id.profileText}, but ${plain.count} of ${filled} values are no digests (first: row ${row}). Declare the profile without a digest if they are plain text.`,
      details(row),
    );
  }
}
