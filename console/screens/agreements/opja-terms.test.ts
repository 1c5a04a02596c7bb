import { expect, it } from 'vitest';
import { activationOf, advertiserOf, opjaOf } from './opja-terms.ts';

const activation = (form: object, advertiser = 'partner') => ({
  ...{ operation: 'activate', purpose: 'spring', parties: ['aurora', 'borealis'], form, advertiser },
  ...{ proposer: { organisation: 'aurora' }, partner: { organisation: 'borealis' } },
});
const opja = { kind: 'opja', system: 'match.example', receiver: 'dsp.example' };

it('whose keys a run needs follows from the terms: the advertiser seals, and of ids there are none', () => {
  expect(advertiserOf(activationOf(activation(opja))!)).toBe('borealis');
  expect(opjaOf(activation(opja), 'borealis')).toEqual({
    ...{ system: 'match.example', receiver: 'dsp.example', isAdvertiser: true },
  });
  expect(opjaOf(activation(opja), 'aurora')?.isAdvertiser).toBe(false);
  expect(opjaOf(activation({ kind: 'pair' }), 'aurora')).toBeUndefined();
  expect(opjaOf({ operation: 'match', purpose: 'x', parties: [] }, 'aurora')).toBeUndefined();
});
