/** What an insight told this side: shared people by segment, and sums and means of what the partner has of them. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cell, Figure } from '../../../charts/figure.ts';
import { column, count, decimal, ends, intervalColumns, name, type Telling, type ToldResult, told } from './told.ts';

type Insight = NonNullable<ResponseOf<'job.show'>['insight']>;
type Row = NonNullable<Insight['figures']>[number];

/** Of a normal distribution: 95 % lie within so many standard deviations. */
const z95 = 1.959964;

export function insightFigures(insight: Insight, telling: Telling): ToldResult {
  const { say } = telling;
  const { rows, partnerRows, figures = [], sigma, matchedAbout, belowMinimum } = insight;
  const all = figures.find(({ values }) => Object.keys(values).length === 0);
  const groups = Map.groupBy(
    figures.filter(({ values }) => Object.keys(values).length > 0),
    ({ values }) => Object.keys(values).join(' × '),
  );
  return {
    facts: [
      { label: say('ownRows'), cell: rows, unit: count },
      { label: say('partnerRows'), cell: partnerRows, unit: count },
      ...(matchedAbout === undefined ? [] : [{ label: say('sharedAbout'), cell: matchedAbout, unit: count }]),
      ...(all === undefined
        ? []
        : [
            {
              label: say('sharedPeople'),
              cell: told(all.people),
              unit: count,
              ...(all.people === undefined || sigma === undefined ? {} : { interval: noiseOf(all.people, sigma) }),
            },
          ]),
      ...(all?.sums ?? []).map(({ column: of, unit, sum }) => ({
        label: say('sumOf', { column: of, unit }),
        cell: told(sum),
        unit: decimal(2),
      })),
      ...(belowMinimum === undefined ? [] : [{ label: say('belowMinimum'), cell: belowMinimum, unit: count }]),
    ],
    figures: [...groups].flatMap(([title, cells]) => figuresOf(title, cells, sigma, telling)),
  };
}

function figuresOf(title: string, rows: readonly Row[], sigma: number | undefined, { say }: Telling): Figure[] {
  const tags = Object.keys(rows[0]!.values);
  const tagColumns = tags.map((tag) => column(`tag ${tag}`, tag, name));
  const tagCells = ({ values }: Row) => tags.map((tag) => values[tag]!);
  const chartOf = (value: string, hasInterval: boolean): Figure['chart'] =>
    tags.length === 2
      ? { kind: 'heat', x: `tag ${tags[1]}`, y: `tag ${tags[0]}`, value }
      : { kind: 'bars', name: `tag ${tags[0]}`, value, ...(hasInterval ? { interval } : {}) };
  const interval = { low: 'low', high: 'high' };
  const people: Figure = {
    id: `people-${tags.join('-')}`,
    title: say('peopleBy', { tag: title }),
    columns: [
      ...tagColumns,
      column('people', say('people'), count),
      ...(sigma === undefined ? [] : intervalColumns(say, count)),
    ],
    rows: rows.map((row): Cell[] => [
      ...tagCells(row),
      told(row.people),
      ...(sigma === undefined ? [] : ends(row.people === undefined ? undefined : noiseOf(row.people, sigma))),
    ]),
    ...withChart(chartOf('people', sigma !== undefined)),
  };
  const measures = rows[0]!.sums.map(
    ({ column: of, unit }, at): Figure => ({
      id: `mean-${of}-${tags.join('-')}`,
      title: say('meanBy', { column: of, tag: title }),
      columns: [
        ...tagColumns,
        column('mean', say('meanOf', { unit }), decimal(2)),
        column('sum', say('sumIn', { unit }), decimal(2)),
      ],
      rows: rows.map((row): Cell[] => [...tagCells(row), told(row.sums[at]?.mean), told(row.sums[at]?.sum)]),
      ...withChart(chartOf('mean', false)),
    }),
  );
  return [people, ...measures];
}

function withChart(chart: Figure['chart']): Pick<Figure, 'chart'> {
  return chart === undefined ? {} : { chart };
}

function noiseOf(people: number, sigma: number): { readonly low: number; readonly high: number } {
  return { low: Math.max(0, people - z95 * sigma), high: people + z95 * sigma };
}
