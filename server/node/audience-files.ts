/** Where the files of an audience are, all beside its rows. */
import type { AudienceRow } from '../store/index.ts';

/** Kinds of identifiers that a match has at most. */
const kindsMax = 8;

/** What a run has put beside the rows of an audience. */
export function besidePath(rowsPath: string): string {
  return rowsPath.replace(/\.rows$/, '.values.parquet');
}

/** Of a match by several kinds of identifiers, the rows that one of them matched first. */
export function rowsOfKindPath(rowsPath: string, kind: number): string {
  return rowsPath.replace(/\.rows$/, `.kind-${kind}.rows`);
}

/** All files that an audience can have. */
export function audienceFiles({ filePath }: Pick<AudienceRow, 'filePath'>): readonly string[] {
  const ofKinds = Array.from({ length: kindsMax }, (_, kind) => rowsOfKindPath(filePath, kind));
  return [filePath, besidePath(filePath), ...ofKinds];
}
