/** Numbers of people reached → reach, frequency, target share, what media share and what each adds. */
import { around, difference, type Interval } from '../../statistics/index.ts';
import { fixed, optional, percentText, type Released, rangeText } from '../report/index.ts';
import type { Words } from '../words.ts';

export interface ReachCells {
  /** People with at least one valid exposure. */
  readonly reach: Released;
  /** People with exactly 1, 2 … exposures; the last bin is open. */
  readonly frequency: readonly Released[];
  /** Exposures, those of one person up to the agreed number. */
  readonly impressions: Released;
  /** People and exposures of the target group among these; absent where none is named. */
  readonly target?: { readonly reach: Released; readonly impressions: Released };
  readonly media: readonly {
    readonly medium: string;
    readonly reach: Released;
    /** People reached by all the other media together. */
    readonly others: Released;
  }[];
  readonly pairs: readonly { readonly media: readonly [string, string]; readonly both: Released }[];
}

/** A number of people, with the interval that noise leaves; an exact one has none, for nobody was sampled. */
interface Figure {
  readonly people: number;
  readonly interval?: Interval;
}

export interface MediumRow {
  readonly medium: string;
  /** Absent where hidden. */
  readonly reach?: Figure;
  /** People whom no other medium reached. */
  readonly incremental?: Figure;
}

export interface ReachReport {
  readonly reach?: Figure;
  readonly frequency: readonly { readonly times: string; readonly people?: number; readonly share?: number }[];
  /** Exposures per person reached. */
  readonly average?: number;
  readonly impressions?: number;
  /** Share of the people reached, and of the exposures, that belong to the target group. */
  readonly target?: { readonly ofPeople?: number; readonly ofImpressions?: number };
  readonly media: readonly MediumRow[];
  readonly overlaps: readonly { readonly media: readonly [string, string]; readonly both?: Figure }[];
  readonly words: readonly Words[];
}

export function reportReach(cells: ReachCells): ReachReport {
  const { reach, impressions, target } = cells;
  const media = cells.media.map((medium): MediumRow => {
    const added = reach && medium.others ? difference(reach, medium.others) : undefined;
    return {
      medium: medium.medium,
      ...optional('reach', figure(medium.reach)),
      ...(cells.media.length > 1 ? optional('incremental', figure(added)) : {}),
    };
  });
  const report: Omit<ReachReport, 'words'> = {
    ...optional('reach', figure(reach)),
    frequency: frequencyOf(cells.frequency, reach),
    ...optional('average', ratio(impressions, reach)),
    ...optional('impressions', impressions && Math.round(impressions.value)),
    ...(target === undefined
      ? {}
      : {
          target: {
            ...optional('ofPeople', share(target.reach, reach)),
            ...optional('ofImpressions', share(target.impressions, impressions)),
          },
        }),
    media,
    overlaps: cells.pairs.map(({ media: two, both }) => ({ media: two, ...optional('both', figure(both)) })),
  };
  return { ...report, words: sentences(report) };
}

function frequencyOf(bins: readonly Released[], reach: Released): ReachReport['frequency'] {
  return bins.map((bin, i) => ({
    times: i + 1 === bins.length ? `${i + 1}+` : `${i + 1}`,
    ...optional('people', bin && Math.max(0, Math.round(bin.value))),
    ...optional('share', share(bin, reach)),
  }));
}

function figure(count: Released): Figure | undefined {
  if (count === undefined) return undefined;
  const people = Math.max(0, Math.round(count.value));
  return count.noise === 0 ? { people } : { people, interval: around(count.value, count.noise) };
}

function ratio(part: Released, whole: Released): number | undefined {
  return part === undefined || whole === undefined || whole.value <= 0 ? undefined : part.value / whole.value;
}

function share(part: Released, whole: Released): number | undefined {
  const value = ratio(part, whole);
  return value === undefined ? undefined : Math.min(Math.max(value, 0), 1);
}

function sentences({ reach, average, impressions, target, media, overlaps }: Omit<ReachReport, 'words'>): Words[] {
  if (reach === undefined || reach.people === 0) {
    return [{ en: 'Too few people were reached to be shown.', zh: '触达人数过少，不予显示。' }];
  }
  const words: Words[] = [
    { en: `${text(reach)} people were reached.`, zh: `共触达 ${text(reach)} 人。` },
    ...(average === undefined || impressions === undefined
      ? []
      : [
          {
            en: `They had ${fixed(impressions, 0)} exposures, ${fixed(average, 2)} each.`,
            zh: `曝光 ${fixed(impressions, 0)} 次，人均 ${fixed(average, 2)} 次。`,
          },
        ]),
    ...targetWords(target),
  ];
  for (const { medium, reach: own, incremental } of media) {
    if (own === undefined || incremental === undefined) continue;
    words.push({
      en: `${medium} reached ${text(own)}, of whom ${text(incremental)} by no other medium.`,
      zh: `${medium} 触达 ${text(own)} 人，其中 ${text(incremental)} 人未被其他媒体触达。`,
    });
  }
  for (const { media: two, both } of overlaps) {
    if (both === undefined) continue;
    words.push({
      en: `${two[0]} and ${two[1]} both reached ${text(both)}.`,
      zh: `${two[0]} 与 ${two[1]} 共同触达 ${text(both)} 人。`,
    });
  }
  return words;
}

function targetWords(target: ReachReport['target']): Words[] {
  if (target?.ofPeople === undefined) return [];
  const { ofPeople, ofImpressions } = target;
  const exposures = ofImpressions === undefined ? undefined : percentText(ofImpressions);
  return [
    {
      en: `TA% ${percentText(ofPeople)} by people${exposures === undefined ? '' : `, ${exposures} by exposures`}.`,
      zh: `TA% 按人数为 ${percentText(ofPeople)}${exposures === undefined ? '' : `，按曝光为 ${exposures}`}。`,
    },
  ];
}

function text({ people, interval }: Figure): string {
  return interval === undefined ? fixed(people, 0) : `${fixed(people, 0)} (${rangeText(interval, 0)})`;
}
