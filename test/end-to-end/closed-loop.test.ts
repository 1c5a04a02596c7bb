/**
 * The closed loop through three real nodes, on generated people whose truth is known: who are the people that both have (match), how do they differ (insight),
 * whom to reach (select), to a destination (export), and what the campaign brought (attribution). Each step is held to the plain computation, and its evidence
 * verifies offline. All that each party is given by the others on the way is written down, and held to what its disclosure declares: which messages, of whom,
 * and how long.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestOf } from '@causeway/core/api';
import { verifyEvidence } from '@causeway/core/applications/agreement';
import { type InsightTerms, sumPlanOf } from '@causeway/core/applications/insight/agreement';
import { type RoomTerms, roomParties } from '@causeway/core/applications/room';
import { ellipsoidalDistance, placeNumber, positionOfPlace, rowsPerDegree } from '@causeway/core/geo';
import { discloseClient, discloseServer } from '@causeway/core/protocols/join-spine';
import * as sum from '@causeway/core/protocols/join-sum';
import * as ecdh from '@causeway/core/protocols/psi-ecdh';
import { addon } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoopData, type LoopPerson, loopInterests, loopTiers, loopTowns, makeLoopData } from './loop-data.ts';
import {
  callsOf,
  channelOf,
  declaredBytes,
  type Heard,
  heardBy,
  IdentifierSearch,
  matchBytes,
  spineBytes,
  sumBytes,
  uploadBytes,
} from './transcript.ts';
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
  network = await openTrialNetwork({ tapped: true });
  data = await makeLoopData(network.folder, { people: 4000, seed: 5 });
  const { brand, media } = network;
  const ids = [{ column: 'mobile', profile: 'phone' }];
  const internal = (...columns: string[]) => columns.map((column) => ({ column, grade: 'internal' as const }));
  const { customers, members, orders, touches } = data.files;
  await publish(brand, { path: data.crm, name: 'crm', ids });
  await publish(media, { path: data.users, name: 'users', ids: [{ column: 'phone', profile: 'phone' }] });
  await publish(brand, { path: customers, name: 'customers', ids, attributes: internal('tier', 'age') });
  await publish(media, {
    path: members,
    name: 'members',
    ids,
    attributes: internal('interest', 'holdout', 'lat', 'lng'),
  });
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

/** Distinct numbers of a file of one row a person or event. */
const numbersOf = (file: 'customers' | 'members' | 'orders' | 'touches') => {
  const [, ...lines] = readFileSync(data.files[file], 'utf8').trimEnd().split('\n');
  return { rows: lines.length, distinct: new Set(lines.map((line) => line.split(',')[0])).size };
};

/** What the room's contributors and its keeper were given while it was loaded, against what its terms say of each. */
async function requireLoadedAsDeclared(
  room: string,
  files: { readonly brand: 'customers' | 'orders'; readonly media: 'members' | 'touches' },
) {
  const { brand, media, operator } = network;
  const job = await brand.api.job.show({ job: room });
  const terms = (await brand.api.agreement.show({ agreement: job.agreement })).terms as unknown as RoomTerms;
  expect([...roomParties(terms)].sort()).toEqual(['brand', 'media', 'operator']);
  for (const [node, other] of [
    [brand, media],
    [media, brand],
  ] as const) {
    const [own, theirs] = [node, other].map(({ organisation }) => numbersOf(files[organisation as 'brand' | 'media']));
    const heard = heardBy(node);
    // As the one whose list it is, and as a holder of a key.
    const [place, otherPlace] = [node, other].map((one) =>
      terms.contributors.findIndex(({ organisation }) => organisation === one.organisation),
    );
    const answers = channelOf(heard, `spine/${room}/0/${place}`, other.organisation);
    const points = channelOf(heard, `spine/${room}/0/${otherPlace}`, other.organisation);
    const rows = { own: own!.distinct, partner: theirs!.distinct };
    expect(spineBytes(answers)).toEqual(declaredBytes(discloseClient().receives, rows));
    expect(spineBytes(points)).toEqual(declaredBytes(discloseServer().receives, rows));
    const upload = channelOf(heardBy(operator), `upload/${room}/${place}`, node.organisation);
    const { table } = terms.contributors[place!]!;
    const { heard: sent, declared } = uploadBytes(upload, { terms, table, rows: own!.rows });
    expect(sent).toEqual(declared);
  }
}

/** What a node was given since a moment, but for the ledger's own talk. */
function heardSince(node: TrialNode, moment: number): Heard[] {
  return heardBy(node)
    .slice(moment)
    .filter(({ name }) => !name.startsWith('ledger.'));
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

/** What another party's node and the way to it can do, asked by either before all agree. */
const planning = (other: string) =>
  ['answer', 'question'].flatMap((kind) => [`${other}: ${kind} match.capacity`, `${other}: ${kind} match.echo`]);

/** Of every party, by whom and how it is told anything in the whole loop, but for the ledger. */
const mayHear: Readonly<Record<string, readonly string[]>> = {
  brand: [
    // Signatures under outcomes may be asked for too early.
    ...['media', 'operator'].flatMap((other) => [
      ...planning(other),
      `${other}: question agreement.terms`,
      ...['answer', 'question', 'refusal'].map((kind) => `${other}: ${kind} job.sign`),
    ]),
    ...['match/0', 'insight', 'spine/0/0', 'spine/0/1'].map((name) => `media: channel ${name}`),
    // Tables by their place in the terms of a room. The room's half of an upload says how much has come; then what it answers, refuses and lists.
    'operator: channel upload/0',
    'operator: refusal room.select',
    ...['ask', 'preview', 'audiences'].map((name) => `operator: answer room.${name}`),
  ],
  media: [
    'brand: answer agreement.terms',
    ...['brand', 'operator'].flatMap((other) => [
      ...planning(other),
      ...['answer', 'question', 'refusal'].map((kind) => `${other}: ${kind} job.sign`),
    ]),
    ...['match/0', 'insight', 'spine/0/0', 'spine/0/1'].map((name) => `brand: channel ${name}`),
    'operator: channel upload/1',
    'operator: refusal room.select',
    ...['ask', 'select', 'audience'].map((name) => `operator: answer room.${name}`),
  ],
  operator: [
    'brand: answer agreement.terms',
    ...['brand', 'media'].flatMap((other, place) => [
      ...planning(other),
      ...['answer', 'question', 'refusal'].map((kind) => `${other}: ${kind} job.sign`),
      `${other}: channel upload/${place}`,
      `${other}: question room.ask`,
      `${other}: question room.select`,
    ]),
    'brand: question room.preview',
    'brand: question room.audiences',
    'media: question room.audience',
  ],
};

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
    const rows = { own: ended.counts!.distinct, partner: theirs.counts!.distinct };
    const width = ecdh.tagBytes({ own: rows.own, peer: rows.partner });
    for (const [node, other, does, sizes] of [
      [brand, media, 'rows', rows],
      [media, brand, 'nothing', { own: rows.partner, partner: rows.own }],
    ] as const) {
      const heard = matchBytes(channelOf(heardBy(node), `match/${job}/0`, other.organisation));
      expect(heard).toEqual(declaredBytes(ecdh.discloseSide(does, width).receives, sizes));
    }
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
    const { terms } = await brand.api.agreement.show({ agreement });
    const plan = sumPlanOf(terms as unknown as InsightTerms);
    const rows = { groups: [ends[0]!.insight!.rows], sender: ends[1]!.insight!.rows };
    for (const [node, other, role] of [
      [brand, media, 'receiver'],
      [media, brand, 'sender'],
    ] as const) {
      const heard = sumBytes(channelOf(heardBy(node), `insight/${job}`, other.organisation));
      const declared = declaredBytes(sum.discloseSide(role, plan, rows).receives, { own: 0, partner: 0 });
      expect(Object.keys(heard).sort()).toEqual(Object.keys(declared).sort());
      for (const [kind, bytes] of Object.entries(heard)) {
        // A second round of tests is not always needed, and what is held back is not sent: of these the declared length is a bound.
        if (['gate', 'verdicts', 'release'].includes(kind)) expect(bytes).toBeLessThanOrEqual(declared[kind]!);
        else expect(bytes, kind).toBe(declared[kind]);
      }
    }
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
        {
          ...contributor('media', 'members', ['interest', 'holdout']),
          columns: [
            { column: 'interest', name: 'interest' },
            { column: 'holdout', name: 'holdout' },
            { column: 'lat', longitude: 'lng', name: 'home' },
          ],
        },
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
              selectable({
                ...{ name: 'home', type: 'place', filter: 'within', isNullable: false, system: 'gcj02' },
                ...{ radiusMin: 5_000, ...rights },
              } as const),
            ],
          },
        ],
      },
      activation: { receiver: 'media', purpose: 'activation', minimumPersons: 50, audiencesMax: 2 },
    });
    expect((await learns(brand, agreement)).media).toContain('own-rows-selected');
    expect((await learns(brand, agreement)).brand).toContain('audience-sizes');
    await requireLoadedAsDeclared(room, { brand: 'customers', media: 'members' });

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
        { place: 'home', withinMetres: 15_000, of: loopTowns.slice(0, 2), system: 'wgs84' },
      ],
    };
    const nearTown = ({ home }: NonNullable<LoopPerson['member']>) => {
      const told = positionOfPlace(placeNumber(home, rowsPerDegree(5_000)), rowsPerDegree(5_000));
      return loopTowns.slice(0, 2).some((town) => ellipsoidalDistance(told, town) <= 15_000);
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
      member.interest !== 'games' &&
      nearTown(member);
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
    const home = { ...request, rule: { place: 'home', withinMetres: 10, of: loopTowns.slice(0, 1), system: 'wgs84' } };
    expect(await codeOf(media.api.room.select({ room, request: home }))).toBe('circle-too-small');
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

    // The receiver is given a bit for each of its rows, under a salt, and its rule and estimate in words; the other one the last two alone.
    const [told] = callsOf(heardBy(media), 'answer', 'room.select') as Readonly<Record<string, unknown>>[];
    const open = ['atMs', 'audience', 'receiver', 'result', 'size', 'words'];
    expect(Object.keys(told!).sort()).toEqual([...open, 'places', 'salt'].sort());
    expect(told).toMatchObject({ audience: given.selection, places: numbersOf('members').rows, size: given.size });
    const parts = callsOf(heardBy(media), 'answer', 'room.audience') as { readonly bits: string }[];
    for (const part of parts) {
      expect(Object.keys(part)).toEqual(['bits']);
      expect(Buffer.from(part.bits, 'base64')).toHaveLength(Math.ceil(numbersOf('members').rows / 8));
    }
    expect(callsOf(heardBy(brand), 'answer', 'room.audience')).toEqual([]);
    const lists = callsOf(heardBy(brand), 'answer', 'room.audiences') as { readonly items: readonly object[] }[];
    for (const list of lists) for (const item of list.items) expect(Object.keys(item).sort()).toEqual(open);

    const moments = [brand, media, operator].map((node) => heardBy(node).length);
    const { records } = await media.api.ledger.head();
    const to = join(network.folder, 'tencent.txt');
    const done = await operationEnd(
      media,
      await media.api.audience.export({ audience: 'spring', to, destination: 'tencent-ads' }),
    );
    expect(done).toMatchObject({ kind: 'activation', rows: wanted.length });
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    expect(readFileSync(to, 'utf8').trimEnd().split('\n')).toEqual(wanted.map(({ mobile }) => md5(mobile)).sort());
    // What is exported goes from the receiver's disk to its file: nobody is given anything.
    for (const [at, node] of [brand, media, operator].entries()) expect(heardSince(node, moments[at]!)).toEqual([]);
    expect((await media.api.ledger.head()).records).toBe(records);
    expect(await requireEvidence([brand, media, operator], room)).toContain('audiences');
  });

  it('attribution: what the campaign brought, within the interval that its noise makes', async () => {
    const { brand, media, operator } = network;
    const { agreement, room } = await openRoom({
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
    await requireLoadedAsDeclared(room, { brand: 'orders', media: 'touches' });
    expect(await learns(brand, agreement)).toEqual({
      operator: ['pseudonymous-rows', 'pseudonymous-rows', 'shared-pseudonyms'],
      brand: ['own-pseudonyms', 'partner-set-size', 'answers'],
      media: ['own-pseudonyms', 'partner-set-size', 'answers'],
    });
    // Both are given the numbers with noise and what is made of them, and the digest under which the ledger has them; no other number.
    for (const node of [brand, media]) {
      const answer = callsOf(heardBy(node), 'answer', 'room.ask').at(-1) as Readonly<Record<string, unknown>>;
      expect(Object.keys(answer).sort()).toEqual(
        ['answer', 'numbers', 'question', 'result', 'rho', 'salt', 'state'].sort(),
      );
      expect(answer).toMatchObject({ numbers, answer: made.report });
    }
  });

  it('in all, each party was given these messages of these others and no more, and no identifier in any of them', () => {
    const { brand, media, operator } = network;
    const search = new IdentifierSearch(data.people.map(({ mobile }) => mobile));
    for (const node of [brand, media, operator]) {
      const kinds = heardBy(node)
        .filter(({ name }) => !name.startsWith('ledger.'))
        // Jobs have names of their own.
        .map(({ from, kind, name }) => `${from}: ${kind} ${name.replace(/\/job-[^/]+/, '')}`);
      expect(mayHear[node.organisation]).toEqual(expect.arrayContaining([...new Set(kinds)]));
    }
    for (const node of [brand, media, operator]) {
      const heard = heardBy(node);
      expect(heard.length).toBeGreaterThan(100);
      expect(heard.flatMap(({ bytes }) => search.in(bytes))).toEqual([]);
    }
    // The search finds what it is for.
    const [{ mobile }] = data.people as [LoopPerson];
    const digest = createHash('md5').update(mobile).digest('hex');
    expect(search.in(Buffer.from(`{"a":"${digest}","b":"+86${mobile}"}`))).toHaveLength(2);
  });
});
