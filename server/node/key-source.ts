/** What of an own dataset goes into a match: one column, brought to one form, as keys that are bound to the network. */
import { resolve } from 'node:path';
import { formatProfile, parseProfile } from '@causeway/core/identifiers';
import { keyContext } from '@causeway/core/protocols';
import type { ImportReport } from '../engine/index.ts';
import type { DatasetRow } from '../store/index.ts';

export interface KeySource {
  readonly parquet: string;
  readonly sha256: string;
  /** As the Parquet file names it. */
  readonly column: string;
  readonly liftTo: string;
  readonly contextHex: string;
}

/**
 * @param of.column as the file had it. @param of.form the common form of both sides' identifiers.
 * @param home of the node: a dataset's folder stands relative to it.
 */
export function keySourceOf(
  home: string,
  row: DatasetRow,
  of: { readonly column: string; readonly form: string; readonly network: string },
): KeySource {
  const report = row.report as ImportReport;
  return {
    parquet: resolve(home, row.folder, 'rows.parquet'),
    sha256: report.parquet.sha256,
    column: report.ids.find(({ column }) => column === of.column)?.storedAs ?? of.column,
    liftTo: formatProfile(parseProfile(of.form)),
    contextHex: keyContext(of.network, of.form),
  };
}

/** Names what keys are made of: equal names, equal keys in equal rows. */
export function nameOfSource({ sha256, column, liftTo, contextHex }: KeySource): string {
  return [sha256, liftTo, contextHex, column].join(' ');
}

/** Whether a named source is of the file with this hash. */
export function isOfFile(name: string, sha256: string): boolean {
  return name.startsWith(`${sha256} `);
}
