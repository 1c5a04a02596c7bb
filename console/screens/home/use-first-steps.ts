import { useQueries, useQuery } from '@tanstack/react-query';
import { queries } from '../../app/queries.ts';
import { type FirstStep, firstSteps } from './first-steps.ts';

/** @returns undefined before the node has answered, and once there is a result. */
export function useFirstSteps(): readonly FirstStep[] | undefined {
  const [{ data: status }, { data: jobs }, { data: agreements }, { data: datasets }] = useQueries({
    queries: [queries.status, queries.jobs, queries.agreements, queries.datasets],
  });
  const { data: catalogue } = useQuery(queries.catalogue);
  if (!status || !jobs || !agreements || !datasets || !catalogue) return undefined;
  return firstSteps({
    hasNetwork: status.network !== undefined,
    others: status.links.length,
    datasets: datasets.items,
    catalogue: catalogue.items,
    agreements: agreements.items,
    jobs: jobs.items,
  });
}
