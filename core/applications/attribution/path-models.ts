/** The models that are computed from all paths together: weights of the units, exact whole credits from them, and intervals by resampling people. */
import { Draw } from '../../random/index.ts';
import { apportion, type Interval, percentileInterval, poisson } from '../../statistics/index.ts';
import type { Collected } from './collect.ts';
import { endedInOrder, type Journeys, pathsOf } from './journeys.ts';
import { countTransitions, journeyTransitions, removalEffects } from './markov.ts';
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

/** Weights of the units under a model, in proportion to which orders are given; for journeys that count `persons` times. */
interface Computed {
  readonly weights: readonly number[];
  readonly conversion?: number;
  readonly bound?: SampleBound;
}
type Compute = (persons: Float64Array) => Computed;

export function pathCredits(
  collected: Collected,
  models: readonly PathModel[],
  options: PathModelOptions = { replicates: 200, seed: 1 },
): PathCredit[] {
  const journeys = collected.tree.journeys();
  const unitCount = collected.dimensions[collected.pathDimension].units.length;
  const computes = models.map((model) => computeOf(model, journeys, unitCount));
  const { persons } = journeys;
  const orderCounts = ordersOf(journeys);
  const resampled = models.map((model) =>
    isSampled(model, unitCount) ? undefined : resamples(unitCount, options.replicates),
  );
  if (resampled.some((samples) => samples !== undefined)) {
    const draw = new Draw(options.seed, 'bootstrap');
    const weights = new Float64Array(persons.length);
    for (let r = 0; r < options.replicates; r++) {
      draw.at(r);
      let orders = 0;
      for (let j = 0; j < weights.length; j++) {
        weights[j] = poisson(persons[j]!, draw);
        orders += weights[j]! * orderCounts[j]!;
      }
      for (const [m, samples] of resampled.entries()) {
        if (samples === undefined) continue;
        for (const [unit, share] of shares(computes[m]!(weights).weights).entries()) samples[unit]![r] = share * orders;
      }
    }
  }
  return models.map((model, m) => credit(model, computes[m]!(persons), resampled[m], collected));
}

/** Orders in each journey: a journey has none without a touch. */
function ordersOf({ persons, starts, symbols }: Journeys): Int32Array {
  const orders = new Int32Array(persons.length);
  for (let j = 0; j < persons.length; j++) {
    for (let i = starts[j]!; i < starts[j + 1]!; i++) if (symbols[i] === endedInOrder) orders[j]!++;
  }
  return orders;
}

function isSampled(model: PathModel, unitCount: number): boolean {
  return model === 'shapley-rate' && unitCount > exactUnitsMax;
}

function resamples(unitCount: number, replicates: number): Float64Array[] {
  return Array.from({ length: unitCount }, () => new Float64Array(replicates));
}

function computeOf(model: PathModel, journeys: Journeys, unitCount: number): Compute {
  switch (model) {
    case 'markov-1':
    case 'markov-2':
    case 'markov-3': {
      const transitions = journeyTransitions(journeys, Number(model.slice(-1)) as 1 | 2 | 3);
      return (persons) => {
        const { conversion, effects } = removalEffects(countTransitions(transitions, persons), unitCount);
        return { weights: effects, conversion };
      };
    }
    case 'shapley': {
      const sets = journeySets(journeys);
      return (persons) => ({ weights: shapleyOrders(sets.sets, countOrderSets(sets, persons), unitCount) });
    }
    case 'shapley-rate': {
      const sets = journeySets(journeys);
      return (persons) => {
        const { values, bound } = shapleyRate(countPersonSets(sets, persons), unitCount);
        return { weights: values, ...(bound === undefined ? {} : { bound }) };
      };
    }
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
