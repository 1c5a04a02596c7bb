/** How large an audience will be, from a sample of people, before anything is made of it. */
import { type Interval, wilson } from '../../statistics/index.ts';
import { fixed, rangeText } from '../report/index.ts';
import { grouped, type Words } from '../words.ts';
import type { Rule } from './rule.ts';
import { predicateSql, type RuleSource } from './select-sql.ts';

export interface SizeEstimate {
  /** Absent below the minimum. */
  readonly about?: number;
  /** 95 %; both ends are `about` where everybody was looked at. */
  readonly interval?: Interval;
  readonly words: Words;
}

/**
 * @param oneIn a sample of one in so many people, the same ones each time; 1 looks at everybody.
 * @returns a SELECT of one row: `people`, `sampled` and `hits`.
 */
export function sizeSql(rule: Rule, source: RuleSource, oneIn: number): string {
  const drawn = oneIn === 1 ? 'true' : `hash(p.person) % ${oneIn} = 0`;
  return `SELECT count(*) AS people, count(*) FILTER (drawn) AS sampled, count(*) FILTER (drawn AND hit) AS hits
    FROM (SELECT ${drawn} AS drawn, ${drawn} AND ${predicateSql(rule, source)} AS hit FROM ${source.people} AS p)`;
}

export function estimateSize(
  counted: { readonly people: number; readonly sampled: number; readonly hits: number },
  minimumGroup: number,
): SizeEstimate {
  const { people, sampled, hits } = counted;
  if (sampled === 0) return { words: { en: 'Nobody to select from.', zh: '没有可供选择的人。' } };
  const about = Math.round((people * hits) / sampled);
  if (about < minimumGroup) {
    return { words: { en: `Fewer than ${grouped(minimumGroup)} people.`, zh: `少于 ${grouped(minimumGroup)} 人。` } };
  }
  if (sampled === people) {
    return {
      about,
      interval: { low: about, high: about },
      words: { en: `${fixed(about, 0)} people.`, zh: `${fixed(about, 0)} 人。` },
    };
  }
  const { low, high } = wilson(hits, sampled);
  const interval = { low: people * low, high: people * high };
  const range = rangeText(interval, 0);
  return {
    about,
    interval,
    words: {
      en: `About ${fixed(about, 0)} people (${range}), from a sample of ${grouped(sampled)}.`,
      zh: `约 ${fixed(about, 0)} 人（${range}），根据 ${grouped(sampled)} 人的样本估计。`,
    },
  };
}
