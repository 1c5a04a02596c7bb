/**
 * Which figures are held back. A cell below the minimum is; and where exact figures of one partition are shown beside their total, never one
 * cell alone and never cells that together stay below the minimum: the rest of the total would tell them.
 */
import { cellCountOf, gateLines, type Line, measuresOf, type SumPlan, sumIndex } from './plan.ts';

/** The cells of one table, in one group, under one gate measure. */
export interface Partition {
  readonly group: number;
  readonly measure: number;
  readonly firstCell: number;
  readonly cellCount: number;
  /** Whether a total follows from its cells: not where a row may be in several. */
  readonly adds: boolean;
  /** Cells held back, by their number in the plan. */
  readonly hidden: ReadonlySet<number>;
}

/** @param isSmall the verdicts, in the order of `gateLines`. */
export function partitionsOf(plan: SumPlan, isSmall: readonly boolean[]): Partition[] {
  const small = new Set(
    gateLines(plan)
      .filter((_, i) => isSmall[i])
      .map((line) => sumIndex(plan, line)),
  );
  const rows = measuresOf(plan).findIndex(({ of }) => of === 'rows');
  const partitions: Partition[] = [];
  for (let group = 0; group < plan.groupCount; group++) {
    let firstCell = 0;
    for (const { cellCount, cellsPerRow } of plan.tables) {
      for (const [measure, { of }] of measuresOf(plan).entries()) {
        if (of !== 'rows' && of !== 'nonzero') continue;
        const cells = Array.from({ length: cellCount }, (_, i) => firstCell + i);
        // A cell without its count has no sum either.
        const hidden = cells.filter((cell) =>
          [rows, measure].some((held) => small.has(sumIndex(plan, { group, cell, measure: held }))),
        );
        const adds = cellsPerRow === 1 && cellCount > 1 && plan.protection.kind === 'exact';
        partitions.push({ group, measure, firstCell, cellCount, adds, hidden: new Set(hidden) });
      }
      firstCell += cellCount;
    }
  }
  return partitions;
}

/** Those whose hidden cells have to be tested together: two and more, of which nobody knows what they come to. */
export function needsJointTest({ adds, hidden }: Partition): boolean {
  return adds && hidden.size >= 2;
}

/** The figures that a joint test adds up. */
export function jointLines({ group, measure, hidden }: Partition): Line[] {
  return [...hidden].map((cell) => ({ group, cell, measure }));
}

/**
 * Hides one more cell where the hidden ones are alone or too few together: the smallest that passed, by the sender's own base.
 * @param isJointSmall of each partition that was tested, in their order. @param baseOf rows of the sender's in a cell.
 * @returns for each group, cell and measure, in plan order, whether it is held back.
 */
export function hiddenFigures(
  plan: SumPlan,
  partitions: readonly Partition[],
  isJointSmall: readonly boolean[],
  baseOf: (cell: number) => number,
): boolean[] {
  const measures = measuresOf(plan);
  const joint = [...isJointSmall];
  const hidden = new Map<string, Set<number>>();
  const key = (group: number, measure: number) => `${group}/${measure}`;
  for (const partition of partitions) {
    const held = new Set(partition.hidden);
    const isSmall = needsJointTest(partition) ? joint.shift()! : partition.adds && held.size === 1;
    const passed = Array.from({ length: partition.cellCount }, (_, i) => partition.firstCell + i).filter(
      (cell) => !held.has(cell),
    );
    if (isSmall && passed.length > 0) held.add(passed.reduce((a, b) => (baseOf(b) < baseOf(a) ? b : a)));
    const at = key(partition.group, partition.measure);
    hidden.set(at, new Set([...(hidden.get(at) ?? []), ...held]));
  }
  const rows = measures.findIndex(({ of }) => of === 'rows');
  const figures: boolean[] = [];
  for (let group = 0; group < plan.groupCount; group++) {
    for (let cell = 0; cell < cellCountOf(plan); cell++) {
      for (const measure of measures) {
        const gates = [
          rows,
          ...('column' in measure
            ? [...measures.keys()].filter((i) => {
                const gate = measures[i]!;
                return gate.of === 'nonzero' && gate.column === measure.column;
              })
            : []),
        ];
        figures.push(gates.some((gate) => hidden.get(key(group, gate))?.has(cell)));
      }
    }
  }
  return figures;
}
