import { periodOf } from '../days.ts';
import { declaredValues, type TableRules } from '../room-tables.ts';
import type { Field, Request, RequestForm } from './form.ts';

const touchKinds = ['exposure', 'click', 'visit'] as const;
const daysMax = 400;
const withinDays = 30;
const excludedMax = 20;

/** Steps that leave people out one after the other: whoever was not touched, has ordered, is on a list, has seen enough. */
export function retargetForm(
  people: readonly TableRules[],
  events: readonly TableRules[],
  organisation: string,
  zone: string,
): RequestForm | undefined {
  const period = periodOf(events, zone);
  const own = people.filter(({ owner }) => owner === organisation);
  const [list] = own.length > 0 ? own : people;
  // Where there is one list alone, whoever is in it was matched.
  const matched = people.find((table) => table !== list) ?? list;
  const kinds = declaredValues(events, 'kind');
  const touched = touchKinds.filter((kind) => kinds.includes(kind));
  const [kind] = touched;
  if (period === undefined || list === undefined || matched === undefined || kind === undefined) return undefined;
  if (!kinds.includes('order')) return undefined;
  const campaigns = declaredValues(events, 'campaign');
  const otherThan = (...names: readonly unknown[]) =>
    people.map(({ name }) => name).filter((name) => !names.includes(name));
  const days = { kind: 'number', min: 0, max: daysMax, unit: 'days' } as const;
  return {
    application: 'retarget',
    request: {
      application: 'retarget',
      people: list.name,
      events: events.map(({ name }) => name),
      asOf: period.until,
      matched: matched.name,
      touched: { kind, withinDays },
      notConvertedWithinDays: withinDays,
      excluded: [],
    },
    fields: (request) => {
      const fields: readonly (Field | false)[] = [
        { path: ['people'], word: 'people', kind: 'one', options: people.map(({ name }) => name) },
        people.length > 1 && {
          ...{ path: ['matched'], word: 'matchedList', kind: 'one', options: otherThan(request.people) },
        },
        { path: ['asOf'], word: 'asOf', kind: 'date', zone },
        { path: ['touched', 'kind'], word: 'touchedBy', kind: 'one', options: touched },
        { path: ['touched', 'withinDays'], word: 'touchedWithin', ...days },
        campaigns.length > 0 && {
          ...{ path: ['touched', 'campaigns'], word: 'touchedCampaigns', kind: 'many', options: campaigns },
          isOptional: true,
        },
        { path: ['notConvertedWithinDays'], word: 'notConverted', ...days },
        {
          ...{ path: ['excluded'], word: 'excluded', kind: 'many', mayBeEmpty: true, most: excludedMax },
          options: otherThan(request.people, request.matched),
        },
        {
          ...{ path: ['frequency', 'timesMax'], word: 'frequencyMax', kind: 'number', min: 1, max: 1000 },
          isOptional: true,
        },
        request.frequency !== undefined && { path: ['frequency', 'withinDays'], word: 'frequencyWithin', ...days },
        {
          ...{ path: ['events'], word: 'events', kind: 'many', isFurther: true },
          options: events.map(({ name }) => name),
        },
      ];
      return fields.filter((field) => field !== false);
    },
    settled: (request) => {
      const { people: of, matched: chosen, excluded, frequency, ...rest } = request as Request & Chosen;
      const isSame = chosen === of;
      const found = isSame ? (otherThan(of)[0] ?? chosen) : chosen;
      return {
        ...{ ...rest, people: of, matched: found },
        excluded: excluded.filter((name) => name !== of && name !== found),
        // A limit needs the days that it is counted over, and days without a limit say nothing.
        ...(frequency?.timesMax === undefined ? {} : { frequency: { withinDays, ...frequency } }),
      };
    },
  };
}

interface Chosen {
  readonly people: string;
  readonly matched: string;
  readonly excluded: readonly string[];
  readonly frequency?: { readonly timesMax?: number; readonly withinDays?: number };
}
