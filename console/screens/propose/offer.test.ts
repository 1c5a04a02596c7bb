import { describe, expect, it } from 'vitest';
import { commonKinds, datasetNamed, kindOf, type Offered } from './offer.ts';

const offered = (owner: string, name: string, profiles: readonly string[]): Offered => ({
  ...{ owner, ownerName: owner, dataset: `ds-${name}`, name, publishedAt: '', self: owner === 'aurora' },
  description: { rowsAbout: 1000, ids: profiles.map((profile) => ({ column: profile, profile })), attributes: [] },
});
const crm = offered('aurora', 'crm', ['phone/md5', 'email', 'oaid']);
const users = offered('borealis', 'users', ['email:uid2', 'phone', 'phone:US']);

describe('what is offered', () => {
  it.each([
    ['phone', 'phone'],
    ['phone:US/sha256', 'phone'],
    ['openid@wx1', 'openid'],
    ['caid@20220111', 'caid'],
  ])('%s is a kind of %s', (profile, kind) => expect(kindOf(profile)).toBe(kind));

  it('is common where all have a column of the kind, in the order of the first, each once', () => {
    expect(commonKinds([crm, users])).toEqual(['phone', 'email']);
    expect(commonKinds([users, crm])).toEqual(['email', 'phone']);
    expect(commonKinds([crm, undefined])).toEqual([]);
    expect(commonKinds([])).toEqual([]);
  });

  it('is found by id and by name, of its owner alone', () => {
    expect(datasetNamed([crm, users], 'borealis', 'users')).toBe(users);
    expect(datasetNamed([crm, users], 'borealis', 'ds-users')).toBe(users);
    expect(datasetNamed([crm, users], 'aurora', 'users')).toBeUndefined();
  });
});
