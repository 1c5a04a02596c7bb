/** What the treated group did beyond the control group, with how surely. */
import type { LiftReport } from '@causeway/core/applications/lift';
import type { Cell, Figure } from '../../../charts/figure.ts';
import { hidden } from '../../../charts/figure.ts';
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
} from './told.ts';

export function liftFigures(report: LiftReport, { say }: Telling): ToldResult {
  const { assignment, effect, value, sampleRatio } = report;
  if (effect === undefined) {
    return { facts: [{ label: say('difference'), cell: hidden, unit: share(2) }], figures: [] };
  }
  const { rates, difference, interval, incremental, incrementalInterval, relative, distinguishable } = effect;
  const facts: readonly Fact[] = [
    { label: say('difference'), cell: difference, unit: share(2), interval },
    { label: say('incrementalBuyers'), cell: incremental, unit: count, interval: incrementalInterval },
    ...(value === undefined
      ? []
      : [
          { label: say('valuePerPerson'), cell: value.perPerson, unit: decimal(2), interval: value.interval },
          {
            label: say('incrementalValue'),
            cell: value.incremental,
            unit: decimal(0),
            interval: value.incrementalInterval,
          },
        ]),
    ...(sampleRatio === undefined ? [] : [{ label: say('sampleRatio'), cell: sampleRatio.p, unit: decimal(4) }]),
  ];
  const notes = [
    ...(assignment === 'observed' ? [say('observed')] : []),
    say(distinguishable ? 'distinguishable' : 'withinNoise'),
    ...(sampleRatio?.suspicious === true ? [say('sampleSuspicious')] : []),
  ];
  const effects: readonly (readonly Cell[])[] = [
    [say('difference'), difference, ...ends(interval)],
    ...(relative === undefined ? [] : [[say('relative'), relative.value, ...ends(relative.interval)]]),
  ];
  const figures: readonly Figure[] = [
    {
      id: 'lift-rates',
      title: say('rates'),
      columns: [column('group', say('group'), name), column('rate', say('buyingRate'), share(2))],
      rows: [
        [say('treated'), rates.treated],
        [say('control'), rates.control],
      ],
      chart: { kind: 'bars', name: 'group', value: 'rate' },
    },
    {
      id: 'lift-effect',
      title: say('effect'),
      notes,
      columns: [
        column('what', say('measure'), name),
        column('value', say('value'), share(1)),
        ...intervalColumns(say, share(1)),
      ],
      rows: effects,
      chart: { kind: 'points', name: 'what', value: 'value', interval: { low: 'low', high: 'high' }, baseline: 0 },
    },
  ];
  return { facts, figures };
}
