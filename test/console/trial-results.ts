/**
 * Real results for the screens that show them: a brand and a media house with generated people, a match, an insight, and two rooms that were asked
 * for reports; a third node keeps the rooms. Whoever looks is at the brand's node.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestOf } from '@causeway/core/api';
import { type LoopData, loopInterests, loopTiers, makeLoopData } from '../end-to-end/loop-data.ts';
import {
  agreeOnInsight,
  agreeOnMatch,
  jobEnd,
  openTrialNetwork,
  publish,
  type TrialNetwork,
} from '../end-to-end/trial-network.ts';
import { agreeOnRoom, type TrialRules } from '../end-to-end/trial-room.ts';
import { buildConsole } from './trial-console.ts';

export interface TrialResults {
  readonly network: TrialNetwork;
  readonly match: string;
  readonly insight: string;
  /** Tables of people: overlap, indices, audiences. */
  readonly peopleRoom: string;
  /** People and events: lift, lifecycle, and the brand's own reach and attribution. */
  readonly eventRoom: string;
  /** Reports by application: as the ledger names them, and as the node answered them. */
  readonly reports: Readonly<Record<string, { readonly question: string; readonly report: unknown }>>;
}

const june = { from: Date.UTC(2025, 4, 31, 16) / 1000, until: Date.UTC(2025, 5, 30, 16) / 1000 };
const day = 86_400;
const campaigns = ['aurora-always-on', 'aurora-launch', 'city-weekend'];

/** Takes about 40 s. */
export async function openTrialResults(): Promise<TrialResults> {
  buildConsole();
  const network = await openTrialNetwork();
  try {
    const data = await makeLoopData(network.folder, { people: 4000, seed: 5 });
    await publishAll(network, data);
    const match = await run(
      network,
      await agreeOnMatch(network, { mine: 'customers', theirs: 'members', keys: ['phone'], receiver: 'me' }),
    );
    const insight = await run(
      network,
      await agreeOnInsight(network, {
        mine: 'customers',
        theirs: 'members',
        key: 'phone',
        receiver: 'me',
        tables: [
          {
            segments: [
              { column: 'interest', values: [...loopInterests] },
              { column: 'holdout', values: ['yes', 'no'] },
            ],
          },
        ],
        protection: { kind: 'exact' },
      }),
    );
    const peopleRoom = await run(network, await agreeOnRoom(network, peopleTerms()));
    const eventRoom = await run(network, await agreeOnRoom(network, eventTerms()));
    const reports: Record<string, TrialResults['reports'][string]> = {};
    for (const [room, request] of requests({ peopleRoom, eventRoom })) {
      const { question, report } = await network.brand.api.room.report({ room, request });
      reports[request.application] = { question, report };
    }
    return { network, match, insight, peopleRoom, eventRoom, reports };
  } catch (error) {
    await network.close();
    throw error;
  }
}

async function run({ brand, media }: TrialNetwork, agreement: string): Promise<string> {
  const { job } = await brand.api.job.run({ agreement });
  const ends = await Promise.all([jobEnd(brand, job), jobEnd(media, job)]);
  for (const { status, error } of ends) if (status !== 'finished') throw new Error(JSON.stringify(error ?? status));
  return job;
}

async function publishAll({ brand, media, folder }: TrialNetwork, data: LoopData): Promise<void> {
  const ids = [{ column: 'mobile', profile: 'phone' }];
  const internal = (...columns: string[]) => columns.map((column) => ({ column, grade: 'internal' as const }));
  // Touches and orders of the brand's customers in one table: what only one owner has is told exactly.
  const path = join(folder, 'journeys.csv');
  const lines = data.people.flatMap(({ mobile, orders, touches }) => [
    ...touches.map(({ at, channel }) => `${mobile},${at},exposure,${channel},`),
    ...orders.map(({ at, value }) => `${mobile},${at},order,,${value}`),
  ]);
  await writeFile(path, `mobile,at,kind,channel,value\n${lines.join('\n')}\n`);
  await Promise.all([
    publish(brand, { path: data.files.customers, name: 'customers', ids, attributes: internal('tier', 'age') }),
    publish(media, {
      path: data.files.members,
      name: 'members',
      ids,
      attributes: internal('interest', 'holdout', 'lat', 'lng'),
    }),
  ]);
  await publish(brand, { path, name: 'journeys', ids, attributes: internal('at', 'kind', 'channel', 'value') });
  // What rooms of tests look for before they are proposed.
  const users = join(folder, 'none.csv');
  await writeFile(
    users,
    `mobile\n${data.people
      .slice(0, 100)
      .map(({ mobile }) => mobile)
      .join('\n')}\n`,
  );
  await publish(media, { path: users, name: 'users', ids });
}

const rights = {
  k: 50,
  protection: { kind: 'noise', rho: 5_000, sigmaFloor: 0 },
  purposes: ['measurement', 'activation'],
  receivers: ['brand', 'media'],
} as const;
const once = { isNullable: false, perPerson: { rows: 50, groups: 50 } };
const person = {
  name: 'person',
  type: 'key',
  join: true,
  select: true,
  aggregates: ['count' as const],
  ...rights,
} as const;
const category = (name: string, values: readonly string[]) =>
  ({
    name,
    type: 'category',
    group: true,
    filter: 'declared',
    select: true,
    values: [...values],
    ...once,
    ...rights,
  }) as const;
const age = {
  ...({
    name: 'age',
    type: 'integer',
    group: false,
    filter: 'range',
    select: true,
    min: 0,
    max: 99,
    grid: 10,
  } as const),
  ...{ aggregates: [], ...once, ...rights },
};

type Columns = TrialRules['tables'][number]['columns'];
const table = (of: { name: string; owner: string; kind: 'person' | 'event' }, columns: Columns) => ({
  ...{ ...of, subjects: `people-of-${of.name}`, person: 'person' },
  columns: [person, ...columns],
});
const contributor = (organisation: string, dataset: string, columns: readonly string[]) => ({
  ...{ organisation, dataset, table: dataset },
  columns: columns.map((name) => ({ column: name, name })),
});

type Proposal = Partial<RequestOf<'agreement.proposeRoom'>>;

function peopleTerms(): Proposal {
  return {
    purpose: 'Who are they, and whom to reach',
    questionPurpose: 'measurement',
    // One receiver: what is about its own rows alone is told to it exactly.
    receivers: ['brand'],
    budgetRho: 120_000,
    contributors: [
      contributor('brand', 'customers', ['tier', 'age']),
      {
        ...contributor('media', 'members', ['interest', 'holdout']),
        columns: [
          ...['interest', 'holdout'].map((name) => ({ column: name, name })),
          { column: 'lat', longitude: 'lng', name: 'home' },
        ],
      },
    ],
    rules: {
      zone: 'Asia/Shanghai',
      tables: [
        table({ name: 'customers', owner: 'brand', kind: 'person' }, [category('tier', loopTiers), age]),
        table({ name: 'members', owner: 'media', kind: 'person' }, [
          category('interest', loopInterests),
          category('holdout', ['yes', 'no']),
          {
            ...({ name: 'home', type: 'place', filter: 'within', isNullable: false, system: 'gcj02' } as const),
            ...{ radiusMin: 5_000, select: true, ...rights },
          },
        ]),
      ],
    },
    activation: { receiver: 'brand', purpose: 'activation', minimumPersons: 50, audiencesMax: 2 },
  };
}

function eventTerms(): Proposal {
  const at = {
    ...({ name: 'at', type: 'time', group: false, filter: 'range', grid: 'day' } as const),
    ...{ from: '2024-07-01', to: '2025-07-01', ...once, ...rights },
  };
  const value = {
    ...({ name: 'value', type: 'money', currency: 'CNY', group: false, filter: 'range', grid: 1 } as const),
    ...{ min: 0, max: 100_000_000, aggregates: ['sum' as const], clip: { low: 0, high: 1_000_000 } },
    ...{ ...once, isNullable: true, ...rights },
  };
  return {
    purpose: 'What June brought',
    questionPurpose: 'measurement',
    receivers: ['brand'],
    budgetRho: 120_000,
    contributors: [
      contributor('brand', 'journeys', ['at', 'kind', 'channel', 'value']),
      contributor('media', 'members', ['interest', 'holdout']),
    ],
    rules: {
      zone: 'Asia/Shanghai',
      tables: [
        table({ name: 'journeys', owner: 'brand', kind: 'event' }, [
          at,
          category('kind', ['exposure', 'order']),
          { ...category('channel', campaigns), isNullable: true },
          value,
        ]),
        table({ name: 'members', owner: 'media', kind: 'person' }, [
          category('interest', loopInterests),
          category('holdout', ['yes', 'no']),
        ]),
      ],
    },
  };
}

type Request = { readonly application: string } & Readonly<Record<string, unknown>>;

function requests(rooms: Pick<TrialResults, 'peopleRoom' | 'eventRoom'>): readonly (readonly [string, Request])[] {
  const events = ['journeys'];
  return [
    [rooms.peopleRoom, { application: 'overlap', people: 'customers', segment: 'tier', partner: { table: 'members' } }],
    [
      rooms.peopleRoom,
      {
        application: 'insight',
        base: 'members',
        baseName: { en: 'all members', zh: '全部会员' },
        audience: { table: 'customers' },
        tags: ['interest', 'holdout'],
        crossed: [['interest', 'holdout']],
      },
    ],
    [
      rooms.eventRoom,
      { application: 'reach', events, period: june, media: campaigns, binCount: 8, impressionsMax: 20 },
    ],
    [
      rooms.eventRoom,
      {
        application: 'attribution',
        events,
        period: june,
        currencies: [{ code: 'CNY', digits: 2 }],
        dimensions: ['channel'],
        models: ['first', 'last', 'linear', 'decay', 'markov-1', 'shapley'],
        costs: campaigns.map((unit, i) => ({
          dimension: 'channel',
          unit,
          currency: 'CNY',
          units: 2_000_000 * (i + 1),
        })),
      },
    ],
    [
      rooms.eventRoom,
      {
        application: 'lift',
        groups: { table: 'members', column: 'holdout', treated: ['no'], control: ['yes'] },
        assignment: 'random',
        events,
        period: { ...june, from: june.until - 300 * day },
      },
    ],
    [
      rooms.eventRoom,
      {
        application: 'lifecycle',
        people: 'members',
        events,
        model: 'aipl',
        dates: [june.from - 60 * day, june.from, june.until],
      },
    ],
  ];
}
