/** How many were reached, how often, by which media, and what media share. */
import type { ReachReport } from '@causeway/core/applications/reach';
import type { Cell, Figure } from '../../../charts/figure.ts';
import {
  column,
  count,
  decimal,
  ends,
  type Fact,
  intervalColumns,
  name,
  share,
  type Telling,
  type ToldResult,
  told,
} from './told.ts';

export function reachFigures(report: ReachReport, { say }: Telling): ToldResult {
  const { reach, frequency, average, impressions, target, media, overlaps } = report;
  const facts: readonly Fact[] = [
    {
      label: say('reached'),
      cell: told(reach?.people),
      unit: count,
      ...(reach?.interval === undefined ? {} : { interval: reach.interval }),
    },
    { label: say('impressions'), cell: told(impressions), unit: count },
    { label: say('average'), cell: told(average), unit: decimal(2) },
    ...(target === undefined
      ? []
      : [
          { label: say('targetPeople'), cell: told(target.ofPeople), unit: share(1) },
          { label: say('targetImpressions'), cell: told(target.ofImpressions), unit: share(1) },
        ]),
  ];
  const figures: readonly Figure[] = [
    {
      id: 'reach-frequency',
      title: say('frequency'),
      columns: [
        column('times', say('times'), name),
        column('people', say('people'), count),
        column('share', say('ofReached'), share(1)),
      ],
      rows: frequency.map(({ times, people, share: part }) => [times, told(people), told(part)]),
      chart: { kind: 'groups', name: 'times', values: ['people'], isUpright: true },
    },
    {
      id: 'reach-media',
      title: say('byMedium'),
      columns: [
        column('medium', say('medium'), name),
        column('reach', say('reached'), count),
        ...intervalColumns(say, count, 'reach '),
        column('incremental', say('incremental'), count),
        ...intervalColumns(say, count, 'incremental '),
      ],
      rows: media.map((row): Cell[] => [
        row.medium,
        told(row.reach?.people),
        ...ends(row.reach?.interval),
        // Of one medium alone nothing is incremental.
        media.length > 1 ? told(row.incremental?.people) : null,
        ...ends(row.incremental?.interval),
      ]),
      chart: { kind: 'groups', name: 'medium', values: media.length > 1 ? ['reach', 'incremental'] : ['reach'] },
    },
  ];
  if (overlaps.length === 0) return { facts, figures };
  const overlap: Figure = {
    id: 'reach-overlap',
    title: say('mediaOverlap'),
    columns: [
      column('one', say('medium'), name),
      column('other', say('otherMedium'), name),
      column('both', say('reachedByBoth'), count),
      ...intervalColumns(say, count),
    ],
    rows: overlaps.map(({ media: [one, other], both }) => [one, other, told(both?.people), ...ends(both?.interval)]),
    chart: { kind: 'heat', x: 'other', y: 'one', value: 'both' },
  };
  return { facts, figures: [...figures, overlap] };
}
