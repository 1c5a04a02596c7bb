/** One job as it goes: the node's stream of events while it runs, and what partners say of their side. */
import type { ResponseOf } from '@causeway/core/api';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';

export type Job = ResponseOf<'job.show'>;
export type Partner = ResponseOf<'job.partners'>['items'][number];

/** Each question to the partners' nodes goes over the link: seldom enough to be nothing beside the job. */
const partnersEveryMs = 2000;

export function hasEnded({ status }: Pick<Job, 'status'>): boolean {
  return status === 'finished' || status === 'failed' || status === 'cancelled';
}

export function useLiveJob(id: string): { readonly job: Job; readonly partners: readonly Partner[] | undefined } {
  const cache = useQueryClient();
  const { data: job } = useSuspenseQuery(queries.job(id));
  const isOver = hasEnded(job);
  const { data: partners } = useQuery({
    ...queries.jobPartners(id, job.status),
    refetchInterval: isOver ? false : partnersEveryMs,
    placeholderData: (before) => before,
  });

  useEffect(() => {
    if (isOver) return;
    const leaving = new AbortController();
    const follow = async () => {
      for await (const { job: now } of client.job.events({ job: id }, { signal: leaving.signal })) {
        cache.setQueryData(queries.job(id).queryKey, now);
        if (hasEnded(now)) void cache.invalidateQueries({ queryKey: queries.jobs.queryKey, exact: true });
      }
    };
    // A stream that ends for good leaves what was read last; the screen asks again when it is opened anew.
    follow().catch(() => {});
    return () => leaving.abort();
  }, [id, isOver, cache]);

  return { job, partners: partners?.items };
}
