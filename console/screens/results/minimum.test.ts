import { expect, it } from 'vitest';
import { minimumOf } from './minimum.ts';

const terms = (of: object) => ({ operation: 'room', purpose: 'reach', parties: [], ...of });

it('is the agreement’s, or of a room the largest of its columns’, with whose they are', () => {
  expect(minimumOf(terms({ limits: { minimumGroupRows: 50 } }))).toEqual({ people: 50, owners: [] });
  const tables = [
    { name: 'crm', owner: 'brand', columns: [{ k: 20 }, { k: 50 }] },
    { name: 'users', owner: 'media', columns: [{ k: 100 }, {}] },
    { name: 'touches', owner: 'agency', columns: [{ k: 100 }] },
  ];
  const room = terms({ limits: {}, rules: { tables } });
  expect(minimumOf(room)).toEqual({ people: 100, owners: ['media', 'agency'] });
  // Of the tables that were asked about alone.
  expect(minimumOf(room, (name) => name === 'crm')).toEqual({ people: 50, owners: ['brand'] });
  expect(minimumOf(room, () => false)).toBeUndefined();
  expect(minimumOf(terms({ operation: 'deliver', limits: {} }))).toBeUndefined();
});
