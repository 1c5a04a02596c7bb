/** The paths that led to orders, as people read them: repeats in a row are one, long ones and rare ones are told together. */
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
  const all = [...known.values()].filter(({ orders }) => orders > 0);
  const isShown = ({ persons, orders }: PathRow | (typeof all)[number]) =>
    persons >= minimumGroup && orders >= minimumGroup;
  const rows = all
    .filter(isShown)
    .map(({ units, persons, orders }): PathRow => ({ path: units.map((unit) => names[unit]!), persons, orders }))
    .sort((a, b) => b.orders - a.orders || (a.path.join() < b.path.join() ? -1 : 1));
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

function rowWords({ path, persons, orders }: PathRow): Words {
  return {
    en: `${path.join(' → ')}: ${grouped(orders)} orders, ${grouped(persons)} people.`,
    zh: `${path.join(' → ')}：${grouped(orders)} 个订单，${grouped(persons)} 人。`,
  };
}
