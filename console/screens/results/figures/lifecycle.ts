/** Who stood at which stage before and after, where they came from and went, and for how long they stay. */
import type { LifecycleReports } from '@causeway/core/applications/request';
import { type Cell, type Figure, hidden } from '../../../charts/figure.ts';
import { column, count, name, type Telling, type ToldResult, told } from './told.ts';

type Transition = LifecycleReports['transitions'][number];

export function lifecycleFigures({ transitions }: LifecycleReports, telling: Telling): ToldResult {
  return { facts: [], figures: transitions.flatMap((transition) => figuresOf(transition, telling)) };
}

function figuresOf({ from, to, report }: Transition, { say, day }: Telling): readonly Figure[] {
  const part = `${day(from)} – ${day(to)}`;
  const names = report.stages.map((stage) => stage.name);
  const stageOr = (at: number, outside: string) => names[at] ?? outside;
  const aging = report.aging ?? [];
  const { otherFlows } = report;
  return [
    {
      id: 'lifecycle-stock',
      title: say('stock'),
      part,
      columns: [
        column('stage', say('stage'), name),
        column('before', day(from), count),
        column('after', day(to), count),
        column('moved', say('movedUp'), { kind: 'share', digits: 0 }),
      ],
      rows: report.stages.map((stage, i): Cell[] => [
        stage.name,
        told(stage.before),
        told(stage.after),
        // Nobody moves up from the highest stage, and nobody from an empty one.
        i === names.length - 1 || stage.before === 0 ? null : told(stage.moved),
      ]),
      chart: { kind: 'groups', name: 'stage', values: ['before', 'after'], isUpright: true },
    },
    {
      id: 'lifecycle-flow',
      title: say('flows'),
      part,
      notes: otherFlows.flows === 0 ? [] : [say('otherFlows', { flows: otherFlows.flows })],
      columns: [
        column('from', say('from'), name),
        column('to', say('to'), name),
        column('people', say('people'), count),
      ],
      rows: report.flows.flatMap((row, i) =>
        // Names of both dates, so that a stage is a place on the left and one on the right.
        row.map((people, j): Cell[] => [
          say('before', { stage: stageOr(i, say('outside')) }),
          say('after', { stage: stageOr(j, say('outside')) }),
          people ?? hidden,
        ]),
      ),
      chart: { kind: 'flow', from: 'from', to: 'to', value: 'people' },
    },
    ...(aging.length === 0
      ? []
      : [
          {
            id: 'lifecycle-aging',
            title: say('aging'),
            part,
            columns: [
              column('stage', say('stage'), name),
              column('dates', say('sinceDates'), name),
              column('people', say('people'), count),
            ],
            rows: aging.flatMap((row, i) =>
              row.map((people, k): Cell[] => [
                stageOr(i, say('outside')),
                k === row.length - 1 ? `${k + 1}+` : String(k + 1),
                people ?? hidden,
              ]),
            ),
            chart: { kind: 'heat', x: 'dates', y: 'stage', value: 'people' },
          } as const,
        ]),
  ];
}
