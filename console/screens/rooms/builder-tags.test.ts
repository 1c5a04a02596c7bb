import { expect, it } from 'vitest';
import { builderTags } from './builder-tags.ts';
import type { TableRules } from './room-tables.ts';

const table = (name: string, owner: string, columns: object[], kind = 'person') =>
  ({ name, owner, kind, columns }) as unknown as TableRules;
const members = table('members', 'media', [
  { name: 'person', type: 'key' },
  { name: 'interest', type: 'category', filter: 'declared', values: ['autos'], select: true },
  { name: 'secret', type: 'category', filter: 'no', values: ['x'] },
]);
const customers = table('customers', 'brand', [
  { name: 'age', type: 'integer', filter: 'range', min: 0, max: 99, grid: 10 },
  { name: 'spent', type: 'money', filter: 'no', min: 0, max: 9, grid: 1 },
]);
const touches = table(
  'touches',
  'media',
  [{ name: 'channel', type: 'category', filter: 'declared', values: ['feed'] }],
  'event',
);

it('are what both sides’ tables of people let rules tell apart; another table’s bear its name', () => {
  expect(builderTags([customers, members, touches], members)).toEqual([
    {
      name: 'interest',
      label: 'interest',
      owner: 'media',
      canSelect: true,
      kind: { kind: 'category', values: ['autos'] },
    },
    {
      name: 'customers.age',
      label: 'age',
      owner: 'brand',
      canSelect: false,
      kind: { kind: 'number', min: 0, max: 99, grid: 10 },
    },
  ]);
});
