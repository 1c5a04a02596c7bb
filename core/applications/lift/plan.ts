/** The numbers that a lift report takes, and how small an effect groups of a size can show. */
import { normalQuantile, z95 } from '../../statistics/index.ts';
import type { ReportPlan } from '../report/index.ts';

export interface LiftShape {
  /** Units up to which one person's orders count; 0 where no value is asked for. */
  readonly valueMax: number;
}

/** One person is in one arm. */
export function planLift({ valueMax }: LiftShape): ReportPlan {
  const tables: ReportPlan['tables'] = [
    { name: 'people', numbers: 2, sensitivity: 1, words: { en: 'how many people each group has', zh: '各组的人数' } },
    {
      name: 'buyers',
      numbers: 2,
      sensitivity: 1,
      words: { en: 'how many of each group ordered', zh: '各组下单的人数' },
    },
    {
      name: 'value',
      numbers: 2,
      sensitivity: valueMax,
      words: { en: 'what the orders of each group were worth', zh: '各组订单的金额' },
    },
    {
      name: 'squared value',
      numbers: 2,
      sensitivity: valueMax ** 2,
      words: { en: 'how much the worth varies within each group', zh: '各组内金额的离散程度' },
    },
  ];
  return { report: 'lift', tables: valueMax === 0 ? tables.slice(0, 2) : tables };
}

/**
 * The smallest difference between two groups that a test at 5 % finds with 80 % probability.
 * @param rate of the control group, 0 … 1.
 * @returns a share: 0.006 is 0.6 points. Undefined for an empty group.
 */
export function detectableDifference(given: {
  readonly treated: number;
  readonly control: number;
  readonly rate: number;
}): number | undefined {
  const { treated, control, rate } = given;
  if (treated <= 0 || control <= 0) return undefined;
  return (z95 + normalQuantile(0.8)) * Math.sqrt(rate * (1 - rate) * (1 / treated + 1 / control));
}
