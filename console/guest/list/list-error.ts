/**
 * What is wrong with the file that a guest chose. `place` is a row as a spreadsheet counts, the header being row 1, or the limit that the
 * list does not keep; nothing of what stands there is in it.
 */
export type ListErrorCode =
  | 'too-large'
  | 'workbook-old'
  | 'workbook-foreign'
  | 'workbook-damaged'
  | 'archive-hostile'
  | 'far-row'
  | 'formula'
  | 'encoding'
  | 'no-rows'
  | 'uneven'
  | 'too-many-columns'
  | 'open-quote'
  | 'no-identifier'
  | 'too-few'
  | 'too-many';

export class ListError extends Error {
  override readonly name = 'ListError';
  readonly code: ListErrorCode;
  readonly place: number | undefined;

  constructor(code: ListErrorCode, place?: number) {
    super(place === undefined ? code : `${code} in row ${place}`);
    this.code = code;
    this.place = place;
  }
}
