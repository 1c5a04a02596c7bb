/** What was collected and computed → the exact cells of a report, for one owner's own data. */

import type { Interval } from '../../statistics/index.ts';
import { exact } from '../../statistics/index.ts';
import type { Released } from '../report/index.ts';
import type { Collected } from './collect.ts';
import { type Dimension, dimensions } from './journey-batch.ts';
import type { PathCredit } from './path-models.ts';
import { type AttributionModel, creditsPerOrder, ruleModels } from './settings.ts';
import type { SampleBound } from './shapley.ts';

/** Credits of one model by the units of one dimension; exact, or as they were released. */
export interface CreditTable {
  readonly model: AttributionModel;
  readonly dimension: Dimension;
  readonly rows: readonly {
    readonly unit: string;
    /** Millionths of an order. */
    readonly credits: Released;
    /** What the unit would have if every path had led to an order; absent where that depends on how long before it a touch was. */
    readonly reached?: Released;
    /** Sum over people of their credit squared, in orders²: the sampling variance. */
    readonly squares?: number;
    /** In orders, where the model has its own. */
    readonly interval?: Interval;
    /** People with a touch of the unit. */
    readonly persons?: Released;
    /** By currency, in the order of `currencies`: units, and the sum over people of their squares. */
    readonly values: readonly { readonly units: Released; readonly squares?: number }[];
  }[];
  readonly bound?: SampleBound;
}

export interface AttributionCells {
  /** Codes, with digits of their units. */
  readonly currencies: readonly { readonly currency: string; readonly digits: number }[];
  readonly tables: readonly CreditTable[];
  /** All orders that count, and those without a touch, in millionths; values by currency in units. */
  readonly total: { readonly credits: Released; readonly values: readonly Released[] };
  readonly untouched: { readonly credits: Released; readonly values: readonly Released[] };
  /** What the touches of the period cost: exact, from whoever paid. */
  readonly costs: readonly {
    readonly dimension: Dimension;
    readonly unit: string;
    readonly currency: string;
    readonly units: number;
  }[];
}

/** A row of `costsSql`. */
export interface PlacementCost {
  readonly placement: number;
  readonly currency: string;
  readonly cost: number;
}

export function attributionCells(
  collected: Collected,
  given: {
    readonly pathCredits: readonly PathCredit[];
    readonly costs: readonly PlacementCost[];
    /** Digits of the units of each currency. */
    readonly digits: Readonly<Record<string, number>>;
  },
): AttributionCells {
  const { counts, currencies, pathDimension } = collected;
  const rules = dimensions.flatMap((dimension) =>
    ruleModels.map((model, m): CreditTable => ({ model, dimension, rows: ruleRows(collected, dimension, m) })),
  );
  const paths = given.pathCredits.map(
    (credit): CreditTable => ({
      model: credit.model,
      dimension: pathDimension,
      rows: pathRows(collected, credit),
      ...(credit.bound === undefined ? {} : { bound: credit.bound }),
    }),
  );
  return {
    currencies: currencies.map((currency) => ({ currency, digits: given.digits[currency] ?? 0 })),
    tables: [...rules, ...paths],
    total: { credits: exact(counts.orders * creditsPerOrder), values: counts.values.map(exact) },
    untouched: {
      credits: exact((counts.orders - counts.touched) * creditsPerOrder),
      values: counts.untouchedValues.map(exact),
    },
    costs: dimensions.flatMap((dimension) => costsOf(collected, dimension, given.costs)),
  };
}

function ruleRows({ dimensions: all, tallies }: Collected, dimension: Dimension, model: number): CreditTable['rows'] {
  return all[dimension].units.map((unit, u) => {
    const { credits, reached, squares, values } = tallies[dimension].credit(model, u);
    return {
      unit,
      credits: exact(credits),
      ...(ruleModels[model] === 'decay' ? {} : { reached: exact(reached) }),
      squares,
      persons: exact(tallies[dimension].persons(u)),
      values: values.map((value) => ({ units: exact(value.units), squares: value.squares })),
    };
  });
}

function pathRows({ dimensions: all, tallies, pathDimension }: Collected, credit: PathCredit): CreditTable['rows'] {
  return all[pathDimension].units.map((unit, u) => {
    const { credits, interval, values } = credit.units[u]!;
    return {
      unit,
      credits: exact(credits),
      ...(interval === undefined ? {} : { interval }),
      persons: exact(tallies[pathDimension].persons(u)),
      values: values.map((units) => ({ units: exact(units) })),
    };
  });
}

function costsOf(
  collected: Collected,
  dimension: Dimension,
  costs: readonly PlacementCost[],
): AttributionCells['costs'] {
  const { units, unitOf } = collected.dimensions[dimension];
  const sums = new Map<string, { dimension: Dimension; unit: string; currency: string; units: number }>();
  for (const { placement, currency, cost } of costs) {
    if (currency === '' || cost === 0) continue;
    const unit = units[unitOf[placement]!]!;
    const sum = sums.get(`${unit} ${currency}`) ?? { dimension, unit, currency, units: 0 };
    sum.units += cost;
    sums.set(`${unit} ${currency}`, sum);
  }
  return [...sums.values()];
}
