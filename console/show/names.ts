import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { queries } from '../app/queries.ts';
import { useFigures } from './figures.ts';
import { type Named, namedBy } from './said-with.ts';

/** How organisations are called here: by their names as members. */
export function useNames(): Named {
  const { data: status } = useSuspenseQuery(queries.status);
  const { data: members } = useQuery({ ...queries.members, enabled: status.network !== undefined });
  const figures = useFigures();
  return namedBy(new Map(members?.items.map(({ organisation, name }) => [organisation, name])), figures);
}
