/**
 * What a run computes, and what may be seen of it: agreed before it starts, the same on both sides. Tables cut the sender's rows into
 * cells; for every cell, and every group of the receiver's, there is a count of matched rows and, for every column, a sum over them.
 */
import { gaussianVariance, type MicroRho, type Ratio, ratio } from '../../privacy/index.ts';

export interface SumTable {
  /** Names the table in the hash that moves a minimum's edge; different ones in one plan. */
  readonly name: string;
  readonly cellCount: number;
  /** L: cells of this table that one row may be in, at most. 1 for a partition. */
  readonly cellsPerRow: number;
}

/** Integers: money in minor units, quantities, quantised measurements. */
export interface SumColumn {
  readonly name: string;
  /** Bounds, both inclusive, to which the sender clips. */
  readonly min: number;
  readonly max: number;
  /** Whether the squares are added up as well. */
  readonly squares: boolean;
}

/**
 * - `exact`: the figures themselves, of cells that reach the minimum.
 * - `noise`: discrete Gaussian noise on every figure; each table, and each column of it, costs `rho`. With `gate` the receiver's own
 *   process does not get figures below the minimum either; without it the sender learns nothing at all.
 */
export type Protection =
  | { readonly kind: 'exact' }
  | { readonly kind: 'noise'; readonly rho: MicroRho; readonly gate: boolean };

export interface SumPlan {
  readonly tables: readonly SumTable[];
  readonly columns: readonly SumColumn[];
  /** Labelled groups of the receiver's ids, 1 where it has none. */
  readonly groupCount: number;
  /** k: a cell with fewer matched rows is not shown. */
  readonly minimumGroupRows: number;
  /** Whether the edge of the minimum is moved by up to 15, cell by cell, by a secret of the sender's. Off only if both sign it. */
  readonly movesEdge: boolean;
  readonly protection: Protection;
}

export const tablesMax = 4;
export const cellsMax = 256;
export const columnsMax = 16;
export const groupsMax = 8;
export const minimumMax = 1000;
/** What the edge is moved by, at most. */
export const edgeMoveMax = 15;
/** Of the absolute value of any figure: what can be found from its point in a tenth of a second. */
export const figureMax = 2 ** 44;
/** Rows on one side: lists are sorted in one piece. */
export const rowsMax = 2 ** 22;

/** A thing that is added up over the matched rows of a cell. */
export type Measure =
  | { readonly of: 'rows' }
  | { readonly of: 'column' | 'squares'; readonly column: number }
  /** Matched rows whose value is not zero: never shown, but held to the minimum, since a sum could be one row's. */
  | { readonly of: 'nonzero'; readonly column: number };

/** @throws {RangeError} for a plan that cannot be run, in words that say what to change. */
export function checkPlan(plan: SumPlan): void {
  const { tables, columns, groupCount, minimumGroupRows, protection } = plan;
  const whole = (value: number, min: number, max: number, what: string) => {
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw new RangeError(`${what}: expected a whole number from ${min} to ${max}, got ${value}`);
    }
  };
  whole(tables.length, 1, tablesMax, 'tables');
  whole(groupCount, 1, groupsMax, 'groups of the receiver');
  whole(minimumGroupRows, 1, minimumMax, 'minimum');
  if (new Set(tables.map(({ name }) => name)).size !== tables.length) throw new RangeError('a table stands twice');
  for (const { name, cellCount, cellsPerRow } of tables) {
    whole(cellCount, 1, cellsMax, `cells of ${name}`);
    whole(cellsPerRow, 1, Math.min(cellCount, 16), `cells of ${name} that a row may be in`);
  }
  whole(cellCountOf(plan), 1, cellsMax, 'cells in all');
  for (const { name, min, max, squares } of columns) {
    whole(min, -figureMax, figureMax, `smallest ${name}`);
    whole(max, min, figureMax, `largest ${name}`);
    if (squares) whole(boundOf({ min, max }) ** 2, 0, figureMax, `largest square of ${name}`);
  }
  whole(columns.length + columns.filter(({ squares }) => squares).length, 0, columnsMax, 'columns, with squares');
  if (protection.kind === 'noise') whole(protection.rho, 1, 1e9, 'rho in millionths');
  if (hasGate(plan)) {
    const count = gateLines(plan).length;
    if (count + canaryCounts(count).all > gateGroupsMax) {
      throw new RangeError(
        `${count} figures to hold to the minimum are more than the ${gateGroupsMax} tests of a run allow: take fewer cells, columns or groups`,
      );
    }
  }
}

/** Figures and canaries that are tested in one run, at most: each could tell a sender that cheats one bit. */
export const gateGroupsMax = 512;

/** Canaries among `lineCount` figures: inside, with a value below the minimum; above, with one that is not. */
export function canaryCounts(lineCount: number): {
  readonly inside: number;
  readonly above: number;
  readonly all: number;
} {
  const inside = Math.max(32, lineCount);
  const above = Math.max(8, Math.ceil(lineCount / 4));
  return { inside, above, all: inside + above };
}

/** Why lists of so many rows cannot run this plan, with the unit that would fit; undefined where they can. */
export function boundRefusal({ columns }: Pick<SumPlan, 'columns'>, senderRows: number): string | undefined {
  for (const column of columns) {
    const bound = boundOf(column);
    const largest = column.squares ? bound ** 2 : bound;
    if (senderRows * largest <= figureMax) continue;
    const factor = (senderRows * largest) / figureMax;
    const unit = 10 ** Math.ceil(Math.log10(column.squares ? Math.sqrt(factor) : factor));
    return `the sum of ${column.name} over ${senderRows} rows could pass ${figureMax}: give it in units ${unit} times as large, or with a smaller maximum`;
  }
  return undefined;
}

export function hasGate({ protection }: Pick<SumPlan, 'protection'>): boolean {
  return protection.kind === 'exact' || protection.gate;
}

export function cellCountOf({ tables }: Pick<SumPlan, 'tables'>): number {
  return tables.reduce((sum, { cellCount }) => sum + cellCount, 0);
}

/** Cell numbers that stand for each row: L for every table, in their order. */
export function cellSlotsOf({ tables }: Pick<SumPlan, 'tables'>): number {
  return tables.reduce((sum, { cellsPerRow }) => sum + cellsPerRow, 0);
}

/** The table that a cell belongs to, by index, and the cell's number in it. */
export function tableOf(
  { tables }: Pick<SumPlan, 'tables'>,
  cell: number,
): { readonly table: number; readonly cell: number } {
  let first = 0;
  for (const [table, { cellCount }] of tables.entries()) {
    if (cell < first + cellCount) return { table, cell: cell - first };
    first += cellCount;
  }
  throw new RangeError(`there is no cell ${cell}`);
}

/** All that is added up, in the order of the sums: rows, columns, squares, and behind them what only the gate looks at. */
export function measuresOf(plan: Pick<SumPlan, 'columns' | 'protection'>): readonly Measure[] {
  const indices = [...plan.columns.keys()];
  const column = (i: number) => plan.columns[i]!;
  return [
    { of: 'rows' },
    ...indices.map((i) => ({ of: 'column', column: i }) as const),
    ...indices.filter((i) => column(i).squares).map((i) => ({ of: 'squares', column: i }) as const),
    ...(hasGate(plan) ? indices.filter((i) => column(i).min <= 0 && column(i).max >= 0) : []).map(
      (i) => ({ of: 'nonzero', column: i }) as const,
    ),
  ];
}

/** Those of them that are released. */
export function releasedMeasures(plan: Pick<SumPlan, 'columns' | 'protection'>): readonly Measure[] {
  return measuresOf(plan).filter(({ of }) => of !== 'nonzero');
}

/** Where a figure stands among all of a run: group by group, cell by cell. */
export interface Line {
  readonly group: number;
  readonly cell: number;
  /** Position among {@link measuresOf}. */
  readonly measure: number;
}

/** The figures that are held to the minimum, in plan order: every count, and every count of values that are not zero. */
export function gateLines(plan: SumPlan): readonly Line[] {
  const measures = measuresOf(plan);
  const lines: Line[] = [];
  for (let group = 0; group < plan.groupCount; group++) {
    for (let cell = 0; cell < cellCountOf(plan); cell++) {
      for (const [measure, { of }] of measures.entries()) {
        if (of === 'rows' || of === 'nonzero') lines.push({ group, cell, measure });
      }
    }
  }
  return lines;
}

/** Position of a figure's ciphertext among the sums. */
export function sumIndex(plan: SumPlan, { group, cell, measure }: Line): number {
  return (group * cellCountOf(plan) + cell) * measuresOf(plan).length + measure;
}

/** The smallest and largest value that one row can add to a measure. */
export function rangeOf(
  { columns }: Pick<SumPlan, 'columns'>,
  measure: Measure,
): { readonly min: number; readonly max: number } {
  switch (measure.of) {
    case 'rows':
      return { min: 1, max: 1 };
    case 'nonzero':
      return { min: 0, max: 1 };
    case 'column':
      return columns[measure.column]!;
    case 'squares':
      return { min: 0, max: boundOf(columns[measure.column]!) ** 2 };
  }
}

/** σ² of a figure's noise, for its table and measure: Δ² = L · (what one row can add)², since one person is one row. */
export function noiseVariance(plan: SumPlan, table: SumTable, measure: Measure): Ratio {
  if (plan.protection.kind !== 'noise') return ratio(0n);
  const bound = BigInt(boundOf(rangeOf(plan, measure)));
  const squaredSensitivity = BigInt(table.cellsPerRow) * bound * bound;
  return gaussianVariance({ squaredSensitivity: squaredSensitivity || 1n, rho: plan.protection.rho });
}

/** What a run costs a person in the sender's table, in millionths of ρ: every table and measure, and the blurred total. */
export function privacyCost(plan: SumPlan): MicroRho | undefined {
  if (plan.protection.kind !== 'noise') return undefined;
  return plan.tables.length * measuresOf(plan).length * plan.protection.rho + blurCost;
}

/** Of the match total: a discrete Gaussian of σ = 10 over a count, Δ²/2σ² = 1/200. */
const blurCost: MicroRho = 5000;

/** The largest absolute value between two bounds. */
export function boundOf({ min, max }: { readonly min: number; readonly max: number }): number {
  return Math.max(Math.abs(min), Math.abs(max));
}
