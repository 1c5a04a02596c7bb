/** How a room is put together: who brings which table, and one rule for each column that leaves its owner. Rights that all rules share are set in one place. */

import { leastRadius } from '@causeway/core/geo';
import type { RoomDraft } from './draft.ts';
import type { Offered } from './offer.ts';

type Proposal = RoomDraft['proposal'];
export type Contributor = Proposal['contributors'][number];
export type TableRule = Proposal['rules']['tables'][number];
export type ColumnRule = TableRule['columns'][number];
export type RuleType = ColumnRule['type'];

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
export const eventColumns = [
  'at',
  'kind',
  'event_id',
  'order_ref',
  'channel',
  'campaign',
  'creative',
  'value',
  'currency',
  'cost',
] as const;
/** What may have happened, as reports know it. */
export const eventKinds = ['exposure', 'click', 'visit', 'order', 'refund'] as const;

/** Those of the columns that say whose row it is: no column of a table is asked about without it. */
export function rightsOf({ rules }: Proposal): Rights {
  const [table] = rules.tables;
  const rule = table?.columns.find(({ name }) => name === table.person);
  return rule === undefined ? rightsDefault : ownRights(rule);
}

function ownRights({ k, protection }: ColumnRule): Rights {
  return { k, rho: protection.kind === 'noise' ? protection.rho : undefined };
}

/**
 * @returns the proposal with the same rights on every column but those that were given their own: what follows from purpose, receivers and activation is written
 * into each.
 */
export function withRights(proposal: Proposal, rights: Rights = rightsOf(proposal)): Proposal {
  const { activation, questionPurpose, receivers, rules } = proposal;
  const before = rightsOf(proposal);
  const purposes = [...new Set([questionPurpose, ...(activation === undefined ? [] : [activation.purpose])])];
  const settled = (rule: ColumnRule): ColumnRule => {
    const { select, ...rest } = rule;
    const own = ownRights(rule);
    const k = own.k === before.k ? rights.k : own.k;
    const rho = own.rho === before.rho ? rights.rho : own.rho;
    // Whoever may be in an audience is told by the keys too: whose row it is, and which events and orders are one.
    const isSelectable = activation !== undefined;
    return {
      ...{ ...rest, k, protection: protectionOf(rho), purposes, receivers: [...receivers] },
      ...(isSelectable ? { select: select !== false } : {}),
    } as ColumnRule;
  };
  const tables = rules.tables.map((table) => ({ ...table, columns: table.columns.map(settled) }));
  return { ...proposal, rules: { ...rules, tables } };
}

function protectionOf(rho: number | undefined): ColumnRule['protection'] {
  return rho === undefined ? { kind: 'exact' } : { kind: 'noise', rho, sigmaFloor: 0 };
}

/** The datasets that an organisation is to bring, each as one table; what was settled of those that stay is kept. */
export function withDatasets(proposal: Proposal, owner: string, chosen: readonly Offered[]): Proposal {
  const gone = proposal.contributors.filter(
    ({ organisation, dataset }) => organisation === owner && !chosen.some((one) => one.dataset === dataset),
  );
  const left = gone.reduce((rest, { table }) => withoutTable(rest, table), proposal);
  const added = chosen.filter(
    ({ dataset }) => !left.contributors.some((one) => one.organisation === owner && one.dataset === dataset),
  );
  return added.reduce(withContributor, left);
}

/** Adds a dataset as a table, of which no column goes anywhere yet. */
export function withContributor(proposal: Proposal, offered: Offered): Proposal {
  const { owner, dataset, name } = offered;
  const contributor: Contributor = { organisation: owner, dataset, table: tableNameOf(proposal, name), columns: [] };
  const table: TableRule = {
    name: contributor.table,
    owner,
    // One set of people for an owner, and one budget, in however many tables.
    subjects: `people-of-${owner}`.slice(0, 63),
    kind: 'person',
    person,
    columns: [withOwnRights(personRule(), rightsOf(proposal))],
  };
  return withRights({
    ...proposal,
    contributors: [...proposal.contributors, contributor],
    rules: { ...proposal.rules, tables: [...proposal.rules.tables, table] },
  });
}

export function withoutTable(proposal: Proposal, table: string): Proposal {
  const { contributors, rules } = proposal;
  return {
    ...proposal,
    contributors: contributors.filter((one) => one.table !== table),
    rules: { ...rules, tables: rules.tables.filter(({ name }) => name !== table) },
  };
}

/** Calls a table otherwise in questions; a name that another has, without regard to case, is not taken. */
export function withTableName(proposal: Proposal, table: string, name: string): Proposal {
  const isTaken = proposal.contributors.some(
    (one) => one.table !== table && one.table.toLowerCase() === name.toLowerCase(),
  );
  if (name === '' || isTaken) return proposal;
  return {
    ...proposal,
    contributors: proposal.contributors.map((one) => (one.table === table ? { ...one, table: name } : one)),
    rules: {
      ...proposal.rules,
      tables: proposal.rules.tables.map((one) => (one.name === table ? { ...one, name } : one)),
    },
  };
}

export function tableOf({ rules }: Proposal, table: string): TableRule | undefined {
  return rules.tables.find(({ name }) => name === table);
}

/** Receivers who can be given audiences: those are of people, and of one table, so that it is clear of which rows. */
export function activatable({ receivers, rules }: Proposal): readonly string[] {
  const peopleOf = (organisation: string) =>
    rules.tables.filter(({ owner, kind }) => owner === organisation && kind === 'person');
  return receivers.filter((organisation) => peopleOf(organisation).length === 1);
}

/** A row for a person, or a row for each event of one. Columns stay; how many rows of one person count follows. */
export function withKind(proposal: Proposal, name: string, kind: TableRule['kind']): Proposal {
  return withTable(proposal, name, (table) => ({
    ...table,
    kind,
    columns: table.columns.map((rule) => perPersonIn(kind, rule)),
  }));
}

/**
 * Lets a column of the dataset go into the room under a name, with a rule that suits its type.
 * @param of.longitude of a place, whose latitude the column has.
 */
export function withColumn(
  proposal: Proposal,
  of: {
    readonly table: string;
    readonly column: string;
    readonly name: string;
    readonly type: string;
    readonly longitude?: string | undefined;
  },
  today: string,
): Proposal {
  const kind = tableOf(proposal, of.table)?.kind ?? 'person';
  const type = ruleTypesOf(of.type)[0];
  if (type === undefined) return proposal;
  const rule = kind === 'event' ? eventRule(of.name, of.type, today) : newRule(of.name, type, today);
  const added = withTable(proposal, of.table, (table) => ({
    ...table,
    columns: [...table.columns, perPersonIn(kind, withOwnRights(rule, rightsOf(proposal)))],
  }));
  const longitude = type === 'place' && of.longitude !== undefined ? { longitude: of.longitude } : {};
  return withRights(
    withMapping(added, of.table, (columns) => [...columns, { column: of.column, name: of.name, ...longitude }]),
  );
}

/** The column of longitudes of a place. */
export function withLongitude(proposal: Proposal, table: string, column: string, longitude: string): Proposal {
  return withMapping(proposal, table, (columns) =>
    columns.map((one) => (one.column === column ? { ...one, longitude } : one)),
  );
}

/** @param column of the dataset. */
export function withoutColumn(proposal: Proposal, table: string, column: string): Proposal {
  const name = proposal.contributors
    .find((one) => one.table === table)
    ?.columns.find((one) => one.column === column)?.name;
  const removed = withTable(proposal, table, (rules) => ({
    ...rules,
    columns: rules.columns.filter((rule) => rule.name !== name),
  }));
  return withMapping(removed, table, (columns) => columns.filter((one) => one.column !== column));
}

/** Replaces the rule of a column of the room; its name may change. */
export function withRule(proposal: Proposal, table: string, name: string, rule: ColumnRule): Proposal {
  const changed = withTable(proposal, table, (rules) => ({
    ...rules,
    columns: rules.columns.map((one) => (one.name === name ? rule : one)),
  }));
  return withRights(
    withMapping(changed, table, (columns) =>
      columns.map((one) => (one.name === name ? { ...one, name: rule.name } : one)),
    ),
  );
}

/** Makes a column one of another type, with the rule that such a one begins with. */
export function withType(
  proposal: Proposal,
  of: { readonly table: string; readonly name: string; readonly type: RuleType },
  today: string,
): Proposal {
  const kind = tableOf(proposal, of.table)?.kind ?? 'person';
  const rule = withOwnRights(newRule(of.name, of.type, today), rightsOf(proposal));
  return withRule(proposal, of.table, of.name, perPersonIn(kind, rule));
}

/**
 * What a column of the catalogue can be in a room, the likeliest first.
 * @returns nothing for a type that no room takes: there, numbers are whole, money is in its smallest unit and time in seconds since 1970; a decimal is a latitude.
 */
export function ruleTypesOf(type: string): readonly RuleType[] {
  switch (type) {
    case 'text':
      return ['category', 'key'];
    case 'integer':
      return ['integer', 'money', 'time', 'category', 'key'];
    case 'decimal':
      return ['place'];
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
    case 'place':
      // What the coordinates mean only their owner knows: until somebody says it, the proposal is not whole.
      return {
        ...{ name, type, filter: 'within', isNullable: true, radiusMin: leastRadius, ...unsettled },
      } as unknown as ColumnRule;
  }
}

/** Columns that reports look for by name have one meaning, and with it one rule. */
function eventRule(name: string, type: string, today: string): ColumnRule {
  const always = { isNullable: false };
  switch (name) {
    case 'at':
      return { ...newRule(name, 'time', today), ...always } as ColumnRule;
    case 'kind':
      // Which of them a table has, its owner says: reports want `channel` where there can be touches, and `order_ref` where there can be refunds.
      return { ...newRule(name, 'category', today), ...always } as ColumnRule;
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

function withOwnRights(rule: ColumnRule, { k, rho }: Rights): ColumnRule {
  return { ...rule, k, protection: protectionOf(rho) } as ColumnRule;
}

function perPersonIn(kind: TableRule['kind'], rule: ColumnRule): ColumnRule {
  if (rule.name === person || rule.type === 'place') return rule;
  const most = kind === 'event' ? eventsPerPerson : 1;
  return { ...rule, perPerson: { rows: most, groups: most } };
}

function withTable(proposal: Proposal, name: string, change: (table: TableRule) => TableRule): Proposal {
  const tables = proposal.rules.tables.map((table) => (table.name === name ? change(table) : table));
  return { ...proposal, rules: { ...proposal.rules, tables } };
}

function withMapping(
  proposal: Proposal,
  table: string,
  change: (columns: Contributor['columns']) => Contributor['columns'],
): Proposal {
  const contributors = proposal.contributors.map((one) =>
    one.table === table ? { ...one, columns: change(one.columns) } : one,
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
