import { parseReportRequest } from '@causeway/core/applications/request';
import { describe, expect, it } from 'vitest';
import { reports } from '../../words/en/rooms.ts';
import { requestForms } from './request-form.ts';
import type { RoomTerms } from './room-tables.ts';

const category = (name: string, values: readonly string[]) => ({
  ...{ name, type: 'category', group: true, filter: 'declared', values },
});
const at = { name: 'at', type: 'time', from: '2025-01-01', to: '2025-07-01' };
const value = { name: 'value', type: 'money', currency: 'CNY', min: 0, max: 10_000, clip: { low: 0, high: 5_000 } };
const table = (name: string, owner: string, kind: string, columns: readonly object[]) => ({
  name,
  owner,
  kind,
  columns,
});
const termsOf = (...tables: readonly object[]) => ({ rules: { tables } }) as unknown as RoomTerms;

const customers = table('customers', 'brand', 'person', [category('tier', ['gold', 'basic'])]);
const members = table('members', 'media', 'person', [
  category('interest', ['autos']),
  category('holdout', ['yes', 'no']),
]);
const orders = table('orders', 'brand', 'event', [at, category('kind', ['order']), value]);
const touches = table('touches', 'media', 'event', [
  { ...at, from: '2025-02-01', to: '2025-06-01' },
  category('kind', ['exposure']),
  category('channel', ['feed', 'search']),
]);

describe('the reports that a room’s tables allow', () => {
  const forms = requestForms(termsOf(customers, members, orders, touches), 'brand');
  const requestOf = (application: string) => forms.find((form) => form.application === application)!.request;

  it('can be asked for as they are, and every part that may be chosen has a name', () => {
    expect(forms.map(({ application }) => application)).toEqual([
      'overlap',
      'insight',
      'reach',
      'attribution',
      'lift',
      'lifecycle',
    ]);
    for (const { application, request, fields } of forms) {
      expect(parseReportRequest(request).application).toBe(application);
      for (const { key } of fields) {
        expect(request).toHaveProperty(key);
        expect(reports.fields).toHaveProperty(key);
      }
    }
  });

  it('take the own list as the base of an overlap, and others’ people as that of an index', () => {
    expect(requestOf('overlap')).toMatchObject({ people: 'customers', partner: { table: 'members' } });
    expect(requestOf('insight')).toMatchObject({ base: 'members', crossed: [['interest', 'holdout']] });
  });

  it('are about days that all tables may be asked about, and within what one person may add', () => {
    const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1000;
    expect(requestOf('attribution')).toMatchObject({
      period: { from: day('2025-02-01'), until: day('2025-06-01') },
      valueMax: 5_000,
      currencies: [{ code: 'CNY', digits: 2 }],
    });
  });

  it('hold those who were held out against the others, where a column says who was', () => {
    const { groups } = requestOf('lift') as { groups: object };
    // A tier of customers is no experiment.
    expect(groups).toEqual({ table: 'members', column: 'holdout', treated: ['no'], control: ['yes'] });
  });

  it('are only those that the tables have columns for', () => {
    const applications = (...tables: readonly object[]) =>
      requestForms(termsOf(...tables), 'brand').map(({ application }) => application);
    expect(applications(customers, members)).toEqual(['overlap', 'insight']);
    expect(applications(touches, members)).toEqual(['reach', 'lifecycle']);
    expect(applications(orders)).toEqual([]);
  });
});
