import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { testDataset } from '../testing/dataset.ts';
import { query } from '../testing/parquet.ts';
import { giveColumns } from './give.ts';
import { takeColumns } from './take.ts';

const attributes = ['city', 'level'].map((column) => ({ column, grade: 'internal' as const }));
const odd = 'a "b", c\u2028d\\n';

/** A file of (row, number). */
function pairsFile(pairs: readonly (readonly [row: number, number: number])[]): string {
  const path = join(testFolder(), 'pairs');
  writeFileSync(path, new Uint8Array(Uint32Array.from(pairs.flat()).buffer));
  return path;
}

async function give(pairs: readonly (readonly [number, number])[], columns: readonly string[] = ['city', 'level']) {
  const rows = ['13800000001,north,1', `13800000002,"${odd.replaceAll('"', '""')}",`, '13800000003,=1+1,3'];
  const { parquet, report } = await testDataset(`mobile,city,level\n${rows.join('\n')}\n`, {
    ids: [{ column: 'mobile', profile: 'phone' }],
    attributes,
  });
  const to = join(testFolder(), 'lines');
  const input = {
    parquet,
    sha256: report.parquet.sha256,
    columns,
    pairs: pairsFile(pairs),
    valueCharactersMax: 100,
    to,
  };
  return { lines: (await giveColumns(input, testContext())).lines, text: () => readFileSync(to, 'utf8'), to };
}

async function take(text: string, lineCount: number, pairs: readonly (readonly [number, number])[]) {
  const lines = join(testFolder(), 'lines');
  writeFileSync(lines, text);
  const to = join(testFolder(), 'values.parquet');
  const input = { lines, lineCount, columns: 2, valueCharactersMax: 10, pairs: pairsFile(pairs), to };
  const { rows } = await takeColumns(input, testContext());
  return { rows, values: (await query(`SELECT * FROM '${to}' ORDER BY "row"`)).map((row) => row.map(String)) };
}

describe('columns that are given', () => {
  it('stand in the agreed order, of several rows with one identifier the first, whatever their text', async () => {
    const { lines, text } = await give([
      [2, 0],
      [1, 1],
      [0, 2],
      [2, 2],
    ]);
    expect(lines).toBe(3);
    expect(
      text()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      ['=1+1', '3'],
      [odd, null],
      ['north', '1'],
    ]);
  });

  it('are those of the dataset alone, and none of them too long', async () => {
    await expect(give([[0, 0]], ['secret'])).rejects.toMatchObject({ code: 'missing-column' });
    await expect(give([[0, 0]], ['mobile'])).rejects.toMatchObject({ code: 'missing-column' });
    const { parquet, report } = await testDataset(`mobile,city\n13800000001,${'x'.repeat(101)}\n`, {
      ids: [{ column: 'mobile', profile: 'phone' }],
      attributes: [{ column: 'city', grade: 'internal' }],
    });
    const to = join(testFolder(), 'lines');
    const input = { parquet, sha256: report.parquet.sha256, columns: ['city'], pairs: pairsFile([[0, 0]]), to };
    const given = giveColumns({ ...input, valueCharactersMax: 100 }, testContext());
    await expect(given).rejects.toMatchObject({
      code: 'value-not-allowed',
      message: expect.not.stringContaining('xxx'),
    });
  });
});

describe('lines that are taken', () => {
  const pairs = [
    [7, 1],
    [3, 0],
    [9, 1],
  ] as const;

  it('go to every own row with the identifier', async () => {
    const { rows, values } = await take(
      `${JSON.stringify(['a', null])}\n${JSON.stringify([odd.slice(0, 9), 'b'])}\n`,
      2,
      pairs,
    );
    expect(rows).toBe(3);
    expect(values).toEqual([
      ['3', 'a', 'null'],
      ['7', odd.slice(0, 9), 'b'],
      ['9', odd.slice(0, 9), 'b'],
    ]);
  });

  it.each<[string, string]>([
    ['fewer lines than were agreed', '["a","b"]\n'],
    ['more lines', '["a","b"]\n["a","b"]\n["a","b"]\n'],
    ['a line that was cut off', '["a","b"]\n["a","b"]'],
    ['another number of columns', '["a","b"]\n["a"]\n'],
    ['a number in place of text', '["a","b"]\n["a",1]\n'],
    ['a value that is too long', `["a","b"]\n["a","${'x'.repeat(11)}"]\n`],
    ['half a character', '["a","b"]\n["a","\\ud800"]\n'],
    ['no JSON', '["a","b"]\nDROP TABLE taken\n'],
    ['an object', '["a","b"]\n{"0":"a","1":"b","length":2}\n'],
  ])('are refused with %s, and nothing of them is repeated', async (_, text) => {
    await expect(take(text, 2, pairs)).rejects.toMatchObject({
      code: 'wrong-form',
      message: expect.not.stringMatching(/xxx|DROP/),
    });
  });
});
