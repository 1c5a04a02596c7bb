import { periodOf } from '../days.ts';
import { categoriesOf, declaredValues, type TableRules } from '../room-tables.ts';
import type { Field, Path, Request, RequestForm } from './form.ts';
import { currenciesOf, type Money, valueMaxOf } from './money.ts';

const ruleModels = ['first', 'last', 'linear', 'position', 'decay'] as const;
const pathModels = ['markov-1', 'markov-2', 'markov-3', 'shapley', 'shapley-rate'] as const;
/** Sets of channels are counted one by one: of more there are too many. */
const shapleyMax = 12;
const touches = ['exposure', 'click', 'visit'] as const;
const daySeconds = 86_400;
const windowDays = 15;
const halfLifeDays = 7;
/** Noise has to hide what one person can add: long paths cost more of the budget. */
const pathLengthMax = 5;

export function attributionForm(
  people: readonly TableRules[],
  events: readonly TableRules[],
  zone: string,
): RequestForm | undefined {
  const kinds = declaredValues(events, 'kind');
  const period = periodOf(events, zone);
  const channels = declaredValues(events, 'channel');
  const isWhole = kinds.includes('order') && touches.some((kind) => kinds.includes(kind));
  if (!isWhole || period === undefined || channels.length === 0) return undefined;
  const currencies = currenciesOf(events);
  const valueMax = valueMaxOf(events);
  const tagged = people.filter((table) => categoriesOf(table, 'group').length > 0);
  const named = ['channel', 'campaign', 'creative'].filter((name) => declaredValues(events, name).length > 0);
  const models = pathModels.filter((model) => !model.startsWith('shapley') || channels.length <= shapleyMax);
  const firstAudience = tagged[0] && { table: tagged[0].name, column: categoriesOf(tagged[0], 'group')[0]!.name };
  return {
    application: 'attribution',
    request: {
      application: 'attribution',
      events: events.map(({ name }) => name),
      period,
      windowSeconds: windowDays * daySeconds,
      pathLengthMax,
      ordersMax: 1,
      ...(currencies.length === 0 ? {} : { valueMax }),
      currencies: currencies.slice(0, 1),
      dimensions: named.slice(0, 1),
      models: ['first', 'last', 'linear'],
    },
    fields: (request) => {
      const { models: chosen, dimensions } = request as Request & Chosen;
      const [money] = request.currencies as readonly Money[];
      const isShown: readonly (Field | false)[] = [
        { path: ['period'], word: 'period', kind: 'period', zone },
        { path: ['models'], word: 'models', kind: 'many', options: [...ruleModels, ...models] },
        {
          ...{ path: ['dimensions'], word: 'dimensions', kind: 'many' },
          options: firstAudience === undefined ? named : [...named, 'audience'],
        },
        dimensions.includes('audience') && {
          ...{ path: ['audiences', 'table'], word: 'audienceTable', kind: 'one' },
          options: tagged.map(({ name }) => name),
        },
        dimensions.includes('audience') && {
          ...{ path: ['audiences', 'column'], word: 'audienceColumn', kind: 'one' },
          options: groupsOf(tagged, request),
        },
        { ...days(['windowSeconds'], 'window'), isFurther: true },
        ...touches
          .filter((kind) => kinds.includes(kind))
          .map(
            (kind): Field => ({
              ...days(['lookBackSeconds', kind], `lookBack-${kind}`),
              isOptional: true,
              isFurther: true,
            }),
          ),
        chosen.includes('decay') && {
          ...days(['halfLifeSeconds'], 'halfLife'),
          ...{ min: 1, otherwise: halfLifeDays, isOptional: true, isFurther: true },
        },
        { path: ['ordersMax'], word: 'ordersMax', kind: 'number', min: 1, max: 1000, isFurther: true },
        { path: ['pathLengthMax'], word: 'pathLengthMax', kind: 'number', min: 1, max: 1000, isFurther: true },
        currencies.length > 0 && {
          ...{ path: ['currencies'], word: 'currencies', kind: 'many', mayBeEmpty: true, isFurther: true },
          options: currencies.map(({ code }) => code),
        },
        money !== undefined && {
          ...{ path: ['valueMax'], word: 'valueMax', kind: 'number', min: 1, max: 1_000_000_000, isFurther: true },
          ...{ unit: 'money', currency: money.code, each: 10 ** money.digits },
        },
        { path: ['paths'], word: 'paths', kind: 'flag', isOptional: true, isFurther: true },
        money !== undefined && {
          ...{ path: ['costs'], word: 'costs', kind: 'costs', isOptional: true, isFurther: true },
          units: dimensions.flatMap((dimension) =>
            declaredValues(events, dimension).map((unit) => ({ dimension, unit })),
          ),
          ...{ currency: money.code, digits: money.digits },
        },
        {
          ...{ path: ['events'], word: 'events', kind: 'many', isFurther: true },
          options: events.map(({ name }) => name),
        },
      ];
      return isShown.filter((field) => field !== false);
    },
    settled: (request) => {
      const { audiences, halfLifeSeconds, costs, valueMax: _, ...rest } = request as Request & Chosen;
      const { dimensions, currencies: codes } = rest;
      // A person chooses among codes; the request says how their amounts are written as well.
      const told = currencies.filter(({ code }) =>
        codes.some((one) => (typeof one === 'string' ? one : one.code) === code),
      );
      const paid = costs?.filter(
        ({ dimension, currency }) => dimensions.includes(dimension) && currency === told[0]?.code,
      );
      return {
        ...{ ...rest, currencies: told },
        ...(told.length === 0 ? {} : { valueMax: request.valueMax ?? valueMax }),
        ...(dimensions.includes('audience') ? { audiences: audienceOf(tagged, audiences ?? firstAudience) } : {}),
        ...(halfLifeSeconds !== undefined && rest.models.includes('decay') ? { halfLifeSeconds } : {}),
        ...(paid === undefined || paid.length === 0 ? {} : { costs: paid }),
      };
    },
  };

  function days(path: Path, word: Field['word']): Extract<Field, { kind: 'number' }> {
    return { path, word, kind: 'number', min: 0, max: 400, unit: 'days', each: daySeconds };
  }
}

interface Chosen {
  readonly models: readonly string[];
  readonly dimensions: readonly string[];
  readonly currencies: readonly (Money | string)[];
  readonly audiences?: Audience;
  readonly halfLifeSeconds?: number;
  readonly valueMax?: number;
  readonly costs?: readonly { readonly dimension: string; readonly currency: string }[];
}

interface Audience {
  readonly table: string;
  readonly column: string;
}

function groupsOf(tagged: readonly TableRules[], request: Request): readonly string[] {
  const { audiences } = request as Request & Chosen;
  const table = tagged.find(({ name }) => name === audiences?.table);
  return table === undefined ? [] : categoriesOf(table, 'group').map(({ name }) => name);
}

/** Another table has other columns. */
function audienceOf(tagged: readonly TableRules[], audience: Audience | undefined): Audience | undefined {
  const table = tagged.find(({ name }) => name === audience?.table);
  if (table === undefined || audience === undefined) return undefined;
  const columns = categoriesOf(table, 'group').map(({ name }) => name);
  return columns.includes(audience.column) ? audience : { table: table.name, column: columns[0]! };
}
