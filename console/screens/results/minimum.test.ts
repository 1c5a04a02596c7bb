import { expect, it } from 'vitest';
import { minimumOf } from './minimum.ts';

const terms = (of: object) => ({ operation: 'room', purpose: 'reach', parties: [], ...of });

it('is the agreement’s, or of a room the largest of its columns’', () => {
  expect(minimumOf(terms({ limits: { minimumGroupRows: 50 } }))).toBe(50);
  expect(
    minimumOf(terms({ limits: {}, rules: { tables: [{ columns: [{ k: 20 }, { k: 100 }] }, { columns: [{}] }] } })),
  ).toBe(100);
  expect(minimumOf(terms({ operation: 'deliver', limits: {} }))).toBeUndefined();
});
