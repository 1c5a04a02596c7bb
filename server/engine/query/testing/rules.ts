/** A catalogue of two organisations for the tests of questions: a brand's customers, a media's users with what they did, and an audience. */
import { type Catalogue, parseCatalogue } from '@causeway/core/policy/query';

export const asker = { receivers: ['brand'], group: 'brand', purpose: 'measurement' };

export interface RuleChanges {
  readonly k?: number;
  readonly protection?:
    | { readonly kind: 'exact' }
    | { readonly kind: 'noise'; readonly rho: number; readonly sigmaFloor: number };
  /** Rows and groups of a person in the event table. */
  readonly perPerson?: { readonly rows: number; readonly groups: number };
  readonly clip?: { readonly low: number; readonly high: number };
  readonly zone?: string;
  readonly grid?: 'second' | 'minute' | 'hour' | 'day';
}

export const cities = ['上海', '北京', '广州', '深圳', "O'Brien; DROP TABLE crm --"];
export const channels = ['feed', 'search', 'splash'];

/** What is written in the catalogue, for tests that change it. */
export function catalogueDocument(changes: RuleChanges = {}) {
  const rights = {
    k: changes.k ?? 50,
    protection: changes.protection ?? { kind: 'noise', rho: 5000, sigmaFloor: 0 },
    purposes: ['measurement'],
    receivers: ['brand', 'agency'],
  };
  const person = { name: 'person', type: 'key', join: true, aggregates: ['count'], ...rights };
  const clip = changes.clip ?? { low: -(10 ** 6), high: 10 ** 6 };
  return {
    network: 'fair',
    zone: changes.zone ?? 'Asia/Shanghai',
    epoch: 'e'.repeat(64),
    tables: [
      {
        name: 'crm',
        owner: 'brand',
        subjects: 'customers',
        kind: 'person',
        person: 'person',
        columns: [
          person,
          {
            name: 'city',
            type: 'category',
            values: cities,
            isNullable: false,
            group: true,
            filter: 'declared',
            ...rights,
          },
          {
            name: 'tier',
            type: 'category',
            values: ['1', '2', '3'],
            isNullable: true,
            group: true,
            filter: 'declared',
            ...rights,
          },
          {
            name: 'member',
            type: 'category',
            values: ['true', 'false'],
            isNullable: false,
            group: true,
            filter: 'declared',
            ...rights,
          },
          {
            ...{
              name: 'age',
              type: 'integer',
              min: 18,
              max: 97,
              grid: 1,
              isNullable: true,
              group: true,
              filter: 'range',
            },
            ...{ aggregates: ['sum', 'mean', 'variance'], clip: changes.clip ?? { low: 0, high: 100 } },
            ...rights,
          },
          {
            ...{
              name: 'income',
              type: 'integer',
              min: 0,
              max: 99_999,
              grid: 1000,
              isNullable: false,
              group: true,
              filter: 'range',
            },
            aggregates: [],
            ...rights,
          },
          {
            name: 'secret',
            type: 'category',
            values: ['x', 'y'],
            isNullable: false,
            group: false,
            filter: 'no',
            ...rights,
          },
          {
            ...{
              name: 'inner',
              type: 'category',
              values: ['x', 'y'],
              isNullable: false,
              group: true,
              filter: 'declared',
            },
            ...rights,
            receivers: ['agency'],
          },
        ],
      },
      {
        name: 'visits',
        owner: 'media',
        subjects: 'users',
        kind: 'event',
        person: 'person',
        columns: [
          { ...person, perPerson: changes.perPerson ?? { rows: 1000, groups: 1000 } },
          { name: 'event_id', type: 'key', join: false, aggregates: [], ...rights },
          {
            ...{ name: 'at', type: 'time', from: '2026-01-01', to: '2026-04-01', grid: changes.grid ?? 'hour' },
            ...{ isNullable: false, group: true, filter: 'range' },
            ...rights,
          },
          {
            name: 'channel',
            type: 'category',
            values: channels,
            isNullable: false,
            group: true,
            filter: 'declared',
            ...rights,
          },
          {
            ...{
              name: 'value',
              type: 'money',
              currency: 'CNY',
              min: -1_000_000,
              max: 1_000_000,
              grid: 1,
              isNullable: true,
            },
            ...{ group: false, filter: 'range', aggregates: ['sum', 'mean', 'variance'], clip },
            ...rights,
          },
        ],
      },
      {
        name: 'clicks',
        owner: 'media',
        subjects: 'users',
        kind: 'event',
        person: 'person',
        columns: [
          person,
          {
            name: 'channel',
            type: 'category',
            values: channels,
            isNullable: false,
            group: true,
            filter: 'declared',
            ...rights,
          },
        ],
      },
      {
        name: 'users',
        owner: 'media',
        subjects: 'users',
        kind: 'person',
        person: 'uid',
        columns: [
          { ...person, name: 'uid' },
          {
            name: 'device',
            type: 'category',
            values: ['android', 'ios'],
            isNullable: true,
            group: true,
            filter: 'declared',
            ...rights,
          },
        ],
      },
      {
        name: 'panel',
        owner: 'media',
        subjects: 'panel',
        kind: 'person',
        person: 'person',
        columns: [
          person,
          {
            name: 'grade',
            type: 'category',
            values: ['a', 'b'],
            isNullable: true,
            group: true,
            filter: 'declared',
            ...rights,
          },
          {
            ...{
              name: 'score',
              type: 'integer',
              min: -50,
              max: 50,
              grid: 1,
              isNullable: true,
              group: true,
              filter: 'range',
            },
            ...{ aggregates: ['sum', 'mean'], clip: changes.clip ?? { low: -100, high: 100 } },
            ...rights,
          },
        ],
      },
      {
        name: 'devices',
        owner: 'media',
        subjects: 'users',
        kind: 'person',
        person: 'person',
        columns: [
          person,
          {
            name: 'city',
            type: 'category',
            values: cities,
            isNullable: false,
            group: true,
            filter: 'declared',
            ...rights,
          },
          {
            ...{
              name: 'wave',
              type: 'category',
              values: ['1'],
              isNullable: false,
              group: true,
              filter: 'declared',
              ...rights,
            },
            purposes: ['research'],
          },
          {
            ...{ name: 'since', type: 'time', from: '2026-01-01', to: '2026-03-01', grid: 'day', isNullable: false },
            ...{ group: true, filter: 'range' },
            ...rights,
          },
          {
            ...{ name: 'home', type: 'place', filter: 'within', isNullable: true, system: 'wgs84', radiusMin: 1000 },
            ...rights,
          },
        ],
      },
      {
        name: 'closed',
        owner: 'media',
        subjects: 'users',
        kind: 'person',
        person: 'person',
        columns: [{ ...person, join: false }],
      },
    ],
    audiences: [
      { name: 'vip', table: 'crm', group: true, filter: 'declared', ...rights },
      { name: 'hidden', table: 'crm', group: false, filter: 'no', ...rights },
      { name: 'raters', table: 'panel', group: false, filter: 'declared', ...rights },
    ],
  };
}

export function catalogueOf(changes: RuleChanges = {}): Catalogue {
  return parseCatalogue(catalogueDocument(changes));
}
