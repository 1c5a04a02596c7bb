/** Core's scanner of delimited text on a file: what it cannot read is told with the file, the row and what to do. */
import { RowError, DelimitedScanner as Scanner, type ScanOptions } from '@causeway/core/table';
import { DataError } from '../errors.ts';

export class DelimitedScanner extends Scanner {
  readonly #path: string;

  constructor({ path, ...options }: ScanOptions & { readonly path: string }) {
    super(options);
    this.#path = path;
  }

  /** @throws {DataError} `bad-row`, `row-too-large`, `too-many-columns`, `too-many-rows`, with row number and byte offset. */
  override write(chunk: Uint8Array): void {
    try {
      super.write(chunk);
    } catch (error) {
      throw rowFault(error, this.#path);
    }
  }

  /** Ends the text: the last record needs no line end. Throws as `write`. */
  override end(): void {
    try {
      super.end();
    } catch (error) {
      throw rowFault(error, this.#path);
    }
  }
}

/** What a person is told of a record that cannot be read; any other error as it is. */
export function rowFault(error: unknown, path: string): unknown {
  if (!(error instanceof RowError)) return error;
  const { message, place } = error;
  const details = { path, ...place };
  const row = `${path}: row ${place.row} (byte ${place.byteOffset})`;
  switch (error.code) {
    case 'uneven':
    case 'open-quote':
    case 'far-row':
      return new DataError('bad-row', `${row} cannot be read: ${message}. Correct that row and try again.`, details);
    case 'too-large':
      return new DataError('row-too-large', `${row} ${message}.`, details);
    case 'too-many-columns':
      return new DataError('too-many-columns', `${row} ${message}.`, details);
    case 'too-many-rows':
      return new DataError('too-many-rows', `${path} ${message}. Split the file.`, details);
  }
}
