/** The paths that led to orders, as people read them: repeats in a row are one, long ones and rare ones are told together. */
import { around, type Interval } from '../../statistics/index.ts';
import { optional, type Released } from '../report/index.ts';
import { grouped, type Words } from '../words.ts';
import type { Collected } from './collect.ts';
import { pathsOf } from './journeys.ts';

/** Units in a path that is shown by itself. */
const shownUnitsMax = 3;

export interface PathRow {
  readonly path: readonly string[];
  /** People who went it, to an order or not; who went it more than once counts once. */
  readonly persons: number;
  readonly orders: number;
}

export interface PathExplorer {
  /** Most orders first. */
  readonly rows: readonly PathRow[];
  /** Orders by paths of more units, and by paths of fewer people than may be shown. */
  readonly longer: { readonly orders: number };
  readonly rare: { readonly paths: number; readonly orders: number };
  readonly words: readonly Words[];
}

/** @returns rows whose orders, with those of the longer and of the rare paths, are all orders with a touch. */
export function explorePaths(collected: Collected, minimumGroup: number): PathExplorer {
  const names = collected.dimensions[collected.pathDimension].units;
  const { paths, longer } = countShortPaths(collected);
  const all = paths.filter(({ orders }) => orders > 0);
  const isShown = ({ persons, orders }: ShortPath) => persons >= minimumGroup && orders >= minimumGroup;
  const rows = all
    .filter(isShown)
    .map(({ units, persons, orders }): PathRow => ({ path: units.map((unit) => names[unit]!), persons, orders }))
    .sort(byOrders);
  const rare = all.filter((row) => !isShown(row));
  const rareOrders = rare.reduce((sum, { orders }) => sum + orders, 0);
  return {
    rows,
    longer: { orders: longer },
    rare: { paths: rare.length, orders: rareOrders },
    words: [
      ...rows.slice(0, 3).map(rowWords),
      {
        en: `${grouped(longer)} orders by longer paths, ${grouped(rareOrders)} by paths of fewer than ${grouped(minimumGroup)} people or orders.`,
        zh: `较长路径的订单 ${grouped(longer)} 个，人数或订单数少于 ${grouped(minimumGroup)} 的路径的订单 ${grouped(rareOrders)} 个。`,
      },
    ],
  };
}

/** A path that may be shown by itself: units, of which none is twice in a row. */
export interface ShortPath {
  readonly units: readonly number[];
  /** People who went it, to an order or not. */
  readonly persons: number;
  readonly orders: number;
}

/** Short paths that somebody went, and the orders of all others. */
export function countShortPaths(collected: Collected): {
  readonly paths: readonly ShortPath[];
  readonly longer: number;
} {
  const journeys = collected.tree.journeys();
  const known = new Map<number, { units: readonly number[]; persons: number; orders: number; latest: number }>();
  let longer = 0;
  for (const [j, persons] of journeys.persons.entries()) {
    for (const { units, converts } of pathsOf(journeys, j)) {
      const distinct = units.filter((unit, i) => unit !== units[i - 1]);
      if (distinct.length > shownUnitsMax) {
        if (converts) longer += persons;
        continue;
      }
      const key = distinct.reduce((number, unit) => number * 2 ** 16 + unit + 1, 0);
      const row = known.get(key) ?? { units: distinct, persons: 0, orders: 0, latest: -1 };
      if (converts) row.orders += persons;
      if (row.latest !== j) row.persons += persons;
      row.latest = j;
      known.set(key, row);
    }
  }
  return { paths: [...known.values()], longer };
}

/** All short paths that there could be between so many units, in a fixed order. */
export function shortPathsOf(unitCount: number): readonly (readonly number[])[] {
  const paths: (readonly number[])[] = Array.from({ length: unitCount }, (_, unit) => [unit]);
  for (const path of paths) {
    if (path.length === shownUnitsMax) continue;
    for (let unit = 0; unit < unitCount; unit++) if (unit !== path.at(-1)) paths.push([...path, unit]);
  }
  return paths;
}

export interface NoisyPaths {
  /** Most orders first; those whose people surely reach the minimum. */
  readonly rows: readonly (PathRow & { readonly interval: Interval })[];
  /** Absent where too few. */
  readonly longer?: { readonly orders: number };
  readonly words: readonly Words[];
}

/** @param cells by path, as they were released. @param personMax orders of one person that count. */
export function reportPaths(
  cells: readonly { readonly path: readonly string[]; readonly persons: Released; readonly orders: Released }[],
  longer: Released,
  personMax: number,
): NoisyPaths {
  const rows = cells
    .flatMap(({ path, persons, orders }) => {
      if (persons === undefined || orders === undefined || orders.value <= 0) return [];
      const interval = around(orders.value, orders.noise + personMax * orders.value);
      return [{ path, persons: Math.round(persons.value), orders: Math.round(orders.value), interval }];
    })
    .sort(byOrders);
  const shown = optional('longer', longer && { orders: Math.max(0, Math.round(longer.value)) });
  const words = rows.slice(0, 3).map(rowWords);
  if (shown.longer === undefined) return { rows, words };
  const orders = grouped(shown.longer.orders);
  return {
    rows,
    ...shown,
    words: [...words, { en: `About ${orders} orders by longer paths.`, zh: `较长路径的订单约 ${orders} 个。` }],
  };
}

function byOrders(a: PathRow, b: PathRow): number {
  return b.orders - a.orders || (a.path.join() < b.path.join() ? -1 : 1);
}

function rowWords({ path, persons, orders }: PathRow): Words {
  return {
    en: `${path.join(' → ')}: ${grouped(orders)} orders, ${grouped(persons)} people.`,
    zh: `${path.join(' → ')}：${grouped(orders)} 个订单，${grouped(persons)} 人。`,
  };
}
