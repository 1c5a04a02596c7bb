/** What a rule over a room's people may name, as the catalogue lets it: tags, places and lists of tables of people, and what tables of events declare. */
import { type EventCondition, valuedKinds } from '@causeway/core/applications/select';
import { currenciesOf, type Money } from '../forms/money.ts';
import { declaredValues, hasColumn, type TableRules } from '../room-tables.ts';

export interface BuilderTag {
  /** In the rule. */
  readonly name: string;
  /** For people. */
  readonly label: string;
  readonly owner: string;
  readonly kind:
    | { readonly kind: 'category'; readonly values: readonly string[] }
    /** Bounds lie on min, min + grid …, and one below it where they end. */
    | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly grid: number }
    /** Metres: no circle may be smaller. */
    | { readonly kind: 'place'; readonly radiusMin: number };
  /** Whether an audience may be made by it, and not only counted. */
  readonly canSelect: boolean;
}

export interface RuleWords {
  readonly tags: readonly BuilderTag[];
  readonly places: readonly BuilderTag[];
  /** Tables of people, by whom a person may be in a list. */
  readonly lists: readonly { readonly name: string; readonly owner: string }[];
  readonly events: {
    /** Names of the tables of events. */
    readonly tables: readonly string[];
    readonly kinds: readonly EventCondition['kind'][];
    readonly channels: readonly string[];
    readonly campaigns: readonly string[];
    /** In which what orders come to may be asked, with the step of its bounds; none where an owner does not let it be. */
    readonly money: (Money & { readonly grid: number }) | undefined;
  };
}

/** @param people the table whose people are chosen among. @param isAlone whether other tables' tags cannot be named. */
export function ruleWordsOf(
  tables: readonly TableRules[],
  people: TableRules,
  { isAlone = false }: { readonly isAlone?: boolean } = {},
): RuleWords {
  const others = tables.filter(({ name, kind }) => kind === 'person' && name !== people.name);
  // A name that the people's own table has stands for its column: that of another table bears the table's name.
  const all = [...tagsOf(people, ''), ...(isAlone ? [] : others.flatMap((table) => tagsOf(table, `${table.name}.`)))];
  const events = tables.filter((table) => table.kind === 'event' && hasColumn(table, 'at') && hasColumn(table, 'kind'));
  return {
    tags: all.filter(({ kind }) => kind.kind !== 'place'),
    places: all.filter(({ kind }) => kind.kind === 'place'),
    lists: others.map(({ name, owner }) => ({ name, owner })),
    events: {
      tables: events.map(({ name }) => name),
      kinds: declaredValues(events, 'kind') as readonly EventCondition['kind'][],
      channels: askable(events, 'channel'),
      campaigns: askable(events, 'campaign'),
      money: moneyOf(events),
    },
  };
}

/** Tables with orders all have to let values be filtered and summed. */
function moneyOf(events: readonly TableRules[]): RuleWords['events']['money'] {
  const valued = events.filter((table) => declaredValues([table], 'kind').some((kind) => isValued(kind)));
  const rules = valued.map(({ columns }) => columns.find(({ name }) => name === 'value'));
  const grids = rules.flatMap((rule) =>
    (rule?.type === 'money' || rule?.type === 'integer') && rule.filter === 'range' && rule.aggregates.includes('sum')
      ? [rule.grid]
      : [],
  );
  const [currency] = currenciesOf(valued);
  if (currency === undefined || grids.length < valued.length) return undefined;
  return { ...currency, grid: Math.max(...grids) };
}

function isValued(kind: string): boolean {
  return valuedKinds.some((one) => one === kind);
}

/** Values that all tables which have the column let conditions name. */
function askable(events: readonly TableRules[], name: string): readonly string[] {
  const having = events.filter((table) => hasColumn(table, name));
  const isOpen = having.every(({ columns }) =>
    columns.every((column) => column.name !== name || (column.type === 'category' && column.filter === 'declared')),
  );
  return isOpen ? declaredValues(having, name) : [];
}

function tagsOf({ owner, columns }: TableRules, prefix: string): readonly BuilderTag[] {
  return columns.flatMap((column): BuilderTag[] => {
    const tag = { name: `${prefix}${column.name}`, label: column.name, owner, canSelect: column.select === true };
    if (column.type === 'category' && column.filter === 'declared') {
      return [{ ...tag, kind: { kind: 'category', values: column.values } }];
    }
    if ((column.type === 'integer' || column.type === 'money') && column.filter === 'range') {
      return [{ ...tag, kind: { kind: 'number', min: column.min, max: column.max, grid: column.grid } }];
    }
    if (column.type === 'place' && column.filter === 'within') {
      return [{ ...tag, kind: { kind: 'place', radiusMin: column.radiusMin } }];
    }
    return [];
  });
}
