/** The figures of an insight as tables, with what was held back said in words. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { facts, table } from './table.ts';
import { visible } from './text.ts';
import { number } from './values.ts';

type Insight = NonNullable<ResponseOf<'job.show'>['insight']>;

export function figureLines(cli: Cli, insight: Insight | undefined): string[] {
  if (insight === undefined) return [];
  const labels = cli.words.insight;
  const { figures = [], matchedAbout, sigma, belowMinimum, words = [] } = insight;
  const shown = (value: number | undefined) =>
    value === undefined ? labels.hidden : number(Math.round(value * 100) / 100);
  const columns = figures[0]?.sums ?? [];
  return [
    '',
    ...facts([
      [cli.words.counts.rows, number(insight.rows)],
      [labels.partnerRows, number(insight.partnerRows)],
      [labels.matchedAbout, matchedAbout === undefined ? undefined : number(matchedAbout)],
      [labels.sigma, sigma === undefined ? undefined : sigma.toFixed(1)],
      [labels.belowMinimum, belowMinimum === undefined ? undefined : number(belowMinimum)],
    ]),
    ...(figures.length === 0
      ? []
      : [
          '',
          ...table(
            [
              { title: labels.cell },
              { title: labels.people, right: true as const },
              ...columns.flatMap(({ column, unit }) => [
                { title: visible(`${column} (${unit})`), right: true as const },
                { title: visible(labels.mean(column)), right: true as const },
              ]),
            ],
            figures.map(({ values, people, sums }) => [
              visible(Object.values(values).join(' × ') || labels.all),
              shown(people),
              ...sums.flatMap(({ sum, mean }) => [shown(sum), shown(mean)]),
            ]),
          ),
        ]),
    ...words.map((one) => visible(cli.say(one))),
  ];
}
