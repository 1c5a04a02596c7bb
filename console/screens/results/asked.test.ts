import { expect, it } from 'vitest';
import { askedOf } from './asked.ts';

it.each([
  ['{"application":"reach","events":["touches"]}', 'reach'],
  ['SELECT city, count(*) FROM crm GROUP BY city', 'question'],
  ['{"application":"toString"}', 'question'],
  ['null', 'question'],
  ['{"application":7}', 'question'],
])('%j is a %s', (statement, kind) => {
  expect(askedOf(statement).kind).toBe(kind);
});
