/**
 * A figure of a result: a table, and how it is drawn. A chart names columns of the table and holds no number of its own, so it cannot show what the table does
 * not; whoever cannot see it, exports it or prints it has the same numbers.
 */

/** What stands in a cell. */
export type Cell =
  /** A name, or a number in the column's unit. */
  | string
  | number
  /** Held back: too few people, or hidden to protect such a group. Never 0. */
  | typeof hidden
  /** Shown as more than this: the rate itself would say of nearly everybody that they match. */
  | { readonly over: number }
  /** Nothing to say here. */
  | null;

export const hidden = { hidden: true } as const;

export interface Column {
  readonly key: string;
  readonly title: string;
  readonly unit: Unit;
}

export type Unit =
  | { readonly kind: 'name' }
  /** Whole things, such as people. */
  | { readonly kind: 'count' }
  /** Parts of 1, told in percent. */
  | { readonly kind: 'share'; readonly digits: number }
  | { readonly kind: 'decimal'; readonly digits: number }
  /** In units of the currency, of which `10 ** digits` make one as people write it. */
  | { readonly kind: 'money'; readonly currency: string; readonly digits: number };

export type Chart =
  /** A bar for each row, with the interval of its value. */
  | {
      readonly kind: 'bars';
      readonly name: string;
      readonly value: string;
      readonly interval?: Interval;
      /** Where bars begin and what they are held against: 100 of an index. */
      readonly baseline?: number;
      /** A column that is empty in rows whose difference from the baseline may be chance: they are drawn paler. */
      readonly sure?: string;
      /** A scale that ends here whatever the values: 1 of a share of all. */
      readonly most?: number;
    }
  /** A group of bars for each row: one for each value column, of one unit. */
  | {
      readonly kind: 'groups';
      readonly name: string;
      readonly values: readonly string[];
      readonly isStacked?: boolean;
      /** Names are few and in an order, such as how often: they stand below. */
      readonly isUpright?: boolean;
    }
  /** A point and its interval for each row. */
  | {
      readonly kind: 'points';
      readonly name: string;
      readonly value: string;
      readonly interval: Interval;
      readonly baseline: number;
    }
  | { readonly kind: 'heat'; readonly x: string; readonly y: string; readonly value: string; readonly middle?: number }
  /** From the left to the right; a name stands on one side only. */
  | { readonly kind: 'flow'; readonly from: string; readonly to: string; readonly value: string };

/** Columns of the two ends of a 95 % interval. */
export interface Interval {
  readonly low: string;
  readonly high: string;
}

export interface Figure {
  /** Short and stable: part of the names of files. */
  readonly id: string;
  readonly title: string;
  /** Figures of one part of the report, such as a dimension; a reader chooses among parts. */
  readonly part?: string;
  /** What a reader should know before comparing anything. */
  readonly notes?: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly chart?: Chart;
  /** Many bars or a long stream: it has the whole width. */
  readonly isWide?: true;
}

export function isHidden(cell: Cell): cell is typeof hidden {
  return typeof cell === 'object' && cell !== null && 'hidden' in cell;
}

/** @returns the number that a cell is drawn as; none for what is held back or not there. */
export function numberIn(cell: Cell): number | undefined {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'object' && cell !== null && 'over' in cell ? cell.over : undefined;
}

/** Whether a chart has anything to draw: where all of it is held back, the table says so. */
export function hasNumbers(figure: Figure): boolean {
  const { chart } = figure;
  if (chart === undefined) return false;
  const keys = chart.kind === 'groups' ? chart.values : [chart.value];
  const places = keys.map((key) => placeOf(figure, key));
  return figure.rows.some((row) => places.some((place) => numberIn(row[place]!) !== undefined));
}

/** @throws {RangeError} for a key that no column has. */
export function placeOf({ id, columns }: Pick<Figure, 'id' | 'columns'>, key: string): number {
  const place = columns.findIndex((column) => column.key === key);
  if (place < 0) throw new RangeError(`figure ${id} has no column ${key}`);
  return place;
}

/** Fewest people behind a number. */
export interface Minimum {
  readonly people: number;
  /** Whose rule says so; empty where all have agreed on it. */
  readonly owners: readonly string[];
}
