import type { Finding } from '@causeway/core/policy';
import { expect, it } from 'vitest';
import { told } from './partner-verdicts.ts';

const words = { en: 'a secret setting of 4711', zh: '4711' };
const finding = (rule: Finding['rule'], outcome: Finding['outcome']): Finding => ({
  ...{ rule, organisation: 'media', outcome, words },
  budget: { partner: 'brand', committed: 1, added: 2, most: 3 },
});

it('a proposer is told the words of what is refused, no setting of what is allowed, and no word of a budget', () => {
  const all = [finding('minimum-list', 'allowed'), finding('uses', 'refused'), finding('privacy-budget', 'refused')];
  expect(told(all)).toEqual([
    { rule: 'minimum-list', outcome: 'allowed' },
    { rule: 'uses', outcome: 'refused', words },
    { rule: 'privacy-budget', outcome: 'refused' },
  ]);
});
