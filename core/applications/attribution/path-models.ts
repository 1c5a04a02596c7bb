/** The models that are computed from all paths together: weights of the units, exact whole credits from them, and intervals by resampling people. */
import { Draw } from '../../random/index.ts';
import { apportion, type Interval, percentileInterval, poisson } from '../../statistics/index.ts';
import type { Collected } from './collect.ts';
import { endedInOrder, type Journeys, pathsOf } from './journeys.ts';
import { coarsened, coarsening, countTransitions, journeyTransitions, removalEffects } from './markov.ts';
import { creditsPerOrder, type PathModel } from './settings.ts';
import {
  countOrderSets,
  countPersonSets,
  exactUnitsMax,
  journeySets,
  type SampleBound,
  shapleyOrders,
  shapleyRate,
} from './shapley.ts';

export interface PathCredit {
  readonly model: PathModel;
  /** By unit of the path dimension. */
  readonly units: readonly {
    /** Millionths of an order. */
    readonly credits: number;
    /** The middle 95 % of the resamples, in orders; absent where the model is sampled itself. */
    readonly interval?: Interval;
    /** By currency, in units. */
    readonly values: readonly number[];
  }[];
  /** Probability that a path ends in an order. */
  readonly conversion?: number;
  readonly bound?: SampleBound;
}

export interface PathModelOptions {
  readonly replicates: number;
  readonly seed: number;
}

/** Weights of the units under a model, in proportion to which orders are given. */
interface Computed {
  readonly weights: readonly number[];
  readonly conversion?: number;
  readonly bound?: SampleBound;
}
/** Computes models for journeys that count `persons` times each. */
type Compute = (persons: Float64Array, residualMax?: number) => readonly Computed[];

/** The ends of an interval of resamples are off by far more. */
const residualOfResamples = 1e-9;

export function pathCredits(
  collected: Collected,
  models: readonly PathModel[],
  options: PathModelOptions = { replicates: 200, seed: 1 },
): PathCredit[] {
  const journeys = collected.tree.journeys();
  const unitCount = collected.dimensions[collected.pathDimension].units.length;
  const resampled = models.filter((model) => model !== 'shapley-rate' || unitCount <= exactUnitsMax);
  const samples = resample(journeys, resampled, unitCount, options);
  return computeOf(
    models,
    journeys,
    unitCount,
  )(journeys.persons).map((computed, m) => credit(models[m]!, computed, samples.get(models[m]!), collected));
}

/** By model, for each unit its orders in every resample of people. */
function resample(
  journeys: Journeys,
  models: readonly PathModel[],
  unitCount: number,
  { replicates, seed }: PathModelOptions,
): ReadonlyMap<PathModel, readonly Float64Array[]> {
  const units = () => Array.from({ length: unitCount }, () => new Float64Array(replicates));
  const samples = models.map((model) => [model, units()] as const);
  if (models.length === 0) return new Map(samples);
  const compute = computeOf(models, journeys, unitCount);
  const orderCounts = ordersOf(journeys);
  const draw = new Draw(seed, 'bootstrap');
  const weights = new Float64Array(journeys.persons.length);
  for (let r = 0; r < replicates; r++) {
    draw.at(r);
    let orders = 0;
    for (let j = 0; j < weights.length; j++) {
      weights[j] = poisson(journeys.persons[j]!, draw);
      orders += weights[j]! * orderCounts[j]!;
    }
    for (const [m, computed] of compute(weights, residualOfResamples).entries()) {
      for (const [unit, share] of shares(computed.weights).entries()) samples[m]![1][unit]![r] = share * orders;
    }
  }
  return new Map(samples);
}

/** Orders in each journey: a journey has none without a touch. */
function ordersOf({ persons, starts, symbols }: Journeys): Int32Array {
  const orders = new Int32Array(persons.length);
  for (let j = 0; j < persons.length; j++) {
    for (let i = starts[j]!; i < starts[j + 1]!; i++) if (symbols[i] === endedInOrder) orders[j]!++;
  }
  return orders;
}

/** What several models have in common is counted once: transitions of the highest order, and sets. */
function computeOf(models: readonly PathModel[], journeys: Journeys, unitCount: number): Compute {
  const orders = models.flatMap((model) => markovOrder(model) ?? []);
  const highest = Math.max(0, ...orders) as 0 | MarkovOrder;
  const transitions = highest === 0 ? undefined : journeyTransitions(journeys, highest);
  const sets = orders.length < models.length ? journeySets(journeys) : undefined;
  const lower = new Map(
    ([1, 2] as const)
      .filter((order) => order < highest && orders.includes(order))
      .map((order) => [order as number, coarsening(transitions!.table, order)]),
  );
  return (persons, residualMax) => {
    const table = transitions && countTransitions(transitions, persons);
    return models.map((model): Computed => {
      const order = markovOrder(model);
      if (order !== undefined) {
        const own = order === highest ? table! : coarsened(lower.get(order)!, table!.counts);
        const { conversion, effects } = removalEffects(own, unitCount, residualMax);
        return { weights: effects, conversion };
      }
      if (model === 'shapley') return { weights: shapleyOrders(sets!.sets, countOrderSets(sets!, persons), unitCount) };
      const { values, bound } = shapleyRate(countPersonSets(sets!, persons), unitCount);
      return { weights: values, ...(bound === undefined ? {} : { bound }) };
    });
  };
}

type MarkovOrder = 1 | 2 | 3;

function markovOrder(model: PathModel): MarkovOrder | undefined {
  switch (model) {
    case 'markov-1':
      return 1;
    case 'markov-2':
      return 2;
    case 'markov-3':
      return 3;
    case 'shapley':
    case 'shapley-rate':
      return undefined;
  }
}

/** 0 for all where nothing was worth anything. */
function shares(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (sum > 0 ? weight / sum : 0));
}

function credit(
  model: PathModel,
  { weights, conversion, bound }: Computed,
  samples: readonly Float64Array[] | undefined,
  collected: Collected,
): PathCredit {
  const { counts, currencies } = collected;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const split = (whole: number, by = weights) =>
    total > 0 && whole !== 0 ? apportion(whole, by) : weights.map(() => 0);
  const credits = split(counts.touched * creditsPerOrder);
  const values = currencies.map((_, c) => {
    const value = counts.values[c]! - counts.untouchedValues[c]!;
    return model === 'shapley' ? valueBySets(collected, c, value, weights.length) : split(value);
  });
  return {
    model,
    units: credits.map((own, unit) => ({
      credits: own,
      ...(samples === undefined ? {} : { interval: percentileInterval(samples[unit]!) }),
      values: values.map((byUnit) => byUnit[unit]!),
    })),
    ...(conversion === undefined ? {} : { conversion }),
    ...(bound === undefined ? {} : { bound }),
  };
}

/** In the orders game each order's own value is shared out equally among its distinct units. */
function valueBySets({ tree }: Collected, currency: number, total: number, unitCount: number): number[] {
  const paths = tree.paths();
  const values = new Array<number>(unitCount).fill(0);
  for (let p = 0; p < paths.counts.length; p++) {
    const value = paths.values[p * paths.currencyCount + currency]!;
    if (value === 0) continue;
    const units = new Set(pathsOf(paths, p)[0]!.units);
    for (const unit of units) values[unit]! += value / units.size;
  }
  return total === 0 ? values.map(() => 0) : apportion(total, values);
}
