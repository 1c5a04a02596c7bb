/** The numbers that a reach report takes, and how far one person can move them. */
import type { ReportPlan } from '../report/index.ts';

export interface ReachShape {
  readonly media: readonly string[];
  /** Bins of the frequency table: exactly 1 … binCount − 1 times, and binCount times or more. */
  readonly binCount: number;
  /** Impressions of one person count up to this many. */
  readonly impressionsMax: number;
  /** Whether a target group is named. */
  readonly target: boolean;
}

export function planReach({ media, binCount, impressionsMax, target }: ReachShape): ReportPlan {
  const many = media.length;
  const pairs = (many * (many - 1)) / 2;
  const tables: ReportPlan['tables'] = [
    { name: 'reach', numbers: 1, sensitivity: 1, words: { en: 'how many people were reached', zh: '触达的人数' } },
    {
      name: 'frequency',
      numbers: binCount,
      sensitivity: 1,
      words: { en: 'how many people were reached how often', zh: '各触达频次的人数' },
    },
    {
      name: 'impressions',
      numbers: 1,
      sensitivity: impressionsMax,
      words: {
        en: `how many exposures they had, up to ${impressionsMax} a person`,
        zh: `曝光次数（每人至多计 ${impressionsMax} 次）`,
      },
    },
    {
      name: 'target',
      numbers: target ? 1 : 0,
      sensitivity: 1,
      words: { en: 'how many of the people reached are in the target group', zh: '触达人群中属于目标人群的人数' },
    },
    {
      name: 'impressions in target',
      numbers: target ? 1 : 0,
      sensitivity: impressionsMax,
      words: { en: 'how many exposures the target group had', zh: '目标人群的曝光次数' },
    },
    {
      name: 'media',
      numbers: many,
      sensitivity: Math.sqrt(many),
      words: { en: 'how many people each medium reached', zh: '各媒体触达的人数' },
    },
    {
      name: 'all but each medium',
      numbers: many > 1 ? many : 0,
      sensitivity: Math.sqrt(many),
      words: { en: 'how many people all media but each one reached', zh: '去掉每个媒体后其余媒体触达的人数' },
    },
    {
      name: 'pairs of media',
      numbers: pairs,
      sensitivity: Math.sqrt(pairs),
      words: { en: 'how many people each two media both reached', zh: '每两个媒体共同触达的人数' },
    },
  ];
  return { report: 'reach', tables: tables.filter(({ numbers }) => numbers > 0) };
}
