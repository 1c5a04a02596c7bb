import { expect, it } from 'vitest';
import { namedWords } from './named-words.ts';

const names = new Map([
  ['aurora', 'Aurora $& Motors'],
  ['guest-1f', 'Corner bakery'],
]);

it('names stand where ids stood, whole ids alone, as they are', () => {
  expect(namedWords('how many guest-1f brings to aurora’s', names)).toBe(
    'how many Corner bakery brings to Aurora $& Motors’s',
  );
  expect(namedWords('guest-1f2 and aurora-2', names)).toBe('guest-1f2 and aurora-2');
});
