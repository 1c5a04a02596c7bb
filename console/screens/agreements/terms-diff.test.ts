import { describe, expect, it } from 'vitest';
import { differencesOf, lastOfItsKind } from './terms-diff.ts';

const agreement = (id: string, createdAt: string, more: object = {}) =>
  ({
    ...{ id, createdAt, operation: 'match', status: 'active' },
    parties: [{ organisation: 'aurora' }, { organisation: 'borealis' }],
    ...more,
  }) as never;

describe('the last agreement of its kind', () => {
  const present = agreement('p', '2026-03-02');

  it('is the newest one before it, whoever proposed it', () => {
    const turned = { parties: [{ organisation: 'borealis' }, { organisation: 'aurora' }] };
    const all = [
      present,
      agreement('a', '2026-01-01'),
      agreement('b', '2026-02-01', turned),
      agreement('c', '2026-04-01'),
    ];
    expect(lastOfItsKind(present, all)?.id).toBe('b');
  });

  it.each([
    ['another operation', { operation: 'insight' }],
    ['other parties', { parties: [{ organisation: 'aurora' }, { organisation: 'cinema' }] }],
    ['one that was never signed', { status: 'rejected' }],
    ['a proposal', { status: 'proposed' }],
  ])('is not %s', (_, more) => {
    expect(lastOfItsKind(present, [present, agreement('a', '2026-01-01', more)])).toBeUndefined();
  });
});

describe('differences of terms', () => {
  const before = {
    purpose: 'spring',
    proposer: { learns: 'rows' },
    rounds: [{ form: 'phone' }],
    keys: ['a', 'b'],
    limits: { usesMax: 1, expiresAt: '2026-04-01' },
    traffic: 'low',
    nonce: '1',
  };

  it('are what changed, what is new and what is gone, by path', () => {
    const { traffic: _, ...rest } = before;
    const after = {
      ...rest,
      keys: ['a'],
      rounds: [{ form: 'phone' }, { form: 'email' }],
      limits: { usesMax: 5, expiresAt: '2026-04-01' },
    };
    expect(differencesOf(before, after)).toEqual([
      { path: 'rounds 2 form', before: undefined, after: 'email' },
      { path: 'keys', before: 'a, b', after: 'a' },
      { path: 'limits usesMax', before: '1', after: '5' },
      { path: 'traffic', before: 'low', after: undefined },
    ]);
  });

  it('are told of organisations, whoever proposed', () => {
    const [a, b] = [
      { organisation: 'aurora', learns: 'rows' },
      { organisation: 'borealis', learns: 'nothing' },
    ];
    const mine = { proposer: a, partner: b, receiver: 'proposer', rounds: [{ proposer: { column: 'x' } }] };
    const theirs = { proposer: b, partner: a, receiver: 'partner', rounds: [{ partner: { column: 'x' } }] };
    expect(differencesOf(mine, theirs)).toEqual([]);
    expect(differencesOf(mine, { ...theirs, receiver: 'proposer', partner: { ...a, learns: 'count' } })).toEqual([
      { path: 'aurora learns', before: 'rows', after: 'count' },
      { path: 'receiver', before: 'aurora', after: 'borealis' },
    ]);
  });

  it('leave out what is new in every agreement', () => {
    expect(
      differencesOf(before, {
        ...before,
        nonce: '2',
        limits: { ...before.limits, expiresAt: 'x' },
        parties: ['b', 'a'],
      }),
    ).toEqual([]);
  });
});
