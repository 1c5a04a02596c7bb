import { useNames } from './names.ts';

/** What an organisation calls itself, by its id; the id where it is not a member, or the members are not known yet. */
export function useOrganisationName(): (organisation: string) => string {
  return useNames().nameOf;
}

/** Organisations by what they call themselves; their ids are told where the pointer rests. */
export function Organisations({ ids }: { readonly ids: readonly string[] }) {
  const nameOf = useOrganisationName();
  return <span title={ids.join(', ')}>{ids.map(nameOf).join(', ')}</span>;
}
