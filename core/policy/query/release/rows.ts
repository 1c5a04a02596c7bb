/** HAVING, ORDER BY and LIMIT, over rows that are released. */
import type { Shown } from '../compile/presentation.ts';
import type { Comparison } from '../tree/predicate.ts';

type Cell = bigint | number | string | null;

export function chooseRows<Row extends readonly Cell[]>(
  rows: readonly Row[],
  { having, order, limit }: Shown,
): readonly Row[] {
  const kept = having === undefined ? rows : rows.filter((row) => holds(row[having.output]!, having.by, having.value));
  const sorted = kept.toSorted((a, b) => {
    for (const { output, isDescending, nullsFirst } of order) {
      const difference = compareCells(a[output]!, b[output]!, { isDescending, nullsFirst });
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return limit === undefined ? sorted : sorted.slice(0, limit);
}

/** What is not stated fulfils no condition. */
function holds(cell: Cell, by: Comparison, value: number | string): boolean {
  if (cell === null) return false;
  const difference = typeof value === 'string' ? compare(String(cell), value) : compare(Number(cell), value);
  switch (by) {
    case '=':
      return difference === 0;
    case '<>':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

function compareCells(a: Cell, b: Cell, how: { readonly isDescending: boolean; readonly nullsFirst: boolean }): number {
  if (a === null || b === null) {
    const nulls = (a === null ? 1 : 0) - (b === null ? 1 : 0);
    return how.nullsFirst ? -nulls : nulls;
  }
  const areTexts = typeof a === 'string' || typeof b === 'string';
  const difference = areTexts ? compare(String(a), String(b)) : a < b ? -1 : a > b ? 1 : 0;
  return how.isDescending ? -difference : difference;
}

function compare<Ordered extends string | number>(a: Ordered, b: Ordered): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
