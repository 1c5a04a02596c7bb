/** The tables of a question, and what its names stand for. */

import { QueryRefused } from '../refusal.ts';
import { type AudienceRule, type Catalogue, type ColumnRule, foldName, type TableRules } from '../rules/catalogue.ts';
import { type Domain, domainOf } from '../rules/domain.ts';
import type { FromTable, Join } from '../tree/from.ts';
import type { ColumnName } from '../tree/name.ts';

export interface ScopeTable {
  readonly rules: TableRules;
  /** The rule of the column that says whose row it is. */
  readonly person: ColumnRule;
  readonly alias: string;
  readonly kind: 'inner' | 'left';
  readonly at: number | undefined;
}

/** What a condition or a group can be about. */
export type Variable = {
  /** Names it for good: owner, table and what of the table. */
  readonly id: string;
  readonly table: ScopeTable;
  readonly domain: Domain;
  /** Whether a row may have no value: by its rule, or because the table's row may be absent. */
  readonly isNullable: boolean;
} & (
  | { readonly kind: 'column'; readonly rule: ColumnRule }
  | { readonly kind: 'audience'; readonly rule: AudienceRule }
  /** Whether a table that is joined from the left has a row of the person. */
  | { readonly kind: 'presence' }
);

const tablesMax = 16;

export class Scope {
  readonly tables: readonly ScopeTable[];
  readonly #catalogue: Catalogue;

  /** @throws {QueryRefused} for a table that is unknown or comes twice, and for joins on anything but the person. */
  constructor(from: readonly FromTable[], catalogue: Catalogue) {
    this.#catalogue = catalogue;
    if (from.length > tablesMax) throw new QueryRefused('too-many-tables');
    const tables: ScopeTable[] = [];
    for (const { name, alias, at, join } of from) {
      const rules = catalogue.tables.find((table) => foldName(table.name) === foldName(name));
      if (rules === undefined) throw new QueryRefused('unknown-table', { at });
      const isTwice = tables.some((table) => table.rules === rules || table.alias === foldName(alias));
      if (isTwice) throw new QueryRefused('table-twice', { at });
      const person = rules.columns.find((column) => column.name === rules.person)!;
      const table: ScopeTable = { rules, person, alias: foldName(alias), kind: join?.kind ?? 'inner', at };
      if (join !== undefined) requirePersonJoin(join, table, tables);
      tables.push(table);
    }
    if (tables.filter(({ rules }) => rules.kind === 'event').length > 1) {
      throw new QueryRefused('two-event-tables', { at: tables.findLast(({ rules }) => rules.kind === 'event')!.at });
    }
    this.tables = tables;
  }

  get hasEvents(): boolean {
    return this.tables.some(({ rules }) => rules.kind === 'event');
  }

  /** @throws {QueryRefused} `unknown-column`, `ambiguous-column`. */
  column(name: ColumnName): { readonly table: ScopeTable; readonly rule: ColumnRule } {
    const tables =
      name.table === undefined ? this.tables : this.tables.filter(({ alias }) => alias === foldName(name.table!));
    const found = tables.flatMap((table) => {
      const rule = table.rules.columns.find((column) => foldName(column.name) === foldName(name.column));
      return rule === undefined ? [] : [{ table, rule }];
    });
    if (found.length === 0) throw new QueryRefused('unknown-column', { at: name.at });
    // Joined on the person, all tables agree on who it is; the first is never absent.
    const isPerson = found.every(({ table, rule }) => rule.name === table.rules.person);
    if (found.length > 1 && !isPerson) throw new QueryRefused('ambiguous-column', { at: name.at });
    return found[0]!;
  }

  /** @throws {QueryRefused} `unknown-audience`, `audience-without-table`. */
  audience(name: string, at: number | undefined): { readonly table: ScopeTable; readonly rule: AudienceRule } {
    const rule = this.#catalogue.audiences.find((audience) => audience.name === name);
    if (rule === undefined) throw new QueryRefused('unknown-audience', { at });
    const table = this.tables.find(({ rules }) => rules.name === rule.table);
    if (table === undefined) throw new QueryRefused('audience-without-table', { at });
    return { table, rule };
  }

  /** Everything that could be asked about, in an order that no question changes. */
  variables(): readonly Variable[] {
    const variables = this.tables.flatMap((table) => [...this.#variablesOf(table)]);
    return variables.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  *#variablesOf(table: ScopeTable): Generator<Variable> {
    const { rules, kind } = table;
    const id = (what: string, name: string) => JSON.stringify([rules.owner, rules.name, what, name]);
    const isAbsent = kind === 'left';
    if (isAbsent)
      yield { kind: 'presence', id: id('presence', ''), table, domain: { kind: 'flag' }, isNullable: false };
    for (const rule of rules.columns) {
      const domain = domainOf(rule, this.#catalogue.zone);
      if (domain === undefined || rule.type === 'key' || rule.type === 'place') continue;
      yield {
        kind: 'column',
        id: id('column', rule.name),
        table,
        rule,
        domain,
        isNullable: isAbsent || rule.isNullable,
      };
    }
    for (const rule of this.#catalogue.audiences.filter((audience) => audience.table === rules.name)) {
      yield {
        kind: 'audience',
        id: id('audience', rule.name),
        table,
        rule,
        domain: { kind: 'flag' },
        isNullable: isAbsent,
      };
    }
  }
}

/** `USING (person)`, or the person of this table equal to the person of an earlier one that is never absent. */
function requirePersonJoin(join: Join, table: ScopeTable, before: readonly ScopeTable[]): void {
  const { at } = join;
  if (join.on === undefined) {
    const isPerson = [table, ...before].every(({ rules }) => foldName(rules.person) === foldName(join.using ?? ''));
    if (!isPerson) throw new QueryRefused('join-condition', { at });
    return;
  }
  const sides = join.on.map((name) => [table, ...before].find(({ alias }) => alias === foldName(name.table ?? '')));
  const other = sides.find((side) => side !== table);
  const arePersons = join.on.every(
    (name, i) => sides[i] !== undefined && foldName(sides[i].rules.person) === foldName(name.column),
  );
  if (!arePersons || other === undefined || !sides.includes(table)) throw new QueryRefused('join-condition', { at });
  if (other.kind === 'left') throw new QueryRefused('join-through-absent', { at });
}
