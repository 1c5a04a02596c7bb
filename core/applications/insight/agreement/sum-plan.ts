/** From the terms to what the protocol runs: cells by number, columns by bounds. */
import type { SumPlan } from '../../../protocols/join-sum/index.ts';
import type { InsightTerms } from './terms.ts';

/** The table of one cell in which every row is. */
const allTable = { name: 'all', cellCount: 1, cellsPerRow: 1 } as const;

type Shape = Pick<InsightTerms, 'tables' | 'columns' | 'protection' | 'limits'>;

export function sumPlanOf({ tables, columns, protection, limits }: Shape): SumPlan {
  return {
    tables: [
      allTable,
      ...tables.map(({ segments }) => ({
        name: segments.map(({ column }) => column).join('\u0000'),
        cellCount: segments.reduce((cells, { values }) => cells * values.length, 1),
        cellsPerRow: 1,
      })),
    ],
    columns: columns.map(({ column, decimals, min, max, squares }) => ({
      name: column,
      min: min * 10 ** decimals,
      max: max * 10 ** decimals,
      squares,
    })),
    groupCount: 1,
    minimumGroupRows: limits.minimumGroupRows,
    movesEdge: true,
    protection,
  };
}

/** The values that a cell stands for, by column; none for the cell of all. In plan order. */
export function cellValues({ tables }: Pick<InsightTerms, 'tables'>): readonly Readonly<Record<string, string>>[] {
  return [
    {},
    ...tables.flatMap(({ segments }) =>
      segments.reduce<Readonly<Record<string, string>>[]>(
        (cells, { column, values }) => cells.flatMap((cell) => values.map((value) => ({ ...cell, [column]: value }))),
        [{}],
      ),
    ),
  ];
}

/** Columns that segments are made of, each once, in the order of the terms. */
export function segmentColumns({ tables }: Pick<InsightTerms, 'tables'>): readonly {
  readonly column: string;
  readonly values: readonly string[];
}[] {
  const seen = new Map<string, { column: string; values: readonly string[] }>();
  for (const { segments } of tables) for (const segment of segments) seen.set(keyOf(segment), segment);
  return [...seen.values()];
}

/**
 * The cells of a person, in plan order.
 * @param codeOf the number of its value in a segment of {@link segmentColumns}; undefined where it is none of them.
 */
export function cellsOf(
  { tables }: Pick<InsightTerms, 'tables'>,
  codeOf: (segment: number) => number | undefined,
): (number | undefined)[] {
  const columns = segmentColumns({ tables }).map(keyOf);
  let first = 1;
  return [
    0,
    ...tables.map(({ segments }) => {
      const size = segments.reduce((cells, { values }) => cells * values.length, 1);
      const cell = segments.reduce<number | undefined>((at, segment) => {
        const code = codeOf(columns.indexOf(keyOf(segment)));
        return at === undefined || code === undefined ? undefined : at * segment.values.length + code;
      }, 0);
      first += size;
      return cell === undefined ? undefined : first - size + cell;
    }),
  ];
}

/** One column may be cut differently in two tables. */
function keyOf({ column, values }: { readonly column: string; readonly values: readonly string[] }): string {
  return JSON.stringify([column, values]);
}
