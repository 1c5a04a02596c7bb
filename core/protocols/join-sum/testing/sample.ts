/** Small lists with segments and values, and the figures that a plain join gives of them. */
import { SeededRandom } from '../../../random/index.ts';
import { noCell } from '../kernel.ts';
import { cellCountOf, cellSlotsOf, type Measure, releasedMeasures, type SumPlan } from '../plan.ts';
import type { SenderRows } from '../sums.ts';

/** Match keys of numbers: 16 bytes each. */
export function keysOf(numbers: readonly number[]): Uint8Array {
  const keys = new Uint8Array(16 * numbers.length);
  for (const [i, n] of numbers.entries()) new DataView(keys.buffer).setUint32(16 * i, n);
  return keys;
}

export const plan: SumPlan = {
  tables: [
    { name: 'all', cellCount: 1, cellsPerRow: 1 },
    { name: 'city', cellCount: 3, cellsPerRow: 1 },
  ],
  columns: [{ name: 'spend', min: -5, max: 40, squares: true }],
  groupCount: 1,
  minimumGroupRows: 2,
  movesEdge: false,
  protection: { kind: 'exact' },
};

export interface Sample {
  readonly groups: readonly (readonly number[])[];
  readonly ids: readonly number[];
  readonly rows: SenderRows;
}

/** Rows of a sender: a random cell of each table (or none, or several), and random values, zero and out of bounds among them. */
export function sampleOf(of: Pick<Sample, 'groups' | 'ids'>, shape: SumPlan, seed: string): Sample {
  const random = new SeededRandom(seed);
  const slotCount = cellSlotsOf(shape);
  const cells = new Uint16Array(of.ids.length * slotCount).fill(noCell);
  const values = new Float64Array(of.ids.length * shape.columns.length);
  for (let row = 0; row < of.ids.length; row++) {
    let [first, slot] = [0, row * slotCount];
    for (const { cellCount, cellsPerRow } of shape.tables) {
      const own = cellCount === 1 ? 1 : random.below(cellsPerRow + 1);
      const start = random.below(cellCount);
      for (let i = 0; i < own; i++) cells[slot + i] = first + ((start + i) % cellCount);
      first += cellCount;
      slot += cellsPerRow;
    }
    for (const [i, { min, max }] of shape.columns.entries()) {
      const value = min - 2 + random.below(max - min + 5);
      values[row * shape.columns.length + i] = random.chance(0.3) ? 0 : value;
    }
  }
  return { ...of, rows: { keys: keysOf(of.ids), cells, values } };
}

/** The figures of a plain join, in plan order, with nothing held back. */
export function plainFigures(shape: SumPlan, { groups, ids, rows }: Sample): number[] {
  const measures = releasedMeasures(shape);
  const slotCount = cellSlotsOf(shape);
  return groups.flatMap((group) =>
    Array.from({ length: cellCountOf(shape) }, (_, cell) => {
      const matched = [...ids.keys()].filter(
        (row) =>
          group.includes(ids[row]!) && rows.cells.subarray(row * slotCount, (row + 1) * slotCount).includes(cell),
      );
      return measures.map((measure) => matched.reduce((sum, row) => sum + addend(shape, rows, measure, row), 0));
    }).flat(),
  );
}

/** Rows of each group and cell, and those of them whose value is not zero, for the rule of the minimum. */
export function plainNonzero(shape: SumPlan, { groups, ids, rows }: Sample, column: number): number[] {
  const slotCount = cellSlotsOf(shape);
  return groups.flatMap((group) =>
    Array.from(
      { length: cellCountOf(shape) },
      (_, cell) =>
        [...ids.keys()].filter(
          (row) =>
            group.includes(ids[row]!) &&
            rows.cells.subarray(row * slotCount, (row + 1) * slotCount).includes(cell) &&
            addend(shape, rows, { of: 'column', column }, row) !== 0,
        ).length,
    ),
  );
}

function addend(shape: SumPlan, { values }: SenderRows, measure: Measure, row: number): number {
  if (measure.of === 'rows') return 1;
  const { min, max } = shape.columns[measure.column]!;
  const value = Math.min(max, Math.max(min, values[row * shape.columns.length + measure.column]!));
  return measure.of === 'squares' ? value * value : value;
}
