/**
 * The closed loop through three real nodes, on generated people whose truth is known: who are the people that both have (match), how do they differ (insight),
 * whom to reach (select), to a destination (export), and what the campaign brought (attribution). Each step is held to the plain computation, to its
 * disclosure, and its evidence verifies offline.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestOf } from '@causeway/core/api';
import { verifyEvidence } from '@causeway/core/applications/agreement';
import { addon } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoopData, type LoopPerson, loopInterests, loopTiers, makeLoopData } from './loop-data.ts';
import {
  agreeOnInsight,
  agreeOnMatch,
  jobEnd,
  openTrialNetwork,
  operationEnd,
  publish,
  type TrialNetwork,
  type TrialNode,
  until,
} from './trial-network.ts';
import { agreeOnRoom } from './trial-room.ts';

let network: TrialNetwork;
let data: LoopData;

beforeAll(async () => {
  network = await openTrialNetwork();
  data = await makeLoopData(network.folder, { people: 4000, seed: 5 });
  const { brand, media } = network;
  const ids = [{ column: 'mobile', profile: 'phone' }];
  const internal = (...columns: string[]) => columns.map((column) => ({ column, grade: 'internal' as const }));
  const { customers, members, orders, touches } = data.files;
  await publish(brand, { path: data.crm, name: 'crm', ids });
  await publish(media, { path: data.users, name: 'users', ids: [{ column: 'phone', profile: 'phone' }] });
  await publish(brand, { path: customers, name: 'customers', ids, attributes: internal('tier', 'age') });
  await publish(media, { path: members, name: 'members', ids, attributes: internal('interest', 'holdout') });
  await publish(brand, { path: orders, name: 'orders', ids, attributes: internal('at', 'kind', 'value') });
  await publish(media, { path: touches, name: 'touches', ids, attributes: internal('at', 'kind', 'channel') });
}, 120_000);

afterAll(() => network?.close(), 120_000);

const shared = () => data.people.filter(({ customer, member }) => customer && member);

/** Learns that a party's statement has, by their codes. */
async function learns(node: TrialNode, agreement: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { disclosure } = await node.api.agreement.show({ agreement });
  return Object.fromEntries(
    disclosure.parties.map(({ organisation, learns: facts }) => [organisation, facts.map(({ code }) => code)]),
  );
}

async function requireEvidence(nodes: readonly TrialNode[], job: string): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const node of nodes) {
    const { checks } = verifyEvidence(await node.api.evidence.export({ job }));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    for (const { name } of checks) names.add(name);
  }
  return [...names];
}

/** Whether any file of a node's home holds a text. */
function holds(node: TrialNode, text: string): boolean {
  try {
    return execFileSync('grep', ['-rlaF', '--', text, node.home], { env: { LC_ALL: 'C' } }).length > 0;
  } catch {
    return false;
  }
}

type Proposal = RequestOf<'agreement.proposeRoom'>;

const campaigns = ['aurora-always-on', 'aurora-launch', 'city-weekend'];

const rights = {
  k: 50,
  protection: { kind: 'noise', rho: 20_000, sigmaFloor: 0 },
  purposes: ['measurement', 'activation'],
  receivers: ['brand', 'media'],
} as const;
const once = { isNullable: false, perPerson: { rows: 50, groups: 50 } };
const person = { name: 'person', type: 'key', join: true, aggregates: ['count' as const], ...rights } as const;
const category = (name: string, values: readonly string[]) =>
  ({ name, type: 'category', group: true, filter: 'declared', values: [...values], ...once, ...rights }) as const;
const at = {
  name: 'at',
  type: 'time',
  group: false,
  filter: 'range',
  from: '2024-07-01',
  to: '2025-07-01',
  grid: 'day',
  ...once,
  ...rights,
} as const;
type Column = Proposal['rules']['tables'][number]['columns'][number];
const table = (
  of: { readonly name: string; readonly owner: string; readonly kind: 'person' | 'event' },
  columns: readonly Column[],
) => ({ ...of, subjects: `people-of-${of.name}`, person: 'person', columns: [person, ...columns] });

async function openRoom(proposal: Partial<Proposal>): Promise<{ agreement: string; room: string }> {
  const { brand, media, operator } = network;
  const agreement = await agreeOnRoom(network, {
    questionPurpose: 'measurement',
    // Both rooms together stay within what each owner lets the other learn in all.
    budgetRho: 110_000,
    ...proposal,
  });
  const { job } = await brand.api.job.run({ agreement });
  const ends = await Promise.all([brand, media, operator].map((node) => jobEnd(node, job)));
  expect(ends.map(({ status, error }) => error ?? status)).toEqual(['finished', 'finished', 'finished']);
  return { agreement, room: job };
}

/** By plain loops: the first order of each person in the period, and the first and the last touch within the window before it. */
function attributed(period: { readonly from: number; readonly until: number }, windowSeconds: number) {
  const credit = { first: campaigns.map(() => 0), last: campaigns.map(() => 0) };
  const orders = [0, 0];
  for (const { orders: own, touches } of data.people) {
    const [order] = own
      .filter(({ at: time }) => time >= period.from && time < period.until)
      .sort((a, b) => a.at - b.at);
    if (order === undefined) continue;
    const before = touches
      .filter(({ at: time }) => time <= order.at && time >= order.at - windowSeconds)
      .sort((a, b) => a.at - b.at);
    orders[before.length > 0 ? 0 : 1]! += 1;
    if (before.length === 0) continue;
    credit.first[campaigns.indexOf(before[0]!.channel)]! += 1_000_000;
    credit.last[campaigns.indexOf(before.at(-1)!.channel)]! += 1_000_000;
  }
  return { orders, 'first by channel': credit.first, 'last by channel': credit.last };
}

const contributor = (organisation: string, dataset: string, columns: readonly string[]) => ({
  organisation,
  dataset,
  table: dataset,
  columns: columns.map((name) => ({ column: name, name })),
});

describe.skipIf(!addon)('the closed loop', { timeout: 180_000 }, () => {
  it('match: whom both have, as the truth counts them', async () => {
    const { brand, media } = network;
    const agreement = await agreeOnMatch(network, { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'me' });
    const { job } = await brand.api.job.run({ agreement });
    const [ended, theirs] = [await jobEnd(brand, job), await jobEnd(media, job)];
    expect([ended.error ?? ended.status, theirs.error ?? theirs.status]).toEqual(['finished', 'finished']);
    const audience = await brand.api.audience.show({ audience: ended.audience! });
    expect(audience).toMatchObject({ rows: data.truth.expected.phone.crmRows, job, agreement });
    // What the other side learns is what was declared: no rows.
    expect(theirs.audience).toBeUndefined();
    expect((await learns(brand, agreement)).brand).toContain('own-rows-matched');
    expect((await learns(brand, agreement)).media).not.toContain('own-rows-matched');
    await requireEvidence([brand, media], job);
  });

  it('insight: how they differ, exactly where exact was agreed', async () => {
    const { brand, media } = network;
    const agreement = await agreeOnInsight(network, {
      mine: 'customers',
      theirs: 'members',
      key: 'phone',
      receiver: 'me',
      tables: [{ segments: [{ column: 'interest', values: [...loopInterests] }] }],
      protection: { kind: 'exact' },
    });
    const { job } = await brand.api.job.run({ agreement });
    const ends = [await jobEnd(brand, job), await jobEnd(media, job)];
    expect(ends.map(({ status, error }) => error ?? status)).toEqual(['finished', 'finished']);
    const figures = ends[0]!.insight!.figures!;
    expect(figures[0]).toMatchObject({ values: {}, people: shared().length });
    const stated = figures.slice(1).filter(({ people }) => people !== undefined);
    expect(stated.length).toBeGreaterThan(1);
    for (const { values, people } of stated)
      expect(people).toBe(shared().filter(({ member }) => member!.interest === values.interest).length);
    expect(ends[1]!.insight!.figures).toBeUndefined();
    await requireEvidence([brand, media], job);
  });

  it('select: whom to reach, by tags of both, as rows of the one who activates them; export: to a destination', async () => {
    const { brand, media, operator } = network;
    const selectable = <Column extends object>(column: Column) => ({ ...column, select: true });
    const age = {
      name: 'age',
      type: 'integer',
      group: false,
      filter: 'range',
      min: 0,
      max: 99,
      grid: 10,
      aggregates: [],
      ...once,
      ...rights,
    } as const;
    const { agreement, room } = await openRoom({
      contributors: [
        contributor('brand', 'customers', ['tier', 'age']),
        contributor('media', 'members', ['interest', 'holdout']),
      ],
      rules: {
        zone: 'Asia/Shanghai',
        tables: [
          {
            ...table({ name: 'customers', owner: 'brand', kind: 'person' }, []),
            columns: [selectable(person), selectable(category('tier', loopTiers)), age],
          },
          {
            ...table({ name: 'members', owner: 'media', kind: 'person' }, []),
            columns: [
              selectable(person),
              selectable(category('interest', loopInterests)),
              selectable(category('holdout', ['yes', 'no'])),
            ],
          },
        ],
      },
      activation: { receiver: 'media', purpose: 'activation', minimumPersons: 50, audiencesMax: 2 },
    });
    expect((await learns(brand, agreement)).media).toContain('own-rows-selected');
    expect((await learns(brand, agreement)).brand).toContain('audience-sizes');

    const rule = {
      all: [
        { tag: 'customers.tier', in: ['silver', 'gold', 'platinum'] },
        {
          any: [
            { tag: 'interest', in: ['autos', 'food', 'games', 'digital', 'other'] },
            { tag: 'holdout', in: ['yes'] },
          ],
        },
        { not: { tag: 'interest', in: ['games'] } },
      ],
    };
    const request = {
      application: 'select',
      people: 'members',
      with: ['customers'],
      events: [],
      rule,
      asOf: 1_751_299_200,
    };
    const isIn = ({ customer, member }: LoopPerson) =>
      member !== undefined &&
      customer !== undefined &&
      customer.tier !== 'basic' &&
      (['autos', 'food', 'games', 'digital', 'other'].includes(member.interest) || member.holdout === 'yes') &&
      member.interest !== 'games';
    const wanted = data.people.filter(isIn);
    expect(wanted.length).toBeGreaterThan(100);

    const estimate = await media.api.room.report({ room, request });
    expect(Math.abs(Number(estimate.report.about) - wanted.length)).toBeLessThan(40);

    const codeOf = (call: Promise<unknown>) =>
      call.then(
        () => 'given',
        (error) => error.problem.cause?.code ?? error.code,
      );
    expect(await codeOf(brand.api.room.select({ room, request }))).toBe('not-a-receiver');
    const byAge = { ...request, rule: { all: [rule, { tag: 'customers.age', from: 20 }] } };
    expect(await codeOf(media.api.room.select({ room, request: byAge }))).toBe('no-select');

    const given = await media.api.room.select({ room, request, name: 'spring' });
    expect(given.audience).toMatchObject({ name: 'spring', rows: wanted.length, job: room, agreement });
    expect(given.size).toEqual(estimate.report.words);
    const again = await media.api.room.select({ room, request });
    expect(again).toEqual(given);

    // All others learn the rule and the number that the estimate told, and nothing of rows.
    await until(async () => (await brand.api.room.show({ room })).audiences === 1);
    const { items } = await brand.api.room.audiences({ room });
    expect(items).toMatchObject([{ receiver: 'media', selection: given.selection, size: estimate.report.words }]);
    expect((await brand.api.audience.list()).items.filter(({ job }) => job === room)).toEqual([]);
    const alone = data.people.find(({ customer, member }) => customer && !member)!.mobile;
    expect(holds(media, alone)).toBe(false);
    for (const { mobile } of wanted.slice(0, 3)) expect(holds(operator, mobile)).toBe(false);

    const to = join(network.folder, 'tencent.txt');
    const done = await operationEnd(
      media,
      await media.api.audience.export({ audience: 'spring', to, destination: 'tencent-ads' }),
    );
    expect(done).toMatchObject({ kind: 'activation', rows: wanted.length });
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    expect(readFileSync(to, 'utf8').trimEnd().split('\n')).toEqual(wanted.map(({ mobile }) => md5(mobile)).sort());
    expect(await requireEvidence([brand, media, operator], room)).toContain('audiences');
  });

  it('attribution: what the campaign brought, within the interval that its noise makes', async () => {
    const { brand, media, operator } = network;
    const { room } = await openRoom({
      contributors: [
        contributor('brand', 'orders', ['at', 'kind', 'value']),
        contributor('media', 'touches', ['at', 'kind', 'channel']),
      ],
      rules: {
        zone: 'Asia/Shanghai',
        tables: [
          table({ name: 'orders', owner: 'brand', kind: 'event' }, [
            at,
            category('kind', ['order']),
            {
              name: 'value',
              type: 'money',
              currency: 'CNY',
              group: false,
              filter: 'range',
              min: 0,
              max: 100_000_000,
              grid: 1,
              aggregates: ['sum'],
              clip: { low: 0, high: 1_000_000 },
              ...once,
              ...rights,
            },
          ]),
          table({ name: 'touches', owner: 'media', kind: 'event' }, [
            at,
            category('kind', ['exposure']),
            category('channel', campaigns),
          ]),
        ],
      },
    });
    const june = { from: Date.UTC(2025, 4, 31, 16) / 1000, until: Date.UTC(2025, 5, 30, 16) / 1000 };
    const windowSeconds = 15 * 86_400;
    const request = {
      application: 'attribution',
      events: ['orders', 'touches'],
      period: june,
      windowSeconds,
      ordersMax: 1,
      valueMax: 100_000,
      currencies: [],
      dimensions: ['channel'],
      models: ['first', 'last'],
    };
    const preview = await brand.api.room.previewReport({ room, request });
    const made = await brand.api.room.report({ room, request });
    expect(made).toMatchObject({ state: 'answered', rho: preview.rho });
    const plain = attributed(june, windowSeconds);
    const numbers = made.numbers as Readonly<Record<string, readonly string[]>>;
    const sigmas = new Map(
      (preview.tables as { name: string; sigma: number }[]).map(({ name, sigma }) => [name, sigma]),
    );
    for (const [name, expected] of Object.entries(plain)) {
      // Five standard deviations of what is added: once in a million runs it is more.
      const differences = numbers[name]!.map((value, i) => Math.abs(Number(value) - expected[i]!));
      expect(Math.max(...differences), name).toBeLessThan(5 * sigmas.get(name)!);
    }
    // The media house asks the same: the same numbers, without a charge.
    expect(await media.api.room.report({ room, request })).toMatchObject({ state: 'known', rho: 0, numbers });
    await requireEvidence([brand, media, operator], room);
  });
});
