import {
  compileQuery,
  QueryRefused,
  type RefusalCode,
  requireShortText,
  sentences,
  textBytesMax,
} from '@causeway/core/policy/query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParser, type Parser } from './testing/parser.ts';
import { refusedStatements } from './testing/refused.ts';
import { asker, catalogueOf } from './testing/rules.ts';

let parser: Parser;
beforeAll(async () => {
  parser = await openParser();
});
afterAll(() => parser.close());

const catalogue = catalogueOf();
const entries = Object.entries(refusedStatements) as [RefusalCode, readonly string[]][];

/** Those that no text of this DuckDB reaches: they are for trees that it does not make, for what is seen in the data, and for rules of an audience. */
const notOfATree: readonly RefusalCode[] = [
  'text-too-long',
  'tree-damaged',
  'unknown-node',
  'unknown-field',
  'recursive-query',
  'difference',
  'too-fine',
  'no-select',
  'audience-too-small',
];

async function refusalOf(text: string): Promise<QueryRefused> {
  const tree = await parser.tree(text);
  try {
    compileQuery({ tree, catalogue, asker });
  } catch (error) {
    if (error instanceof QueryRefused) return error;
    throw error;
  }
  throw new Error(`this was allowed: ${text.slice(0, 300)}`);
}

describe('[F65] statements are refused, each by the rule that it breaks', () => {
  it.each(entries)('%s', async (code, statements) => {
    for (const text of statements) expect((await refusalOf(text)).code, text.slice(0, 300)).toBe(code);
  });

  it('300 and more, and every rule has one', () => {
    const texts = entries.flatMap(([, statements]) => statements);
    expect(new Set(texts).size).toBeGreaterThanOrEqual(300);
    const covered = entries.filter(([, statements]) => statements.length > 0).map(([code]) => code);
    expect([...covered, ...notOfATree].sort()).toEqual(Object.keys(sentences).sort());
  });

  it('a text beyond 16 KiB, with a NUL or with half a character is not even parsed', () => {
    requireShortText('x'.repeat(textBytesMax));
    for (const text of ['x'.repeat(textBytesMax + 1), '表'.repeat(textBytesMax / 3 + 1)]) {
      expect(() => requireShortText(text)).toThrow(expect.objectContaining({ code: 'text-too-long' }));
    }
    for (const text of ['\ud800', 'SELECT count(*) FROM crm\u0000 WHERE']) {
      expect(() => requireShortText(text)).toThrow(expect.objectContaining({ code: 'not-parsed' }));
    }
  });
});

describe('a refusal', () => {
  it('names the column, its owner and the part of the rule, and where it stands in the text', async () => {
    const text = "SELECT count(*) FROM crm WHERE city = '上海' AND secret = 'x'";
    const { place, words } = await refusalOf(text);
    expect(place).toEqual({
      owner: 'brand',
      column: 'crm.secret',
      rule: 'filter',
      at: Buffer.byteLength(text.slice(0, text.indexOf('secret'))),
    });
    expect(words.en).toContain('organisation brand, column crm.secret, rule filter');
    expect(words.zh).toContain('组织 brand，列 crm.secret，规则 filter');
  });

  it('names the node that is not allowed', async () => {
    expect((await refusalOf('SELECT row_number() OVER () FROM crm')).place.node).toBe('WINDOW_ROW_NUMBER');
  });

  it('has a sentence in both languages for every rule', () => {
    for (const [code, { en, zh }] of Object.entries(sentences)) {
      expect(en, code).toMatch(/^[A-Z].*\.$/);
      expect(zh, code).toMatch(/[一-鿿].*。$/);
    }
  });

  it('repeats nothing that was typed', async () => {
    const canary = 'c4n4ry';
    for (const text of [
      `SELECT count(*) FROM ${canary}`,
      `SELECT ${canary}(age) FROM crm`,
      `SELECT count(*) FROM crm WHERE ${canary} = 1`,
      `SELECT count(*) FROM crm WHERE city = '${canary}'`,
      `SELECT count(*) FROM crm WHERE in_audience('${canary}')`,
      `SELECT '${canary}' FROM crm`,
      `SELECT count(*) FROM crm WHERE city = ${canary}`,
      `SELECT date_trunc('${canary}', "at"), count(*) FROM visits GROUP BY 1`,
      `SELECT ( ${canary} FROM crm`,
    ]) {
      expect(JSON.stringify(await refusalOf(text)), text).not.toContain(canary);
    }
  });
});
