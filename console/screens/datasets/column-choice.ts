/** What each column of a file becomes: proposed by the node, changed by a person, and then asked of the node. */
import type { RequestOf, ResponseOf } from '@causeway/core/api';

export type FileReport = ResponseOf<'dataset.inspect'>;
type AddRequest = RequestOf<'dataset.add'>;
export type Grade = NonNullable<AddRequest['attributes']>[number]['grade'];

export interface ColumnChoice {
  readonly column: string;
  readonly use: 'identifier' | 'attribute' | 'nothing';
  /** As it is typed for an identifier; empty where none was proposed. */
  readonly profile: string;
  readonly grade: Grade;
}

/** Identifiers where the node recognised one. Attributes are a person's choice: nothing more is kept than was asked for. */
export function proposedChoices(file: FileReport): readonly ColumnChoice[] {
  return file.columns.map(({ name, profile, grade }) => ({
    column: name,
    use: profile === undefined ? 'nothing' : 'identifier',
    profile: profile ?? '',
    grade: grade ?? 'internal',
  }));
}

/** A file's own name, without the folders. */
export function fileName(path: string): string {
  return path.replace(/^.*[\\/]/, '');
}

/** The name that a file suggests for its dataset: its own, without folder and ending. */
export function proposedName(path: string): string {
  return fileName(path).replace(/\.[^.]+$/, '');
}

/** @returns undefined while no column is a complete identifier. */
export function addRequest(file: FileReport, name: string, choices: readonly ColumnChoice[]): AddRequest | undefined {
  const ids = choices.filter(({ use }) => use === 'identifier');
  if (ids.length === 0 || ids.some(({ profile }) => profile.trim() === '')) return undefined;
  return {
    path: file.path,
    name,
    ids: ids.map(({ column, profile }) => ({ column, profile: profile.trim() })),
    attributes: choices.filter(({ use }) => use === 'attribute').map(({ column, grade }) => ({ column, grade })),
  };
}
