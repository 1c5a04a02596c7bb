import { checkTerms, type RoomTerms } from '@causeway/core/applications/room';
import { describe, expect, it } from 'vitest';
import { emptyDraft, problemsOf, type RoomDraft } from './draft.ts';
import type { Offered } from './offer.ts';
import {
  type ColumnRule,
  newRule,
  rightsOf,
  ruleTypesOf,
  tableOf,
  withColumn,
  withContributor,
  withKind,
  withoutColumn,
  withoutContributor,
  withRights,
  withRule,
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
  proposal = withKind(proposal, 'borealis', 'event');
  proposal = withColumn(proposal, { organisation: 'aurora', column: 'town', name: 'city', type: 'text' }, today);
  for (const [column, type] of [
    ['at', 'integer'],
    ['kind', 'text'],
    ['value', 'integer'],
    ['order_ref', 'integer'],
  ] as const)
    proposal = withColumn(proposal, { organisation: 'borealis', column, name: column, type }, today);
  const city = tableOf(proposal, 'aurora')!.columns[1]!;
  proposal = withRule(proposal, 'aurora', 'city', { ...city, values: ['north', 'south'] } as ColumnRule);
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
    keyHolders: contributors.map(({ organisation }) => organisation),
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

  it('lets audiences read columns only where an activation is agreed, and never a key', () => {
    const activation = { receiver: 'aurora', purpose: 'activation' };
    const columns = (proposal: RoomDraft['proposal']) => proposal.rules.tables.flatMap((table) => table.columns);
    const active = withRights({ ...built(), activation });
    expect(
      columns(active)
        .filter(({ select }) => select === true)
        .map(({ name }) => name),
    ).toEqual([...['city', 'at', 'kind', 'value']]);
    expect(columns(active).every(({ purposes }) => purposes.includes('activation'))).toBe(true);
    const { activation: _, ...without } = active;
    expect(columns(withRights(without)).some(({ select }) => select === true)).toBe(false);
  });

  it('counts one row of a person, and 50 events', () => {
    const of = (organisation: string) => tableOf(built(), organisation)!.columns.slice(1);
    expect(new Set(of('aurora').map(({ perPerson }) => perPerson?.rows))).toEqual(new Set([1]));
    expect(new Set(of('borealis').map(({ perPerson }) => perPerson?.rows))).toEqual(new Set([50]));
  });

  it('forgets a column and a contributor with all that hung on them', () => {
    const proposal = withoutColumn(built(), 'aurora', 'town');
    expect(tableOf(proposal, 'aurora')!.columns.map(({ name }) => name)).toEqual(['person']);
    expect(proposal.contributors[0]!.columns).toEqual([]);
    const alone = withoutContributor(proposal, 'borealis');
    expect([alone.contributors.length, alone.rules.tables.length]).toEqual([1, 1]);
  });

  it('offers no rule for a type that no room takes', () => {
    expect(ruleTypesOf('timestamp')).toEqual([]);
    expect(withColumn(built(), { organisation: 'aurora', column: 'd', name: 'd', type: 'decimal' }, today)).toEqual(
      built(),
    );
  });

  it.each(['key', 'category', 'integer', 'money', 'time'] as const)('a new rule of %s has its type', (type) => {
    expect(newRule('x', type, today)).toMatchObject({ name: 'x', type });
  });
});
