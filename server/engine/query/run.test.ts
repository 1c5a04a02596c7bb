import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compileQuery, parseCatalogue, trueNumbers } from '@causeway/core/policy/query';
import { afterEach, describe, expect, it } from 'vitest';
import { Engine, type RunQueryInput, readPersonSets } from '../index.ts';
import { testContext, testFolder } from '../testing/context.ts';
import { runQuery } from './run.ts';
import { serialiseQuery } from './serialise.ts';
import { cutKey } from './testing/ask.ts';
import { type RoomData, roomData } from './testing/data.ts';
import { asker, catalogueDocument, catalogueOf, type RuleChanges } from './testing/rules.ts';

const engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

function engineIn(folder: string): Engine {
  const engine = new Engine({ spillFolder: join(folder, 'spill') });
  engines.push(engine);
  return engine;
}

async function inputOf(text: string, data: RoomData, changes: RuleChanges = {}): Promise<RunQueryInput> {
  const { tree } = await serialiseQuery({ text }, testContext());
  const { plan } = compileQuery({ tree, catalogue: catalogueOf(changes), asker });
  return { plan, tables: data.tables, audiences: data.audiences, cutKey, timeLimitMs: 60_000 };
}

const refused = (code: string) => expect.objectContaining({ name: 'DataError', code });

describe('a question through the engine’s process', () => {
  it('is parsed there and run there, and its numbers come back', { timeout: 120_000 }, async () => {
    const folder = testFolder();
    const data = await roomData(folder, 2000);
    const engine = engineIn(folder);
    const { tree } = await engine.serialiseQuery({ text: 'SELECT city, count(*) FROM crm GROUP BY city' });
    const query = compileQuery({ tree, catalogue: catalogueOf(), asker });
    const { plan } = query;
    const raw = await engine.runQuery({ plan, tables: data.tables, audiences: [], cutKey, timeLimitMs: 60_000 });
    const expected = await data.plain('SELECT count(*) FROM crm GROUP BY city ORDER BY encode(city)');
    expect(trueNumbers(query, raw)[0]).toEqual(expected.map(([count]) => BigInt(String(count))));
  });

  it('brings the sets of persons of an exact answer in a file', { timeout: 120_000 }, async () => {
    const folder = testFolder();
    const data = await roomData(folder, 2000);
    const input = await inputOf('SELECT city, sum(age) FROM crm GROUP BY city', data, {
      protection: { kind: 'exact' },
    });
    const path = join(folder, 'persons');
    const people = [{ owner: 'media', table: 'users', person: 'uid' }];
    const { guard } = await engineIn(folder).runQuery({ ...input, personSets: { path, people } });
    const { known, questions } = await readPersonSets(path, guard!);
    const [counts] = await data.plain("SELECT count(*), count(*) FILTER (WHERE city = '上海') FROM crm");
    const [[users] = []] = await data.plain('SELECT count(DISTINCT uid) FROM users');
    expect(known.map(({ owners, persons }) => [owners, persons.size])).toEqual([
      [['brand'], Number(counts![0])],
      [['media'], Number(users)],
    ]);
    expect([known[0]!.persons.size, questions[0]!.persons.get(1)!.size]).toEqual(counts!.map(Number));
    expect(questions.map(({ persons }) => persons.size)).toEqual([5, 5]);
    await expect(runQuery(input, testContext())).rejects.toThrow(TypeError);
  });

  it('[F65] a text is parsed and never run, whatever it says', async () => {
    const folder = testFolder();
    for (const text of [
      "SELECT * FROM read_text('/etc/passwd')",
      "COPY (SELECT 1) TO 'out.csv'",
      "'); DROP TABLE x; --",
      "ATTACH 'x.db'",
    ]) {
      const { tree } = await serialiseQuery({ text }, testContext({ folder }));
      expect(tree).not.toContain('root:');
    }
    expect(readdirSync(folder)).toEqual([]);
    await expect(serialiseQuery({ text: 'x'.repeat(16_385) }, testContext())).rejects.toThrow(RangeError);
  });

  it('[F65] names and values of a catalogue are quoted, whatever they hold', async () => {
    const data = await roomData(testFolder(), 200);
    const name = 'we"ird\'; DROP TABLE crm; --';
    await data.replace('crm', `SELECT person, '$1''"; --' AS "person ""x""" FROM crm`);
    const document = catalogueDocument();
    const [person] = document.tables[0]!.columns;
    const category = { ...document.tables[0]!.columns[1]!, name: 'person "x"', values: ['$1\'"; --', 'other'] };
    const tables = [{ ...document.tables[0]!, name, columns: [person, category] }];
    const catalogue = parseCatalogue({ ...document, tables, audiences: [] });
    const text = `SELECT "person ""x""", count(*) FROM "${name.replaceAll('"', '""')}" WHERE "person ""x""" <> 'other' GROUP BY 1`;
    const { tree } = await serialiseQuery({ text }, testContext());
    const query = compileQuery({ tree, catalogue, asker });
    const files = [{ name, files: data.tables[0]!.files }];
    const raw = await runQuery(
      { plan: query.plan, tables: files, audiences: [], cutKey, timeLimitMs: 60_000 },
      testContext(),
    );
    expect(trueNumbers(query, raw)).toEqual([[200n]]);
  });
});

describe('the files of a question', () => {
  it.each<[string, string, string, string]>([
    [
      'a column of doubles, in which NaN and infinities could be',
      'visits',
      `SELECT * REPLACE (value::DOUBLE AS value, epoch("at")::BIGINT AS "at") FROM visits`,
      'wrong-form',
    ],
    ['a time that is no number of seconds', 'visits', 'SELECT * FROM visits', 'wrong-form'],
    [
      'persons of another type',
      'visits',
      `SELECT * REPLACE (person::BIGINT AS person, epoch("at")::BIGINT AS "at") FROM visits`,
      'wrong-form',
    ],
    ['a missing column', 'visits', `SELECT person, channel, value FROM visits`, 'missing-column'],
    [
      'a person twice in a person table',
      'crm',
      'SELECT * FROM crm UNION ALL SELECT * FROM crm LIMIT 101',
      'wrong-form',
    ],
    ['an audience of texts', 'vip', "SELECT 'x' AS person", 'wrong-form'],
  ])('[F72] %s is refused by its form, before any row counts', async (_, table, sql, code) => {
    const data = await roomData(testFolder(), 100);
    const text = `SELECT sum(value) FROM visits JOIN crm USING (person) WHERE in_audience('vip') AND "at" >= DATE '2026-01-02'`;
    const input = await inputOf(text, data);
    await data.replace(table, sql);
    await expect(runQuery(input, testContext())).rejects.toEqual(refused(code));
  });

  it('that are not there are named', async () => {
    const data = await roomData(testFolder(), 10);
    const input = await inputOf('SELECT count(*) FROM crm', data);
    const tables = [{ name: 'crm', files: ['/nowhere/crm.parquet'] }];
    await expect(runQuery({ ...input, tables }, testContext())).rejects.toEqual(refused('not-found'));
    await expect(runQuery({ ...input, tables: [] }, testContext())).rejects.toThrow(TypeError);
  });
});

describe('limits', () => {
  it('a question that takes too long is stopped and leaves nothing, and the next one is answered', {
    timeout: 120_000,
  }, async () => {
    const folder = testFolder();
    const data = await roomData(folder, 20_000);
    const exact: RuleChanges = { protection: { kind: 'exact' } };
    const input = await inputOf(`SELECT date_trunc('hour', "at"), sum(value) FROM visits GROUP BY 1`, data, exact);
    const engine = engineIn(folder);
    const path = join(folder, 'persons');
    const personSets = { path, people: [] };
    await expect(engine.runQuery({ ...input, personSets, timeLimitMs: 1 })).rejects.toEqual(refused('time-limit'));
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
    expect((await engine.runQuery({ ...input, personSets })).questions).toHaveLength(2);
  });

  it('the most complex condition that is allowed is run', { timeout: 120_000 }, async () => {
    const data = await roomData(testFolder(), 2000);
    const cities = ['上海', '北京', '广州', '深圳'];
    const terms = Array.from({ length: 130 }, (_, i) => {
      const city = `city ${i % 3 ? '=' : '<>'} '${cities[i % 4]}'`;
      return `(age = ${18 + (i % 80)} AND ${city} AND score > ${(i % 90) - 49} AND value BETWEEN ${i} AND ${7 * i + 9})`;
    });
    const text = `SELECT count(*) FROM crm JOIN panel USING (person) JOIN visits USING (person) WHERE ${terms.join(' OR ')}`;
    const input = await inputOf(text, data);
    expect(input.plan.questions[0]!.filter.nodes.length).toBeGreaterThan(150);
    const plain = await data.plain(text);
    const { questions } = await runQuery(input, testContext());
    const rows = questions[0]!.cells[0]?.values[1] ?? '0';
    expect(rows).toBe(String(plain[0]![0]));
  });
});
