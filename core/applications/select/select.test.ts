import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, type TestDatabase, testDatabase } from '../../../server/engine/testing/database.ts';
import { hasShared, sharedPath } from '../../../test/shared.ts';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { Draw } from '../../random/index.ts';
import { type EventKind, eventColumns, eventKinds } from '../events/index.ts';
import {
  checkRule,
  type EventCondition,
  estimateSize,
  type Rule,
  type RuleContext,
  RuleError,
  type RuleSource,
  ruleWords,
  selectSql,
  sizeSql,
  valuedKinds,
} from './index.ts';

const context: RuleContext = {
  tags: { city: 'category', 'age "y"': 'number', home: 'place' },
  audiences: {
    matched: 'list',
    gold: { rule: { tag: 'city', in: ['上海'] } },
    nested: { rule: { all: [{ audience: 'gold' }, { audience: 'matched' }] } },
  },
};
const codeOf = (rule: unknown, of = context) => {
  try {
    checkRule(rule, of);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    expect(error.words.zh).toMatch(/[一-鿿]/);
    return `${error.code} ${error.pointer}`;
  }
};
const city = { tag: 'city', in: ['上海'] };
const near = (changes: object, ...more: readonly object[]) => ({
  ...{ place: 'home', withinMetres: 3_000, of: [{ latitude: 31.23, longitude: 121.47 }, ...more], system: 'gcj02' },
  ...changes,
});

describe('a rule', () => {
  it('has its named audiences opened in place, lists apart', () => {
    expect(checkRule({ any: [{ audience: 'nested' }, { not: city }] }, context)).toEqual({
      any: [{ all: [city, { audience: 'matched' }] }, { not: city }],
    });
  });

  it.each<[unknown, string]>([
    [null, 'malformed '],
    [[], 'malformed '],
    [{}, 'malformed /tag'],
    [{ all: [] }, 'malformed '],
    [{ all: [city], any: [city] }, 'malformed '],
    [{ all: [{ not: 5 }] }, 'malformed /all/0/not'],
    [{ tag: 'city', in: ['x'], extra: 1 }, 'malformed '],
    [{ tag: 'city', in: [] }, 'malformed /in'],
    [{ tag: 'city', in: 'x' }, 'malformed /in'],
    [{ tag: 'city', from: 1 }, 'malformed '],
    [{ tag: 'age "y"', in: ['5'] }, 'malformed '],
    [{ tag: 'age "y"', from: 5, to: 4 }, 'malformed '],
    [{ tag: 'age "y"', from: Number.NaN }, 'malformed /from'],
    [{ tag: 'toString', in: ['x'] }, 'unknown-tag '],
    [{ audience: 'constructor' }, 'unknown-audience '],
    [{ any: [city, { audience: 'nobody' }] }, 'unknown-audience /any/1'],
    [{ event: { kind: 'purchase', withinDays: 1 } }, 'malformed /event/kind'],
    [{ event: { kind: 'click', withinDays: 1, times: { from: 3, to: 2 } } }, 'malformed /event/times'],
    [{ event: { kind: 'click', withinDays: 1e9 } }, 'malformed /event/withinDays'],
    [{ event: { kind: 'click', withinDays: 1, value: { currency: 'CNY', from: 1 } } }, 'malformed /event'],
    [{ event: { kind: 'order', withinDays: 1, value: { currency: 'CNY' } } }, 'malformed /event/value'],
    [
      { event: { kind: 'order', withinDays: 1, value: { currency: 'yuan', from: 1 } } },
      'malformed /event/value/currency',
    ],
    [{ event: { kind: 'order', withinDays: 1, value: { currency: 'CNY', from: 2, to: 1 } } }, 'malformed /event/value'],
    [{ tag: 'home', in: ['x'] }, 'malformed '],
    [near({ place: 'city' }), 'malformed '],
    [near({ place: 'office' }), 'unknown-tag '],
    [near({ system: undefined }), 'malformed /system'],
    [near({ system: 'cgcs2000' }), 'malformed /system'],
    [near({ of: [] }), 'malformed /of'],
    [near({ of: Array.from({ length: 1001 }, () => ({ latitude: 1, longitude: 1 })) }), 'malformed /of'],
    [near({ withinMetres: 0 }), 'malformed /withinMetres'],
    [near({ withinMetres: 2e7 + 4e4 }), 'malformed /withinMetres'],
    // Latitude and longitude the wrong way round, of the second point.
    [{ any: [near({}, { latitude: 121.47, longitude: 31.23 })] }, 'malformed /any/0/of/1'],
    [near({}, { latitude: 91, longitude: 121 }), 'malformed /of/1'],
    [near({ system: 'bd09' }, { latitude: 51.5, longitude: -0.1 }), 'malformed /of/1'],
    [near({ system: 'bd09' }), 'accepted'],
  ])('%j is refused: %s', (rule, code) => expect(codeOf(rule)).toBe(code));

  it('is told in words', () => {
    const rule: Rule = {
      all: [
        { tag: 'city', in: ['上海', '北京'] },
        { any: [{ tag: 'age', from: 25, to: 34 }, { audience: 'gold' }] },
        { event: { kind: 'click', campaigns: ['launch'], withinDays: 30, times: { from: 2 }, lastDaysAgo: { to: 7 } } },
        { not: { event: { kind: 'order', withinDays: 90 } } },
        { event: { kind: 'exposure', withinDays: 7, times: { to: 0 } } },
      ],
    };
    expect(ruleWords(rule).en).toBe(
      'city is 上海 or 北京 and (age from 25 to 34 or in "gold") and at least 2 clicks of launch within 30 days, the last at most 7 days ago and not (at least 1 orders within 90 days) and no exposures within 7 days',
    );
    const points = [1, 2].map((i) => ({ latitude: 31 + i, longitude: 121.5 }));
    const place = { place: 'home', withinMetres: 3_000, of: points, system: 'bd09' } as const;
    expect(ruleWords({ not: place }).en).toBe('not (home within 3,000 m of 32, 121.5 or 33, 121.5 (BD-09))');
    const many = { ...place, of: Array.from({ length: 1_000 }, () => points[0]!) };
    expect(ruleWords(many).en).toMatch(/ or 990 more points \(BD-09\)$/);
    expect(ruleWords(rule).zh).toContain('30 天内 launch 的点击 至少 2 次，最近一次在 至多 7 天前');
  });
});

describe('[F67] rules without end', () => {
  const deep = (levels: number) => {
    let rule: unknown = city;
    for (let i = 1; i < levels; i++) rule = { not: rule };
    return rule;
  };

  it('of 10,000 conditions, side by side or inside one another, are refused at once', () => {
    expect(codeOf({ all: Array.from({ length: 10_000 }, () => city) })).toBe('too-complex ');
    expect(codeOf(deep(10_000))).toBe('too-deep ');
    expect(codeOf(deep(1_000_000))).toBe('too-deep ');
  });

  it('are allowed up to the limits and not one beyond', () => {
    expect(codeOf({ all: Array.from({ length: 499 }, () => city) })).toBe('accepted');
    expect(codeOf({ all: Array.from({ length: 500 }, () => city) })).toBe('too-complex ');
    expect([codeOf(deep(32)), codeOf(deep(33))]).toEqual(['accepted', 'too-deep ']);
  });

  it('that go in a circle through other audiences are refused, with the circle named', () => {
    const circle: RuleContext = {
      ...context,
      audiences: {
        a: { rule: { audience: 'b' } },
        b: { rule: { any: [city, { audience: 'c' }] } },
        c: { rule: { not: { audience: 'a' } } },
      },
    };
    expect(codeOf({ audience: 'a' }, circle)).toMatch(/^cycle /);
    expect(() => checkRule({ audience: 'a' }, circle)).toThrow(/a → b → c → a/);
  });

  it('that double at every name are refused before they grow', () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `a${i}`,
        { rule: i === 39 ? city : { all: [{ audience: `a${i + 1}` }, { audience: `a${i + 1}` }] } },
      ]),
    );
    expect(codeOf({ audience: 'a0' }, { ...context, audiences: doubling })).toMatch(/^too-complex /);
  });

  it('have no patterns: text is compared, never matched', () => {
    expect(codeOf({ tag: 'city', matches: '(a+)+$' })).toBe('malformed ');
    expect(codeOf({ tag: 'city', in: ['(a+)+$'] })).toBe('accepted');
  });
});

const asOf = 1_781_575_200;
const day = 86_400;

interface Happening {
  readonly person: number;
  readonly at: number;
  readonly kind: EventKind;
  readonly channel: string;
  readonly campaign: string;
  /** Of orders and refunds. */
  readonly value: number;
  readonly currency: string;
}

interface World {
  readonly people: readonly { readonly person: number; readonly city: string | null; readonly age: number | null }[];
  readonly events: readonly Happening[];
  readonly matched: ReadonlySet<number>;
}

const cities = ['上海', '北京', "O'Fallon", '"; DROP TABLE people; --'];
const world: World = {
  people: Array.from({ length: 300 }, (_, person) => {
    const draw = new Draw(8, 'people').at(person);
    return {
      person,
      city: draw.chance(8_500) ? cities[draw.below(cities.length)]! : null,
      age: draw.chance(9_000) ? 18 + draw.below(60) : null,
    };
  }),
  events: Array.from({ length: 1_500 }, (_, i) => {
    const draw = new Draw(8, 'events').at(i);
    return {
      person: draw.below(300),
      // Days before, on the edge of a day, a second off it, and after the date.
      at: asOf - draw.below(40) * day + [0, 0, 1, -1, 3 * day][draw.below(5)]!,
      kind: eventKinds[draw.below(5)]!,
      channel: `c${draw.below(3)}`,
      campaign: `k${draw.below(3)}`,
      value: draw.below(500),
      currency: draw.chance(8_000) ? 'CNY' : 'USD',
    };
  }),
  matched: new Set(Array.from({ length: 120 }, (_, i) => 2 * i)),
};

async function openWorld(): Promise<TestDatabase & { readonly source: RuleSource }> {
  const test = await testDatabase();
  await test.load(
    'people',
    { person: 'UINTEGER', city: 'VARCHAR', 'age "y"': 'INTEGER' },
    world.people.map(({ person, city: of, age }) => [person, of, age]),
  );
  await test.load(
    'events',
    eventColumns,
    world.events.map((e, i): Cell[] => [
      e.person,
      e.at,
      0,
      eventKinds.indexOf(e.kind),
      e.channel,
      e.campaign,
      '',
      0,
      e.value,
      e.currency,
      `e${i}`,
      '',
    ]),
  );
  await test.load(
    'matched people',
    { person: 'UINTEGER' },
    [...world.matched].map((person) => [person]),
  );
  return { ...test, source: { people: 'people', events: 'events', lists: { matched: '"matched people"' }, asOf } };
}

/** The obvious reading of a rule, person by person. */
function holds(rule: Rule, person: World['people'][number]): boolean {
  if ('all' in rule) return rule.all.every((each) => holds(each, person));
  if ('any' in rule) return rule.any.some((each) => holds(each, person));
  if ('not' in rule) return !holds(rule.not, person);
  if ('audience' in rule) return world.matched.has(person.person);
  if ('event' in rule) return happens(rule.event, person.person);
  if ('in' in rule) return person.city !== null && rule.in.includes(person.city);
  if ('place' in rule) throw new RangeError('nobody has a place here');
  return person.age !== null && person.age >= (rule.from ?? -1) && person.age <= (rule.to ?? 1_000);
}

function happens(condition: EventCondition, person: number): boolean {
  const found = world.events
    .filter((e) => e.person === person && e.kind === condition.kind)
    .filter((e) => condition.channels?.includes(e.channel) ?? true)
    .filter((e) => condition.campaigns?.includes(e.campaign) ?? true)
    .filter((e) => asOf >= e.at && asOf - e.at <= condition.withinDays * day);
  const ages = found.map((e) => asOf - e.at);
  const { times, lastDaysAgo, value } = condition;
  if (value !== undefined) {
    const worth = found.reduce((sum, e) => sum + (e.currency === value.currency ? e.value : 0), 0);
    if (found.length === 0 || worth < (value.from ?? 0) || worth > (value.to ?? 1e9)) return false;
  }
  const often =
    times === undefined ? ages.length >= 1 : ages.length >= (times.from ?? 0) && ages.length <= (times.to ?? 1e9);
  if (lastDaysAgo === undefined) return often;
  const last = Math.min(...ages) / day;
  return often && ages.length > 0 && last >= (lastDaysAgo.from ?? 0) && last <= (lastDaysAgo.to ?? 1e9);
}

const bounds = (max: number) =>
  fc
    .record({ from: fc.nat(max), to: fc.nat(max) }, { requiredKeys: [] })
    .filter(({ from, to }) => (from ?? 0) <= (to ?? max));
const anyRule = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({
      tag: fc.constant('city'),
      in: fc.uniqueArray(fc.constantFrom(...cities, 'nowhere'), { minLength: 1 }),
    }),
    bounds(90)
      .filter(({ from, to }) => from !== undefined || to !== undefined)
      .map((ends) => ({ tag: 'age "y"', ...ends })),
    fc.constant({ audience: 'matched' }),
    fc
      .record(
        {
          kind: fc.constantFrom(...eventKinds),
          withinDays: fc.nat(40),
          channels: fc.uniqueArray(fc.constantFrom('c0', 'c1', 'c9'), { minLength: 1 }),
          campaigns: fc.uniqueArray(fc.constantFrom('k0', 'k1'), { minLength: 1 }),
          times: bounds(4),
          lastDaysAgo: bounds(30),
          value: bounds(1_000)
            .filter(({ from, to }) => from !== undefined || to !== undefined)
            .map((ends) => ({ currency: 'CNY', ...ends })),
        },
        { requiredKeys: ['kind', 'withinDays'] },
      )
      .map(({ value, ...event }) => {
        const isValued = value !== undefined && valuedKinds.includes(event.kind);
        return { event: { ...event, ...(isValued ? { value } : {}) } as EventCondition };
      }),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('rule').map((not) => ({ not })),
  ),
})).rule;

describe('the SQL of a rule', () => {
  it('[F65] selects whom the rule selects, whatever stands in it', async () => {
    const { query, source } = await openWorld();
    let selected = 0;
    await fc.assert(
      fc.asyncProperty(anyRule, async (drawn) => {
        const rule = checkRule(drawn, context);
        const got = await query(`SELECT person FROM (${selectSql(rule, source)}) ORDER BY person`);
        const expected = world.people.filter((person) => holds(rule, person)).map(({ person }) => ({ person }));
        expect(got).toEqual(expected);
        if (expected.length > 0 && expected.length < 300) selected++;
      }),
      { numRuns: 300, seed: 11 },
    );
    expect(selected).toBeGreaterThan(100);
    expect(await query('SELECT count(*) AS n FROM people')).toEqual([{ n: '300' }]);
  });

  it('of a list that is not there is refused', () => {
    expect(() => selectSql({ audience: 'x' }, { people: 'p', events: 'e', lists: {}, asOf })).toThrow(RangeError);
  });

  it('and its negation share everybody out between them', async () => {
    const { query, source } = await openWorld();
    const count = async (rule: Rule) => Number((await query(sizeSql(rule, source, 1)))[0]!.hits);
    for (const rule of [city, { tag: 'age "y"', to: 30 }, { event: { kind: 'click', withinDays: 9 } } as Rule]) {
      expect((await count(rule)) + (await count({ not: rule }))).toBe(300);
    }
  });
});

describe('the size of an audience', () => {
  it('is exact where everybody is looked at, and near where a sample is', async () => {
    const { query, source, run } = await openWorld();
    await run(
      "CREATE TABLE many AS SELECT i AS person, CASE WHEN i % 4 = 0 THEN '上海' ELSE 'x' END AS city FROM range(200_000) AS t(i)",
    );
    const sizes = async (oneIn: number) => {
      const [row] = await query(sizeSql(city, { ...source, people: 'many' }, oneIn));
      return estimateSize({ people: Number(row!.people), sampled: Number(row!.sampled), hits: Number(row!.hits) }, 50);
    };
    expect(await sizes(1)).toMatchObject({ about: 50_000, words: { en: '50,000 people.' } });
    const sampled = await sizes(64);
    expect(sampled.interval!.low).toBeLessThan(50_000);
    expect(sampled.interval!.high).toBeGreaterThan(50_000);
    expect(await sizes(64)).toEqual(sampled);
  });

  it('[F68] below the minimum is not told', () => {
    expect(estimateSize({ people: 10_000, sampled: 10_000, hits: 49 }, 50)).toEqual({
      words: { en: 'Fewer than 50 people.', zh: '少于 50 人。' },
    });
    expect(estimateSize({ people: 10_000, sampled: 100, hits: 0 }, 50).about).toBeUndefined();
    expect(estimateSize({ people: 0, sampled: 0, hits: 0 }, 50).words.en).toBe('Nobody to select from.');
  });

  it('and the rule are told as the README tells them', () => {
    const document = readDocument('core/applications/select/README.md');
    const text = document.slice(
      document.indexOf('```json') + 7,
      document.indexOf('```', document.indexOf('```json') + 7),
    );
    const rule = checkRule(JSON.parse(text), {
      tags: { city: 'category', age: 'number' },
      audiences: { 'matched in May': 'list', staff: 'list' },
    });
    expect(document).toContain(ruleWords(rule).en);
    expect(document).toContain(estimateSize({ people: 2_000_000, sampled: 31_250, hits: 1_180 }, 50).words.en);
  });
});

describe.skipIf(!hasShared('data/uci_bank_marketing/bank-full.csv.gz'))('customers of a bank', () => {
  it('are selected as a plain filter does', async () => {
    const [header, ...lines] = gunzipSync(readFileSync(sharedPath('data/uci_bank_marketing/bank-full.csv.gz')))
      .toString('utf8')
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(/[,;]/).map((cell) => cell.replaceAll('"', '')));
    const at = (column: string) => header!.indexOf(column);
    expect(lines).toHaveLength(45_211);
    const { load, query } = await testDatabase();
    await load(
      'people',
      { person: 'UINTEGER', job: 'VARCHAR', loan: 'VARCHAR', age: 'INTEGER', balance: 'INTEGER' },
      lines.map((cells, i) => [
        i,
        cells[at('job')]!,
        cells[at('loan')]!,
        Number(cells[at('age')]),
        Number(cells[at('balance')]),
      ]),
    );
    const rule = checkRule(
      {
        all: [
          {
            any: [
              { tag: 'job', in: ['management', 'technician'] },
              { tag: 'balance', from: 5_000 },
            ],
          },
          { not: { tag: 'loan', in: ['yes'] } },
          { tag: 'age', from: 30, to: 45 },
        ],
      },
      { tags: { job: 'category', loan: 'category', age: 'number', balance: 'number' }, audiences: {} },
    );
    const plain = lines.filter((cells) => {
      const [job, age, balance] = [cells[at('job')]!, Number(cells[at('age')]), Number(cells[at('balance')])];
      const rich = ['management', 'technician'].includes(job) || balance >= 5_000;
      return rich && cells[at('loan')] !== 'yes' && age >= 30 && age <= 45;
    });
    const [row] = await query(sizeSql(rule, { people: 'people', events: 'people', lists: {}, asOf }, 1));
    expect(Number(row!.hits)).toBe(plain.length);
    expect(plain.length).toBeGreaterThan(5_000);
  });
});
