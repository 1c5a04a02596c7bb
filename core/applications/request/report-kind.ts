/** What an application brings to be asked for as a report of a room. */
import type { AttributionSettings, AttributionSource, Collected, OwnPart, Placement } from '../attribution/index.ts';
import type { Words } from '../words.ts';
import type { Sources } from './sources.ts';
import type { ReleasedTables, ReleaseTable, TrueNumbers } from './table.ts';

/** A row as the engine gives it: integers beyond 53 bits are text. */
export type Row = Readonly<Record<string, unknown>>;
export type RowsOf = (statement: string) => readonly Row[];

/** What people of one kind add to which numbers: by table, cells with whole numbers. */
export type PersonNumbers = Readonly<Record<string, readonly (readonly [cell: number, amount: number])[]>>;

/** Plain JSON, with the sentences that people read. */
export interface ReportData {
  readonly words: readonly Words[];
}

interface Report {
  /** @throws {ReportRefused} where noise could not hide a person, there would be too many numbers, or they are told with noise alone. */
  readonly tables: (protection: 'noise' | 'exact') => readonly ReleaseTable[];
  /** @param k the fewest people behind a figure; 1 in a report on one's own people. */
  readonly report: (released: ReleasedTables, k: number) => ReportData;
}

/** Numbers that SQL gives. */
export interface CountedReport extends Report {
  readonly kind: 'counted';
  /** Tables that have to be the receiver's own. */
  readonly ownTables?: readonly string[];
  /** @param events what stands after FROM: events once each, with the columns of `eventColumns`. */
  readonly statements: (sources: Sources, events: string) => Readonly<Record<string, string>>;
  readonly numbers: (rows: RowsOf) => TrueNumbers;
  /** Kinds of people that there could be: so many that what holds for sums and differences of their numbers holds for everybody's. */
  readonly kinds: () => readonly PersonNumbers[];
  /** Whom each number is about. @returns by table, a SELECT of `cell`, `person` and `amount`: whole numbers, a person once in a cell. */
  readonly members: (sources: Sources, events: string) => Readonly<Record<string, string>>;
}

/** Numbers that are collected from journeys, one pass over sorted events. */
export interface JourneyReport extends Report {
  readonly kind: 'journeys';
  readonly settings: AttributionSettings;
  readonly source: (sources: Sources, events: string) => AttributionSource;
  readonly numbers: (collected: Collected) => TrueNumbers;
  /** Kinds of people, as for counted numbers. @param placements those that occur. */
  readonly kinds: (placements: readonly Placement[]) => readonly PersonNumbers[];
  /** @returns what one person adds. */
  readonly members: (dimensions: Collected['dimensions']) => (own: OwnPart) => PersonNumbers;
  /** One owner's own events: everything as it is, with models over all distinct paths. */
  readonly own: (collected: Collected, rows: RowsOf) => ReportData;
}

/** Told from rows that no number stands for, to their owner alone. */
export interface OwnReport {
  readonly kind: 'own-rows';
  readonly statements: (sources: Sources) => Readonly<Record<string, string>>;
  readonly report: (rows: RowsOf) => ReportData;
}

export type ResolvedReport = CountedReport | JourneyReport | OwnReport;

export function integerOf(cell: unknown): bigint {
  return BigInt(String(cell));
}

/** Numbers of the cells in their order; what does not occur is 0. */
export function inOrder(cells: readonly string[], found: ReadonlyMap<string, bigint>): readonly bigint[] {
  return cells.map((cell) => found.get(cell) ?? 0n);
}
