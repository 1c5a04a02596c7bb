import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../server/engine/testing/database.ts';
import { hasShared, sharedPath } from '../../../test/shared.ts';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { exact, noisy } from '../../statistics/index.ts';
import { type InsightCells, insightSql, planInsight, reportInsight, type TgiCounts, tgi } from './index.ts';

const counts: TgiCounts = {
  withTag: exact(240),
  audience: exact(1_000),
  baseWithTag: exact(1_500),
  base: exact(10_000),
  inside: false,
};
const range = (each: ReturnType<typeof tgi>) => [each!.interval.low, each!.interval.high].map((end) => end.toFixed(1));

describe('the index', () => {
  it('of 240 of 1,000 against 1,500 of 10,000 is 160, from 141.9 to 180.4 where the two are apart', () => {
    const apart = tgi(counts, 50)!;
    expect(apart.index).toBeCloseTo(160, 10);
    expect(range(apart)).toEqual(['141.9', '180.4']);
  });

  it('has a narrower interval, 144.5 to 177.2 (z = 9.02), where the audience is inside the base', () => {
    const inside = tgi({ ...counts, inside: true }, 50)!;
    expect(range(inside)).toEqual(['144.5', '177.2']);
    expect(inside.z.toFixed(2)).toBe('9.02');
  });

  it('has a wider one, 142.1 to 180.1, with noise of variance 50 in every count', () => {
    const noise = (value: number) => noisy(value, 50);
    const noisyCounts = {
      withTag: noise(240),
      audience: noise(1_000),
      baseWithTag: noise(1_500),
      base: noise(10_000),
      inside: true,
    };
    expect(range(tgi(noisyCounts, 50))).toEqual(['142.1', '180.1']);
  });

  it('[F74] of zero, of one person, of hidden and of negative noisy counts is not enough data, never Infinity or NaN', () => {
    const bad: Partial<TgiCounts>[] = [
      { withTag: exact(0) },
      { withTag: exact(1) },
      { withTag: undefined },
      { baseWithTag: exact(0) },
      { baseWithTag: undefined },
      { base: exact(0) },
      { audience: exact(0) },
      { audience: exact(49) },
      { withTag: noisy(-3, 100) },
      { withTag: noisy(60, 100) },
    ];
    for (const changes of bad) expect(tgi({ ...counts, ...changes }, 50), JSON.stringify(changes)).toBeUndefined();
    for (const changes of bad) expect(tgi({ ...counts, ...changes, inside: true }, 50)).toBeUndefined();
  });

  it('[F74] of an audience that is the whole base is 100 with nothing to test', () => {
    const whole = tgi({ ...counts, withTag: exact(1_500), audience: exact(10_000), inside: true }, 50)!;
    expect(whole).toMatchObject({ index: 100, z: 0, p: 1 });
  });
});

const example: InsightCells = {
  baseName: { en: 'all users of media', zh: '媒体全部用户' },
  audience: exact(1_000),
  base: exact(10_000),
  inside: true,
  cells: [
    { values: { interest: 'travel' }, withTag: exact(240), baseWithTag: exact(1_500) },
    { values: { interest: 'games' }, withTag: exact(150), baseWithTag: exact(2_400) },
    { values: { interest: 'news' }, withTag: exact(310), baseWithTag: exact(3_000) },
    { values: { sex: 'f', age: '25–34' }, withTag: exact(180), baseWithTag: exact(1_500) },
    { values: { interest: 'sailing' }, withTag: undefined, baseWithTag: exact(90) },
  ],
};

describe('the report', () => {
  it('tests all tags together, and names none that has not enough data', () => {
    const { rows } = reportInsight(example, 50);
    expect(rows.map(({ tgi: index }) => index?.index.toFixed(0))).toEqual(['160', '63', '103', '120', undefined]);
    expect(rows.map(({ holds }) => holds)).toEqual([true, true, false, true, false]);
    expect(rows[0]).toMatchObject({ share: 0.24, baseShare: 0.15 });
    expect(rows[4]).toEqual({ values: { interest: 'sailing' }, baseShare: 0.009, holds: false });
  });

  it('keeps fewer under Holm, and says which rule it was', () => {
    const cells = [0, 1, 2, 3].map((i) => ({
      values: { tag: `t${i}` },
      withTag: exact([199, 182, 176, 167][i]!),
      baseWithTag: exact(1_500),
    }));
    const under = (correction: 'benjamini-hochberg' | 'holm') => {
      const { rows, words } = reportInsight({ ...example, inside: false, cells }, 50, { correction });
      expect(words[0]!.en).toContain(correction === 'holm' ? 'Holm' : 'Benjamini–Hochberg');
      return rows.filter(({ holds }) => holds).length;
    };
    expect([under('benjamini-hochberg'), under('holm')]).toEqual([3, 2]);
  });

  it('is told as its README tells it, and in Chinese', () => {
    const text = readDocument('core/applications/insight/README.md');
    for (const { en, zh } of reportInsight(example, 50).words) {
      expect(text).toContain(en);
      expect(zh).toMatch(/[一-鿿]/);
    }
  });

  it('of no tags at all says so without failing', () => {
    expect(reportInsight({ ...example, cells: [] }, 50).words[0]!.en).toContain('0 of 0 tags');
  });
});

describe('the plan', () => {
  it('asks for one cell a person in each table, and for more where tags have many values', () => {
    const tags = { sex: ['f', 'm'], interest: ['a', 'b', 'c'] };
    const tables = (valuesMax: number) =>
      planInsight({ tags, crossed: [['sex', 'interest']], valuesMax }).tables.map((each) => [
        each.numbers,
        each.sensitivity,
      ]);
    expect(tables(1)).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [6, 1],
    ]);
    expect(tables(4)).toEqual([
      [1, 1],
      [2, 2],
      [3, 2],
      [6, 4],
    ]);
    expect(() => planInsight({ tags, crossed: [['sex', 'height']], valuesMax: 1 })).toThrow(RangeError);
  });
});

describe('the SQL', () => {
  it('counts single, crossed and many-valued tags as plain loops do', async () => {
    const people = Array.from({ length: 600 }, (_, person) => ({
      person,
      sex: ['f', 'm', null][person % 3]!,
      interests: ['a', 'b', "c'"].filter((_, i) => (person >> i) % 2 === 1),
    }));
    const audience = new Set(people.filter(({ person }) => person % 5 === 1).map(({ person }) => person));
    const { load, run, query } = await testDatabase();
    await load(
      'base',
      { person: 'UINTEGER', sex: 'VARCHAR', text: 'VARCHAR' },
      people.map((p) => [p.person, p.sex, p.interests.join('|')]),
    );
    await run(
      `CREATE VIEW tagged AS SELECT person, sex, CASE WHEN text = '' THEN [] ELSE string_split(text, '|') END AS "interest s" FROM base`,
    );
    await load('audience', { person: 'UINTEGER' }, [...[...audience].map((person) => [person]), [99_999]]);
    const cells = await query(
      insightSql({
        base: 'tagged',
        audience: 'audience',
        tags: [{ column: 'sex' }, { column: 'interest s', isList: true }],
        crossed: [['sex', 'interest s']],
      }),
    );
    const expected = new Map<string, [number, number]>();
    const add = (key: string, person: number) => {
      const [a, b] = expected.get(key) ?? [0, 0];
      expected.set(key, [a + (audience.has(person) ? 1 : 0), b + 1]);
    };
    for (const { person, sex, interests } of people) {
      add('all', person);
      if (sex !== null) add(sex, person);
      for (const interest of interests) {
        add(interest, person);
        if (sex !== null) add(`${sex}×${interest}`, person);
      }
    }
    const got = cells.map((cell) => [
      cell.tag === null ? 'all' : cell.other_tag === null ? cell.value : `${cell.value}×${cell.other_value}`,
      [Number(cell.with_tag), Number(cell.base_with_tag)],
    ]);
    expect(got).toHaveLength(expected.size);
    expect(new Map(got as [string, [number, number]][])).toEqual(expected);
  });
});

describe.skipIf(!hasShared('data/uci_adult/adult.data.gz'))('the published census of adults', () => {
  const lines = () =>
    gunzipSync(readFileSync(sharedPath('data/uci_adult/adult.data.gz')))
      .toString('utf8')
      .split('\n')
      .map((line) => line.split(/, */))
      .filter((cells) => cells.length === 15);

  it('[F74] the index of every education among high incomes equals the one computed by hand', async () => {
    const rows = lines();
    expect(rows).toHaveLength(32_561);
    const { load, run, query } = await testDatabase();
    await load(
      'base',
      { person: 'UINTEGER', education: 'VARCHAR', sex: 'VARCHAR', income: 'VARCHAR' },
      rows.map((cells, i) => [i, cells[3]!, cells[9]!, cells[14]!]),
    );
    await run(`CREATE VIEW rich AS SELECT person FROM base WHERE income = '>50K'`);
    const cells = await query(
      insightSql({
        base: 'base',
        audience: 'rich',
        tags: [{ column: 'education' }, { column: 'sex' }],
        crossed: [['education', 'sex']],
      }),
    );
    const [all, ...tags] = cells;
    expect(all).toMatchObject({ with_tag: '7841', base_with_tag: '32561' });
    const report = reportInsight(
      {
        ...example,
        audience: exact(7_841),
        base: exact(32_561),
        cells: tags.map((cell) => ({
          values: {
            [`${cell.tag}`]: `${cell.value}`,
            ...(cell.other_tag === null ? {} : { [`${cell.other_tag}`]: `${cell.other_value}` }),
          },
          withTag: exact(Number(cell.with_tag)),
          baseWithTag: exact(Number(cell.base_with_tag)),
        })),
      },
      50,
    );
    let compared = 0;
    for (const { values, tgi: index } of report.rows) {
      const { education, sex } = values;
      const people = rows.filter((cells) => (education ?? cells[3]) === cells[3] && (sex ?? cells[9]) === cells[9]);
      const rich = people.filter((cells) => cells[14] === '>50K').length;
      if (rich < 50) {
        expect(index).toBeUndefined();
        continue;
      }
      expect(index!.index).toBeCloseTo((100 * (rich / 7_841)) / (people.length / 32_561), 8);
      compared++;
    }
    expect(compared).toBeGreaterThan(15);
    const female = report.rows.find(({ values }) => values.sex === 'Female' && Object.keys(values).length === 1)!;
    expect(female).toMatchObject({ holds: true });
    expect(female.tgi!.index).toBeLessThan(50);
  });
});
