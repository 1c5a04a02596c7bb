import { dayOf, instantOf, periodOf } from '../days.ts';
import type { TableRules } from '../room-tables.ts';
import type { RequestForm } from './form.ts';

const datesMax = 12;
const daySeconds = 86_400;

/** Stages of a model that marketers know, or of one's own; where people stood on each of the dates, and how long. */
export function lifecycleForm(
  people: readonly TableRules[],
  events: readonly TableRules[],
  zone: string,
): RequestForm | undefined {
  const period = periodOf(events, zone);
  const [table] = people;
  if (table === undefined || period === undefined) return undefined;
  const day = (instant: number) => instantOf(dayOf(instant, zone), zone);
  return {
    application: 'lifecycle',
    request: {
      application: 'lifecycle',
      people: table.name,
      events: events.map(({ name }) => name),
      model: 'aipl',
      dates: [day((period.from + period.until) / 2), day(period.until - daySeconds)],
    },
    fields: () => [
      { path: ['model'], word: 'model', kind: 'stages', options: ['r', 'aipl', '5a'] },
      { path: ['dates'], word: 'dates', kind: 'dates', zone, most: datesMax },
      { path: ['people'], word: 'people', kind: 'one', options: people.map(({ name }) => name) },
      {
        ...{ path: ['events'], word: 'events', kind: 'many', isFurther: true },
        options: events.map(({ name }) => name),
      },
    ],
  };
}
