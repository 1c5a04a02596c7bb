/** How many an audience has, and whom each step of a retargeting left out. */
import type { SizeReport } from '@causeway/core/applications/request';
import type { RetargetReport } from '@causeway/core/applications/retarget';
import { column, count, name, type Telling, type ToldResult, told } from './told.ts';

export function sizeFigures({ about, interval }: SizeReport, { say }: Telling): ToldResult {
  return {
    facts: [
      { label: say('audienceSize'), cell: told(about), unit: count, ...(interval === undefined ? {} : { interval }) },
    ],
    figures: [],
  };
}

export function retargetFigures({ steps }: RetargetReport, { say }: Telling): ToldResult {
  return {
    facts: [{ label: say('audienceSize'), cell: told(steps.at(-1)?.people), unit: count }],
    figures: [
      {
        id: 'retarget-steps',
        title: say('steps'),
        columns: [
          column('step', say('afterStep'), name),
          column('people', say('people'), count),
          column('leftOut', say('leftOut'), count),
        ],
        rows: steps.map(({ name: step, people, leftOut }, i) => [step, told(people), i === 0 ? null : told(leftOut)]),
        chart: { kind: 'bars', name: 'step', value: 'people' },
      },
    ],
  };
}
