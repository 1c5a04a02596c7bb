/** What a match told this side: how many rows matched, and by which kind of identifier first. */
import type { ResponseOf } from '@causeway/core/api';
import type { Figure } from '../../../charts/figure.ts';
import { rateCell } from './overlap.ts';
import { column, count, type Fact, name, share, type Telling, type ToldResult, told } from './told.ts';

type Counts = NonNullable<ResponseOf<'job.show'>['counts']>;

export function matchFigures(counts: Counts, { say }: Telling): ToldResult {
  const { rows, distinct, partnerRows, matched, matchRate, byKey, hidden } = counts;
  const isHeld = hidden.some(({ figure }) => figure === 'matched');
  const facts: readonly Fact[] = [
    { label: say('ownRows'), cell: rows, unit: count },
    { label: say('distinct'), cell: distinct, unit: count },
    ...(partnerRows === undefined ? [] : [{ label: say('partnerRows'), cell: partnerRows, unit: count }]),
    // A side that learns nothing has neither number, and nothing was held back from it.
    ...(matched === undefined && !isHeld
      ? []
      : [
          { label: say('matched'), cell: told(matched), unit: count },
          { label: say('rate'), cell: rateCell(matchRate), unit: share() },
        ]),
  ];
  const hasKeys = byKey.length > 1;
  const learnsKeys = byKey.some((row) => row.matched !== undefined) || hidden.length > 0;
  const lists: Figure = {
    id: 'match-lists',
    title: say('lists'),
    columns: [column('list', say('list'), name), column('rows', say('rows'), count)],
    rows: [
      [say('ownRows'), rows],
      ...(partnerRows === undefined ? [] : [[say('partnerRows'), partnerRows] as const]),
      ...(matched === undefined && !isHeld ? [] : [[say('matched'), told(matched)] as const]),
    ],
    chart: { kind: 'bars', name: 'list', value: 'rows' },
  };
  return {
    facts,
    figures: hasKeys
      ? [
          lists,
          {
            id: 'match-by-identifier',
            title: say('byIdentifier'),
            notes: [say('firstIdentifier')],
            columns: [
              column('key', say('identifier'), name),
              column('rows', say('rowsWith'), count),
              ...(learnsKeys
                ? [column('matched', say('matched'), count), column('share', say('ofMatched'), share())]
                : []),
            ],
            rows: byKey.map((row) => [
              row.key,
              row.rows,
              ...(learnsKeys ? [told(row.matched), row.matched === undefined ? null : (row.share ?? null)] : []),
            ]),
            ...(learnsKeys ? { chart: { kind: 'groups', name: 'key', values: ['rows', 'matched'] } as const } : {}),
          },
        ]
      : [lists],
  };
}
