/** Credits and costs → what each channel, campaign, creative and audience brought and cost, with sums that add up and intervals that say how surely. */
import { allOverlap, around, type Count, type Interval } from '../../statistics/index.ts';
import { optional, type Released } from '../report/index.ts';
import type { Words } from '../words.ts';
import type { AttributionCells, CreditTable } from './cells.ts';
import type { Dimension } from './journey-batch.ts';
import { tableWords } from './sentences.ts';
import { type AttributionModel, creditsPerOrder } from './settings.ts';
import type { SampleBound } from './shapley.ts';

/** What a unit brought and cost in one currency; nothing is converted. */
export interface MoneyRow {
  readonly currency: string;
  readonly digits: number;
  /** In units of the currency. */
  readonly value?: number;
  readonly cost?: number;
  /** Cost of an order, in units; `no orders` where there are none. */
  readonly costPerOrder?: number | 'no orders';
  /** (value − cost) / cost, and value / cost; `no cost` where nothing was spent. */
  readonly roi?: number | 'no cost';
  readonly roiInterval?: Interval;
  readonly roas?: number | 'no cost';
}

export interface AttributionRow {
  readonly unit: string;
  /** Absent where hidden. */
  readonly orders?: number;
  readonly interval?: Interval;
  /** Orders that would be the unit's if paths led to orders whatever is in them. */
  readonly expected?: number;
  readonly persons?: number;
  readonly money: readonly MoneyRow[];
}

export interface AttributionTable {
  readonly model: AttributionModel;
  readonly dimension: Dimension;
  readonly rows: readonly AttributionRow[];
  /** Orders that no touch came before: in no row. */
  readonly untouched?: number;
  /** Rows and untouched together; absent where one of them is hidden. */
  readonly sum?: number;
  /** Whether all units could have the same orders, or the same multiple of what is expected of them: then differences are chance. */
  readonly withinNoise: { readonly orders: boolean; readonly expected: boolean };
  readonly bound?: SampleBound;
  readonly words: readonly Words[];
}

export interface AttributionReport {
  readonly orders?: number;
  readonly tables: readonly AttributionTable[];
}

/** @throws {Error} where exact credits or values do not add up to the totals: nothing is shown that does not. */
export function reportAttribution(cells: AttributionCells): AttributionReport {
  return {
    ...optional('orders', ordersOf(cells.total.credits)),
    tables: cells.tables.map((table) => tableOf(table, cells)),
  };
}

function tableOf(table: CreditTable, cells: AttributionCells): AttributionTable {
  const { model, dimension } = table;
  checkSum(
    `${model} by ${dimension}`,
    [...table.rows.map(({ credits }) => credits), cells.untouched.credits],
    cells.total.credits,
  );
  for (const [c, { currency }] of cells.currencies.entries()) {
    const values = [...table.rows.map(({ values: own }) => own[c]?.units), cells.untouched.values[c]];
    checkSum(`${currency} of ${model} by ${dimension}`, values, cells.total.values[c]);
  }
  const touched = total(table.rows.map(({ credits }) => credits)) / creditsPerOrder;
  const reached = total(table.rows.map((row) => row.reached));
  const rows = table.rows.map((row): AttributionRow => {
    const interval = row.interval ?? creditInterval(row);
    return {
      unit: row.unit,
      ...optional('orders', ordersOf(row.credits)),
      ...optional('interval', interval),
      ...optional('expected', row.reached && reached > 0 ? (touched * row.reached.value) / reached : undefined),
      ...optional('persons', row.persons && Math.round(row.persons.value)),
      money: moneyOf(row, table, cells),
    };
  });
  const untouched = ordersOf(cells.untouched.credits);
  const parts = [...table.rows.map(({ credits }) => credits), cells.untouched.credits];
  const report: Omit<AttributionTable, 'words'> = {
    model,
    dimension,
    rows,
    ...optional('untouched', untouched),
    ...optional('sum', parts.every((part) => part !== undefined) ? total(parts) / creditsPerOrder : undefined),
    withinNoise: withinNoise(rows),
    ...optional('bound', table.bound),
  };
  return { ...report, words: tableWords(report) };
}

function ordersOf(credits: Released): number | undefined {
  return credits && credits.value / creditsPerOrder;
}

function total(counts: readonly Released[]): number {
  return counts.reduce((sum, count) => sum + (count?.value ?? 0), 0);
}

function checkSum(what: string, parts: readonly Released[], whole: Released): void {
  if (whole === undefined || [...parts, whole].some((count) => count === undefined || count.noise > 0)) return;
  if (total(parts) !== whole.value) throw new Error(`attribution: ${what} does not add up to the total`);
}

/** ±1.96·√(Σ credit² over people + noise), in orders. */
function creditInterval({ credits, squares }: CreditTable['rows'][number]): Interval | undefined {
  if (credits === undefined || (squares === undefined && credits.noise === 0)) return undefined;
  return around(credits.value / creditsPerOrder, (squares ?? 0) + credits.noise / creditsPerOrder ** 2);
}

function moneyOf(row: CreditTable['rows'][number], { dimension }: CreditTable, cells: AttributionCells): MoneyRow[] {
  const costs = cells.costs.filter((cost) => cost.dimension === dimension && cost.unit === row.unit);
  return cells.currencies.flatMap(({ currency, digits }, c): MoneyRow[] => {
    const value = row.values[c];
    const cost = costs.find((each) => each.currency === currency)?.units;
    if (value?.units === undefined && cost === undefined) return [];
    const hasCost = cost !== undefined && cost > 0;
    const worth = value?.units;
    const interval = worth && valueInterval(worth, value?.squares);
    return [
      {
        currency,
        digits,
        ...optional('value', worth && Math.round(worth.value)),
        ...optional('cost', cost),
        ...optional('costPerOrder', hasCost ? costPerOrder(cost, row.credits) : undefined),
        ...optional('roi', worth && perCost(worth.value - (cost ?? 0), cost)),
        ...optional(
          'roiInterval',
          interval && hasCost ? { low: interval.low / cost - 1, high: interval.high / cost - 1 } : undefined,
        ),
        ...optional('roas', worth && perCost(worth.value, cost)),
      },
    ];
  });
}

function perCost(amount: number, cost: number | undefined): number | 'no cost' {
  return cost === undefined || cost <= 0 ? 'no cost' : amount / cost;
}

function costPerOrder(cost: number, credits: Released): number | 'no orders' | undefined {
  if (credits === undefined) return undefined;
  return credits.value <= 0 ? 'no orders' : (cost * creditsPerOrder) / credits.value;
}

function valueInterval(value: Count, squares: number | undefined): Interval | undefined {
  return squares === undefined && value.noise === 0 ? undefined : around(value.value, (squares ?? 0) + value.noise);
}

function withinNoise(rows: readonly AttributionRow[]): AttributionTable['withinNoise'] {
  const known = rows.flatMap(({ interval, expected }) => (interval === undefined ? [] : [{ interval, expected }]));
  if (known.length < rows.length || rows.length < 2) return { orders: false, expected: false };
  const multiples = known.flatMap(({ interval: { low, high }, expected }) =>
    expected === undefined || expected <= 0 ? [] : [{ low: low / expected, high: high / expected }],
  );
  return {
    orders: allOverlap(known.map(({ interval }) => interval)),
    expected: multiples.length > 1 && allOverlap(multiples),
  };
}
