import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataError } from '../errors.ts';
import { testContext, testFolder } from '../testing/context.ts';
import { query } from '../testing/parquet.ts';
import { loadRoom, roomTablePath } from './load.ts';
import { layout, packedFile, type TestRow } from './testing/rows.ts';

const secret = '7'.repeat(64);

/** Loads tables with one row for each list of pseudonyms. @returns for each table the person of each row, told by its number. */
async function load(tables: readonly (readonly (readonly (string | undefined)[])[])[], events: readonly number[] = []) {
  const folder = testFolder();
  const input = tables.map((rows, t) => {
    const kinds = Math.max(1, ...tables.flat().map((ids) => ids.length));
    const of = layout(`t${t}`, kinds, events.includes(t) ? { rows: 'event' } : {});
    const padded = rows.map(
      (ids, i): TestRow => ({ ids: Array.from({ length: kinds }, (_, k) => ids[k]), values: [0, i] }),
    );
    return { layout: of, rows: packedFile(of, padded) };
  });
  const report = await loadRoom({ tables: input, secret, folder }, testContext());
  const persons = await Promise.all(
    tables.map(async (_, t) => {
      const rows = await query(`SELECT spent, person FROM '${roomTablePath(folder, t)}' ORDER BY spent`);
      return new Map(rows.map(([row, person]) => [Number(row), Number(person)]));
    }),
  );
  return { report, persons, folder };
}

describe('rows of one person', () => {
  it('are those that share a pseudonym, in two tables and in three', async () => {
    const { persons, report } = await load([
      [['a'], ['b'], ['c']],
      [['b'], ['x'], ['a']],
      [['c'], ['a']],
    ]);
    const [first, second, third] = persons as [Map<number, number>, Map<number, number>, Map<number, number>];
    expect(second.get(2)).toBe(first.get(0));
    expect(second.get(0)).toBe(first.get(1));
    expect(third.get(0)).toBe(first.get(2));
    expect(third.get(1)).toBe(first.get(0));
    expect(report.persons).toBe(4);
  });

  it('come together by the first kind of identifier in the agreed order, and leave the later ones', async () => {
    // Row 0 shares its telephone with row 1 of the other side and its address with row 0: the telephone comes first.
    const { persons } = await load([
      [['p1', 'e1']],
      [
        ['p2', 'e1'],
        ['p1', 'e9'],
      ],
    ]);
    expect(persons[1]!.get(1)).toBe(persons[0]!.get(0));
    expect(persons[1]!.get(0)).not.toBe(persons[0]!.get(0));
  });

  it('[F9] are one on each side: of rows that repeat a pseudonym, the one with most of them is it', async () => {
    const { persons, report } = await load([[['a', 'e']], [['a'], ['a', 'e'], ['a', undefined]]]);
    expect(persons[1]!.get(1)).toBe(persons[0]!.get(0));
    expect(new Set(persons[1]!.values()).size).toBe(3);
    expect(report.persons).toBe(3);
  });

  it('without any identifier are persons of their own; as events they are nobody’s, and are counted', async () => {
    const { report, persons } = await load(
      [
        [['a'], [undefined]],
        [['a'], ['a'], [undefined], ['z'], ['z']],
      ],
      [1],
    );
    expect(report.tables).toMatchObject([
      { rows: 2, dropped: 0 },
      { rows: 4, dropped: 1 },
    ]);
    expect(persons[1]!.get(0)).toBe(persons[0]!.get(0));
    expect(persons[1]!.get(1)).toBe(persons[0]!.get(0));
    expect(persons[1]!.get(3)).toBe(persons[1]!.get(4));
    expect(report.persons).toBe(3);
  });

  it('are not put together by a pseudonym that more than 20 rows share: it is set aside and counted', async () => {
    const many = Array.from({ length: 21 }, () => ['shared']);
    const { report } = await load([many, [['shared']]]);
    expect(report.tables[0]!.setAside).toBe(1);
    expect(report.persons).toBe(22);
    expect((await load([many.slice(1), [['shared']]])).report.persons).toBe(20);
  });

  it('are found as a plain join finds them, over random tables of one kind', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(ids, ids, async (a, b) => {
        const { persons, report } = await load([a.map((id) => [`${id}`]), b.map((id) => [`${id}`])]);
        for (const [i, id] of a.entries()) {
          const j = b.indexOf(id);
          if (j >= 0) expect(persons[1]!.get(j)).toBe(persons[0]!.get(i));
        }
        expect(report.persons).toBe(new Set([...a, ...b]).size);
      }),
      { numRuns: 15 },
    );
  });

  it('bear numbers that do not follow from the order of the rows', async () => {
    const { persons } = await load([Array.from({ length: 40 }, (_, i) => [`${i}`])]);
    const numbers = [...persons[0]!.values()];
    expect(numbers).not.toEqual(numbers.toSorted((x, y) => x - y));
    expect(numbers.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });
});

describe('what is written', () => {
  it('holds persons and the listed columns, and no pseudonym', async () => {
    const { folder } = await load([[['a']], [['a']]]);
    const columns = await query(
      `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${roomTablePath(folder, 0)}')`,
    );
    expect(columns).toEqual([
      ['person', 'UINTEGER'],
      ['city', 'VARCHAR'],
      ['spent', 'BIGINT'],
    ]);
  });

  it('has categories by their values, numbers as they are, and what is missing as missing', async () => {
    const of = layout('t', 1);
    const rows = [
      { ids: ['a'], values: [1, -7] },
      { ids: ['b'], values: [null, null] },
    ];
    const folder = testFolder();
    await loadRoom({ tables: [{ layout: of, rows: packedFile(of, rows) }], secret, folder }, testContext());
    const found = await query(`SELECT city, spent FROM '${roomTablePath(folder, 0)}' ORDER BY spent NULLS LAST`);
    expect(found).toEqual([
      ['south', '-7'],
      [null, null],
    ]);
  });

  it.each<[string, readonly (number | null)[], boolean]>([
    ['a code that stands for no value', [2, 0], true],
    ['a number above its range', [0, 1001], true],
    ['a number below its range', [0, -1001], true],
    ['a value that is missing where one is asked for', [null, 0], false],
  ])('is refused with %s, whatever the contributor’s node has let through', async (_, values, isNullable) => {
    const of = layout('t', 1, { columns: layout('t', 1).columns.map((column) => ({ ...column, isNullable })) });
    const rows = packedFile(of, [{ ids: ['a'], values }]);
    const failed = loadRoom({ tables: [{ layout: of, rows }], secret, folder: testFolder() }, testContext());
    await expect(failed).rejects.toMatchObject({ code: 'wrong-form' satisfies DataError['code'] });
  });

  it('is refused when the bytes are not whole rows', async () => {
    const of = layout('t', 1);
    const rows = packedFile({ ...of, rowBytes: of.rowBytes + 1 }, [{ ids: ['a'], values: [0, 0] }]);
    const failed = loadRoom({ tables: [{ layout: of, rows }], secret, folder: testFolder() }, testContext());
    await expect(failed).rejects.toMatchObject({ code: 'wrong-form' });
  });
});
