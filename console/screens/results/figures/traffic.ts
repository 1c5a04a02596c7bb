/** Which events are not counted, and why. */
import { type InvalidReason, invalidReasons, type TrafficReport } from '@causeway/core/applications/traffic';
import type { Cell, Figure } from '../../../charts/figure.ts';
import { column, count, name, share, type Telling, type ToldResult } from './told.ts';

export function trafficFigures({ kinds }: TrafficReport, { say, words }: Telling): ToldResult {
  const reasons = (Object.keys(invalidReasons) as InvalidReason[]).filter((reason) =>
    kinds.some(({ byReason }) => byReason[reason] !== undefined),
  );
  const samples = kinds.flatMap(({ kind, byReason }) =>
    reasons.flatMap((reason) =>
      (byReason[reason]?.sample ?? []).map((id): Cell[] => [say(kind), words(invalidReasons[reason]), id]),
    ),
  );
  const byReason: Figure = {
    id: 'traffic-reasons',
    title: say('invalidByReason'),
    columns: [column('reason', say('reason'), name), ...kinds.map(({ kind }) => column(kind, say(kind), count))],
    rows: reasons.map((reason): Cell[] => [
      words(invalidReasons[reason]),
      ...kinds.map(({ byReason: found }) => found[reason]?.events ?? 0),
    ]),
    ...(kinds.length === 0
      ? {}
      : { chart: { kind: 'groups', name: 'reason', values: kinds.map(({ kind }) => kind), isStacked: true } as const }),
  };
  const kept: Figure = {
    id: 'traffic-kinds',
    title: say('invalidByKind'),
    columns: [
      column('kind', say('eventKind'), name),
      column('valid', say('valid'), count),
      column('invalid', say('invalid'), count),
      column('share', say('invalidShare'), share(1)),
    ],
    rows: kinds.map(({ kind, events, invalid, invalidShare }) => [
      say(kind),
      events - invalid,
      invalid,
      invalidShare ?? null,
    ]),
    chart: { kind: 'groups', name: 'kind', values: ['valid', 'invalid'], isStacked: true },
  };
  const appeals: Figure = {
    id: 'traffic-samples',
    title: say('samples'),
    columns: [
      column('kind', say('eventKind'), name),
      column('reason', say('reason'), name),
      column('id', say('eventId'), name),
    ],
    rows: samples,
  };
  return {
    facts: [],
    figures: [kept, ...(reasons.length === 0 ? [] : [byReason]), ...(samples.length === 0 ? [] : [appeals])],
  };
}
