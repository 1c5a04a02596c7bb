import type { ResponseOf } from '@causeway/core/api';
import { ApiProblem, type DomainHandlers, notFound } from '../../http/index.ts';
import { type JobRow, jobHasEnded, type ListedJobRow } from '../../store/index.ts';
import { exportEvidence } from '../evidence.ts';
import type { Jobs } from '../jobs.ts';
import type { PartnerStages } from '../partner-stages.ts';
import { type Services, timeText } from '../services.ts';

type Names = `job.${'run' | 'list' | 'show' | 'events' | 'partners' | 'cancel' | 'resume'}` | 'evidence.export';
type JobView = ResponseOf<'job.show'>;
type ListedJob = ResponseOf<'job.list'>['items'][number];

export function jobHandlers(services: Services, jobs: Jobs, partnerStages: PartnerStages): Pick<DomainHandlers, Names> {
  const { store, clock } = services;
  const find = async (id: string) => {
    const row = await store.jobs.find(id);
    if (!row) throw notFound();
    return row;
  };
  return {
    'job.run': async ({ body }) => {
      const agreement = await store.agreements.find(body.agreement);
      if (!agreement) throw notFound();
      return { job: await jobs.start(agreement.id, body.job) };
    },
    'job.list': async ({ query }) => {
      const agreement = query.agreement === undefined ? undefined : (await store.agreements.find(query.agreement))?.id;
      if (query.agreement !== undefined && agreement === undefined) return { items: [] };
      const page = await store.jobs.list({ after: query.after, limit: query.limit, agreement, status: query.status });
      return { items: page.items.map(listedView), ...(page.next === undefined ? {} : { next: page.next }) };
    },
    'job.show': async ({ params }) => jobView(await find(params.job)),
    'job.events': async ({ params }, { signal, lastSequence }) => {
      await find(params.job);
      const rows = store.jobs.watch(params.job, { signal, after: lastSequence });
      return (async function* () {
        for await (const row of rows) yield { sequence: row.sequence, at: timeText(clock.wallMs()), job: jobView(row) };
      })();
    },
    'job.partners': async ({ params }) => ({ items: await partnerStages.ofPartners(await find(params.job)) }),
    'job.cancel': async ({ params }) => {
      const row = await find(params.job);
      if (jobHasEnded(row))
        throw new ApiProblem({ code: 'conflict', detail: `job ${row.id} has ${row.status} already` });
      await jobs.cancel(row);
      return jobView(await find(row.id));
    },
    'job.resume': async ({ params }) => {
      const row = await find(params.job);
      await jobs.resume(row);
      return jobView(await find(row.id));
    },
    'evidence.export': async ({ params }) => ({ ...(await exportEvidence(services, (await find(params.job)).id)) }),
  };
}

function jobView(row: JobRow): JobView {
  return {
    ...shared(row),
    stages: row.stages as JobView['stages'],
    ...(row.ratePerSecond === null ? {} : { ratePerSecond: row.ratePerSecond }),
    ...(row.kernel === null ? {} : { kernel: row.kernel }),
    ...result(row),
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
  };
}

function listedView(row: ListedJobRow): ListedJob {
  return {
    ...shared(row),
    ...(row.told === null ? {} : { told: toldOf(row.operation, row.told) }),
    ...(row.matched === null ? {} : { matched: row.matched }),
  };
}

function shared(row: JobRow | ListedJobRow) {
  return {
    id: row.id,
    agreement: row.agreement,
    operation: row.operation,
    partners: [...row.partners],
    startedBy: row.startedBy,
    status: row.status,
    stage: row.stage,
    progress: row.progress,
    ...(row.etaSeconds === null ? {} : { etaSeconds: row.etaSeconds }),
    attempt: row.attempt,
    ...(row.audience === null ? {} : { audience: row.audience }),
    ...(row.error == null ? {} : { error: row.error as NonNullable<JobView['error']> }),
    createdAt: timeText(row.createdAtMs),
    ...(row.startedAtMs === null ? {} : { startedAt: timeText(row.startedAtMs) }),
    ...(row.finishedAtMs === null ? {} : { finishedAt: timeText(row.finishedAtMs) }),
  };
}

/** What a job came to, as its operation says it. */
function result({ operation, counts }: JobRow): Pick<JobView, 'counts' | 'insight'> {
  if (counts == null) return {};
  if (operation === 'insight') return { insight: counts as NonNullable<JobView['insight']> };
  return { counts: counts as NonNullable<JobView['counts']> };
}

function toldOf(operation: string, told: 'counts' | 'figures'): NonNullable<ListedJob['told']> {
  if (told === 'figures') return 'segments';
  return operation === 'activate' ? 'activation' : 'match';
}
