/** What each channel is credited with: models side by side, then each of them with its interval and what it cost, then the paths. */
import { type AttributionTable, modelNames } from '@causeway/core/applications/attribution';
import type { AttributionData } from '@causeway/core/applications/request';
import { type Cell, type Column, type Figure, hidden } from '../../../charts/figure.ts';
import {
  column,
  count,
  decimal,
  ends,
  heading,
  intervalColumns,
  intervalOf,
  name,
  share,
  type Telling,
  type ToldResult,
  told,
} from './told.ts';

type Row = AttributionTable['rows'][number];
type Money = Row['money'][number];

/** Credits of an order are shared out: an order has parts. */
const orders = decimal(1);

export function attributionFigures(report: AttributionData, telling: Telling): ToldResult {
  const { say } = telling;
  const byDimension = Map.groupBy(report.tables, ({ dimension }) => dimension);
  return {
    facts: [{ label: say('orders'), cell: told(report.orders), unit: count }],
    figures: [
      ...[...byDimension.values()].flatMap((tables) => [
        ...(tables.length > 1 ? [comparison(tables, telling)] : []),
        ...tables.map((table) => modelFigure(table, telling)),
      ]),
      ...(report.paths === undefined ? [] : pathFigures(report.paths, telling)),
    ],
  };
}

/** Models against each other, for the units of one dimension. */
function comparison(tables: readonly AttributionTable[], { say, words }: Telling): Figure {
  const { dimension } = tables[0]!;
  const units = [...new Set(tables.flatMap(({ rows }) => rows.map(({ unit }) => unit)))];
  const noisy = tables.filter(({ withinNoise }) => withinNoise.orders);
  return {
    id: `attribution-${dimension}`,
    title: say('modelsBy', { dimension: say(dimension) }),
    part: heading(say(dimension)),
    notes: noisy.map(({ model }) => say('modelWithinNoise', { model: words(modelNames[model]) })),
    columns: [
      column('unit', heading(say(dimension)), name),
      ...tables.map(({ model }) => column(model, heading(words(modelNames[model])), orders)),
    ],
    rows: units.map((unit) => [
      unitName(unit, say),
      ...tables.map(({ rows }) => {
        const row = rows.find((one) => one.unit === unit);
        return row === undefined ? null : told(row.orders);
      }),
    ]),
    chart: { kind: 'groups', name: 'unit', values: tables.map(({ model }) => model) },
    isWide: true,
  };
}

/** One model of one dimension: orders with intervals, and what they were worth and cost in each currency. */
function modelFigure(table: AttributionTable, { say, words }: Telling): Figure {
  const { model, dimension, rows, untouched, withinNoise } = table;
  const currencies = [
    ...new Map(rows.flatMap(({ money }) => money.map((one) => [one.currency, one] as const))).values(),
  ];
  const hasExpected = rows.some(({ expected }) => expected !== undefined);
  const rest = (cells: number) => Array<Cell>(cells).fill(null);
  const moneyColumns = currencies.flatMap((money) => columnsOf(money, table, say));
  return {
    id: `attribution-${dimension}-${model}`,
    title: say('creditBy', { model: heading(words(modelNames[model])), dimension: say(dimension) }),
    part: heading(say(dimension)),
    notes: [
      ...(withinNoise.orders ? [say('unitsWithinNoise')] : []),
      ...(!withinNoise.orders && withinNoise.expected ? [say('expectedWithinNoise')] : []),
    ],
    columns: [
      column('unit', heading(say(dimension)), name),
      column('orders', say('orders'), orders),
      ...intervalColumns(say, orders),
      ...(hasExpected ? [column('expected', say('expected'), orders)] : []),
      column('persons', say('people'), count),
      ...moneyColumns,
    ],
    rows: [
      ...rows.map((row): Cell[] => [
        unitName(row.unit, say),
        told(row.orders),
        ...ends(row.interval),
        ...(hasExpected ? [row.expected ?? null] : []),
        told(row.persons),
        ...currencies.flatMap((money) =>
          moneyCells(
            row.money.find(({ currency }) => currency === money.currency),
            money,
            table,
            say,
          ),
        ),
      ]),
      ...(untouched === undefined
        ? []
        : [[say('untouched'), untouched, ...rest(3 + (hasExpected ? 1 : 0) + moneyColumns.length)]]),
    ],
    chart: { kind: 'bars', name: 'unit', value: 'orders', ...intervalOf(rows) },
  };
}

/** Columns that nothing was said of in any row are left out. */
function hasMoney({ rows }: AttributionTable, currency: string, field: keyof Money): boolean {
  return rows.some(({ money }) => money.some((one) => one.currency === currency && one[field] !== undefined));
}

function columnsOf({ currency, digits }: Money, table: AttributionTable, say: Telling['say']): readonly Column[] {
  const money = { kind: 'money', currency, digits } as const;
  const of = (field: keyof Money, title: string, unit: Column['unit']) =>
    hasMoney(table, currency, field) ? [column(`${currency} ${field}`, title, unit)] : [];
  return [
    ...of('value', say('worth'), money),
    ...of('cost', say('cost'), money),
    ...of('costPerOrder', say('costPerOrder'), money),
    ...of('roi', say('roi'), share()),
    ...(hasMoney(table, currency, 'roiInterval') ? intervalColumns(say, share(), `${currency} roi `) : []),
    ...of('roas', say('roas'), decimal(2)),
  ];
}

/** As many cells as there are columns; a value that is not told is held back. */
function moneyCells(
  money: Money | undefined,
  { currency }: Money,
  table: AttributionTable,
  say: Telling['say'],
): readonly Cell[] {
  const cell = (field: 'value' | 'cost' | 'costPerOrder' | 'roi' | 'roas'): readonly Cell[] => {
    if (!hasMoney(table, currency, field)) return [];
    const value = money?.[field];
    if (value === 'no cost') return [say('noCost')];
    if (value === 'no orders') return [say('noOrders')];
    return [value ?? (field === 'value' ? hidden : null)];
  };
  return [
    ...cell('value'),
    ...cell('cost'),
    ...cell('costPerOrder'),
    ...cell('roi'),
    ...(hasMoney(table, currency, 'roiInterval') ? ends(money?.roiInterval) : []),
    ...cell('roas'),
  ];
}

type Paths = NonNullable<AttributionData['paths']>;

/** Paths by their orders, and the steps that they are made of. */
function pathFigures(paths: Paths, { say }: Telling): readonly Figure[] {
  const part = heading(say('paths'));
  const rows = paths.rows.map((row) => ({ ...row, interval: 'interval' in row ? row.interval : undefined }));
  const others: readonly (readonly Cell[])[] = [
    ...(paths.longer === undefined ? [] : [[say('longerPaths'), null, paths.longer.orders, null, null] as const]),
    ...('rare' in paths ? [[say('rarePaths'), null, paths.rare.orders, null, null] as const] : []),
  ];
  const steps = new Map<string, { readonly from: string; readonly to: string; orders: number }>();
  for (const { path, orders: led } of paths.rows) {
    const stops = [...path.map((unit, i) => say('step', { number: i + 1, unit: unitName(unit, say) })), say('order')];
    for (const [i, to] of stops.slice(1).entries()) {
      const from = stops[i]!;
      const key = JSON.stringify([from, to]);
      const step = steps.get(key) ?? { from, to, orders: 0 };
      step.orders += led;
      steps.set(key, step);
    }
  }
  return [
    {
      id: 'paths-steps',
      title: say('pathSteps'),
      part,
      notes: [say('pathStepsAbout')],
      columns: [
        column('from', say('from'), name),
        column('to', say('to'), name),
        column('orders', say('orders'), count),
      ],
      rows: [...steps.values()].map(({ from, to, orders: led }) => [from, to, led]),
      chart: { kind: 'flow', from: 'from', to: 'to', value: 'orders' },
      isWide: true,
    },
    {
      id: 'paths',
      title: say('pathsByOrders'),
      part,
      columns: [
        column('path', say('path'), name),
        column('persons', say('people'), count),
        column('orders', say('orders'), count),
        ...intervalColumns(say, count),
      ],
      rows: [
        ...rows.map(({ path, persons, orders: led, interval }): Cell[] => [
          path.map((unit) => unitName(unit, say)).join(' → '),
          persons,
          led,
          ...ends(interval),
        ]),
        ...others,
      ],
      chart: { kind: 'bars', name: 'path', value: 'orders', ...intervalOf(rows) },
    },
  ];
}

function unitName(unit: string, say: Telling['say']): string {
  return unit === '' ? say('none') : unit;
}
