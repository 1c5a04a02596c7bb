import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Cell, testDatabase } from '../../../server/engine/testing/database.ts';
import { hasShared, sharedPath } from '../../../test/shared.ts';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { Draw } from '../../random/index.ts';
import { eventColumns, eventKinds, kindCode } from '../events/index.ts';
import { generatedEvents } from '../testing/generated-events.ts';
import {
  agentReason,
  type CrawlerList,
  CrawlerListError,
  defaultTraffic,
  judgedEventsSql,
  readCrawlerList,
  reportTraffic,
  type TrafficSettings,
  trafficCountsSql,
  validEventsSql,
} from './index.ts';

const browser =
  'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Mobile Safari/537.36';
const noList: CrawlerList = { patterns: [] };
const noRates: TrafficSettings = { rates: [] };
const logColumns = { ...eventColumns, 'user agent': 'VARCHAR', ip: 'VARCHAR', device: 'VARCHAR' };
const source = { events: 'log', agent: 'user agent', address: 'ip', device: 'device' };
const start = 1_781_568_000;

interface Row {
  readonly person?: number;
  readonly at?: number;
  readonly kind?: (typeof eventKinds)[number];
  readonly campaign?: string;
  readonly id?: string;
  readonly agent?: string;
  readonly ip?: string;
  readonly device?: string;
}

function cells(row: Row, i: number): Cell[] {
  const {
    person = 1,
    at = start,
    kind = 'click',
    campaign = 'k',
    id = `e${i}`,
    agent = browser,
    ip = '',
    device = '',
  } = row;
  return [person, at, 0, kindCode(kind), 'c', campaign, '', 0, 0, '', id, '', agent, ip, device];
}

/** Reasons by event, in the order of the rows. */
async function judge(rows: readonly Row[], settings: TrafficSettings, list = noList): Promise<(string | null)[]> {
  const { load, query } = await testDatabase();
  await load('log', logColumns, rows.map(cells));
  const got = await query(`SELECT event_id, reason FROM (${judgedEventsSql(source, settings, list)})`);
  const reasons = new Map(got.map(({ event_id, reason }) => [event_id, reason as string | null]));
  expect(reasons.size).toBe(rows.length);
  return rows.map((row, i) => reasons.get(row.id ?? `e${i}`)!);
}

describe('[F120] what a user agent says', () => {
  it.each([
    ['', 'not-a-browser'],
    ['python-requests/2.32.3', 'not-a-browser'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/136.0.0.0 Safari/537.36',
      'not-a-browser',
    ],
    ['Mozilla/5.0 (compatible; ExampleBot/1.0; +https://example.com/bot)', 'not-a-browser'],
    [browser, undefined],
    [
      'Mozilla/5.0 (Linux; Android 6.0; CUBOT MAX) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/72.0 Mobile Safari/537.36',
      undefined,
    ],
  ])('%s: %s', (agent, reason) => expect(agentReason(agent)).toBe(reason));

  it('takes every event of the visitor with it, and orders never', async () => {
    const rows: Row[] = [
      { person: 1, agent: 'curl/8.5' },
      { person: 1, kind: 'exposure' },
      { person: 1, kind: 'order' },
      { person: 2 },
      { person: 3, agent: 'Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/139.0 Nightwatch' },
    ];
    expect(await judge(rows, noRates, { patterns: ['Nightwatch$'] })).toEqual([
      'not-a-browser',
      'automatic-visitor',
      null,
      null,
      'listed-crawler',
    ]);
  });
});

describe('[F120] rates, repeats and order', () => {
  it('an address with 669 clicks is flagged whole, one with as many as are allowed is not', async () => {
    const of = (ip: string, count: number): Row[] =>
      Array.from({ length: count }, (_, i) => ({ person: 10 + i, at: start + 60 * (i % 1_400), ip, id: `${ip}-${i}` }));
    const rows = [...of('198.51.100.7', 669), ...of('100.64.0.9', 500), ...of('', 700)];
    const reasons = await judge(rows, defaultTraffic);
    expect(reasons.filter((reason) => reason === 'address-rate')).toHaveLength(669);
    expect(reasons.slice(669).every((reason) => reason === null)).toBe(true);
  });

  it('of 13 clicks that are equal to the second the first counts', async () => {
    const rows: Row[] = Array.from({ length: 13 }, (_, i) => ({
      ip: '100.64.0.9',
      id: `d${String(i).padStart(2, '0')}`,
    }));
    const reasons = await judge(
      [...rows, { at: start + 1 }, { campaign: 'other' }, { ip: '100.64.0.8' }],
      defaultTraffic,
    );
    expect(reasons.filter((reason) => reason === 'duplicate-click')).toHaveLength(12);
    expect(reasons[0]).toBeNull();
    expect(reasons.slice(13)).toEqual([null, null, null]);
  });

  it('a click on what was not shown, or too long after, is impossible; in the same second it is not', async () => {
    const rows: Row[] = [
      { person: 1, kind: 'exposure', at: start },
      { person: 1, at: start },
      { person: 1, at: start + 3_600 },
      { person: 1, at: start + 3_601 },
      { person: 1, at: start - 1 },
      { person: 1, at: start + 5, campaign: 'other' },
      { person: 2, at: start + 5 },
    ];
    expect(await judge(rows, { rates: [], clickAfterExposureSeconds: 3_600 })).toEqual([
      null,
      null,
      null,
      ...Array.from({ length: 4 }, () => 'impossible-sequence'),
    ]);
    expect((await judge(rows, noRates)).every((reason) => reason === null)).toBe(true);
  });

  it('counts grid cells as plain loops do', async () => {
    const settings: TrafficSettings = {
      rates: [
        { by: 'device', kind: 'click', perSeconds: 600, max: 4 },
        { by: 'person', kind: 'exposure', perSeconds: 3_600, max: 6 },
      ],
    };
    const rows: Row[] = Array.from({ length: 900 }, (_, i) => {
      const draw = new Draw(6, 'traffic').at(i);
      return {
        person: draw.below(20),
        at: start + draw.below(7_200),
        kind: eventKinds[draw.below(2)]!,
        device: ['', 'd1', 'd2', 'd3'][draw.below(4)]!,
        campaign: `k${i}`,
      };
    });
    const cell = (row: Row, key: string | number | undefined, seconds: number) =>
      `${row.kind} ${key} ${Math.floor(row.at! / seconds)}`;
    const count = (same: (row: Row) => string, row: Row) => rows.filter((each) => same(each) === same(row)).length;
    const expected = rows.map((row) => {
      const byDevice = (each: Row) => cell(each, each.device, 600);
      const byPerson = (each: Row) => cell(each, each.person, 3_600);
      if (row.kind === 'click' && row.device !== '' && count(byDevice, row) > 4) return 'device-rate';
      return row.kind === 'exposure' && count(byPerson, row) > 6 ? 'person-rate' : null;
    });
    expect(await judge(rows, settings)).toEqual(expected);
    expect(new Set(expected).size).toBe(3);
  });
});

describe('a published list of crawlers', () => {
  it.each<[unknown, string, number | undefined]>([
    [{}, 'malformed', undefined],
    [[{ pattern: 'a' }, {}], 'malformed', 1],
    [[{ pattern: '' }], 'malformed', 0],
    [[{ pattern: '(?<!cu)bot' }], 'pattern-not-supported', 0],
    [[{ pattern: '(a)\\1' }], 'pattern-not-supported', 0],
    [[{ pattern: 'a' }, { pattern: '(' }], 'pattern-not-supported', 1],
    [[{ pattern: 'x*' }], 'pattern-not-supported', 0],
    [[{ pattern: 'a'.repeat(501) }], 'pattern-not-supported', 0],
  ])('%j is refused: %s', (document, code, index) => {
    const refused = expect.objectContaining({ code, index });
    expect(() => readCrawlerList(document)).toThrow(refused);
    expect(() => readCrawlerList(document)).toThrow(CrawlerListError);
  });

  it('[F67] with a pattern that would run for ever elsewhere runs in linear time', async () => {
    const list = readCrawlerList([{ pattern: '(a+)+$' }]);
    expect(await judge([{ agent: `${'a'.repeat(5_000)}! Windows` }], noRates, list)).toEqual([null]);
  });
});

describe('the report', () => {
  it('[F120] tells counts by reason and a sample for appeal, and is told as its README tells it', async () => {
    const counts = [
      { kind: 'exposure', reason: undefined, events: 96_100, sample: [] },
      { kind: 'exposure', reason: 'automatic-visitor', events: 3_900, sample: ['E0000000017'] },
      { kind: 'click', reason: undefined, events: 1_920, sample: [] },
      { kind: 'click', reason: 'listed-crawler', events: 41, sample: ['K0000000005'] },
      { kind: 'click', reason: 'not-a-browser', events: 26, sample: ['K0000000204'] },
      { kind: 'click', reason: 'duplicate-click', events: 13, sample: ['K0000000008'] },
    ] as const;
    const { kinds, words } = reportTraffic(counts);
    expect(kinds[1]).toMatchObject({ events: 2_000, invalid: 80, invalidShare: 0.04 });
    expect(kinds[1]!.byReason['listed-crawler']).toEqual({ events: 41, sample: ['K0000000005'] });
    const document = readDocument('core/applications/traffic/README.md');
    for (const { en, zh } of words) {
      expect(document).toContain(en);
      expect(zh).toMatch(/[一-鿿]/);
    }
    expect(reportTraffic([]).words).toEqual([]);
  });

  it('[F120] filters every click of the generated bots and no person, and gives a sample', async () => {
    const { run, query, truth } = await generatedEvents(4_000, 7);
    await run(`CREATE TABLE log AS SELECT e.*, c.user_agent AS agent, c.ip FROM events AS e
      LEFT JOIN (SELECT DISTINCT ON (click_id) click_id, user_agent, ip FROM raw_clicks) AS c ON c.click_id = e.event_id AND e.kind = ${kindCode('click')}`);
    await run(`CREATE TABLE clicks AS SELECT * FROM log WHERE kind = ${kindCode('click')}`);
    await run(
      `CREATE TABLE judged AS ${judgedEventsSql({ events: 'clicks', agent: 'agent', address: 'ip' }, defaultTraffic, noList)}`,
    );
    const counts = await query(trafficCountsSql('judged', 3));
    const flagged = counts.find(({ reason }) => reason === 'not-a-browser')!;
    expect(Number(flagged.events)).toBe(truth.invalidTraffic.clicks);
    expect(flagged.sample).toHaveLength(3);
    expect(await query('SELECT count(*) AS n FROM judged WHERE reason IS NOT NULL AND person < 4000')).toEqual([
      { n: '0' },
    ]);
    // What bots were shown goes with their clicks.
    await run(`CREATE TABLE visits AS SELECT person, "at", zone, kind, channel, campaign, creative, cost, value, currency, event_id, order_ref,
      coalesce(agent, '${browser}') AS agent FROM log`);
    const valid = validEventsSql(`(${judgedEventsSql({ events: 'visits', agent: 'agent' }, defaultTraffic, noList)})`);
    expect(await query(`SELECT count(*) AS n FROM (${valid}) WHERE person >= 4000`)).toEqual([{ n: '0' }]);
    const [people] = await query('SELECT count(*) AS n FROM visits WHERE person < 4000');
    expect(await query(`SELECT count(*) AS n FROM (${valid})`)).toEqual([people]);
  });
});

describe.skipIf(!hasShared('data/ivt_user_agents'))('[F120] the published user agents', () => {
  const file = (name: string) => readFileSync(sharedPath(`data/ivt_user_agents/${name}`));
  /** The texts of isbot's files by the section that they stand in. */
  function sections(name: string): Map<string, string[]> {
    const found = new Map<string, string[]>();
    let current: string[] = [];
    for (const line of file(name).toString('utf8').split('\n')) {
      if (/^\S/.test(line)) {
        current = [];
        found.set(line, current);
      }
      const text = /^\s+- (.*)$/.exec(line)?.[1]?.trim();
      if (text === undefined) continue;
      const isQuoted = /^".*"$/.test(text);
      current.push(isQuoted ? (JSON.parse(text) as string) : text.replace(/^'(.*)'$/, '$1').replaceAll("''", "'"));
    }
    return found;
  }
  const published = () =>
    JSON.parse(gunzipSync(file('crawler-user-agents.json.gz')).toString('utf8')) as {
      pattern: string;
      instances?: string[];
    }[];

  async function caught(agents: readonly string[], list: CrawlerList): Promise<ReadonlySet<string>> {
    const { load, query } = await testDatabase();
    await load(
      'log',
      logColumns,
      agents.map((agent, i) => cells({ person: i, agent }, i)),
    );
    const got = await query(
      `SELECT event_id FROM (${judgedEventsSql(source, noRates, list)}) WHERE reason IS NOT NULL`,
    );
    const ids = new Set(got.map(({ event_id }) => event_id));
    return new Set(agents.filter((_, i) => ids.has(`e${i}`)));
  }

  it('every crawler of both lists is caught', async () => {
    const list = readCrawlerList(published());
    const crawlers = [
      ...published().flatMap(({ instances = [] }) => instances),
      ...[...sections('isbot_crawlers.yml').values()].flat(),
    ];
    expect(crawlers.length).toBeGreaterThan(2_700);
    const got = await caught(crawlers, list);
    expect(crawlers.filter((agent) => !got.has(agent))).toEqual([]);
  });

  it('at least 99 % of the browsers pass, but for those that either list itself calls bots', async () => {
    const instances = new Set(published().flatMap(({ instances: some = [] }) => some));
    const named = [...sections('isbot_browsers.yml')].flatMap(([section, agents]) =>
      /^ZZZ Insignificat bots/.test(section) ? [] : agents,
    );
    const browsers = named.filter((agent) => !instances.has(agent));
    expect(named.length - browsers.length).toBe(9);
    expect(browsers.length).toBeGreaterThan(530);
    const got = await caught(browsers, readCrawlerList(published()));
    expect(got.size / browsers.length, [...got].join('\n')).toBeLessThan(0.01);
  });

  it('JavaScript and SQL judge every one of them alike, and without a list most crawlers are caught too', async () => {
    const names = ['isbot_crawlers.yml', 'isbot_browsers.yml'];
    const agents = [
      ...new Set([
        ...names.flatMap((name) => [...sections(name).values()].flat()),
        ...published().flatMap(({ instances = [] }) => instances),
      ]),
    ];
    const got = await caught(agents, noList);
    expect(agents.filter((agent) => got.has(agent) !== (agentReason(agent) !== undefined))).toEqual([]);
    const crawlers = [...sections('isbot_crawlers.yml').values()].flat();
    expect(crawlers.filter((agent) => got.has(agent)).length / crawlers.length).toBeGreaterThan(0.9);
  });
});
