import type { Catalogue } from '@causeway/core/policy/query';
import type { People, TableFiles } from '../engine/index.ts';

/** The tables that there are files of: how many people are in each is known to whoever asks. */
export function peopleOf({ tables }: Catalogue, data: { readonly tables: readonly TableFiles[] }): readonly People[] {
  return tables
    .filter(({ name }) => data.tables.some((table) => table.name === name))
    .map(({ owner, name, person }) => ({ owner, table: name, person }));
}
