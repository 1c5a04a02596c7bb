/** What screens read from the node: one query for each thing, with its key and how long an answer stays fresh. */
import type { ResponseOf } from '@causeway/core/api';
import { ApiError } from '@causeway/sdk';
import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

/** Lists that change by themselves are asked for again while somebody looks at them. */
const whileWatchedMs = 5000;
/** More than this are found by filters, not by scrolling. */
const listedMax = 1000;

const isOver = (status: ResponseOf<'agreement.show'>['status'] | undefined) =>
  status === 'revoked' || status === 'expired';

export const queryClient = new QueryClient({
  defaultOptions: {
    // The node can be this very machine: whether it answers is found out by asking, and said, also where the browser believes to be offline.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 2000,
      // What the node has answered, it would answer again; only silence is worth another try.
      retry: (failures, error) => failures < 2 && error instanceof ApiError && error.code === 'unreachable',
    },
  },
});

export const queries = {
  status: queryOptions({
    queryKey: ['status'],
    queryFn: ({ signal }) => client.node.status({}, { signal }),
    refetchInterval: whileWatchedMs,
  }),
  jobs: queryOptions({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => client.job.list({ limit: listedMax }, { signal }),
    refetchInterval: whileWatchedMs,
  }),
  job: (job: string) =>
    queryOptions({
      queryKey: ['jobs', job],
      queryFn: ({ signal }) => client.job.show({ job }, { signal }),
    }),
  /** @param status of the job here: what partners said before it changed is asked anew. */
  jobPartners: (job: string, status: string) =>
    queryOptions({
      queryKey: ['jobs', job, 'partners', status],
      queryFn: ({ signal }) => client.job.partners({ job }, { signal }),
    }),
  agreements: queryOptions({
    queryKey: ['agreements'],
    queryFn: ({ signal }) => client.agreement.list({ limit: listedMax }, { signal }),
    refetchInterval: whileWatchedMs,
  }),
  agreement: (agreement: string) =>
    queryOptions({
      queryKey: ['agreements', agreement],
      queryFn: ({ signal }) => client.agreement.show({ agreement }, { signal }),
      // Until it has ended a partner can sign it or end it at any time, and says why it was rejected a moment later.
      refetchInterval: ({ state }) => (isOver(state.data?.status) ? false : whileWatchedMs),
    }),
  verdicts: (agreement: string) =>
    queryOptions({
      queryKey: ['agreements', agreement, 'verdicts'],
      queryFn: ({ signal }) => client.agreement.verdicts({ agreement }, { signal }),
      // It asks the partners.
      staleTime: 30_000,
    }),
  doctor: (peer: string) =>
    queryOptions({
      queryKey: ['doctor', peer],
      queryFn: ({ signal }) => client.node.doctor({ peer }, { signal }),
      // It asks the partner: once for each visit, and when somebody asks for it.
      staleTime: 60_000,
    }),
  users: queryOptions({
    queryKey: ['users'],
    queryFn: ({ signal }) => client.user.list({}, { signal }),
  }),
  uploads: queryOptions({
    queryKey: ['uploads'],
    queryFn: ({ signal }) => client.upload.list({}, { signal }),
  }),
  templates: queryOptions({
    queryKey: ['templates'],
    queryFn: ({ signal }) => client.template.list({}, { signal }),
  }),
  settings: queryOptions({
    queryKey: ['settings'],
    queryFn: ({ signal }) => client.settings.get({}, { signal }),
  }),
  budgets: queryOptions({
    queryKey: ['budgets'],
    queryFn: ({ signal }) => client.budget.list({}, { signal }),
  }),
  datasets: queryOptions({
    queryKey: ['datasets'],
    queryFn: ({ signal }) => client.dataset.list({}, { signal }),
  }),
  dataset: (dataset: string) =>
    queryOptions({
      queryKey: ['datasets', dataset],
      queryFn: ({ signal }) => client.dataset.show({ dataset }, { signal }),
    }),
  /** For who proposes: the values of an own column that may be grouped by. */
  values: (dataset: string, column: string) =>
    queryOptions({
      queryKey: ['datasets', dataset, 'values', column],
      staleTime: 60_000,
      retry: false,
      queryFn: ({ signal }) => client.dataset.values({ dataset, column }, { signal }),
    }),
  /** What members would see of a dataset with the values of these columns. */
  publication: (dataset: string, values: readonly string[]) =>
    queryOptions({
      queryKey: ['datasets', dataset, 'publication', values],
      retry: false,
      queryFn: ({ signal }) => client.dataset.previewPublication({ dataset, values }, { signal }),
    }),
  opjaKeys: queryOptions({
    queryKey: ['opja', 'keys'],
    queryFn: ({ signal }) => client.activation.keys({}, { signal }),
  }),
  /** What a domain publishes, looked up by the node. */
  opjaDomain: (domain: string) =>
    queryOptions({
      queryKey: ['opja', 'domains', domain],
      staleTime: 10_000,
      retry: false,
      queryFn: ({ signal }) => client.activation.domain({ domain }, { signal }),
    }),
  guests: queryOptions({
    queryKey: ['guests'],
    queryFn: ({ signal }) => client.guest.list({}, { signal }),
    refetchInterval: whileWatchedMs,
  }),
  ledgerHead: queryOptions({
    queryKey: ['ledger', 'head'],
    queryFn: ({ signal }) => client.ledger.head({}, { signal }),
  }),
  ledgerEntries: infiniteQueryOptions({
    queryKey: ['ledger', 'entries'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      client.ledger.show({ limit: 50, ...(pageParam === undefined ? {} : { after: pageParam }) }, { signal }),
    getNextPageParam: ({ next }) => next,
  }),
  members: queryOptions({
    queryKey: ['members'],
    queryFn: ({ signal }) => client.network.members({}, { signal }),
    refetchInterval: whileWatchedMs,
  }),
  catalogue: queryOptions({
    queryKey: ['catalogue'],
    queryFn: ({ signal }) => client.catalogue.list({}, { signal }),
    refetchInterval: whileWatchedMs,
  }),
  rooms: queryOptions({
    queryKey: ['rooms'],
    queryFn: ({ signal }) => client.room.list({}, { signal }),
    refetchInterval: whileWatchedMs,
  }),
  room: (room: string) =>
    queryOptions({
      queryKey: ['rooms', room],
      queryFn: ({ signal }) => client.room.show({ room }, { signal }),
      refetchInterval: whileWatchedMs,
    }),
  /** Answers and reports that this node was given. */
  roomAnswers: (room: string) =>
    queryOptions({
      queryKey: ['rooms', room, 'answers'],
      queryFn: ({ signal }) => client.room.answers({ room }, { signal }),
    }),
  roomAudiences: (room: string) =>
    queryOptions({
      queryKey: ['rooms', room, 'audiences'],
      queryFn: ({ signal }) => client.room.audiences({ room }, { signal }),
    }),
  audiences: queryOptions({
    queryKey: ['audiences'],
    queryFn: ({ signal }) => client.audience.list({ limit: listedMax }, { signal }),
  }),
  audience: (audience: string) =>
    queryOptions({
      queryKey: ['audiences', audience],
      queryFn: ({ signal }) => client.audience.show({ audience }, { signal }),
    }),
  destinations: queryOptions({
    queryKey: ['destinations'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => client.audience.destinations({}, { signal }),
  }),
};
