/** The numbers that an overlap report takes: one person is in at most one cell of each table. */
import type { ReportPlan } from '../report/index.ts';

export interface OverlapShape {
  readonly partner: string;
  /** Kinds of identifier in the agreed order. */
  readonly identifiers: readonly string[];
  readonly segments: readonly string[];
}

export function planOverlap({ partner, identifiers, segments }: OverlapShape): ReportPlan {
  const tables: ReportPlan['tables'] = [
    {
      name: 'overlap',
      numbers: 1,
      sensitivity: 1,
      words: { en: `how many people of its list ${partner} has too`, zh: `自己名单中有多少人 ${partner} 也拥有` },
    },
    {
      name: 'overlap by identifier',
      numbers: identifiers.length,
      sensitivity: 1,
      words: {
        en: `how many of them matched first by each of ${identifiers.join(', ')}`,
        zh: `其中最先由 ${identifiers.join('、')} 各自匹配上的人数`,
      },
    },
    {
      name: 'overlap by segment',
      numbers: segments.length,
      sensitivity: 1,
      words: {
        en: `how many of them are in each of ${segments.length} segments`,
        zh: `${segments.length} 个分组中各有多少人`,
      },
    },
  ];
  return { report: 'overlap', tables: tables.filter(({ numbers }) => numbers > 0) };
}
