/**
 * Dense lists: telephone numbers that somebody made by counting, to learn which of them a partner knows, fill number segments as no list of
 * customers does. Matching hides a list from the partner, so the node that brings it measures it and says the figure; both sides judge it.
 *
 * The statistic is the share of the densest segment, a segment being the 10,000 numbers that differ in their last four digits: one segment
 * that was counted through shows, however large the honest list that it was mixed into. What is too dense depends on the size of the list:
 *
 * - A small list is scattered. Numbers are given to a city by the hundred segments, so even the list of one shop in one city has about 2 %
 *   of itself in its densest segment at most, and less than 5 % of any segment by chance or by the numbers of one company.
 * - A list of a large part of a country is dense because the country is: 10,000 numbers of which the holder's customers have their share.
 *   Operators and regions differ, by a factor of three as it is taken here; no segment is in service and on one list altogether.
 *
 * What is spread thinly over all segments is not noticed by any of this; the limits on size and runs slow it.
 */
import type { Finding } from './finding.ts';
import type { Words } from './words.ts';

/** What is known of one side's list of telephone numbers. */
export interface ListDensity {
  readonly organisation: string;
  /** Rows as published, rounded. */
  readonly rowsAbout: number;
  /** Whole percent of its densest segment; `not-measurable` where the numbers are hashed; undefined where the side does not say. */
  readonly density: number | 'not-measurable' | undefined;
}

/** This many side by side, 500 numbers, tell nothing yet. */
const leastPercent = 5;
/** From here on a list of one city may reach the setting: 2 % of 250,000 are half a segment. */
const scatteredRows = 250_000;
/** Mobile numbers in service in China (MIIT, 2024: 1.79 billion). */
const inServiceRows = 1_800_000_000;
const denserThanMean = 3;
const nationalPercentMax = 90;

/**
 * The most that a list of so many rows may cover of a segment, in whole percent.
 * @param percentMax the organisation's setting, 5 … 100; 100 looks away.
 */
export function densityLimit(percentMax: number, rowsAbout: number): number {
  if (percentMax === 100) return 100;
  const scattered = percentMax * Math.min(1, rowsAbout / scatteredRows);
  const national = Math.min(nationalPercentMax, (100 * denserThanMean * rowsAbout) / inServiceRows);
  return Math.floor(Math.max(leastPercent, scattered, national));
}

/**
 * Judges the lists of telephone numbers that two sides bring: one finding, about the first list that does not pass.
 * @param lists of both sides; none where no telephone numbers are matched.
 */
export function evaluateDensity(organisation: string, percentMax: number, lists: readonly ListDensity[]): Finding {
  const finding = (outcome: Finding['outcome'], words: Words): Finding => {
    return { rule: 'dense-list', organisation, outcome, words };
  };
  const limited = percentMax < 100;
  const silent = lists.find(({ density }) => density === undefined);
  if (silent && limited) return finding('refused', notSaid(silent.organisation));
  const dense = lists.find(
    ({ density, rowsAbout }) => typeof density === 'number' && density > densityLimit(percentMax, rowsAbout),
  );
  if (dense) return finding('refused', tooDense(dense, percentMax));
  const hashed = lists.find(({ density }) => density === 'not-measurable');
  if (hashed && limited) return finding('warned', notMeasurable(hashed.organisation));
  return finding('allowed', {
    en: `telephone numbers cover at most ${percentMax} % of a number segment (10,000 in a row), less in a small list.`,
    zh: `电话号码至多覆盖一个号段（连续一万号）的 ${percentMax} %，小名单更低。`,
  });
}

function tooDense({ organisation, density, rowsAbout }: ListDensity, percentMax: number): Words {
  const limit = densityLimit(percentMax, rowsAbout);
  return {
    en: `the telephone numbers of ${organisation} cover ${density} % of a number segment (10,000 in a row); ${limit} % is allowed to a list of that size, because more looks like numbers that were made up by counting. Ask ${organisation} where they come from; only if that explains it, raise the limit on purpose (dense-list, now ${percentMax}; 100 allows any).`,
    zh: `${organisation} 的电话号码覆盖了某一号段（连续一万号）的 ${density} %；这一规模的名单至多允许 ${limit} %，更密的号码像是按号段枚举生成的。请向 ${organisation} 询问号码来源；确有合理解释时，再有意提高上限（dense-list，现为 ${percentMax}；100 表示不限）。`,
  };
}

function notSaid(organisation: string): Words {
  return {
    en: `${organisation} does not say how densely its telephone numbers cover their number segments, or says something else than it has published. Have ${organisation} add its list again and publish it, and make a new agreement.`,
    zh: `${organisation} 没有说明其电话号码对号段的覆盖程度，或与其发布的内容不一致。请 ${organisation} 重新导入并发布名单，再订立新协议。`,
  };
}

function notMeasurable(organisation: string): Words {
  return {
    en: `the telephone numbers of ${organisation} are hashed, so how densely they cover number segments is not measurable: numbers that were made up by counting would not be noticed.`,
    zh: `${organisation} 的电话号码已经过摘要，其对号段的覆盖程度无法测量：按号段枚举生成的号码不会被发现。`,
  };
}
