/**
 * What is computed over the rows: names of tables and columns from the catalogue, and whole numbers. Nothing that was typed is in it; the engine's SQL
 * is written from it alone.
 */
import type { Diagram, Segment } from './diagram/diagram.ts';
import type { Domain } from './rules/domain.ts';

export interface Plan {
  /** The inner ones first, each part by owner and name; the first holds the persons. */
  readonly tables: readonly PlanTable[];
  /** All that conditions and groups could be about; diagrams and dimensions name them by their place. */
  readonly variables: readonly PlanVariable[];
  readonly dimensions: readonly PlanDimension[];
  readonly questions: readonly PlanQuestion[];
  /** Figures as they are: no limit on what a person adds, and with each cell the set of its persons. */
  readonly isExact: boolean;
}

export interface PlanTable {
  readonly owner: string;
  readonly name: string;
  readonly join: 'inner' | 'left';
  readonly rowsOf: 'person' | 'event';
  /** The column that says whose row it is. */
  readonly person: string;
}

export interface PlanVariable {
  readonly id: string;
  /** The table's name. */
  readonly table: string;
  /** A column's or an audience's name; none for the presence of the table's row. */
  readonly kind: 'column' | 'audience' | 'presence';
  readonly name: string;
  readonly domain: Domain;
  /** Whether the atom past the domain's stands for a missing value. */
  readonly isNullable: boolean;
}

export interface PlanDimension {
  readonly variable: number;
  /** Every atom lies in one segment; `to` is a cell. */
  readonly segments: readonly Segment[];
  readonly cellCount: number;
  /** Whether one person may have rows in several cells. */
  readonly isEvent: boolean;
}

export interface PlanQuestion {
  readonly filter: Diagram;
  readonly measures: readonly Measure[];
  /** Groups kept for each person, where rows of one could lie in more. */
  readonly cut: number | undefined;
}

export interface PlanColumn {
  readonly table: string;
  readonly name: string;
  /** Rows outside count as the nearer end. */
  readonly min: number;
  readonly max: number;
}

export type Measure =
  /** Distinct persons. */
  | { readonly kind: 'persons' }
  /** Rows, of each person at most `most` in a cell. */
  | { readonly kind: 'rows'; readonly most: number }
  /** The sum of a column, of each person in a cell brought within `low` and `high`. */
  | { readonly kind: 'sum'; readonly column: PlanColumn; readonly low: number; readonly high: number }
  /** The sum of the squares of a column's values, each brought within the clip, of each person at most the larger end's square. */
  | { readonly kind: 'squares'; readonly column: PlanColumn; readonly low: number; readonly high: number }
  /** One number for the whole table: distinct persons; those of whom groups were cut; those of whom a figure was clipped. */
  | { readonly kind: 'everyone' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'clipped'; readonly measure: number };

export type WholeMeasure = Extract<Measure, { kind: 'everyone' | 'cut' | 'clipped' }>;

/** Whether the measure has one number for the whole table instead of one for each cell. */
export function isWhole(measure: Measure): measure is WholeMeasure {
  return measure.kind === 'everyone' || measure.kind === 'cut' || measure.kind === 'clipped';
}

/**
 * The measures of a question to which one person may add another amount than the next: what guards exact answers looks at these person by person, in this order.
 */
export function amountMeasures({ tables }: Plan, { measures }: PlanQuestion): readonly number[] {
  const hasEvents = tables.some(({ rowsOf }) => rowsOf === 'event');
  return measures.flatMap(({ kind }, place) =>
    kind === 'sum' || kind === 'squares' || (kind === 'rows' && hasEvents) ? [place] : [],
  );
}

/** The columns of a table that its questions read, beside the person; each once. */
export function usedColumns(
  { variables, dimensions, questions }: Plan,
  table: string,
): readonly { readonly name: string; readonly isText: boolean }[] {
  const places = [...questions.flatMap(({ filter }) => filter.nodes), ...dimensions].map(({ variable }) => variable);
  const conditions = [...new Set(places)]
    .map((place) => variables[place]!)
    .filter((variable) => variable.kind === 'column' && variable.table === table)
    .map(({ name, domain }) => ({ name, isText: domain.kind === 'category' }));
  const measured = questions
    .flatMap(({ measures }) => measures.flatMap((measure) => ('column' in measure ? [measure.column] : [])))
    .filter((column) => column.table === table)
    .map(({ name }) => ({ name, isText: false }));
  return [...new Map([...conditions, ...measured].map((column) => [JSON.stringify(column), column])).values()];
}

/** The dimensions in which one person may have rows in several cells, each with its place among all. */
export function eventDimensions({ dimensions }: Plan): readonly number[] {
  return dimensions.flatMap(({ isEvent }, i) => (isEvent ? [i] : []));
}

/** A cell's number from its cells along each dimension; the last dimension counts fastest. */
export function cellNumber(cells: readonly number[], dimensions: readonly PlanDimension[]): number {
  return cells.reduce((number, cell, i) => number * dimensions[i]!.cellCount + cell, 0);
}

/** The cells along each dimension, from a cell's number. */
export function cellParts(number: number, dimensions: readonly PlanDimension[]): readonly number[] {
  const parts: number[] = [];
  let rest = number;
  for (const { cellCount } of dimensions.toReversed()) {
    parts.unshift(rest % cellCount);
    rest = Math.floor(rest / cellCount);
  }
  return parts;
}
