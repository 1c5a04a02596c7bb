/** What a report reads of whom: names are looked up in the catalogue, and every use is remembered for the owners' rules. */
import {
  type AudienceRule,
  type Catalogue,
  type ColumnRule,
  domainOf,
  isOnGrid,
  type TableRules,
  type Use,
  type UseKind,
  useOfAudience,
  useOfColumn,
} from '../../policy/query/index.ts';
import { type EventKind, eventKinds } from '../events/index.ts';
import type { PlaceCondition } from '../select/index.ts';
import { ReportRefused } from './refusal.ts';
import type { People } from './request.ts';

type RuleOf<Type extends ColumnRule['type']> = Extract<ColumnRule, { type: Type }>;

/** Places of a table that a condition holds of: whoever has the rows finds them, and puts them into a table of this name with a column `place`. */
export interface WantedPlaces {
  readonly name: string;
  readonly table: TableRules;
  readonly column: string;
  readonly condition: Omit<PlaceCondition, 'place'>;
}

/** What a report wants of its events beside who, when and what. */
export interface EventNeeds {
  /** Columns whose values are told apart. */
  readonly groups?: readonly ('channel' | 'campaign' | 'creative')[];
  /** Whether the worth of orders is added up, and squared. */
  readonly value?: 'sum' | 'variance' | undefined;
}

export class Reader {
  readonly uses: Use[] = [];
  readonly tables = new Map<string, TableRules>();
  readonly audiences = new Map<string, AudienceRule>();
  /** Event tables, in the order of the request. */
  readonly eventTables: TableRules[] = [];
  /** Person tables whose tags stand beside those of the people that are counted. */
  readonly joinedTables: TableRules[] = [];
  /** Person tables that a rule names as lists of people. */
  readonly listedTables = new Set<string>();
  /** What conditions by place need. */
  readonly places: WantedPlaces[] = [];
  readonly #catalogue: Catalogue;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** Organisations whose rows are read, each once. */
  get owners(): readonly string[] {
    return [...new Set([...this.tables.values()].map(({ owner }) => owner))];
  }

  /** A table of people, of whom some are counted. */
  personTable(name: string): TableRules {
    return this.#table(name, 'person');
  }

  /** Tables whose tags are named too, `table.column`. */
  join(names: readonly string[]): void {
    for (const name of names) this.joinedTables.push(this.personTable(name));
  }

  column<Type extends ColumnRule['type']>(
    table: TableRules,
    name: string,
    of: { readonly types: readonly Type[]; readonly uses: readonly UseKind[] },
  ): RuleOf<Type> {
    const rule = table.columns.find((column) => column.name === name);
    if (rule === undefined) throw new ReportRefused('unknown-column', `${table.name}.${name}`);
    if (!of.types.some((type) => type === rule.type)) throw new ReportRefused('wrong-column', `${table.name}.${name}`);
    for (const kind of of.uses) this.uses.push(useOfColumn(table, rule, kind, undefined));
    return rule as RuleOf<Type>;
  }

  /** Declared values of a category that people are told apart by. */
  values(table: TableRules, name: string): readonly string[] {
    return this.column(table, name, { types: ['category'], uses: ['group'] }).values;
  }

  /** Whether people may have no value of a category. */
  isNullable(table: TableRules, name: string): boolean {
    const rule = table.columns.find((column) => column.name === name);
    return rule?.type === 'category' && rule.isNullable;
  }

  /** A list of people: a table, a part of it, or an audience. */
  people(people: People): void {
    if ('audience' in people) {
      this.audience(people.audience);
      return;
    }
    const table = this.personTable(people.table);
    if (people.where === undefined) return;
    const { column, in: values } = people.where;
    const rule = this.column(table, column, { types: ['category'], uses: ['filter'] });
    requireDeclared(values, rule.values, `${table.name}.${column}`);
  }

  /** An audience of the catalogue; or all whom a person table has, by its name. */
  audience(name: string): void {
    const rule = this.#catalogue.audiences.find((audience) => audience.name === name);
    if (rule === undefined && this.#catalogue.tables.some((each) => each.name === name)) {
      this.personTable(name);
      this.listedTables.add(name);
      return;
    }
    const table = this.#catalogue.tables.find((each) => each.name === rule?.table);
    if (rule === undefined || table === undefined) throw new ReportRefused('unknown-table', name);
    this.#table(table.name, 'person');
    this.audiences.set(name, rule);
    this.uses.push(useOfAudience(table, rule, 'filter', undefined));
  }

  /** The places of a column that a condition holds of; the same for the same condition. */
  within(table: TableRules, column: string, { withinMetres, of, system }: PlaceCondition): WantedPlaces {
    const condition = { withinMetres, of, system };
    const isSame = (wanted: WantedPlaces) =>
      wanted.table === table &&
      wanted.column === column &&
      JSON.stringify(wanted.condition) === JSON.stringify(condition);
    const known = this.places.find(isSame);
    if (known !== undefined) return known;
    const wanted = { name: `places_${this.places.length}`, table, column, condition };
    this.places.push(wanted);
    return wanted;
  }

  /** Every list of people that a rule may name: audiences of the catalogue, and person tables. */
  get listNames(): readonly string[] {
    const tables = this.#catalogue.tables.filter(({ kind }) => kind === 'person');
    return [...this.#catalogue.audiences, ...tables].map(({ name }) => name);
  }

  /**
   * Tables with the columns of `eventColumns`: `person`, `at` and `kind` at least. Without an `event_id` every row is an event of its own, without an
   * `order_ref` an order.
   * @param instants that must lie on the grid of `at`.
   */
  events(names: readonly string[], needs: EventNeeds, instants: readonly number[]): readonly TableRules[] {
    return names.map((name) => {
      const table = this.#table(name, 'event');
      this.eventTables.push(table);
      const at = this.column(table, 'at', { types: ['time'], uses: ['filter'] });
      for (const instant of instants) this.#requireOnGrid(at, instant, `${name}.at`);
      const { values } = this.column(table, 'kind', { types: ['category'], uses: ['filter'] });
      requireDeclared(values, eventKinds, `${name}.kind`);
      if (values.some((kind) => kind === 'order' || kind === 'refund')) {
        // A refund is of an order, by its number.
        if (hasColumn(table, 'order_ref') || values.includes('refund')) this.#id(table, 'order_ref');
        if (needs.value !== undefined) this.#value(table, needs.value);
      }
      if (values.some((kind) => kind !== 'order' && kind !== 'refund')) {
        for (const group of needs.groups ?? [])
          if (hasColumn(table, group) || group === 'channel') this.values(table, group);
      }
      if (hasColumn(table, 'event_id')) this.#id(table, 'event_id');
      return table;
    });
  }

  /** Values of a column of events that a condition is about. */
  eventValues(column: 'channel' | 'campaign', values: readonly string[] | undefined): void {
    if (values === undefined) return;
    const tables = this.eventTables.filter((table) => hasColumn(table, column));
    for (const table of tables) this.column(table, column, { types: ['category'], uses: ['filter'] });
    requireDeclared(values, this.declared(column), column);
  }

  /**
   * Values of events of a kind in a currency, of which a condition takes the sum.
   * @returns for each table that has such events the grid of its values, and where they stand.
   */
  eventWorth(kind: EventKind, currency: string): readonly { readonly grid: number; readonly at: string }[] {
    const tables = this.eventTables.filter((table) =>
      table.columns.some((rule) => rule.name === 'kind' && rule.type === 'category' && rule.values.includes(kind)),
    );
    if (tables.length === 0) throw new ReportRefused('undeclared-value', `kind: ${kind}`);
    return tables.map((table) => {
      const at = `${table.name}.value`;
      const { grid, ...rule } = this.column(table, 'value', { types: ['money', 'integer'], uses: ['filter', 'sum'] });
      if (hasColumn(table, 'currency')) {
        const { values } = this.column(table, 'currency', { types: ['category'], uses: ['filter'] });
        requireDeclared([currency], values, `${table.name}.currency`);
      } else if (rule.type !== 'money' || rule.currency !== currency) {
        throw new ReportRefused('undeclared-value', `${at}: ${currency}`);
      }
      return { grid, at };
    });
  }

  /** Names that the events' owners declared for a column, sorted. */
  declared(column: 'channel' | 'campaign' | 'creative'): readonly string[] {
    const names = this.eventTables.flatMap((table) => {
      const rule = table.columns.find(({ name }) => name === column);
      return rule?.type === 'category' ? rule.values : [];
    });
    return [...new Set(names)].sort();
  }

  #id(table: TableRules, name: 'event_id' | 'order_ref'): void {
    this.column(table, name, { types: ['key'], uses: ['table'] });
  }

  #value(table: TableRules, use: 'sum' | 'variance'): void {
    this.column(table, 'value', { types: ['money', 'integer'], uses: ['sum', ...(use === 'variance' ? [use] : [])] });
    if (hasColumn(table, 'currency')) this.column(table, 'currency', { types: ['category'], uses: ['filter'] });
  }

  #requireOnGrid(rule: RuleOf<'time'>, instant: number, at: string): void {
    const domain = domainOf(rule, this.#catalogue.zone);
    if (domain?.kind !== 'time') throw new ReportRefused('wrong-column', at);
    if (!isOnGrid(instant, domain)) throw new ReportRefused('off-grid', at);
  }

  #table(name: string, kind: TableRules['kind']): TableRules {
    const table = this.#catalogue.tables.find((each) => each.name === name);
    if (table === undefined) throw new ReportRefused('unknown-table', name);
    if (table.kind !== kind) throw new ReportRefused('wrong-column', name);
    if (this.tables.has(name)) return table;
    this.tables.set(name, table);
    this.column(table, table.person, { types: ['key'], uses: ['count'] });
    return table;
  }
}

export function hasColumn(table: TableRules, name: string): boolean {
  return table.columns.some((column) => column.name === name);
}

export function requireDeclared(values: readonly string[], declared: readonly string[], at: string): void {
  if (!values.every((value) => declared.includes(value))) throw new ReportRefused('undeclared-value', at);
}
