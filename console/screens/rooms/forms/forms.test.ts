import { parseReportRequest } from '@causeway/core/applications/request';
import { describe, expect, it } from 'vitest';
import { reports } from '../../../words/en/rooms.ts';
import type { RoomTerms } from '../room-tables.ts';
import { isWhole, partOf, type Request, withPart } from './form.ts';
import { requestForms } from './forms.ts';

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
const termsOf = (...tables: readonly object[]) =>
  ({ receivers: ['brand'], rules: { zone: 'Asia/Shanghai', tables } }) as unknown as RoomTerms;

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
      'retarget',
    ]);
    for (const form of forms) {
      expect(parseReportRequest(form.request).application).toBe(form.application);
      expect(isWhole(form, form.request)).toBe(true);
      for (const { path, word, isOptional } of form.fields(form.request)) {
        if (isOptional !== true) expect(partOf(form.request, path), word).toBeDefined();
        expect(reports.fields).toHaveProperty([word]);
      }
    }
  });

  it('stay requests whatever is chosen: what follows from another part changes with it', () => {
    const change = (application: string, changes: Readonly<Record<string, unknown>>) => {
      const form = forms.find((one) => one.application === application)!;
      const changed = Object.entries(changes).reduce<Request>((request, [path, value]) => {
        const next = withPart(request, path.split('.'), value);
        return form.settled?.(next) ?? next;
      }, form.request);
      expect(parseReportRequest(changed)).toEqual(changed);
      return changed;
    };
    const day = 86_400;
    expect(
      change('attribution', {
        models: ['decay', 'markov-2', 'shapley'],
        ...{ windowSeconds: 30 * day, 'lookBackSeconds.exposure': day, halfLifeSeconds: 3 * day, paths: true },
        dimensions: ['channel', 'audience'],
        costs: [{ dimension: 'channel', unit: 'feed', currency: 'CNY', units: 5 }],
      }),
    ).toMatchObject({
      lookBackSeconds: { exposure: day },
      halfLifeSeconds: 3 * day,
      audiences: { table: 'customers', column: 'tier' },
      costs: [{ unit: 'feed' }],
    });
    const without = change('attribution', { halfLifeSeconds: day, currencies: [], 'lookBackSeconds.click': undefined });
    for (const gone of ['halfLifeSeconds', 'valueMax', 'costs', 'lookBackSeconds'])
      expect(without).not.toHaveProperty(gone);
    expect(change('attribution', { currencies: [], dimensions: ['channel'] }).currencies).toEqual([]);
    expect(change('attribution', { currencies: ['CNY'] }).currencies).toEqual([{ code: 'CNY', digits: 2 }]);
    // A limit on exposures needs the days that it is counted over; a list is not left out of itself.
    expect(change('retarget', { 'frequency.timesMax': 5 })).toMatchObject({
      frequency: { timesMax: 5, withinDays: 30 },
    });
    const none = change('retarget', { 'frequency.timesMax': 5, 'touched.withinDays': 7, frequency: undefined });
    expect(none).not.toHaveProperty('frequency');
    expect(change('retarget', { excluded: ['members'], people: 'members' })).toMatchObject({
      ...{ people: 'members', matched: 'customers', excluded: [] },
    });
    expect(change('insight', { tags: ['interest'] }).crossed).toEqual([]);
    expect(change('insight', { base: 'customers' })).toMatchObject({
      tags: ['tier'],
      baseName: { en: 'all of customers' },
    });
    expect(change('lift', { 'groups.table': 'customers' }).groups).toMatchObject({ column: 'tier', treated: ['gold'] });
    expect(change('lift', { 'value.max': 500, plannedShare: 0.8 })).toMatchObject({
      value: { currency: { code: 'CNY', digits: 2 }, max: 500 },
      plannedShare: 0.8,
    });
    expect(change('lift', { plannedShare: 0.8, assignment: 'observed' })).not.toHaveProperty('plannedShare');
    expect(change('overlap', { 'partner.identifier': 'interest' })).toMatchObject({
      partner: { identifier: 'interest' },
    });
    expect(change('reach', { target: { table: 'customers', where: { column: 'tier', in: ['gold'] } } })).toHaveProperty(
      'target',
    );
  });

  it('are not whole while something that has to be chosen is not', () => {
    const form = forms.find(({ application }) => application === 'lift')!;
    expect(isWhole(form, withPart(form.request, ['groups', 'control'], []))).toBe(false);
    const stages = forms.find(({ application }) => application === 'lifecycle')!;
    expect(isWhole(stages, withPart(stages.request, ['model'], { name: 'own', stages: [] }))).toBe(false);
  });

  it('take the own list as the base of an overlap, and others’ people as that of an index', () => {
    expect(requestOf('overlap')).toMatchObject({ people: 'customers', partner: { table: 'members' } });
    expect(requestOf('insight')).toMatchObject({ base: 'members', crossed: [['interest', 'holdout']] });
  });

  it('are about days that all tables may be asked about, and within what one person may add', () => {
    // Days begin at midnight in the agreement's zone.
    const day = (text: string) => Date.parse(`${text}T00:00:00+08:00`) / 1000;
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

  it('check traffic of an own log alone, where nobody else is told: its other columns may be the agent’s', () => {
    const log = table('log', 'brand', 'event', [
      ...[at, category('kind', ['click', 'order']), category('channel', ['feed'])],
      ...[
        { name: 'agent', type: 'key' },
        { name: 'ip', type: 'key' },
      ],
    ]);
    const formOf = (receivers: readonly string[], organisation = 'brand') =>
      requestForms({ ...termsOf(log), receivers } as RoomTerms, organisation).find(
        ({ application }) => application === 'traffic',
      );
    const form = formOf(['brand'])!;
    const { request } = form;
    expect(parseReportRequest(request)).toEqual(request);
    const agent = form.fields(request).find(({ word }) => word === 'agentColumn');
    expect(agent).toMatchObject({ options: ['agent', 'ip'] });
    const asked = form.settled!({ ...request, agent: 'agent', address: 'gone', crawlers: [{ pattern: 'bot' }] });
    expect(parseReportRequest(asked)).toMatchObject({ agent: 'agent', crawlers: [{ pattern: 'bot' }] });
    expect(asked).not.toHaveProperty('address');
    for (const other of [formOf(['brand', 'media']), formOf(['media'], 'media')]) expect(other).toBeUndefined();
  });
});
