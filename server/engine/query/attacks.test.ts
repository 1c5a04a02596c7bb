import { presentAnswer, QueryRefused, trueNumbers, withNoise } from '@causeway/core/policy/query';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testFolder } from '../testing/context.ts';
import { compiled, run } from './testing/ask.ts';
import { type RoomData, roomData } from './testing/data.ts';
import { openParser, type Parser } from './testing/parser.ts';
import { rewritten } from './testing/rewrites.ts';
import { TestRoom } from './testing/room.ts';
import { catalogueOf, cities, type RuleChanges } from './testing/rules.ts';

let parser: Parser;
beforeAll(async () => {
  parser = await openParser();
});
afterAll(() => parser.close());

const exact: RuleChanges = { protection: { kind: 'exact' } };
const refused = (code: string) => expect.objectContaining({ name: 'QueryRefused', code });

async function roomOf(persons: number, changes: RuleChanges = {}, more: { isStrict?: boolean; rho?: number } = {}) {
  const data = await roomData(testFolder(), persons);
  return { data, room: new TestRoom({ data, parser, catalogue: catalogueOf(changes), ...more }) };
}

/** A table `crm` whose cities have these numbers of persons, the ages counted through within each. */
async function withCities(data: RoomData, counts: readonly number[]): Promise<void> {
  const rows = counts.map(
    (
      count,
      i,
    ) => `SELECT (${i} * 100000 + n)::UINTEGER AS person, '${cities[i]!.replaceAll("'", "''")}' AS city, ['1', '2', '3'][1 + n % 3] AS tier,
      (n % 2 = 0) AS member, (18 + n % 80)::BIGINT AS age, 1000::BIGINT AS income, 'x' AS secret, 'x' AS "inner" FROM range(${count}) t(n)`,
  );
  await data.replace('crm', rows.join(' UNION ALL '));
}

describe('[F70] sticky noise', () => {
  const question = `SELECT count(*) FROM crm WHERE city IN ('${cities[0]}', '${cities[2]}') AND age BETWEEN 30 AND 59`;

  it('one question a thousand times is one number and one charge', async () => {
    const { room } = await roomOf(2000);
    const first = await room.ask(question);
    expect(first.rho).toBe(5000);
    for (let i = 0; i < 1000; i++) expect((await room.ask(question)).answer).toEqual(first.answer);
    expect([room.spent, room.runs]).toEqual([5000, 1]);
  });

  it('a thousand ways of writing it are the same number and the same charge', async () => {
    const { room } = await roomOf(2000);
    const first = await room.ask(question);
    const random = new SeededRandom('rewrites');
    const texts = new Set<string>();
    while (texts.size < 1000)
      texts.add(`SELECT count(DISTINCT person) AS n FROM crm AS crm WHERE ${rewritten(random)}`);
    for (const text of texts) {
      const again = await room.ask(text);
      expect(again.answer.rows, text).toEqual(first.answer.rows);
    }
    expect([room.spent, room.runs]).toEqual([5000, 1]);
  }, 120_000);

  it('the same number in another table has the same noise, and costs nothing more', async () => {
    const { room } = await roomOf(2000);
    const table = await room.ask('SELECT city, count(*) FROM crm GROUP BY city');
    expect(room.spent).toBe(5000);
    for (const [city, figure] of table.answer.rows) {
      const alone = await room.ask(`SELECT count(*) FROM crm WHERE city = '${String(city).replaceAll("'", "''")}'`);
      expect([alone.rho, alone.answer.rows]).toEqual([0, [[figure]]]);
    }
    const renamed = await room.ask(
      "SELECT CASE WHEN city = '上海' THEN 1 ELSE 2 END AS part, count(*) FROM crm GROUP BY part ORDER BY part",
    );
    expect(renamed.rho).toBe(5000);
    const shanghai = table.answer.rows.find(([city]) => city === '上海')!;
    expect(renamed.answer.rows[0]).toEqual(['1', shanghai[1]].map((value, i) => (i === 0 ? 1 : value)));
    expect(room.spent).toBe(10_000);
  });

  it('of a thousand different questions the budget lets fifty through, whatever they are about', async () => {
    const { room } = await roomOf(2000);
    let answered = 0;
    for (let i = 0; i < 1000; i++) {
      const text = `SELECT count(*) FROM crm WHERE age BETWEEN ${18 + (i % 20)} AND ${40 + Math.floor(i / 20)}`;
      const outcome = await room.ask(text).then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );
      if (outcome === 'answered') answered++;
      else expect(outcome).toBe('budget-exhausted');
    }
    expect([answered, room.spent, room.runs]).toEqual([50, 250_000, 50]);
  });

  it('a question that is equal only in this data is another number, with noise of its own', async () => {
    const { data, room } = await roomOf(2000);
    await data.replace('crm', "SELECT * REPLACE ('上海' AS city) FROM crm");
    const all = await room.ask('SELECT count(*) FROM crm');
    const same = await room.ask("SELECT count(*) FROM crm WHERE city = '上海'");
    expect(same.rho).toBe(5000);
    expect(same.answer.rows).not.toEqual(all.answer.rows);
  });

  it('HAVING and LIMIT hide rows, and are not paid less', async () => {
    const { room } = await roomOf(2000);
    const few = await room.ask('SELECT city, count(*) FROM crm GROUP BY city HAVING count(*) > 100000 LIMIT 1');
    expect([few.answer.rows, few.rho]).toEqual([[], 5000]);
    expect((await room.ask('SELECT city, count(*) FROM crm GROUP BY city')).rho).toBe(0);
  });
});

describe('[F68] small groups', () => {
  it('with noise, a group of 49 is shown with less than 2.3 in 100, one of 200 always', async () => {
    const { data } = await roomOf(10);
    await withCities(data, [49, 200]);
    const query = await compiled('SELECT city, count(*) FROM crm GROUP BY city', parser, catalogueOf());
    expect(query.vectors[0]!.variance).toEqual({ numerator: 100n, denominator: 1n });
    const numbers = trueNumbers(query, await run(query, data));
    const random = new SeededRandom('secrets');
    let [small, large] = [0, 0];
    for (let i = 0; i < 5000; i++) {
      const answer = presentAnswer(query, withNoise(query, numbers, random.bytes(32)));
      for (const [city] of answer.rows) {
        if (city === cities[0]) small++;
        if (city === cities[1]) large++;
      }
    }
    expect(small / 5000).toBeLessThan(0.023);
    expect(small).toBeGreaterThan(0);
    expect(large).toBe(5000);
  }, 120_000);

  it('exactly, one of 49 is hidden together with another, and told as one line', async () => {
    const { data, room } = await roomOf(10, exact);
    await withCities(data, [500, 400, 49, 300, 200]);
    const { answer } = await room.ask('SELECT city, count(*) FROM crm GROUP BY city ORDER BY 2');
    expect(answer.rows).toEqual([
      [cities[3], '300'],
      [cities[1], '400'],
      [cities[0], '500'],
    ]);
    expect(answer.hidden).toMatchObject({ groups: 2, values: [null, '249'] });
    expect(answer.hidden!.words.en).toBe('2 groups: fewer than 50, or hidden to protect such a group');
    // The total that somebody may know is what is shown and the line together, and no more follows from it.
    expect(await room.ask('SELECT count(*) FROM crm')).toMatchObject({ answer: { rows: [['1449']] } });
  });

  it('exactly, two hidden groups that are small together take a third with them', async () => {
    const { data, room } = await roomOf(10, exact);
    await withCities(data, [500, 400, 20, 25, 300]);
    const { answer } = await room.ask('SELECT city, count(*) FROM crm GROUP BY city');
    expect(answer.rows.map(([city]) => city)).toEqual([cities[0], cities[1]].sort());
    expect(answer.hidden).toMatchObject({ groups: 3, values: [null, '345'] });
  });

  it('two groups that differ by one person are not both told', async () => {
    const { data, room } = await roomOf(10, exact);
    await withCities(data, [500, 400]);
    await data.replace('vip', `SELECT person FROM crm WHERE person <> 7`);
    await room.ask('SELECT count(*) FROM crm');
    await expect(room.ask("SELECT count(*) FROM crm WHERE in_audience('vip')")).rejects.toEqual(refused('difference'));
    // The refusal was paid for, is remembered, and says nothing else the next time.
    await expect(room.ask("SELECT count(*) FROM crm WHERE NOT (NOT in_audience('vip'))")).rejects.toEqual(
      refused('difference'),
    );
    expect(room.runs).toBe(2);
  });

  it('two figures of one question that differ by one person are not told either', async () => {
    const { data, room } = await roomOf(10, exact);
    await withCities(data, [500, 400]);
    await data.replace('vip', `SELECT person FROM crm WHERE person <> 7`);
    const both =
      "SELECT count(*) FILTER (WHERE city <> '北京'), count(*) FILTER (WHERE city <> '北京' AND in_audience('vip')) FROM crm";
    await expect(room.ask(both)).rejects.toEqual(refused('difference'));
  });

  it('the whole minus all but one is refused, for the tables count as told from the start', async () => {
    const { data, room } = await roomOf(10, exact);
    await withCities(data, [500, 1]);
    await expect(room.ask("SELECT count(*) FROM crm WHERE city = '上海'")).rejects.toEqual(refused('difference'));
  });

  it('a third table that isolates a few is stopped by the strict guard alone', async () => {
    // 600 people; two conditions halve them, a third one cuts off 20 that no pair shows.
    const questions = [
      "SELECT count(*) FROM crm WHERE city IN ('上海', '北京')",
      "SELECT count(*) FROM crm WHERE city IN ('上海', '广州')",
      "SELECT count(*) FROM crm WHERE (city = '上海' AND in_audience('vip')) OR city = '深圳'",
    ];
    for (const isStrict of [false, true]) {
      const { data, room } = await roomOf(10, exact, { isStrict });
      await withCities(data, [220, 200, 200, 200]);
      await data.replace('vip', `SELECT person FROM crm WHERE city = '上海' AND person >= 20`);
      for (const text of questions.slice(0, 2)) await room.ask(text);
      if (isStrict) await expect(room.ask(questions[2]!)).rejects.toEqual(refused('too-fine'));
      else await room.ask(questions[2]!);
    }
  });

  it('a sum of which one person gave more than half is hidden, with another, and its rows stay', async () => {
    const { data, room } = await roomOf(10, exact);
    const value = (large: number) => `(CASE WHEN n = 0 THEN ${large} ELSE 100 + n // 3 % 100 END)::BIGINT AS value`;
    const visits = (large: number) => `SELECT n::UINTEGER AS person, n AS event_id, 1767247200 + n AS "at",
      ['feed', 'search', 'splash'][1 + n % 3] AS channel, ${value(large)} FROM range(3000) t(n)`;
    await data.replace('visits', visits(149_401));
    const text = 'SELECT channel, sum(value), count(*) FROM visits GROUP BY channel ORDER BY channel';
    expect((await room.ask(text)).answer.rows).toEqual([
      ['feed', null, '1000'],
      ['search', null, '1000'],
      ['splash', '149500', '1000'],
    ]);
    const other = await roomOf(10, exact);
    await other.data.replace('visits', visits(149_400));
    expect((await other.room.ask(text)).answer.rows.map(([, sum]) => sum)).toEqual(['298800', '149500', '149500']);
  });

  describe('what a few people add to a sum', () => {
    /** Everybody has two visits of values of their own; the second ones of so many are in another channel than those of all others. */
    const twoVisits = (few: number) => `SELECT (n // 2)::UINTEGER AS person, n AS event_id, 1767247200 + n AS "at",
      CASE WHEN n % 2 = 0 THEN 'feed' WHEN n < ${2 * few} THEN 'splash' ELSE 'search' END AS channel,
      (100 + n // 2 % 90 + n % 2)::BIGINT AS value FROM range(2000) t(n)`;
    const of = (figure: string, channels: string) => `SELECT ${figure} FROM visits WHERE channel IN (${channels})`;
    const [without, withAll] = ["'feed', 'search'", "'feed', 'search', 'splash'"];

    it('does not follow from sums over the same people, asked with and without it', async () => {
      const { data, room } = await roomOf(10, exact);
      await data.replace('visits', twoVisits(5));
      await room.ask(of('sum(value)', without));
      await expect(room.ask(of('sum(value)', withAll))).rejects.toEqual(refused('difference'));
    });

    it('does not from two figures of one question either, nor from how many events there are', async () => {
      const both = `SELECT sum(value) FILTER (WHERE channel IN (${without})), sum(value) FROM visits`;
      const { data, room } = await roomOf(10, exact);
      await data.replace('visits', twoVisits(5));
      await expect(room.ask(both)).rejects.toEqual(refused('difference'));
      // All have two visits, or all but five have: then the number of people tells of the five, of whom a mean is not told either.
      expect((await room.ask(of('count(*)', withAll))).answer.rows).toEqual([['2000']]);
      expect((await room.ask(of('count(DISTINCT person), count(*)', without))).answer.rows).toEqual([]);
      expect((await room.ask(of('avg(value)', without))).answer.rows).toEqual([[null]]);
    });

    it('is told where enough people add something else', async () => {
      const { data, room } = await roomOf(10, exact);
      await data.replace('visits', twoVisits(50));
      const plain = await data.plain(
        `SELECT sum(value) FILTER (WHERE channel <> 'splash'), sum(value), count(*) FILTER (WHERE channel <> 'splash') FROM visits`,
      );
      const told = [await room.ask(of('sum(value)', without)), await room.ask(of('sum(value)', withAll))];
      const events = await room.ask(of('count(*)', without));
      expect([...told, events].map(({ answer }) => answer.rows[0]![0])).toEqual(plain[0]!.map(String));
    });

    it('does not from the number of people, where all others add the same', async () => {
      const values = (
        few: number,
      ) => `SELECT n::UINTEGER AS person, n AS event_id, 1767247200 + n AS "at", 'feed' AS channel,
        (CASE WHEN n < ${few} THEN 70 + n ELSE 60 END)::BIGINT AS value FROM range(1000) t(n)`;
      for (const [few, sum] of [
        [49, null],
        [50, '61725'],
        [0, '60000'],
      ] as const) {
        const { data, room } = await roomOf(10, exact);
        await data.replace('visits', values(few));
        expect((await room.ask('SELECT sum(value), count(DISTINCT person) FROM visits')).answer.rows).toEqual([
          [sum, '1000'],
        ]);
      }
    });
  });

  it('exact tables end after 64, and an agreement with a noisy column has none', async () => {
    const { room } = await roomOf(2000, exact);
    for (let i = 0; i < 64; i++) {
      await room
        .ask(`SELECT count(*) FROM crm WHERE age BETWEEN ${18 + Math.floor(i / 2)} AND ${i % 2 ? 97 : 60}`)
        .catch((error: unknown) => {
          if (!(error instanceof QueryRefused)) throw error;
        });
    }
    await expect(room.ask('SELECT count(*) FROM crm WHERE age > 90')).rejects.toMatchObject({
      code: 'exact-tables-used',
    });
  }, 120_000);
});

describe('[F65] what a question cannot be made to tell', () => {
  it('a failure is no oracle: rows outside of what was declared change a figure like any other, and break nothing', async () => {
    const { data } = await roomOf(500);
    const query = await compiled(
      'SELECT count(*), sum(value), var_pop(value), avg(value) / (count(*) - count(*)) FROM visits WHERE value > 0',
      parser,
      catalogueOf(),
    );
    const before = await run(query, data);
    await data.replace(
      'visits',
      `SELECT * REPLACE (epoch("at")::BIGINT AS "at") FROM visits UNION ALL SELECT 7::UINTEGER, 1, 1767247200, 'feed', unnest([9223372036854775807, -9223372036854775808])
        UNION ALL SELECT 7::UINTEGER, 1, -9223372036854775808, 'nowhere', NULL`,
    );
    const after = await run(query, data);
    expect(after.questions.map(({ cells }) => cells.length)).toEqual(before.questions.map(({ cells }) => cells.length));
  });

  it('no question is about one row: persons and events are no conditions and no groups', async () => {
    for (const text of [
      'SELECT count(*) FROM crm WHERE person = 7',
      'SELECT person, count(*) FROM crm GROUP BY person',
      'SELECT count(*) FROM visits WHERE event_id = 7',
      'SELECT event_id, count(*) FROM visits GROUP BY event_id',
    ]) {
      await expect(compiled(text, parser, catalogueOf()), text).rejects.toBeInstanceOf(QueryRefused);
    }
  });
});
