/** What an import is asked and what it answers. */
import type { ChangeReason, RefusalReason } from '@causeway/core/identifiers';
import type { ReadChoices } from '../read/layout.ts';
import type { Reading } from '../read/reading.ts';
import type { FileIdentity } from '../read/source.ts';
import type { AttributeType } from './attribute-type.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { Density } from './density.ts';

export type Grade = 'public' | 'internal' | 'personal' | 'sensitive';

export interface ImportInput {
  readonly path: string;
  /** Identifier columns with their profiles, as people write them (`phone`, `email/sha256`). */
  readonly ids: readonly { readonly column: string; readonly profile: string }[];
  readonly attributes: readonly { readonly column: string; readonly grade: Grade }[];
  /** Where `rows.parquet` goes; made if it is missing. */
  readonly folder: string;
  /** What the person fixed instead of having it detected. */
  readonly choices?: ReadChoices;
  /** The identity that `inspect` reported: the file that was confirmed is then the file that is read. */
  readonly identity?: FileIdentity;
}

/**
 * How many, and where they begin. Rows are numbered as a spreadsheet numbers them: the header, where there is one, is row 1 and the
 * first data row is row 2; without a header the first data row is row 1.
 */
export interface Tally {
  readonly count: number;
  /** At most five. */
  readonly firstRows: readonly number[];
}

export interface IdReport {
  readonly column: string;
  /** The column's name in `rows.parquet`: its own, or with a number behind where that is taken. */
  readonly storedAs: string;
  /** In its canonical form. */
  readonly profile: string;
  /** Rows with an identifier after normalisation. */
  readonly accepted: number;
  readonly distinct: number;
  /** Identifiers that stand in more than one row. */
  readonly repeated: number;
  /** Among those, identifiers whose rows differ in another column. Every row is kept; which of them counts is for the job to say. */
  readonly conflicting: number;
  /** Of telephone numbers alone. */
  readonly density?: Density;
  readonly changed: Readonly<Partial<Record<ChangeReason, Tally>>>;
  readonly refused: Readonly<Partial<Record<RefusalReason, Tally>>>;
}

export interface AttributeReport {
  readonly column: string;
  readonly storedAs: string;
  readonly grade: Grade;
  readonly type: AttributeType;
  readonly filled: number;
  /** Formula cells of a workbook, whose stored results were taken; formulas are never computed. */
  readonly formulas: number;
}

export interface ImportReport {
  readonly rowCount: number;
  /** The number that a person sees beside the first data row. */
  readonly firstRowNumber: number;
  /** How the file was read: `copyRows` follows it. */
  readonly reading: Reading;
  readonly ids: readonly IdReport[];
  readonly attributes: readonly AttributeReport[];
  /** For the catalogue: small counts hidden, no value of a personal or sensitive column. */
  readonly profile: readonly ColumnProfile[];
  /** The written file. */
  readonly parquet: { readonly path: string; readonly bytes: number; readonly sha256: string };
}
