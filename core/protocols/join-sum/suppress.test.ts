import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gateLines, measuresOf, type SumPlan, sumIndex } from './plan.ts';
import { hiddenFigures, jointLines, needsJointTest, partitionsOf } from './suppress.ts';

const k = 5;
const shape = (cellsPerRow: number): SumPlan => ({
  tables: [
    { name: 'all', cellCount: 1, cellsPerRow: 1 },
    { name: 'city', cellCount: 4, cellsPerRow },
  ],
  columns: [{ name: 'spend', min: 0, max: 9, squares: true }],
  groupCount: 1,
  minimumGroupRows: k,
  movesEdge: false,
  protection: { kind: 'exact' },
});

/** What is held back of true counts: of rows, and of rows that are not zero, in each of the four cells. */
function heldBack(plan: SumPlan, counts: readonly number[], nonzero: readonly number[]) {
  const total = (list: readonly number[]) => list.reduce((sum, n) => sum + n, 0);
  const truth = (cell: number, of: string) => {
    const list = of === 'rows' ? counts : nonzero;
    return cell === 0 ? total(list) : list[cell - 1]!;
  };
  const measures = measuresOf(plan);
  const small = gateLines(plan).map(({ cell, measure }) => truth(cell, measures[measure]!.of) < k);
  const partitions = partitionsOf(plan, small);
  const joint = partitions
    .filter(needsJointTest)
    .map(
      (partition) => total(jointLines(partition).map(({ cell, measure }) => truth(cell, measures[measure]!.of))) < k,
    );
  const hidden = hiddenFigures(plan, partitions, joint, (cell) => (cell === 0 ? 1000 : 10 * cell));
  const of = (measure: string) =>
    [1, 2, 3, 4].filter((cell) => {
      const index = measures.findIndex(({ of: name }) => name === measure);
      return hidden[sumIndex(plan, { group: 0, cell, measure: index })];
    });
  return { rows: of('rows'), sums: of('column'), squares: of('squares') };
}

describe('what is held back of a partition', () => {
  it('is nothing where every cell is large', () => {
    expect(heldBack(shape(1), [9, 9, 9, 9], [9, 9, 9, 9])).toEqual({ rows: [], sums: [], squares: [] });
  });

  it('is never one cell alone: the smallest other one goes with it', () => {
    expect(heldBack(shape(1), [9, 9, 2, 9], [9, 9, 2, 9]).rows).toEqual([1, 3]);
  });

  it('is one cell more where the small ones are small together', () => {
    expect(heldBack(shape(1), [9, 9, 2, 1], [9, 9, 2, 1]).rows).toEqual([1, 3, 4]);
    expect(heldBack(shape(1), [9, 9, 4, 4], [9, 9, 4, 4]).rows).toEqual([3, 4]);
  });

  it('is a sum without its count where few rows are not zero, and squares with the sum', () => {
    const held = heldBack(shape(1), [9, 9, 9, 9], [9, 9, 1, 9]);
    expect(held).toEqual({ rows: [], sums: [1, 3], squares: [1, 3] });
  });

  it('is the small cells alone where a row may be in several cells: no total follows from them', () => {
    expect(heldBack(shape(2), [9, 9, 2, 9], [9, 9, 2, 9]).rows).toEqual([3]);
  });

  it('never lets a small figure follow from a total and what is shown', () => {
    const cells = fc.array(fc.nat(9), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(cells, cells, (counts, drawn) => {
        const nonzero = drawn.map((n, i) => Math.min(n, counts[i]!));
        const held = heldBack(shape(1), counts, nonzero);
        for (const [hidden, list] of [
          [held.rows, counts],
          [held.sums, nonzero],
        ] as const) {
          for (const cell of [1, 2, 3, 4]) if (list[cell - 1]! < k) expect(hidden).toContain(cell);
          const rest = hidden.reduce((sum, cell) => sum + list[cell - 1]!, 0);
          const isAll = hidden.length === 4;
          if (hidden.length > 0 && !isAll) expect(rest).toBeGreaterThanOrEqual(k);
          if (!isAll) expect(hidden.length).not.toBe(1);
        }
        // Whoever's count is hidden has no sum either.
        for (const cell of held.rows) expect(held.sums).toContain(cell);
      }),
    );
  });
});
