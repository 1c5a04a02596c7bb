/** An audience against a base: one figure of indices for each tag, a field of colours for each pair of tags. */
import type { InsightReport } from '@causeway/core/applications/insight';
import type { Cell, Figure } from '../../../charts/figure.ts';
import {
  column,
  decimal,
  ends,
  intervalColumns,
  intervalOf,
  name,
  share,
  type Telling,
  type ToldResult,
  told,
} from './told.ts';

type Row = InsightReport['rows'][number];

export function indexFigures(report: InsightReport, telling: Telling): ToldResult {
  const groups = Map.groupBy(report.rows, ({ values }) => Object.keys(values).join(' × '));
  return {
    facts: [],
    figures: [...groups].map(([title, rows]) => figureOf(title, rows, telling)),
  };
}

function figureOf(title: string, rows: readonly Row[], { say }: Telling): Figure {
  const tags = Object.keys(rows[0]!.values);
  const isCrossed = tags.length === 2;
  return {
    id: `tgi-${tags.join('-')}`,
    title: say('tgiBy', { tag: title }),
    notes: [say(isCrossed ? 'tgiCrossed' : 'tgiAbout')],
    columns: [
      ...tags.map((tag) => column(`tag ${tag}`, tag, name)),
      column('share', say('shareOfAudience'), share(1)),
      column('base', say('shareOfBase'), share(1)),
      column('tgi', say('tgi'), decimal(0)),
      ...intervalColumns(say, decimal(0)),
      column('holds', say('holds'), name),
    ],
    rows: rows.map(({ values, share: own, baseShare, tgi, holds }): Cell[] => [
      ...tags.map((tag) => values[tag]!),
      told(own),
      told(baseShare),
      told(tgi?.index),
      ...ends(tgi?.interval),
      holds ? say('yes') : null,
    ]),
    chart: isCrossed
      ? { kind: 'heat', x: `tag ${tags[1]}`, y: `tag ${tags[0]}`, value: 'tgi', middle: 100 }
      : {
          kind: 'bars',
          name: `tag ${tags[0]}`,
          value: 'tgi',
          baseline: 100,
          sure: 'holds',
          ...intervalOf(rows.map(({ tgi }) => ({ interval: tgi?.interval }))),
        },
  };
}
