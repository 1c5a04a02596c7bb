/** Whether two groups have the sizes that were planned: where they have not, people were lost on the way, and the comparison is not fair. */
import { type Count, chiSquareTail } from '../../statistics/index.ts';

/** Below this, a split like the one seen hardly happens by chance. */
const warnBelow = 0.001;

export interface SampleRatio {
  /** Chi-square test with one degree of freedom against the planned share. */
  readonly p: number;
  readonly suspicious: boolean;
}

/** @param plannedShare of people in the treated group, strictly between 0 and 1. Noise in the sizes widens what chance explains. */
export function sampleRatio(treated: Count, control: Count, plannedShare: number): SampleRatio {
  const total = treated.value + control.value;
  const variance =
    total * plannedShare * (1 - plannedShare) +
    treated.noise * (1 - plannedShare) ** 2 +
    control.noise * plannedShare ** 2;
  const off = treated.value - total * plannedShare;
  const p = chiSquareTail((off * off) / variance, 1);
  return { p, suspicious: p < warnBelow };
}
