/** Which columns of a guest's file can be matched with the host's, recognised from names and cells as a node does it. */
import { compareProfiles, detect, formatProfile, parseProfile, type Sentence } from '@causeway/core/identifiers';
import type { Table } from './table.ts';

export interface IdColumn {
  /** Position in the header. */
  readonly index: number;
  readonly name: string;
  readonly profile: string;
  /** What both sides' values are brought to. */
  readonly form: string;
  /** What was seen, for a person. */
  readonly sentences: readonly Sentence[];
}

const sampleRows = 500;

/** @param host profile of the host's column. @returns the columns that fit, in the order of the file. */
export function idColumns({ header, rows }: Table, host: string): IdColumn[] {
  return header.flatMap((name, index) => {
    const cells = rows.slice(0, sampleRows).map((row) => row[index] || null);
    const { profile, sentences } = detect({ name, cells });
    if (profile === null) return [];
    const compared = compareProfiles(parseProfile(host), parseProfile(profile));
    return compared.ok ? [{ index, name, profile, form: formatProfile(compared.common), sentences }] : [];
  });
}
