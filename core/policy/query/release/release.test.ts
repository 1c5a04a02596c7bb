import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { chooseRows } from './rows.ts';
import { hiddenCells, type TableCell } from './suppress.ts';

/** Cells of a table with these sizes, row by row; a row of one column has one dimension. */
function tableOf(sizes: readonly (readonly number[])[]): readonly TableCell[] {
  const isLine = sizes.length === 1;
  return sizes.flatMap((row, i) => row.map((size, j) => ({ number: i * 100 + j, parts: isLine ? [j] : [i, j], size })));
}
const isSmall = (cells: readonly TableCell[]) => cells.reduce((sum, { size }) => sum + size, 0) < 50;
const hidden = (...sizes: readonly (readonly number[])[]) =>
  [...hiddenCells(tableOf(sizes), isSmall)].sort((a, b) => a - b);

describe('[F68] complementary suppression', () => {
  it('hides nothing where nothing is small', () => expect(hidden([50, 60, 70])).toEqual([]));
  it('hides a second cell with a small one: the smallest that is left', () =>
    expect(hidden([49, 70, 60, 80])).toEqual([0, 2]));
  it('leaves two small cells alone that are not small together', () => expect(hidden([30, 70, 25])).toEqual([0, 2]));
  it('hides a third where two are small together', () => expect(hidden([20, 90, 25, 80])).toEqual([0, 2, 3]));
  it('hides a single small cell, and all of a small line', () => {
    expect(hidden([49])).toEqual([0]);
    expect(hidden([10, 20, 15])).toEqual([0, 1, 2]);
    expect([...hiddenCells([{ number: 0, parts: [], size: 49 }], isSmall)]).toEqual([0]);
  });
  it('treats a declared group without anybody like any small one', () => expect(hidden([0, 60, 70])).toEqual([0, 1]));

  it('in a crossed table, protects every row and every column', () => {
    expect(hidden([10, 60, 70], [80, 90, 100], [110, 120, 130])).toEqual([0, 1, 100, 101]);
  });

  it('leaves in no line exactly one hidden cell, nor hidden cells that are small together beside a shown one', () => {
    const sizes = fc.array(fc.array(fc.nat(150), { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(sizes, (rows) => {
        const cells = tableOf(rows);
        const found = hiddenCells(cells, isSmall);
        for (const cell of cells) if (cell.size < 50) expect(found.has(cell.number)).toBe(true);
        for (const along of [0, 1]) {
          for (const at of new Set(cells.map(({ parts }) => parts[along]))) {
            const line = cells.filter(({ parts }) => parts[along] === at);
            const taken = line.filter(({ number }) => found.has(number));
            if (taken.length === 0 || taken.length === line.length) continue;
            expect(taken.length).toBeGreaterThan(1);
            expect(isSmall(taken)).toBe(false);
          }
        }
      }),
    );
  });
});

describe('what is calculated from released figures', () => {
  const figures = [7n, 0n, null, 2n ** 70n];
  const value = (expression: Parameters<typeof evaluate>[0]) =>
    evaluate(expression, { labels: ['上海', 3, null], figure: (place) => figures[place]! });
  const figure = (place: number) => ({ kind: 'figure', figure: place }) as const;
  const of = (operator: '+' | '-' | '*' | '/', left: number, right: number) =>
    ({ kind: 'arithmetic', operator, left: figure(left), right: figure(right) }) as const;

  it('is a double; a figure by itself stays a whole number', () => {
    expect(value(figure(3))).toBe(2n ** 70n);
    expect([of('+', 0, 0), of('-', 1, 0), of('*', 0, 0), of('/', 0, 0)].map(value)).toEqual([14, -7, 49, 1]);
    expect([0, 1, 2].map((dimension) => value({ kind: 'label', dimension }))).toEqual(['上海', 3, null]);
  });

  it('is not stated where a part is not, or where a divisor is 0', () => {
    expect([of('/', 0, 1), of('/', 1, 1), of('+', 0, 2), of('*', 2, 2)].map(value)).toEqual([null, null, null, null]);
  });
});

describe('HAVING, ORDER BY and LIMIT', () => {
  const rows = [
    ['b', 5n],
    ['a', null],
    ['c', 12n],
    ['d', 5n],
  ] as const;
  const shown = { having: undefined, order: [], limit: undefined };

  it('keep what fulfils the condition; what is not stated fulfils none', () => {
    const kept = (by: '>' | '<>' | '=', value: number) =>
      chooseRows(rows, { ...shown, having: { output: 1, by, value } }).map(([label]) => label);
    expect([kept('>', 4.5), kept('<>', 5), kept('=', 5)]).toEqual([['b', 'c', 'd'], ['c'], ['b', 'd']]);
    expect(chooseRows(rows, { ...shown, having: { output: 0, by: '>=', value: 'c' } }).map(([label]) => label)).toEqual(
      ['c', 'd'],
    );
  });

  it('order by several outputs, numbers as numbers, and put what is not stated last unless asked', () => {
    const order = (isDescending: boolean, nullsFirst = false) =>
      chooseRows(rows, {
        ...shown,
        order: [
          { output: 1, isDescending, nullsFirst },
          { output: 0, isDescending: true, nullsFirst: false },
        ],
        limit: 3,
      }).map(([label]) => label);
    expect([order(false), order(true), order(true, true)]).toEqual([
      ['d', 'b', 'c'],
      ['c', 'd', 'b'],
      ['a', 'c', 'd'],
    ]);
  });
});
