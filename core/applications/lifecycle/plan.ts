/** The numbers that a lifecycle report takes: one person is in one cell of the flow matrix of two dates. */
import type { ReportPlan } from '../report/index.ts';

export interface LifecycleShape {
  readonly stages: number;
  /** Dates, two or more. */
  readonly dates: number;
}

export function planLifecycle({ stages, dates }: LifecycleShape): ReportPlan {
  const transitions = Math.max(dates - 1, 1);
  return {
    report: 'lifecycle',
    tables: [
      ...Array.from({ length: transitions }, (_, i) => ({
        name: `flows ${i + 1}`,
        // From and to each stage and outside; who is outside on both dates is in no cell.
        numbers: (stages + 1) ** 2 - 1,
        sensitivity: 1,
        words: {
          en: 'how many people moved from which stage to which between two dates',
          zh: '两个日期之间各阶段之间流转的人数',
        },
      })),
      {
        name: 'aging',
        numbers: stages * dates,
        sensitivity: 1,
        words: { en: 'how long people have been at their stage', zh: '各阶段人群的停留时长' },
      },
    ],
  };
}
