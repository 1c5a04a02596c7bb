import { describe, expect, it } from 'vitest';
import type { TableRules } from '../room-tables.ts';
import { exampleOf } from './example.ts';
import { inserted, named } from './inserted.ts';

const table = (name: string, kind: string, columns: readonly object[]) =>
  ({
    ...{ name, kind, owner: 'brand', person: 'person' },
    columns: [{ name: 'person', type: 'key', join: true }, ...columns],
  }) as unknown as TableRules;
const city = { name: 'home city', type: 'category', group: true, filter: 'declared', values: ['north'] };

describe('a question that is written by clicks', () => {
  it('has a name where somebody writes, apart from what stands around it', () => {
    expect(inserted('SELECT  FROM crm', 'city', { from: 7, to: 7 })).toEqual({ text: 'SELECT city FROM crm', at: 11 });
    expect(inserted('count()', 'person', { from: 6, to: 6 })).toEqual({ text: 'count(person)', at: 12 });
    expect(inserted('SELECT', 'city', { from: 6, to: 6 }).text).toBe('SELECT city');
    expect(inserted('a old b', 'new', { from: 2, to: 5 })).toEqual({ text: 'a new b', at: 5 });
  });

  it('has names in quotes where SQL would read them otherwise', () => {
    expect(['crm', 'home city', 'Order', 'order', 'say "hi"', '城市'].map(named)).toEqual([
      ...['crm', '"home city"', '"Order"', '"order"', '"say ""hi"""', '"城市"'],
    ]);
  });

  it('begins with one that the tables allow', () => {
    expect(
      exampleOf([table('events', 'event', []), table('crm', 'person', [city]), table('users', 'person', [])]),
    ).toBe(
      [
        'SELECT "home city", count(DISTINCT crm.person) AS people',
        'FROM crm',
        'JOIN users USING (person)',
        'GROUP BY "home city"',
      ].join('\n'),
    );
    expect(exampleOf([])).toBe('');
  });
});
