/** A transaction failed. */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure';
}
