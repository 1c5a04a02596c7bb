/** True numbers → numbers as they are released and stored, and the report that is made of them as often as it is asked for. */
import { ceilingRoot, discreteGaussian, KeyedRandom, RandomIntegers, type Ratio, ratio } from '../../privacy/index.ts';
import { exact, noisy } from '../../statistics/index.ts';
import type { Released } from '../report/index.ts';
import type { CompiledReport, PricedTable } from './compile.ts';
import type { ReportData } from './report-kind.ts';
import type { TrueNumbers } from './table.ts';

/** By table, in the order of its cells: decimal numbers, null where an exact one is hidden. Plain JSON. */
export type ReleasedReport = Readonly<Record<string, readonly (string | null)[]>>;

/**
 * Adds to each number the noise of its name; the receiver's own stay as they are. All of it is drawn here, before anything is released.
 * @param secret of the room, 32 bytes or more.
 */
export function withReportNoise({ tables }: CompiledReport, numbers: TrueNumbers, secret: Uint8Array): ReleasedReport {
  const released = tables.map((table) => {
    const own = numbers[table.name];
    if (own?.length !== table.cells) throw new RangeError(`${table.name}: expected ${table.cells} numbers`);
    return [table.name, own.map((number, cell) => String(number + noiseOf(table, cell, secret)))] as const;
  });
  return Object.fromEntries(released);
}

/** @param shown by table, in the order of its cells: which of the others' numbers may be told. */
export function withoutHidden(
  { tables }: CompiledReport,
  numbers: TrueNumbers,
  shown: Readonly<Record<string, readonly boolean[]>>,
): ReleasedReport {
  const released = tables.map(({ name, isOwn }) => {
    const own = numbers[name]!;
    return [name, own.map((number, cell) => (isOwn || shown[name]![cell] ? String(number) : null))] as const;
  });
  return Object.fromEntries(released);
}

function noiseOf({ variance, keys }: PricedTable, cell: number, secret: Uint8Array): bigint {
  if (variance === undefined) return 0n;
  return discreteGaussian(variance, new RandomIntegers(new KeyedRandom({ secret, name: keys[cell]! })));
}

/** A noisy number is shown iff its people's noisy count reaches k + ⌈2σ⌉; exact ones were hidden when they were released. */
export function presentReport({ resolved, tables, k }: CompiledReport, numbers: ReleasedReport): ReportData {
  if (resolved.kind === 'own-rows') throw new TypeError('expected a report of released numbers');
  const byName = new Map(tables.map((table) => [table.name, table]));
  return resolved.report((name) => {
    const table = byName.get(name);
    if (table === undefined) return [];
    return table.variance === undefined ? exactCells(numbers[name]!) : shown(table, byName, numbers, k);
  }, k);
}

function exactCells(values: readonly (string | null)[]): readonly Released[] {
  return values.map((value) => (value === null ? undefined : exact(Number(value))));
}

function shown(
  table: PricedTable,
  byName: ReadonlyMap<string, PricedTable>,
  numbers: ReleasedReport,
  k: number,
): readonly Released[] {
  const people = byName.get(table.people.table)!;
  const least = BigInt(k) + twoDeviations(people.variance);
  const counts = numbers[people.name]!;
  const variance =
    table.variance === undefined ? 0 : Number(table.variance.numerator) / Number(table.variance.denominator);
  return numbers[table.name]!.map((value, cell) => {
    const count = counts[table.people.cell === 'first' ? 0 : cell]!;
    return BigInt(count!) >= least ? noisy(Number(value), variance) : undefined;
  });
}

function twoDeviations(variance: Ratio | undefined): bigint {
  return variance === undefined ? 0n : ceilingRoot(ratio(4n * variance.numerator, variance.denominator));
}
