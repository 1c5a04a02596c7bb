/** The path explorer over the rows of several owners: how many people went each short path, and how many orders it led to. */
import { type Collected, countShortPaths, type NoisyPaths, reportPaths, shortPathsOf } from '../attribution/index.ts';
import { peopleTable, type ReleasedTables, type ReleaseTable, sumTable, type TrueNumbers } from './table.ts';

/** A person goes the paths of the orders that count, and one that led to none. @param channels every channel that was declared. */
export function explorerTables(channels: readonly string[], ordersMax: number): readonly ReleaseTable[] {
  const cells = shortPaths(channels).length;
  const most = BigInt(ordersMax);
  const people = peopleTable('paths: people', cells, { in: ordersMax + 1, moves: true });
  const first = { table: 'people with orders', cell: 'first' } as const;
  return [
    people,
    sumTable('paths: orders', cells, { most, people: people.people, moves: true }),
    sumTable('longer paths: orders', 1, { most, people: first, moves: true }),
  ];
}

export function explorerNumbers(channels: readonly string[], collected: Collected): TrueNumbers {
  const { paths, longer } = countShortPaths(collected);
  const names = collected.dimensions.channel.units;
  const keyOf = (units: readonly string[]) => JSON.stringify(units);
  const found = new Map(paths.map((path) => [keyOf(path.units.map((unit) => names[unit]!)), path]));
  const keys = shortPaths(channels).map(keyOf);
  return {
    'paths: people': keys.map((key) => BigInt(found.get(key)?.persons ?? 0)),
    'paths: orders': keys.map((key) => BigInt(found.get(key)?.orders ?? 0)),
    'longer paths: orders': [BigInt(longer)],
  };
}

export function releasedPaths(channels: readonly string[], ordersMax: number, released: ReleasedTables): NoisyPaths {
  const [people, orders] = [released('paths: people'), released('paths: orders')];
  const cells = shortPaths(channels).map((path, i) => ({ path, persons: people[i], orders: orders[i] }));
  return reportPaths(cells, released('longer paths: orders')[0], ordersMax);
}

function shortPaths(channels: readonly string[]): readonly (readonly string[])[] {
  return shortPathsOf(channels.length).map((units) => units.map((unit) => channels[unit]!));
}
