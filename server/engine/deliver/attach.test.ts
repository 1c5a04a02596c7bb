import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { query } from '../testing/parquet.ts';
import { type AttachInput, attachValues } from './attach.ts';

/** Values of one byte length, by the numbers of their identifiers. */
const valueFor = (number: number, bytes: number) => Buffer.alloc(bytes, `${number}/${bytes}`);
const words = (values: readonly number[]) => new Uint8Array(Uint32Array.from(values).buffer);

/** Files of a list: its numbers in this order, values of these lengths (null: none), and (row, number) of its rows. */
function inputOf(
  numbers: readonly number[],
  lengths: readonly (number | null)[],
  pairs: readonly (readonly [row: number, number: number])[],
): AttachInput {
  const folder = testFolder();
  const file = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const values = (bytes: number) => Buffer.concat(numbers.map((number) => valueFor(number, bytes)));
  return {
    numbers: file('numbers', words(numbers)),
    count: numbers.length,
    columns: lengths.map((bytes, i) => (bytes === null ? null : { file: file(`c${i}`, values(bytes)), bytes })),
    pairs: file('pairs', words(pairs.flat())),
    to: join(folder, 'values.parquet'),
  };
}

describe('values of identifiers', () => {
  it('go to every own row with the identifier, as Base64, and a column without any is null', async () => {
    const input = inputOf(
      [2, 0, 1],
      [32, null, 29],
      [
        [7, 1],
        [3, 0],
        [9, 1],
        [4_000_000_000, 2],
      ],
    );
    expect(await attachValues(input, testContext())).toEqual({ rows: 4 });
    const text = (number: number) => [
      valueFor(number, 32).toString('base64'),
      null,
      valueFor(number, 29).toString('base64'),
    ];
    const rows = await query(`SELECT CAST("row" AS VARCHAR), c0, c1, c2 FROM '${input.to}'`);
    expect(rows).toEqual([
      ['3', ...text(0)],
      ['7', ...text(1)],
      ['9', ...text(1)],
      ['4000000000', ...text(2)],
    ]);
  });

  it.each([2 ** 16 - 1, 2 ** 16, 2 ** 16 + 1])('of %i identifiers come whole, one by one', async (count) => {
    const numbers = Array.from({ length: count }, (_, i) => count - 1 - i);
    const input = inputOf(
      numbers,
      [3],
      numbers.map((number) => [number, number]),
    );
    expect(await attachValues(input, testContext())).toEqual({ rows: count });
    const [row] = await query(`SELECT count(*), count(DISTINCT "row"), max("row") FROM '${input.to}'`);
    expect(row!.map(Number)).toEqual([count, count, count - 1]);
    const ends = await query(`SELECT c0 FROM '${input.to}' WHERE "row" IN (0, ${count - 1}) ORDER BY "row"`);
    expect(ends.flat()).toEqual([0, count - 1].map((number) => valueFor(number, 3).toString('base64')));
  });

  it.each<[string, (input: AttachInput) => AttachInput]>([
    ['fewer numbers than identifiers', (input) => ({ ...input, count: 3 })],
    ['a row of an identifier that has no value', (input) => ({ ...input, count: 1 })],
  ])('are refused with %s, and nothing is left', async (_, change) => {
    const input = inputOf(
      [0, 1],
      [32],
      [
        [0, 0],
        [1, 1],
      ],
    );
    await expect(attachValues(change(input), testContext())).rejects.toMatchObject({ code: 'stored-data-damaged' });
    expect(existsSync(input.to)).toBe(false);
  });
});
