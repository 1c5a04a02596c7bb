/** Why a record of a text cannot be read. */
export type RowFault =
  /** Another number of fields than the first record. */
  | 'uneven'
  /** A quote that is not closed, or that something follows. */
  | 'open-quote'
  /** After more empty lines than anybody means. */
  | 'far-row'
  | 'too-large'
  | 'too-many-columns'
  | 'too-many-rows';

export interface RowPlace {
  /** As a spreadsheet counts, from 1. */
  readonly row: number;
  readonly byteOffset: number;
  readonly limit?: number;
}

/** Its message is a clause for a sentence of the caller's about the row; it repeats nothing of what stands there. */
export class RowError extends Error {
  override readonly name = 'RowError';
  readonly code: RowFault;
  readonly place: RowPlace;

  constructor(code: RowFault, message: string, place: RowPlace) {
    super(message);
    this.code = code;
    this.place = place;
  }
}
