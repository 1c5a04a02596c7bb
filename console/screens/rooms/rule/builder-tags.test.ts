import { expect, it } from 'vitest';
import type { TableRules } from '../room-tables.ts';
import { ruleWordsOf } from './builder-tags.ts';

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
  expect(ruleWordsOf([customers, members, touches], members).tags).toEqual([
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

it('are places with the least circle, lists of the other people, and what all events may be asked by', () => {
  const places = table('homes', 'media', [
    { name: 'home', type: 'place', filter: 'within', radiusMin: 5_000, select: true },
    { name: 'work', type: 'place', filter: 'no', radiusMin: 5_000 },
  ]);
  const events = (name: string, filter: string) =>
    table(
      name,
      'media',
      [
        { name: 'at', type: 'time' },
        { name: 'kind', type: 'category', filter: 'declared', values: ['click'] },
        { name: 'channel', type: 'category', filter, values: [name] },
      ],
      'event',
    );
  const words = ruleWordsOf([places, customers, events('feed', 'declared'), events('tv', 'declared')], places);
  expect(words.places).toMatchObject([{ name: 'home', kind: { kind: 'place', radiusMin: 5_000 } }]);
  expect(words.lists).toEqual([{ name: 'customers', owner: 'brand' }]);
  expect(words.events).toEqual({
    tables: ['feed', 'tv'],
    kinds: ['click'],
    channels: ['feed', 'tv'],
    money: undefined,
    campaigns: [],
  });
  // One owner who lets nobody ask by channel is enough.
  expect(ruleWordsOf([places, events('feed', 'declared'), events('tv', 'no')], places).events.channels).toEqual([]);
  expect(ruleWordsOf([members, customers], customers, { isAlone: true }).tags.map(({ name }) => name)).toEqual(['age']);
});

it('are what orders come to, where all who have any let values be filtered and summed', () => {
  const orders = (filter: string, aggregates: readonly string[]) =>
    table(
      'orders',
      'brand',
      [
        { name: 'at', type: 'time' },
        { name: 'kind', type: 'category', filter: 'declared', values: ['order'] },
        { name: 'value', type: 'money', currency: 'CNY', min: 0, max: 9, grid: 100, filter, aggregates },
      ],
      'event',
    );
  const moneyOf = (of: TableRules) => ruleWordsOf([members, of], members).events.money;
  expect(moneyOf(orders('range', ['sum']))).toEqual({ code: 'CNY', digits: 2, grid: 100 });
  expect([moneyOf(orders('no', ['sum'])), moneyOf(orders('range', []))]).toEqual([undefined, undefined]);
});
