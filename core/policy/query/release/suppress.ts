/**
 * Suppression in exact tables. A cell that is too small is hidden; and where a line of the table has a total that somebody may know, a hidden cell must
 * not follow from it: never exactly one is hidden in a line, and those that are hidden in it are not too small together.
 */

export interface TableCell {
  readonly number: number;
  /** Along each dimension. */
  readonly parts: readonly number[];
  /** Of two cells that could be hidden, the smaller one is. */
  readonly size: number;
}

/**
 * @param isSmall whether these cells, taken together, tell about too few.
 * @returns the numbers of the hidden cells.
 */
export function hiddenCells<Cell extends TableCell>(
  cells: readonly Cell[],
  isSmall: (cells: readonly Cell[]) => boolean,
): ReadonlySet<number> {
  const hidden = new Set(cells.filter((cell) => isSmall([cell])).map(({ number }) => number));
  const lines = linesOf(cells);
  // Hiding a cell for one line can leave another line with exactly one: until nothing changes.
  for (let before = -1; before < hidden.size; ) {
    before = hidden.size;
    for (const line of lines) protect(line, hidden, isSmall);
  }
  return hidden;
}

function protect<Cell extends TableCell>(
  line: readonly Cell[],
  hidden: Set<number>,
  isSmall: (cells: readonly Cell[]) => boolean,
): void {
  const shown = line.filter(({ number }) => !hidden.has(number)).sort((a, b) => a.size - b.size || a.number - b.number);
  const taken = line.filter(({ number }) => hidden.has(number));
  while (taken.length > 0 && shown.length > 0 && (taken.length === 1 || isSmall(taken))) {
    const next = shown.shift()!;
    hidden.add(next.number);
    taken.push(next);
  }
}

/** The cells that differ along one dimension alone, for every dimension; a table without dimensions has none. */
function linesOf<Cell extends TableCell>(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const dimensionCount = cells[0]?.parts.length ?? 0;
  return Array.from({ length: dimensionCount }, (_, along) => {
    const lines = new Map<string, Cell[]>();
    for (const cell of cells) {
      const key = cell.parts.filter((_, i) => i !== along).join();
      lines.set(key, [...(lines.get(key) ?? []), cell]);
    }
    return [...lines.values()];
  }).flat();
}
