/**
 * Two groups → the effect of what one of them got. Only groups that were assigned at random, before anything was shown, give an effect; of
 * other groups the difference is told, and it is not called lift.
 */
import { around, aroundRatio, type Interval, newcombe, type Proportion } from '../../statistics/index.ts';
import type { Money } from '../events/index.ts';
import { type Released, reachesMinimum } from '../report/index.ts';
import type { Words } from '../words.ts';
import { type SampleRatio, sampleRatio } from './sample-ratio.ts';
import { liftWords } from './sentences.ts';

export interface Arm {
  readonly people: Released;
  /** People who ordered. */
  readonly buyers: Released;
  /** Sum, over people, of what each spent (clipped), and of its square; in units. */
  readonly value?: { readonly sum: Released; readonly squares: Released };
}

export interface LiftCells {
  /** `random`: people were put into groups by chance beforehand, shown or held out. `observed`: the groups came about by themselves. */
  readonly assignment: 'random' | 'observed';
  readonly treated: Arm;
  readonly control: Arm;
  /** Planned share of people in the treated group; without it the split is not tested. */
  readonly plannedShare?: number;
  readonly currency?: Omit<Money, 'units'>;
  /** What attribution credits to the campaign, to be shown beside and apart. */
  readonly credited?: { readonly model: Words; readonly orders: number; readonly interval: Interval };
}

export interface LiftReport {
  readonly assignment: LiftCells['assignment'];
  /** Absent: not enough data. */
  readonly effect?: {
    readonly rates: { readonly treated: number; readonly control: number };
    /** Difference of the shares who ordered. */
    readonly difference: number;
    readonly interval: Interval;
    /** Buyers among the treated who would not have ordered: difference · people; and its interval. */
    readonly incremental: number;
    readonly incrementalInterval: Interval;
    /** Rate ratio − 1; absent where nobody of the control group ordered. */
    readonly relative?: { readonly value: number; readonly interval: Interval };
    /** Whether the interval of the difference leaves 0 out. */
    readonly distinguishable: boolean;
  };
  /** Difference of the mean value of a person, and what it comes to over the treated; in units. */
  readonly value?: {
    readonly perPerson: number;
    readonly interval: Interval;
    readonly incremental: number;
    readonly incrementalInterval: Interval;
  };
  readonly sampleRatio?: SampleRatio;
  readonly words: readonly Words[];
}

export function reportLift(cells: LiftCells, minimumGroup: number): LiftReport {
  const { treated, control, plannedShare } = cells;
  const [a, b] = [proportion(treated, minimumGroup), proportion(control, minimumGroup)];
  const effect = a && b ? effectOf(a, b) : undefined;
  const value = a && b ? valueEffect(treated, control) : undefined;
  const ratio = a && b && plannedShare !== undefined ? sampleRatio(a.trials, b.trials, plannedShare) : undefined;
  const report: Omit<LiftReport, 'words'> = {
    assignment: cells.assignment,
    ...(effect === undefined ? {} : { effect }),
    ...(value === undefined ? {} : { value }),
    ...(ratio === undefined ? {} : { sampleRatio: ratio }),
  };
  return { ...report, words: liftWords(report, cells) };
}

/** Undefined where a number is hidden or the group is below the minimum. */
function proportion({ people, buyers }: Arm, minimumGroup: number): Proportion | undefined {
  if (people === undefined || buyers === undefined) return undefined;
  return people.value > 0 && reachesMinimum(people, minimumGroup) ? { hits: buyers, trials: people } : undefined;
}

function effectOf(treated: Proportion, control: Proportion): NonNullable<LiftReport['effect']> {
  const [n, m] = [treated.trials.value, control.trials.value];
  const { difference, low, high } = newcombe(treated, control);
  const relative = relativeOf(treated, control);
  return {
    rates: { treated: treated.hits.value / n, control: control.hits.value / m },
    difference,
    interval: { low, high },
    incremental: difference * n,
    incrementalInterval: { low: low * n, high: high * n },
    ...(relative === undefined ? {} : { relative }),
    distinguishable: low > 0 || high < 0,
  };
}

/** The ratio of the two rates by its logarithm: v = 1/x − 1/n + 1/y − 1/m, and noise s²/x² + s²/y². */
function relativeOf(treated: Proportion, control: Proportion): { value: number; interval: Interval } | undefined {
  const [x, n, y, m] = [treated.hits, treated.trials, control.hits, control.trials];
  if (x.value <= 0 || y.value <= 0) return undefined;
  const sampling = 1 / x.value - 1 / n.value + 1 / y.value - 1 / m.value;
  const noise = [x, y].reduce((sum, count) => sum + count.noise / count.value ** 2, 0);
  const ratio = x.value / n.value / (y.value / m.value);
  const { low, high } = aroundRatio(ratio, Math.max(sampling, 0) + noise);
  return { value: ratio - 1, interval: { low: low - 1, high: high - 1 } };
}

function valueEffect(treated: Arm, control: Arm): LiftReport['value'] {
  const [a, b] = [meanOf(treated), meanOf(control)];
  if (a === undefined || b === undefined) return undefined;
  const n = treated.people!.value;
  const perPerson = a.mean - b.mean;
  const interval = around(perPerson, a.variance + b.variance);
  return {
    perPerson,
    interval,
    incremental: perPerson * n,
    incrementalInterval: { low: interval.low * n, high: interval.high * n },
  };
}

/** Mean and its variance from a sum and a sum of squares; noise of the sum is added. */
function meanOf({ people, value }: Arm): { mean: number; variance: number } | undefined {
  if (people === undefined || value?.sum === undefined || value.squares === undefined) return undefined;
  const n = people.value;
  const mean = value.sum.value / n;
  const spread = Math.max(value.squares.value / n - mean * mean, 0);
  return { mean, variance: spread / n + value.sum.noise / (n * n) };
}
