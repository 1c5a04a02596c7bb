/** The models of whole paths, over the rows of several owners: the tables that they are computed from, and their credits from what was released. */
import { type Count, noisy } from '../../statistics/index.ts';
import {
  type AttributionModel,
  type AttributionSettings,
  type Collected,
  countOrderSets,
  countPersonSets,
  countTransitions,
  creditsPerOrder,
  denseCounts,
  denseTransitionCount,
  denseTransitions,
  journeySets,
  journeyTransitions,
  markovFromCounts,
  type NoisyCredit,
  type PathModel,
  rateFromCounts,
  ruleModels,
  shapleyOrders,
} from '../attribution/index.ts';
import type { Released } from '../report/index.ts';
import { ReportRefused } from './refusal.ts';
import { peopleTable, type ReleasedTables, type ReleaseTable, sumTable, type TrueNumbers } from './table.ts';

/** Sets of so many units are all told; of more there are too many. */
const setUnitsMax = 12;

export function isPathModel(model: AttributionModel): model is PathModel {
  return !ruleModels.some((rule) => rule === model);
}

/** @param channels every channel that was declared. @throws {ReportRefused} where there are too many of them. */
export function pathTables(
  model: PathModel,
  channels: readonly string[],
  { ordersMax = 1, pathLengthMax }: AttributionSettings,
): readonly ReleaseTable[] {
  const most = BigInt(ordersMax);
  const people = { table: 'people with orders', cell: 'first' } as const;
  const order = markovOrder(model);
  if (order !== undefined) {
    const cells = denseTransitionCount(channels.length, order);
    const steps = (most + 1n) * BigInt(pathLengthMax + 1);
    return [sumTable(transitionsName(model), cells, { most: steps, people, moves: true })];
  }
  if (channels.length > setUnitsMax) throw new ReportRefused('too-many-numbers', model);
  const sets = 2 ** channels.length - 1;
  const orders = sumTable(`${model}: orders`, sets, { most, people, moves: true });
  if (model === 'shapley') return [orders];
  return [orders, { ...peopleTable(`${model}: people`, sets, { moves: true }), people }];
}

export function pathNumbers(
  models: readonly PathModel[],
  channels: readonly string[],
  collected: Collected,
): TrueNumbers {
  if (models.length === 0) return {};
  const journeys = collected.tree.journeys();
  const unitOf = collected.dimensions.channel.units.map((unit) => {
    const place = channels.indexOf(unit);
    return place < 0 ? undefined : place;
  });
  const numbers: Record<string, readonly bigint[]> = {};
  for (const model of models) {
    const order = markovOrder(model);
    if (order !== undefined) {
      const table = countTransitions(journeyTransitions(journeys, order), journeys.persons);
      const dense = denseTransitions(channels.length, order);
      numbers[transitionsName(model)] = [...denseCounts(table, dense, unitOf)].map(BigInt);
      continue;
    }
    const sets = journeySets(journeys);
    const cells = sets.sets.map((units) => units.reduce((mask, unit) => mask | (1 << unitOf[unit]!), 0) - 1);
    const spread = (counts: Float64Array) => {
      const all = new Array<bigint>(2 ** channels.length - 1).fill(0n);
      for (const [s, cell] of cells.entries()) all[cell]! += BigInt(counts[s]!);
      return all;
    };
    if (model === 'shapley') {
      numbers[`${model}: orders`] = spread(countOrderSets(sets, journeys.persons));
    } else {
      const byPerson = countPersonSets(sets, journeys.persons);
      numbers[`${model}: orders`] = spread(byPerson.orders);
      numbers[`${model}: people`] = spread(byPerson.persons);
    }
  }
  return numbers;
}

/**
 * What each channel is credited with, in the order of `channels`; nothing where a table is hidden.
 * @param of.touched the orders that had a touch.
 */
export function releasedPathCredits(
  model: PathModel,
  channels: readonly string[],
  of: { readonly released: ReleasedTables; readonly touched: Count; readonly ordersMax: number },
): readonly (Partial<NoisyCredit> & Pick<NoisyCredit, 'credits'>)[] {
  const { released, touched, ordersMax } = of;
  const unitCount = channels.length;
  const options = { unitCount, touched, personMax: ordersMax };
  const order = markovOrder(model);
  if (order !== undefined) {
    const counts = countsOf(released(transitionsName(model)));
    return counts === undefined ? [] : markovFromCounts(denseTransitions(unitCount, order), counts, options);
  }
  const sets = Array.from({ length: 2 ** unitCount - 1 }, (_, cell) => unitsOf(cell + 1));
  const orders = countsOf(released(`${model}: orders`));
  if (orders === undefined) return [];
  if (model === 'shapley') {
    const credits = shapleyOrders(sets, orders.counts, unitCount);
    const variances = sharedVariances(sets, orders.variance, unitCount);
    return credits.map((value, u) => ({
      credits: noisy(Math.round(value * creditsPerOrder), variances[u]! * creditsPerOrder ** 2),
    }));
  }
  const persons = countsOf(released(`${model}: people`));
  return persons === undefined ? [] : rateFromCounts(sets, { orders, persons }, options);
}

/** Undefined where the table is hidden: all of its cells are, or none. */
function countsOf(cells: readonly Released[]): { counts: Float64Array; variance: number } | undefined {
  const known = cells.filter((count) => count !== undefined);
  if (known.length < cells.length || known.length === 0) return undefined;
  return { counts: Float64Array.from(known, ({ value }) => value), variance: known[0]!.noise };
}

/** An order of a set is shared equally, so of the noise of its count a unit has 1/|S|² of the variance. */
function sharedVariances(sets: readonly (readonly number[])[], variance: number, unitCount: number): readonly number[] {
  const sums = new Array<number>(unitCount).fill(0);
  for (const units of sets) for (const unit of units) sums[unit]! += variance / units.length ** 2;
  return sums;
}

function unitsOf(mask: number): readonly number[] {
  return Array.from({ length: 32 - Math.clz32(mask) }, (_, unit) => unit).filter((unit) => (mask & (1 << unit)) !== 0);
}

function markovOrder(model: PathModel): 1 | 2 | 3 | undefined {
  return model.startsWith('markov-') ? (Number(model.slice(-1)) as 1 | 2 | 3) : undefined;
}

function transitionsName(model: PathModel): string {
  return `${model}: transitions`;
}
