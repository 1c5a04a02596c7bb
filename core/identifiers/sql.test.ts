import { isDeepStrictEqual } from 'node:util';
import { type DuckDBConnection, DuckDBInstance, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  destinations,
  exportSql,
  lift,
  liftSql,
  liftText,
  normaliser,
  normaliseSelect,
  normaliseSql,
  parseProfile,
  sqlFunctions,
} from './index.ts';
import { mutated, nasty, random } from './test-inputs.ts';

const profiles = [
  'phone',
  'phone:e164',
  'phone:US',
  'phone:GB',
  'phone/md5',
  'phone:e164/sha256',
  'phone/sm3',
  'email',
  'email:uid2',
  'email:google',
  'email:tiktok',
  'email:uid2/sha256',
  'imei',
  'imei/md5',
  'oaid',
  'oaid/md5+sha256',
  'idfa',
  'idfa:lower',
  'idfa/md5',
  'caid@20220111',
  'mac',
  'mac/md5',
  'openid@wx1',
  'unionid@wx1',
  'cookie',
  'custom',
];
const rows = 10_000;

let connection: DuckDBConnection;
const texts = [...new Set([...nasty, ...mutated(random(7), rows)])];

beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  connection = await instance.connect();
  for (const { name, apply } of sqlFunctions) {
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        returnType: VARCHAR,
        parameterTypes: [VARCHAR],
        mainFunction: (_, input, output) => {
          const column = input.getColumnVector(0);
          for (let row = 0; row < input.rowCount; row++) {
            const text = column.getItem(row);
            output.setItem(row, text === null ? null : apply(String(text)));
          }
          output.flush();
        },
      }),
    );
  }
  await connection.run('CREATE TABLE inputs (i INTEGER, x VARCHAR)');
  const appender = await connection.createAppender('inputs');
  texts.forEach((text, i) => {
    appender.appendInteger(i);
    appender.appendVarchar(text);
    appender.endRow();
  });
  appender.closeSync();
});
afterAll(() => connection.closeSync());

describe('SQL gives what the JavaScript reference gives', () => {
  it.each(profiles)('[F5] [F6] [F8] %s', async (name) => {
    const profile = parseProfile(name);
    const select = normaliseSelect('inputs', [{ profile, column: 'x', as: 'id' }], [{ column: 'i', as: 'i' }]);
    const answers = (await connection.runAndReadAll(`${select} ORDER BY i`)).getRows();
    expect(answers.length).toBe(texts.length);
    const reference = normaliser(profile);
    const differences: unknown[] = [];
    for (const [i, value, change, refusal] of answers) {
      const text = texts[Number(i)]!;
      const expected = reference(text);
      const changes = change === null ? [] : String(change).split(',');
      const got = refusal === null ? { ok: true, value, changes } : { ok: false, reason: refusal };
      const oneOfTwo = (value === null) === (refusal !== null) && (value !== null || change === null);
      // What only the parser can judge, the parser judges: valid, or `invalid-number`.
      const parsed = refusal === 'needs-parsing' && (expected.ok || expected.reason === 'invalid-number');
      if (!oneOfTwo || !(parsed || isDeepStrictEqual(got, expected))) differences.push({ text, got, expected });
    }
    expect(differences.slice(0, 5)).toEqual([]);
  });

  it.each(profiles)('the three expressions alone give what the staged query gives: %s', async (name) => {
    const profile = parseProfile(name);
    const alone = normaliseSql(profile, 'x');
    const staged = normaliseSelect('few', [{ profile, column: 'x', as: 'id' }], [{ column: 'i', as: 'i' }]);
    const answer = await connection.runAndReadAll(
      `WITH few AS MATERIALIZED (SELECT * FROM inputs WHERE i < ${nasty.length}),
        a AS (SELECT i, ${alone.value} AS id, ${alone.change} AS id_change, ${alone.refusal} AS id_refusal FROM few)
       SELECT count(*), count(*) FILTER (a IS DISTINCT FROM b) FROM a JOIN (${staged}) b USING (i)`,
    );
    expect(answer.getRows()[0]!.map(Number)).toEqual([nasty.length, 0]);
  });

  it('[F65] any text may name a column', async () => {
    const name = 'x"; DROP TABLE inputs; --';
    const select = normaliseSelect("(SELECT '138-0013-8000' AS x)", [
      { profile: parseProfile('phone'), column: 'x', as: name },
    ]);
    const answer = await connection.runAndReadAll(select);
    expect(answer.getRowObjects()).toEqual([
      { [name]: '13800138000', [`${name}_change`]: 'punctuation', [`${name}_refusal`]: null },
    ]);
  });

  it('an empty cell of the database is refused as empty', async () => {
    const { value, change, refusal } = normaliseSql(parseProfile('phone'), 'CAST(NULL AS VARCHAR)');
    const answer = await connection.runAndReadAll(`SELECT ${value}, ${change}, ${refusal}`);
    expect(answer.getRows()).toEqual([[null, null, 'empty']]);
  });
});

describe('lifts in SQL give what they give in JavaScript', () => {
  it.each([
    ['phone', 'phone:e164'],
    ['phone', 'phone:digits/sha256'],
    ['phone:e164', 'phone/md5'],
    ['phone', 'phone/sm3'],
    ['phone/md5', 'phone/md5+sm3'],
    ['email', 'email:uid2/sha256'],
    ['email', 'email:google'],
    ['email', 'email:tiktok/md5+sha256'],
    ['idfa', 'idfa:lower/sha256'],
    ['idfa:lower', 'idfa'],
    ['custom', 'custom/sha256'],
  ])('%s to %s', async (from, to) => {
    const steps = lift(parseProfile(from), parseProfile(to))!;
    const select = normaliseSelect('inputs', [{ profile: parseProfile(from), column: 'x', as: 'id' }]);
    const answers = await connection.runAndReadAll(
      `SELECT id, ${liftSql(steps, 'id')} FROM (${select}) WHERE id IS NOT NULL`,
    );
    const rows = answers.getRows() as [string, string | null][];
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.map(([, lifted]) => lifted)).toEqual(rows.map(([value]) => liftText(steps, value)));
  });

  it('exports write Base64 where the destination wants it', async () => {
    const [field] = destinations.find(({ id }) => id === 'uid2')!.fields;
    const sql = exportSql(field!, parseProfile('email'), "'jane.saoirse+work@gmail.com'")!;
    const answer = await connection.runAndReadAll(`SELECT ${sql}`);
    expect(answer.getRows()).toEqual([['ku4mBX7Z3qJTXWyLFB1INzkyR2WZGW4ANSJUiW21iI8=']]);
  });
});
