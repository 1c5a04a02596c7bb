import { periodOf } from '../days.ts';
import { declaredValues, hasColumn, type TableRules } from '../room-tables.ts';
import type { RequestForm } from './form.ts';

/** Noise has to hide what one person can add: many media cost more of the budget. */
const mediaMax = 12;

export function reachForm(
  people: readonly TableRules[],
  events: readonly TableRules[],
  zone: string,
): RequestForm | undefined {
  const seen = events.filter((table) => hasColumn(table, 'channel'));
  const media = declaredValues(seen, 'channel');
  const period = periodOf(seen, zone);
  if (media.length === 0 || period === undefined) return undefined;
  return {
    application: 'reach',
    request: {
      application: 'reach',
      events: seen.map(({ name }) => name),
      period,
      media: media.slice(0, mediaMax),
      binCount: 10,
      impressionsMax: 20,
    },
    fields: () => [
      { path: ['period'], word: 'period', kind: 'period', zone },
      { path: ['media'], word: 'media', kind: 'many', options: media, most: 61 },
      { path: ['target'], word: 'target', kind: 'people', tables: people, isOptional: true },
      { path: ['binCount'], word: 'binCount', kind: 'number', min: 1, max: 100 },
      { path: ['impressionsMax'], word: 'impressionsMax', kind: 'number', min: 1, max: 1000 },
      { path: ['events'], word: 'events', kind: 'many', options: seen.map(({ name }) => name), isFurther: true },
    ],
  };
}
