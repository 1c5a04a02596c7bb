/** How a room is put together: who brings which table, and one rule for each column that leaves its owner. Rights that all rules share are set in one place. */

import type { RoomDraft } from './draft.ts';
import type { Offered } from './offer.ts';

type Proposal = RoomDraft['proposal'];
export type Contributor = Proposal['contributors'][number];
export type TableRule = Proposal['rules']['tables'][number];
export type ColumnRule = TableRule['columns'][number];
/** Places take two columns of coordinates, which this page does not put together: they come with a template, or from the command line. */
export type RuleType = Exclude<ColumnRule['type'], 'place'>;

/** What all columns of a room may be used for, and how figures of them are protected. */
export interface Rights {
  /** Fewest people behind a figure. */
  readonly k: number;
  /** What one table of figures may cost, in millionths of ρ; undefined for exact figures. */
  readonly rho: number | undefined;
}

export const rightsDefault: Rights = { k: 50, rho: 5000 };
/** Of a rule before {@link withRights}. */
const unsettled = {
  k: 50,
  protection: { kind: 'noise', rho: 5000, sigmaFloor: 0 } as const,
  purposes: [],
  receivers: [],
};
/** The key column that says whose row it is: it never leaves as it is. */
const person = 'person';
/** Most rows of one person that go into a figure of events. */
const eventsPerPerson = 50;
const daySeconds = 86_400;

/** Columns of a table of events that reports look for, by the names that they look for. */
export const eventColumns = ['at', 'kind', 'event_id', 'order_ref', 'channel', 'campaign', 'value', 'cost'] as const;
/** What may have happened. */
export const eventKinds = ['exposure', 'click', 'visit', 'order', 'refund'] as const;

export function rightsOf({ rules }: Proposal): Rights {
  const rule = rules.tables[0]?.columns[0];
  if (rule === undefined) return rightsDefault;
  return { k: rule.k, rho: rule.protection.kind === 'noise' ? rule.protection.rho : undefined };
}

/** @returns the proposal with the same rights on every column: what follows from purpose, receivers and activation is written into each. */
export function withRights(proposal: Proposal, { k, rho }: Rights = rightsOf(proposal)): Proposal {
  const { activation, questionPurpose, receivers, rules } = proposal;
  const rights = {
    k,
    protection: rho === undefined ? ({ kind: 'exact' } as const) : ({ kind: 'noise', rho, sigmaFloor: 0 } as const),
    purposes: [...new Set([questionPurpose, ...(activation === undefined ? [] : [activation.purpose])])],
    receivers: [...receivers],
  };
  const settled = (rule: ColumnRule): ColumnRule => {
    const { select: _, ...rest } = rule;
    const isSelectable = activation !== undefined && rule.type !== 'key';
    return { ...rest, ...rights, ...(isSelectable ? { select: true } : {}) } as ColumnRule;
  };
  const tables = rules.tables.map((table) => ({ ...table, columns: table.columns.map(settled) }));
  return { ...proposal, rules: { ...rules, tables } };
}

/** Adds an organisation with a dataset; no column of it goes anywhere yet. Whoever is there already brings the other dataset instead. */
export function withContributor(proposal: Proposal, offered: Offered): Proposal {
  const { owner, dataset, name } = offered;
  const kept = withoutContributor(proposal, owner);
  const contributor: Contributor = { organisation: owner, dataset, table: tableNameOf(kept, name), columns: [] };
  const table: TableRule = {
    name: contributor.table,
    owner,
    subjects: `people-of-${owner}`.slice(0, 63),
    kind: 'person',
    person,
    columns: [personRule()],
  };
  return withRights({
    ...kept,
    contributors: [...kept.contributors, contributor],
    rules: { ...kept.rules, tables: [...kept.rules.tables, table] },
  });
}

export function withoutContributor(proposal: Proposal, organisation: string): Proposal {
  const { contributors, rules } = proposal;
  return {
    ...proposal,
    contributors: contributors.filter((one) => one.organisation !== organisation),
    rules: { ...rules, tables: rules.tables.filter(({ owner }) => owner !== organisation) },
  };
}

export function tableOf({ rules }: Proposal, organisation: string): TableRule | undefined {
  return rules.tables.find(({ owner }) => owner === organisation);
}

/** A row for a person, or a row for each event of one. Columns stay; how many rows of one person count follows. */
export function withKind(proposal: Proposal, organisation: string, kind: TableRule['kind']): Proposal {
  return withTable(proposal, organisation, (table) => ({
    ...table,
    kind,
    columns: table.columns.map((rule) => perPersonIn(kind, rule)),
  }));
}

/** Lets a column of the dataset go into the room under a name, with a rule that suits its type. */
export function withColumn(
  proposal: Proposal,
  of: { readonly organisation: string; readonly column: string; readonly name: string; readonly type: string },
  today: string,
): Proposal {
  const kind = tableOf(proposal, of.organisation)?.kind ?? 'person';
  const type = ruleTypesOf(of.type)[0];
  if (type === undefined) return proposal;
  const rule = kind === 'event' ? eventRule(of.name, of.type, today) : newRule(of.name, type, today);
  const added = withTable(proposal, of.organisation, (table) => ({
    ...table,
    columns: [...table.columns, perPersonIn(kind, rule)],
  }));
  return withRights(
    withMapping(added, of.organisation, (columns) => [...columns, { column: of.column, name: of.name }]),
  );
}

/** @param column of the dataset. */
export function withoutColumn(proposal: Proposal, organisation: string, column: string): Proposal {
  const name = proposal.contributors
    .find((one) => one.organisation === organisation)
    ?.columns.find((one) => one.column === column)?.name;
  const removed = withTable(proposal, organisation, (table) => ({
    ...table,
    columns: table.columns.filter((rule) => rule.name !== name),
  }));
  return withMapping(removed, organisation, (columns) => columns.filter((one) => one.column !== column));
}

/** Replaces the rule of a column of the room; its name may change. */
export function withRule(proposal: Proposal, organisation: string, name: string, rule: ColumnRule): Proposal {
  const changed = withTable(proposal, organisation, (table) => ({
    ...table,
    columns: table.columns.map((one) => (one.name === name ? perPersonIn(table.kind, rule) : one)),
  }));
  return withRights(
    withMapping(changed, organisation, (columns) =>
      columns.map((one) => (one.name === name ? { ...one, name: rule.name } : one)),
    ),
  );
}

/**
 * What a column of the catalogue can be in a room, the likeliest first.
 * @returns nothing for a type that no room takes: there, numbers are whole, money is in its smallest unit and time in seconds since 1970.
 */
export function ruleTypesOf(type: string): readonly RuleType[] {
  switch (type) {
    case 'text':
      return ['category', 'key'];
    case 'integer':
      return ['integer', 'money', 'time', 'category', 'key'];
    default:
      return [];
  }
}

/** A rule that lets the least be asked that a column of its type is good for. @param today a day, `2026-03-01`. */
export function newRule(name: string, type: RuleType, today: string): ColumnRule {
  const numeric = { min: 0, max: 1_000_000, grid: 1, aggregates: ['sum', 'mean'] as ('sum' | 'mean')[] };
  const asked = { group: false, filter: 'range' as const, isNullable: true };
  switch (type) {
    case 'key':
      return { name, type, join: false, aggregates: [], ...unsettled };
    case 'category':
      return { name, type, values: [], group: true, filter: 'declared', isNullable: true, ...unsettled };
    case 'integer':
      return { name, type, ...asked, ...numeric, clip: { low: 0, high: 1_000_000 }, ...unsettled };
    case 'money':
      return { name, type, currency: 'CNY', ...asked, ...numeric, clip: { low: 0, high: 1_000_000 }, ...unsettled };
    case 'time':
      return {
        name,
        type,
        ...asked,
        from: dayBefore(today, 365),
        to: dayBefore(today, -31),
        grid: 'day',
        ...unsettled,
      };
  }
}

/** Columns that reports look for by name have one meaning, and with it one rule. */
function eventRule(name: string, type: string, today: string): ColumnRule {
  const always = { isNullable: false };
  switch (name) {
    case 'at':
      return { ...newRule(name, 'time', today), ...always } as ColumnRule;
    case 'kind':
      return { ...newRule(name, 'category', today), ...always, values: [...eventKinds] } as ColumnRule;
    case 'event_id':
    case 'order_ref':
      return newRule(name, 'key', today);
    case 'value':
    case 'cost':
      return { ...newRule(name, 'money', today), ...always, filter: 'no' } as ColumnRule;
    default:
      return newRule(name, ruleTypesOf(type)[0]!, today);
  }
}

function personRule(): ColumnRule {
  return {
    name: person,
    type: 'key',
    join: true,
    aggregates: ['count'],
    ...unsettled,
  };
}

function perPersonIn(kind: TableRule['kind'], rule: ColumnRule): ColumnRule {
  if (rule.name === person) return rule;
  const most = kind === 'event' ? eventsPerPerson : 1;
  return { ...rule, perPerson: { rows: most, groups: most } };
}

function withTable(proposal: Proposal, organisation: string, change: (table: TableRule) => TableRule): Proposal {
  const tables = proposal.rules.tables.map((table) => (table.owner === organisation ? change(table) : table));
  return { ...proposal, rules: { ...proposal.rules, tables } };
}

function withMapping(
  proposal: Proposal,
  organisation: string,
  change: (columns: Contributor['columns']) => Contributor['columns'],
): Proposal {
  const contributors = proposal.contributors.map((one) =>
    one.organisation === organisation ? { ...one, columns: change(one.columns) } : one,
  );
  return { ...proposal, contributors };
}

/** Names are told apart without regard to case, and stand once. */
function tableNameOf({ contributors }: Proposal, dataset: string): string {
  const taken = contributors.map(({ table }) => table.toLowerCase());
  const name = dataset.slice(0, 100);
  if (!taken.includes(name.toLowerCase())) return name;
  for (let number = 2; ; number++) {
    if (!taken.includes(`${name} ${number}`.toLowerCase())) return `${name} ${number}`;
  }
}

function dayBefore(today: string, days: number): string {
  return new Date(Date.parse(today) - days * daySeconds * 1000).toISOString().slice(0, 10);
}
