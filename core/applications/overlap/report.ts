/**
 * Numbers of matched people → the rates that are shown: whole percent, and nothing above 85 %, where a rate would say of nearly everybody that
 * they match.
 */
import { type Count, z95 } from '../../statistics/index.ts';
import { matchRate } from '../match/index.ts';
import { fixed, type HiddenGroups, hiddenWords, type Released } from '../report/index.ts';
import type { Words } from '../words.ts';

export interface OverlapCells {
  /** People of the own list, by segment too: the own side's numbers, so exact. */
  readonly base: number;
  readonly matched: Released;
  readonly byIdentifier: readonly { readonly identifier: string; readonly matched: Released }[];
  readonly bySegment: readonly { readonly segment: string; readonly base: number; readonly matched: Released }[];
  /** What stands for hidden cells, where there are any. */
  readonly hidden: { readonly byIdentifier?: HiddenGroups; readonly bySegment?: HiddenGroups };
}

export interface OverlapRow {
  readonly name: string;
  /** People matched; absent where hidden, or where the rate is masked and would follow from it. */
  readonly matched?: number;
  /** `30 %`, `>85 %`; absent where hidden. */
  readonly rate?: string;
  /** Half the width of the 95 % interval that noise leaves, in points; only where it is a point or more. */
  readonly points?: number;
}

export interface OverlapReport {
  readonly base: number;
  readonly total: OverlapRow;
  /** Rates of the whole list. */
  readonly byIdentifier: readonly OverlapRow[];
  /** Rates of each segment. */
  readonly bySegment: readonly OverlapRow[];
  readonly words: readonly Words[];
}

export function reportOverlap(cells: OverlapCells, minimumGroup: number): OverlapReport {
  const { base, hidden } = cells;
  const total = rowOf('all', cells.matched, base);
  const byIdentifier = cells.byIdentifier.map(({ identifier, matched }) => rowOf(identifier, matched, base));
  const bySegment = cells.bySegment.map((segment) => rowOf(segment.segment, segment.matched, segment.base));
  const hiddenLines = [hidden.byIdentifier, hidden.bySegment].flatMap((groups) =>
    groups === undefined ? [] : [hiddenWords(groups, minimumGroup)],
  );
  return { base, total, byIdentifier, bySegment, words: [...sentences(base, total, byIdentifier), ...hiddenLines] };
}

function rowOf(name: string, matched: Released, base: number): OverlapRow {
  if (matched === undefined || base === 0) return { name };
  const people = Math.min(Math.max(Math.round(matched.value), 0), base);
  const rate = matchRate(people, base);
  const points = noisePoints(matched, base);
  return {
    name,
    ...(rate.startsWith('>') ? {} : { matched: people }),
    rate,
    ...(points >= 1 ? { points } : {}),
  };
}

function noisePoints({ noise }: Count, base: number): number {
  return (100 * z95 * Math.sqrt(noise)) / base;
}

function sentences(base: number, total: OverlapRow, byIdentifier: readonly OverlapRow[]): Words[] {
  if (total.rate === undefined) {
    return [
      {
        en: 'How many match is not shown: too few people, or none to compare.',
        zh: '匹配人数不显示：人数过少，或没有可比较的人。',
      },
    ];
  }
  const of = total.matched === undefined ? '' : ` (${fixed(total.matched, 0)} of ${fixed(base, 0)})`;
  const noise = total.points === undefined ? '' : ` ±${fixed(total.points, 0)}`;
  const first: Words = {
    en: `${total.rate}${noise === '' ? '' : `${noise} points`} of the list match${of}.`,
    zh: `名单中有 ${total.rate}${noise === '' ? '' : `（${noise.trim()} 个百分点）`} 匹配${total.matched === undefined ? '' : `（${fixed(base, 0)} 人中的 ${fixed(total.matched, 0)} 人）`}。`,
  };
  const shown = byIdentifier.filter(({ rate }) => rate !== undefined);
  if (shown.length < 2) return [first];
  return [
    first,
    {
      en: `By the first identifier that matches: ${shown.map(({ name, rate }) => `${name} ${rate}`).join(', ')}.`,
      zh: `按最先匹配上的标识：${shown.map(({ name, rate }) => `${name} ${rate}`).join('，')}。`,
    },
  ];
}
