import { checkTerms, type RoomTerms } from '@causeway/core/applications/room';
import { describe, expect, it } from 'vitest';
import { emptyDraft, problemsOf, type RoomDraft } from './draft.ts';
import type { Offered } from './offer.ts';
import {
  activatable,
  type ColumnRule,
  newRule,
  rightsOf,
  ruleTypesOf,
  tableOf,
  withColumn,
  withContributor,
  withDatasets,
  withKind,
  withoutColumn,
  withoutTable,
  withRights,
  withRule,
  withTableName,
  withType,
} from './room-draft.ts';

const today = '2026-03-01';
const offered = (owner: string, name: string): Offered => ({
  ...{ owner, ownerName: owner, dataset: `ds-${owner}`, name, publishedAt: '', self: owner === 'aurora' },
  description: { rowsAbout: 5000, ids: [{ column: 'mobile', profile: 'phone' }], attributes: [] },
});
const empty = emptyDraft('room', 'aurora') as RoomDraft;

/** Two tables: people with a tag, and their events. */
function built(): RoomDraft['proposal'] {
  let proposal = withContributor(empty.proposal, offered('aurora', 'crm'));
  proposal = withContributor(proposal, offered('borealis', 'crm'));
  proposal = withKind(proposal, 'crm 2', 'event');
  proposal = withColumn(proposal, { table: 'crm', column: 'town', name: 'city', type: 'text' }, today);
  for (const [column, type] of [
    ['at', 'integer'],
    ['kind', 'text'],
    ['value', 'integer'],
    ['order_ref', 'integer'],
  ] as const)
    proposal = withColumn(proposal, { table: 'crm 2', column, name: column, type }, today);
  for (const [table, name, values] of [
    ['crm', 'city', ['north', 'south']],
    ['crm 2', 'kind', ['order', 'refund']],
  ] as const) {
    const rule = tableOf(proposal, table)!.columns.find((one) => one.name === name)!;
    proposal = withRule(proposal, table, name, { ...rule, values: [...values] } as ColumnRule);
  }
  return { ...proposal, room: 'harbour', keys: ['phone'], purpose: 'reach' };
}

/** The terms that a node would make of it. */
function termsOf(proposal: RoomDraft['proposal']): RoomTerms {
  const contributors = proposal.contributors.map((one) => ({ ...one, rowsAbout: 5000, rowsMax: 5500 }));
  const columns = contributors.map(({ organisation, table }) => ({
    ...{ organisation, table, column: 'mobile', profile: 'phone' },
  }));
  return {
    ...proposal,
    ...{ version: 1, operation: 'room', network: 'fair', proposer: 'aurora', contributors },
    rounds: [{ form: 'phone', columns }],
    keyHolders: [...new Set(contributors.map(({ organisation }) => organisation))],
    limits: { minimumListRows: 1000, usesMax: 1, expiresAt: '2030-01-01T00:00:00Z' },
    nonce: '0'.repeat(32),
  } as unknown as RoomTerms;
}

describe('a room that is put together', () => {
  it('is complete for the API, and without contradiction for the terms', () => {
    const proposal = built();
    expect(problemsOf({ ...empty, proposal })).toEqual([]);
    expect(() => checkTerms(termsOf(proposal))).not.toThrow();
    expect(proposal.contributors.map(({ table }) => table)).toEqual(['crm', 'crm 2']);
  });

  it('has the same rights on every column: of its purpose, receivers and protection', () => {
    const proposal = withRights(
      { ...built(), receivers: ['borealis'], questionPurpose: 'reach' },
      { k: 100, rho: 900 },
    );
    const rules = proposal.rules.tables.flatMap(({ columns }) => columns);
    expect(new Set(rules.map(({ k }) => k))).toEqual(new Set([100]));
    for (const { purposes, receivers, protection } of rules) {
      expect([purposes, receivers, protection]).toEqual([
        ['reach'],
        ['borealis'],
        { kind: 'noise', rho: 900, sigmaFloor: 0 },
      ]);
    }
    expect(rightsOf(proposal)).toEqual({ k: 100, rho: 900 });
    expect(rightsOf(withRights(proposal, { k: 100, rho: undefined }))).toEqual({ k: 100, rho: undefined });
  });

  it('lets audiences read columns only where an activation is agreed, and the keys that say whose row it is', () => {
    const activation = { receiver: 'aurora', purpose: 'activation' };
    const columns = (proposal: RoomDraft['proposal']) => proposal.rules.tables.flatMap((table) => table.columns);
    const active = withRights({ ...built(), activation });
    expect(
      columns(active)
        .filter(({ select }) => select === true)
        .map(({ name }) => name),
    ).toEqual(['person', 'city', 'person', 'at', 'kind', 'value', 'order_ref']);
    expect(columns(active).every(({ purposes }) => purposes.includes('activation'))).toBe(true);
    const { activation: _, ...without } = active;
    expect(columns(withRights(without)).some(({ select }) => select === true)).toBe(false);
  });

  it('counts one row of a person, and 50 events', () => {
    const of = (table: string) => tableOf(built(), table)!.columns.slice(1);
    expect(new Set(of('crm').map(({ perPerson }) => perPerson?.rows))).toEqual(new Set([1]));
    expect(new Set(of('crm 2').map(({ perPerson }) => perPerson?.rows))).toEqual(new Set([50]));
  });

  it('forgets a column and a contributor with all that hung on them', () => {
    const proposal = withoutColumn(built(), 'crm', 'town');
    expect(tableOf(proposal, 'crm')!.columns.map(({ name }) => name)).toEqual(['person']);
    expect(proposal.contributors[0]!.columns).toEqual([]);
    const alone = withoutTable(proposal, 'crm 2');
    expect([alone.contributors.length, alone.rules.tables.length]).toEqual([1, 1]);
  });

  it('offers no rule for a type that no room takes', () => {
    expect(ruleTypesOf('timestamp')).toEqual([]);
    expect(withColumn(built(), { table: 'crm', column: 'd', name: 'd', type: 'date' }, today)).toEqual(built());
  });

  it('takes several tables of one organisation, which are about the same people', () => {
    const orders = { ...offered('aurora', 'orders'), dataset: 'ds-orders' };
    const proposal = withDatasets(built(), 'aurora', [offered('aurora', 'crm'), orders]);
    expect(proposal.contributors.map(({ organisation, table }) => [organisation, table])).toEqual([
      ['aurora', 'crm'],
      ['borealis', 'crm 2'],
      ['aurora', 'orders'],
    ]);
    const subjects = proposal.rules.tables.filter(({ owner }) => owner === 'aurora').map((table) => table.subjects);
    expect(new Set(subjects).size).toBe(1);
    expect(() => checkTerms(termsOf(proposal))).not.toThrow();
    // What was settled of a table that stays is kept; of two tables of people no audience is clear.
    expect(tableOf(proposal, 'crm')).toEqual(tableOf(built(), 'crm'));
    expect(activatable(proposal)).toEqual([]);
    expect(activatable(withKind(proposal, 'orders', 'event'))).toEqual(['aurora']);
    expect(withDatasets(proposal, 'aurora', []).contributors.map(({ table }) => table)).toEqual(['crm 2']);
  });

  it('calls a table what somebody wants, unless another is called so', () => {
    const renamed = withTableName(built(), 'crm 2', 'touches');
    expect([renamed.contributors[1]!.table, renamed.rules.tables[1]!.name]).toEqual(['touches', 'touches']);
    expect(withTableName(built(), 'crm 2', 'CRM')).toEqual(built());
  });

  it('leaves a column the rights that it was given of its own', () => {
    const city = tableOf(built(), 'crm')!.columns[1]!;
    const stricter = withRule(built(), 'crm', 'city', { ...city, k: 500 } as ColumnRule);
    const ks = (proposal: RoomDraft['proposal']) => tableOf(proposal, 'crm')!.columns.map(({ k }) => k);
    expect(ks(stricter)).toEqual([50, 500]);
    expect(ks(withRights(stricter, { k: 100, rho: 5000 }))).toEqual([100, 500]);
    const added = withRights(built(), { k: 100, rho: undefined });
    const wider = withColumn(added, { table: 'crm', column: 'age', name: 'age', type: 'integer' }, today);
    expect(tableOf(wider, 'crm')!.columns.at(-1)).toMatchObject({ k: 100, protection: { kind: 'exact' } });
    const activation = { receiver: 'aurora', purpose: 'activation' };
    const kept = withRule({ ...built(), activation }, 'crm', 'city', { ...city, select: false } as ColumnRule);
    expect(tableOf(withRights(kept), 'crm')!.columns[1]!.select).toBe(false);
  });

  it('a place is two columns, and whole once somebody has said what its coordinates mean', () => {
    const of = { table: 'crm', column: 'lat', name: 'home', type: 'decimal', longitude: 'lng' };
    const proposal = withColumn(built(), of, today);
    expect(proposal.contributors[0]!.columns.at(-1)).toEqual({ column: 'lat', name: 'home', longitude: 'lng' });
    expect(problemsOf({ ...empty, proposal }).map(({ pointer }) => pointer)).toEqual([
      '/rules/tables/0/columns/2/system',
    ]);
    const home = tableOf(proposal, 'crm')!.columns.at(-1)!;
    const whole = withRule(proposal, 'crm', 'home', { ...home, system: 'gcj02' } as ColumnRule);
    expect(problemsOf({ ...empty, proposal: whole })).toEqual([]);
    expect(() => checkTerms(termsOf(whole))).not.toThrow();
  });

  it('a column of another type begins with the rule of that type', () => {
    const proposal = withType(built(), { table: 'crm 2', name: 'value', type: 'integer' }, today);
    expect(tableOf(proposal, 'crm 2')!.columns.at(-2)).toMatchObject({ type: 'integer', perPerson: { rows: 50 } });
  });

  it.each(['key', 'category', 'integer', 'money', 'time'] as const)('a new rule of %s has its type', (type) => {
    expect(newRule('x', type, today)).toMatchObject({ name: 'x', type });
  });
});
