import { bytesToHex } from '@causeway/core/bytes';
import { afterGrant, type BudgetAccount, budgetId } from '@causeway/core/policy';
import {
  budgetSubjects,
  type Catalogue,
  type CompiledQuery,
  compileQuery,
  parseCatalogue,
  previewQuery,
} from '@causeway/core/policy/query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParser, type Parser } from './testing/parser.ts';
import { asker, catalogueDocument, catalogueOf, type RuleChanges } from './testing/rules.ts';

let parser: Parser;
beforeAll(async () => {
  parser = await openParser();
});
afterAll(() => parser.close());

async function compile(text: string, catalogue: Catalogue = catalogueOf()): Promise<CompiledQuery> {
  return compileQuery({ tree: await parser.tree(text), catalogue, asker });
}

/** Each vector as `measure σ² ρ numbers`. */
async function vectorsOf(text: string, changes: RuleChanges = {}): Promise<string[]> {
  const { plan, vectors } = await compile(text, catalogueOf(changes));
  return vectors.map(({ question, measure, variance, cost, keys }) => {
    const { kind } = plan.questions[question]!.measures[measure]!;
    return `${kind} ${variance ? Number(variance.numerator) / Number(variance.denominator) : '-'} ${cost} ${keys.length}`;
  });
}

/** Rules with the columns of a table changed. */
function catalogueWith(
  table: string,
  change: (column: { name: string }) => object,
  changes: RuleChanges = {},
): Catalogue {
  const document = catalogueDocument(changes);
  return parseCatalogue({
    ...document,
    tables: document.tables.map((each) =>
      each.name === table
        ? { ...each, columns: each.columns.map((column) => ({ ...column, ...change(column) })) }
        : each,
    ),
  });
}

describe('what a question costs', () => {
  it('a count of persons by groups is one vector of ρ 0.005 at σ 10, whatever the number of groups', async () => {
    expect(await vectorsOf('SELECT count(*) FROM crm')).toEqual(['persons 100 5000 1']);
    expect(await vectorsOf('SELECT city, tier, count(*) FROM crm GROUP BY city, tier')).toEqual([
      'persons 100 5000 20',
    ]);
  });

  it('a sum adds its persons, and the share of those who were clipped where the clip can bind', async () => {
    expect(await vectorsOf('SELECT sum(age) FROM crm')).toEqual([
      'persons 100 5000 1',
      'persons 100 5000 1',
      'sum 1000000 5000 1',
    ]);
    const binding = await vectorsOf('SELECT city, sum(age) FROM crm GROUP BY city', { clip: { low: 0, high: 50 } });
    expect(binding).toEqual([
      'persons 100 5000 5',
      'persons 100 5000 5',
      'sum 250000 5000 5',
      'clipped 100 5000 1',
      'everyone 100 5000 1',
    ]);
  });

  it('a person in several groups makes the noise larger, by the root of their number, and not the price', async () => {
    const groups = (kept: number) =>
      vectorsOf('SELECT channel, count(DISTINCT person) FROM visits GROUP BY channel', {
        perPerson: { rows: 10, groups: kept },
      });
    expect(await groups(3)).toEqual(['persons 300 5000 3']);
    expect(await groups(2)).toEqual(['persons 200 5000 3', 'cut 100 5000 1', 'everyone 100 5000 1']);
    expect(await groups(9)).toEqual(['persons 300 5000 3']);
  });

  it('only groups that the condition leaves count', async () => {
    const text = "SELECT channel, count(DISTINCT person) FROM visits WHERE channel <> 'feed' GROUP BY channel";
    expect(await vectorsOf(text, { perPerson: { rows: 10, groups: 2 } })).toEqual(['persons 200 5000 2']);
  });

  it('rows are counted up to the limit of a person', async () => {
    expect(await vectorsOf('SELECT count(*) FROM visits', { perPerson: { rows: 10, groups: 1 } })).toEqual([
      'persons 100 5000 1',
      'rows 10000 5000 1',
      'clipped 100 5000 1',
    ]);
  });

  it('a floor under σ makes an answer cheaper and less exact', async () => {
    const floor = { kind: 'noise', rho: 5000, sigmaFloor: 20 } as const;
    expect(await vectorsOf('SELECT count(*) FROM crm', { protection: floor })).toEqual(['persons 400 1250 1']);
  });

  it('an exact answer has no noise and no ρ', async () => {
    const { plan, vectors } = await compile(
      'SELECT city, sum(age) FROM crm GROUP BY city',
      catalogueOf({ protection: { kind: 'exact' } }),
    );
    expect([plan.isExact, ...vectors.map(({ variance, cost }) => [variance, cost])]).toEqual([
      true,
      ...vectors.map(() => [undefined, 0]),
    ]);
  });
});

describe('the rights of all columns that an answer depends on are intersected', () => {
  it('k is the largest, ρ the smallest, the floor the highest', async () => {
    const strict = catalogueWith('crm', ({ name }) =>
      name === 'tier' ? { k: 80, protection: { kind: 'noise', rho: 1000, sigmaFloor: 7 } } : {},
    );
    const shown = async (text: string) => {
      const { k, vectors } = await compile(text, strict);
      return [k, Number(vectors[0]!.variance!.numerator), vectors[0]!.cost];
    };
    expect(await shown('SELECT count(*) FROM crm')).toEqual([50, 100, 5000]);
    expect(await shown("SELECT count(*) FROM crm WHERE tier = '1'")).toEqual([80, 500, 1000]);
    expect(await shown('SELECT tier, count(*) FROM crm GROUP BY tier')).toEqual([80, 500, 1000]);
    expect(await shown("SELECT count(*) FILTER (WHERE tier = '1'), count(*) FROM crm")).toEqual([80, 100, 5000]);
  });

  it('one noisy column makes the whole answer noisy, at its price', async () => {
    const mixed = catalogueWith(
      'crm',
      ({ name }) => (name === 'age' ? { protection: { kind: 'noise', rho: 2000, sigmaFloor: 0 } } : {}),
      { protection: { kind: 'exact' } },
    );
    expect((await compile('SELECT city, count(*) FROM crm GROUP BY city', mixed)).plan.isExact).toBe(true);
    const { plan, vectors } = await compile('SELECT city, count(*), sum(age) FROM crm GROUP BY city', mixed);
    expect([plan.isExact, ...vectors.map(({ cost }) => cost)]).toEqual([false, ...vectors.map(() => 2000)]);
  });

  it('a column in a condition that decides nothing still has to be allowed, and changes nothing else', async () => {
    const plain = await compile('SELECT count(*) FROM crm');
    const idle = await compile("SELECT count(*) FROM crm WHERE city = '上海' OR city <> '上海'");
    expect(idle.queryKey).toBe(plain.queryKey);
    await expect(compile("SELECT count(*) FROM crm WHERE secret = 'x' OR secret <> 'x'")).rejects.toMatchObject({
      code: 'no-filter',
    });
    const nullable = await compile("SELECT count(*) FROM crm WHERE tier = '1' OR tier <> '1'");
    expect(nullable.queryKey).not.toBe(plain.queryKey);
  });

  it('every use is told, in the order in which it was met', async () => {
    const { uses } = await compile(
      "SELECT city, avg(score) FROM crm JOIN panel USING (person) WHERE in_audience('vip') GROUP BY city",
    );
    expect(uses.map(({ owner, column, kind }) => `${owner} ${column} ${kind}`)).toEqual([
      'brand crm.person join',
      'media panel.person join',
      'brand in_audience(vip) filter',
      'brand crm.city group',
      'media panel.score mean',
    ]);
  });

  it('budgets are of the people of every table that decides something', async () => {
    const subjects = async (text: string) => budgetSubjects(await compile(text), 'fair').map(budgetId);
    expect(await subjects('SELECT count(*) FROM crm LEFT JOIN panel USING (person)')).toEqual([
      'fair/brand/customers/brand',
    ]);
    expect(await subjects('SELECT sum(score) FROM crm LEFT JOIN panel USING (person)')).toEqual([
      'fair/brand/customers/brand',
      'fair/media/panel/brand',
    ]);
    expect(await subjects('SELECT count(*) FROM visits JOIN users ON users.uid = visits.person')).toEqual([
      'fair/media/users/brand',
    ]);
  });
});

describe('[F70] the name of a number', () => {
  const keysOf = async (text: string, catalogue?: Catalogue) =>
    (await compile(text, catalogue)).vectors.flatMap(({ keys }) => keys.map(bytesToHex));
  const isShared = async (a: string, b: string) => {
    const known = new Set(await keysOf(a));
    return (await keysOf(b)).every((key) => known.has(key));
  };

  it.each<[string, string]>([
    ['SELECT count(*) FROM crm', 'SELECT count(DISTINCT person) AS n FROM crm c'],
    ['SELECT city, tier, count(*) FROM crm GROUP BY city, tier', 'SELECT count(*), tier FROM crm GROUP BY tier, city'],
    ['SELECT city, count(*) FROM crm GROUP BY city', "SELECT count(*) FROM crm WHERE city IN ('上海')"],
    [
      'SELECT city, count(*) FROM crm GROUP BY city',
      "SELECT CASE city WHEN '上海' THEN 'x' END, count(*) FROM crm WHERE city = '上海' GROUP BY 1",
    ],
    ['SELECT city, avg(age) FROM crm GROUP BY city', "SELECT sum(age) FROM crm WHERE city = '北京'"],
    [
      'SELECT count(*) FROM crm JOIN panel USING (person)',
      'SELECT count(*) FROM panel p JOIN crm ON p.person = crm.person',
    ],
    ['SELECT count(*) FROM crm LEFT JOIN panel USING (person)', 'SELECT count(*) FROM crm'],
    ['SELECT count(*) FILTER (WHERE member = TRUE) FROM crm', "SELECT count(*) FROM crm WHERE member = 'true'"],
    ['SELECT count(*) FROM crm WHERE NOT age >= 30', 'SELECT count(*) FROM crm WHERE age < 30'],
  ])('%s has the numbers of %s', async (a, b) => expect(await isShared(a, b)).toBe(true));

  it.each<[string, string]>([
    ['SELECT count(*) FROM crm', 'SELECT count(*) FROM crm JOIN panel USING (person)'],
    [
      'SELECT count(*) FROM crm JOIN panel USING (person)',
      'SELECT count(DISTINCT panel.person) FROM crm LEFT JOIN panel USING (person)',
    ],
    ['SELECT count(*) FROM crm WHERE age < 30', 'SELECT count(*) FROM crm WHERE NOT age >= 30 OR age IS NULL'],
    ['SELECT sum(age) FROM crm', 'SELECT var_pop(age) FROM crm'],
    ['SELECT count(*) FROM visits', 'SELECT count(DISTINCT person) FROM clicks'],
    // A person in three months makes the noise of each larger than that of one alone.
    [
      `SELECT date_trunc('month', "at"), count(DISTINCT person) FROM visits GROUP BY 1`,
      `SELECT count(DISTINCT person) FROM visits WHERE "at" < DATE '2026-02-01'`,
    ],
  ])('%s has not the numbers of %s', async (a, b) => expect(await isShared(a, b)).toBe(false));

  it('changes with the data, with any rule, and with the noise', async () => {
    const text = 'SELECT count(*) FROM crm';
    const document = catalogueDocument();
    const catalogues = [document, { ...document, epoch: 'f'.repeat(64) }, catalogueDocument({ k: 51 })].map(
      parseCatalogue,
    );
    const keys = await Promise.all(catalogues.map((catalogue) => keysOf(text, catalogue)));
    expect(new Set(keys.flat()).size).toBe(3);
  });

  it('holds what is cut where groups of a person are cut, and only there', async () => {
    const cut = { perPerson: { rows: 10, groups: 2 } };
    const by = (groups: string) => `SELECT ${groups}, count(DISTINCT person) FROM visits GROUP BY ${groups}`;
    const keys = async (text: string, changes: RuleChanges) =>
      (await compile(text, catalogueOf(changes))).vectors[0]!.keys.map(bytesToHex);
    const alone = "SELECT count(DISTINCT person) FROM visits WHERE channel = 'feed'";
    expect(await keys(by('channel'), cut)).not.toContain((await keys(alone, cut))[0]);
    // Person by person the same groups are kept, whatever else the table is broken down by.
    const crossed = await keys(
      'SELECT city, channel, count(DISTINCT person) FROM visits JOIN crm USING (person) GROUP BY 1, 2',
      cut,
    );
    const shanghai =
      "SELECT channel, count(DISTINCT person) FROM visits JOIN crm USING (person) WHERE city = '上海' GROUP BY 1";
    expect(crossed).toEqual(expect.arrayContaining([...(await keys(shanghai, cut))]));
  });

  it('a query has one key for one set of numbers, one minimum and one group of receivers', async () => {
    const tree = await parser.tree('SELECT city, count(*) FROM crm GROUP BY city');
    const again = await compile('SELECT count(*) AS n, city FROM crm GROUP BY 2 ORDER BY n LIMIT 2');
    const key = (group: string) =>
      compileQuery({ tree, catalogue: catalogueOf(), asker: { ...asker, group } }).queryKey;
    expect([key('brand'), key('other')].map((each) => each === again.queryKey)).toEqual([true, false]);
  });
});

describe('groups', () => {
  const labelsOf = async (text: string, changes: RuleChanges = {}) =>
    (await compile(text, catalogueOf(changes))).rows.map(({ labels }) => labels[0]);

  it('are all that the rules declare, the missing value among them, and none that the condition rules out', async () => {
    expect(await labelsOf('SELECT tier, count(*) FROM crm GROUP BY tier')).toEqual(['1', '2', '3', null]);
    expect(
      await labelsOf("SELECT tier, count(*) FROM crm WHERE tier > '' OR tier IN ('2') GROUP BY tier").catch(
        ({ code }) => code,
      ),
    ).toBe('constant-order');
    expect(await labelsOf("SELECT tier, count(*) FROM crm WHERE tier <> '2' GROUP BY tier")).toEqual(['1', '3']);
  });

  it('cases of one label are one group, and what no case takes is NULL', async () => {
    const text =
      "SELECT CASE WHEN age < 30 THEN 'a' WHEN age >= 60 THEN 'a' WHEN age < 40 THEN 'b' END g, count(*) FROM crm GROUP BY g";
    expect(await labelsOf(text)).toEqual(['a', 'b', null]);
  });

  it('days, hours and parts are those of the zone', async () => {
    expect((await labelsOf('SELECT date_trunc(\'day\', "at"), count(*) FROM visits GROUP BY 1')).slice(0, 2)).toEqual([
      '2026-01-01',
      '2026-01-02',
    ]);
    expect(
      await labelsOf(
        'SELECT date_trunc(\'week\', "at"), count(*) FROM visits WHERE "at" < DATE \'2026-01-06\' GROUP BY 1',
      ),
    ).toEqual(['2025-12-29', '2026-01-05']);
    expect(await labelsOf('SELECT extract(hour FROM "at"), count(*) FROM visits GROUP BY 1')).toEqual(
      Array.from({ length: 24 }, (_, i) => i),
    );
    // The clock is put forward on 8 March: there is no hour from 2 to 3.
    const hours = `SELECT date_trunc('hour', "at"), count(*) FROM visits WHERE "at" >= TIMESTAMP '2026-03-08 01:00:00' AND "at" < TIMESTAMP '2026-03-08 04:00:00' GROUP BY 1`;
    expect(await labelsOf(hours, { zone: 'America/New_York' })).toEqual(['2026-03-08 01:00', '2026-03-08 03:00']);
  });
});

describe('the preview', () => {
  const account = (spent: number): BudgetAccount => ({
    ...afterGrant(undefined, {
      owner: 'brand',
      subjects: 'customers',
      network: 'fair',
      receivers: 'brand',
      period: 1,
      rho: 250_000,
      renewableAtMs: 0,
    })!,
    spent,
  });
  const preview = async (text: string, spent: number, known: readonly Uint8Array[] = []) => {
    const names = new Set(known.map(bytesToHex));
    return previewQuery(await compile(text), {
      network: 'fair',
      isKnown: (key) => names.has(bytesToHex(key)),
      account: () => account(spent),
    });
  };

  it('says rules, minimum, noise, price and what is left, and reads no data', async () => {
    const shown = await preview('SELECT city, count(*), sum(age) / count(*) AS mean FROM crm GROUP BY city', 0);
    expect(shown).toMatchObject({ k: 50, rows: 5, rho: 15_000, isKnown: false, isExact: false });
    expect(shown.figures).toEqual([
      { output: 'column2', sigma: 10, halfWidth: 19.6 },
      { output: 'mean', sigma: null, halfWidth: null },
    ]);
    expect(shown.rules).toEqual([
      { owner: 'brand', column: 'crm.person', use: 'table' },
      { owner: 'brand', column: 'crm.city', use: 'group' },
      { owner: 'brand', column: 'crm.person', use: 'count' },
      { owner: 'brand', column: 'crm.age', use: 'sum' },
    ]);
    expect(shown.budgets).toMatchObject([{ isEnough: true, left: 235_000 }]);
    expect(shown.budgets[0]!.epsilon).toBeCloseTo(0.77, 1);
  });

  it('says what is free because it was answered, and what would not pass', async () => {
    const { vectors } = await compile('SELECT city, count(*) FROM crm GROUP BY city');
    expect(await preview("SELECT count(*) FROM crm WHERE city = '上海'", 250_000, vectors[0]!.keys)).toMatchObject({
      rho: 0,
      isKnown: true,
      budgets: [{ isEnough: true }],
    });
    expect(await preview('SELECT count(*) FROM crm', 245_001)).toMatchObject({
      budgets: [{ isEnough: false, left: 0 }],
    });
  });
});
