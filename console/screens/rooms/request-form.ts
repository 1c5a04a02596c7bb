/** Reports that a room's tables have what it takes for: a request that can be asked as it is, and what of it a person may choose. */
import type { ReportApplication } from '@causeway/core/applications/request';
import { categoriesOf, declaredValues, type RoomTerms, type TableRules, tablesOf } from './room-tables.ts';

export type Offered = Extract<
  ReportApplication,
  'overlap' | 'insight' | 'reach' | 'attribution' | 'lift' | 'lifecycle'
>;

/** A part of the request, by its name there. */
export type Field =
  | { readonly key: string; readonly kind: 'many' | 'one'; readonly options: readonly string[] }
  /** From an instant until another, in Unix seconds. */
  | { readonly key: string; readonly kind: 'period' }
  | { readonly key: string; readonly kind: 'number'; readonly min: number; readonly max: number };

export interface RequestForm {
  readonly application: Offered;
  readonly request: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
}

const models = ['first', 'last', 'linear', 'position', 'decay', 'markov-1', 'shapley', 'shapley-rate'] as const;
/** Noise has to hide what one person can add: long paths and many values cost more of the budget. */
const pathLengthMax = 5;
const mediaMax = 12;
const tagsMax = 8;

/** @param organisation who asks. */
export function requestForms(terms: RoomTerms, organisation: string): readonly RequestForm[] {
  const tables = tablesOf(terms);
  const people = tables.filter(({ kind }) => kind === 'person');
  const events = tables.filter(({ kind }) => kind === 'event');
  return [
    overlapForm(people, organisation),
    insightForm(people, organisation),
    reachForm(events),
    attributionForm(events),
    liftForm(people, events),
    lifecycleForm(people, events),
  ].filter((form) => form !== undefined);
}

function overlapForm(people: readonly TableRules[], organisation: string): RequestForm | undefined {
  const own = people.find(({ owner }) => owner === organisation);
  const other = people.find(({ owner }) => owner !== organisation);
  if (own === undefined || other === undefined) return undefined;
  const segments = categoriesOf(own, 'group').map(({ name }) => name);
  return {
    application: 'overlap',
    request: {
      application: 'overlap',
      people: own.name,
      partner: { table: other.name },
      ...(segments[0] === undefined ? {} : { segment: segments[0] }),
    },
    fields: segments.length === 0 ? [] : [{ key: 'segment', kind: 'one', options: segments }],
  };
}

function insightForm(people: readonly TableRules[], organisation: string): RequestForm | undefined {
  const base = people.find((table) => categoriesOf(table, 'group').length > 0 && table.owner !== organisation);
  const audience = people.find((table) => table !== base);
  if (base === undefined || audience === undefined) return undefined;
  const tags = categoriesOf(base, 'group').map(({ name }) => name);
  const [first, second] = tags;
  return {
    application: 'insight',
    request: {
      application: 'insight',
      base: base.name,
      baseName: { en: `all of ${base.name}`, zh: `${base.name} 全体` },
      audience: { table: audience.name },
      tags: tags.slice(0, tagsMax),
      crossed: first === undefined || second === undefined ? [] : [[first, second]],
    },
    fields: [{ key: 'tags', kind: 'many', options: tags }],
  };
}

function reachForm(events: readonly TableRules[]): RequestForm | undefined {
  const seen = events.filter((table) => table.columns.some(({ name }) => name === 'channel'));
  const media = declaredValues(seen, 'channel');
  const period = periodOf(seen);
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
    fields: [
      { key: 'period', kind: 'period' },
      { key: 'media', kind: 'many', options: media },
      { key: 'binCount', kind: 'number', min: 1, max: 100 },
      { key: 'impressionsMax', kind: 'number', min: 1, max: 1000 },
    ],
  };
}

function attributionForm(events: readonly TableRules[]): RequestForm | undefined {
  const kinds = declaredValues(events, 'kind');
  const period = periodOf(events);
  const isWhole = kinds.includes('order') && kinds.some((kind) => ['exposure', 'click', 'visit'].includes(kind));
  if (!isWhole || period === undefined || declaredValues(events, 'channel').length === 0) return undefined;
  const money = events.flatMap(({ columns }) =>
    columns.flatMap((column) => (column.type === 'money' && column.name === 'value' ? [column] : [])),
  )[0];
  const dimensions = ['channel', 'campaign', 'creative'].filter((name) => declaredValues(events, name).length > 0);
  return {
    application: 'attribution',
    request: {
      application: 'attribution',
      events: events.map(({ name }) => name),
      period,
      pathLengthMax,
      ordersMax: 1,
      ...(money === undefined ? {} : { valueMax: Math.max(1, money.clip?.high ?? money.max) }),
      currencies: money === undefined ? [] : [{ code: money.currency, digits: minorDigits(money.currency) }],
      dimensions: dimensions.slice(0, 1),
      models: ['first', 'last', 'linear'],
    },
    fields: [
      { key: 'period', kind: 'period' },
      { key: 'models', kind: 'many', options: models },
      { key: 'dimensions', kind: 'many', options: dimensions },
      { key: 'ordersMax', kind: 'number', min: 1, max: 1000 },
      { key: 'pathLengthMax', kind: 'number', min: 1, max: 50 },
    ],
  };
}

/** Amounts are whole numbers of the smallest unit. */
function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

function liftForm(people: readonly TableRules[], events: readonly TableRules[]): RequestForm | undefined {
  const period = periodOf(events);
  const found = people.flatMap((table) =>
    categoriesOf(table, 'filter').flatMap((column) => (tellsGroups(column) ? [{ table, column }] : [])),
  )[0];
  if (found === undefined || period === undefined || !declaredValues(events, 'kind').includes('order'))
    return undefined;
  const { table, column } = found;
  const held = column.values.find((value) => /control|holdout|^yes$|^1$/i.test(value)) ?? column.values[1]!;
  const treated = column.values.filter((value) => value !== held);
  return {
    application: 'lift',
    request: {
      application: 'lift',
      groups: { table: table.name, column: column.name, treated, control: [held] },
      assignment: 'random',
      events: events.map(({ name }) => name),
      period,
    },
    fields: [
      { key: 'period', kind: 'period' },
      { key: 'assignment', kind: 'one', options: ['random', 'observed'] },
    ],
  };
}

/** Whether a column says who was shown something and who was held out: a tier of customers came about otherwise. */
function tellsGroups({ name, values }: { readonly name: string; readonly values: readonly string[] }): boolean {
  return values.length === 2 && [name, ...values].some((word) => /control|holdout|held.?out|对照/i.test(word));
}

function lifecycleForm(people: readonly TableRules[], events: readonly TableRules[]): RequestForm | undefined {
  const period = periodOf(events);
  const [table] = people;
  if (table === undefined || period === undefined) return undefined;
  const half = Math.floor((period.from + period.until) / 2 / daySeconds) * daySeconds;
  return {
    application: 'lifecycle',
    request: {
      application: 'lifecycle',
      people: table.name,
      events: events.map(({ name }) => name),
      model: 'aipl',
      dates: [half, period.until - daySeconds],
    },
    fields: [
      { key: 'model', kind: 'one', options: ['r', 'aipl', '5a'] },
      { key: 'people', kind: 'one', options: people.map(({ name }) => name) },
    ],
  };
}

const daySeconds = 86_400;

/** The days that the owners let be asked about: of all tables together. */
function periodOf(tables: readonly TableRules[]): { readonly from: number; readonly until: number } | undefined {
  const times = tables.flatMap(({ columns }) => columns.flatMap((column) => (column.type === 'time' ? [column] : [])));
  if (times.length === 0) return undefined;
  const seconds = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;
  return {
    from: Math.max(...times.map(({ from }) => seconds(from))),
    until: Math.min(...times.map(({ to }) => seconds(to))),
  };
}
