import { describe, expect, it } from 'vitest';
import { isZone, nextStart, startOf, Zone } from '../zone/index.ts';
import { catalogueHash, parseCatalogue } from './catalogue.ts';

const at = (text: string) => Date.parse(text) / 1000;

describe('days and hours of a zone', () => {
  it.each([
    ['Asia/Shanghai', '2026-06-16T00:00Z', '2026-06-15T16:00Z'],
    ['+08:00', '2026-06-16T00:00Z', '2026-06-15T16:00Z'],
    ['America/New_York', '2026-03-08T00:00Z', '2026-03-08T05:00Z'],
    ['America/New_York', '2026-03-09T00:00Z', '2026-03-09T04:00Z'],
    // Half past two is skipped: the first instant after the gap.
    ['America/New_York', '2026-03-08T02:30Z', '2026-03-08T07:30Z'],
    // Half past one comes twice: the first time.
    ['America/New_York', '2026-11-01T01:30Z', '2026-11-01T05:30Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45Z', '2026-04-04T14:45Z'],
    ['UTC', '1970-01-01T00:00Z', '1970-01-01T00:00Z'],
  ])('in %s the clock reads %s first at %s', (zone, local, instant) => {
    expect(new Zone(zone).instantOf(at(local))).toBe(at(instant));
  });

  it('an instant has one reading, and comes back unless it is the second of two', () => {
    const zone = new Zone('America/New_York');
    for (let instant = at('2026-01-01T00:00Z'); instant < at('2027-01-01T00:00Z'); instant += 1_801) {
      const back = zone.instantOf(zone.localAt(instant));
      const isSecond = instant >= at('2026-11-01T06:00Z') && instant < at('2026-11-01T07:00Z');
      expect(back).toBe(isSecond ? instant - 3600 : instant);
    }
  });

  it('units begin where a calendar says: weeks on Monday, quarters in January, April, July and October', () => {
    const local = at('2026-05-17T13:45:10Z');
    const starts = (['hour', 'day', 'week', 'month', 'quarter', 'year'] as const).map((unit) =>
      new Date(startOf(unit, local) * 1000).toISOString().slice(0, 13),
    );
    expect(starts).toEqual([
      '2026-05-17T13',
      '2026-05-17T00',
      '2026-05-11T00',
      '2026-05-01T00',
      '2026-04-01T00',
      '2026-01-01T00',
    ]);
  });

  it.each(['hour', 'day', 'week', 'month', 'quarter', 'year'] as const)('each %s follows the one before', (unit) => {
    let start = startOf(unit, at('2023-12-20T00:00Z'));
    for (let i = 0; i < 500; i++) {
      const next = nextStart(unit, start);
      expect(startOf(unit, next)).toBe(next);
      expect(startOf(unit, next - 1)).toBe(start);
      start = next;
    }
  });

  it('knows a zone from another text', () => {
    expect(['Asia/Shanghai', '+05:30', 'UTC'].every(isZone)).toBe(true);
    expect(['Atlantis/Main', '', '+99:00', "'; --"].some(isZone)).toBe(false);
  });
});

const rights = {
  k: 50,
  protection: { kind: 'noise', rho: 5000, sigmaFloor: 0 },
  purposes: ['measurement'],
  receivers: ['brand'],
};
const person = { name: 'person', type: 'key', join: true, aggregates: ['count'], ...rights };
const age = {
  ...{ name: 'age', type: 'integer', min: 18, max: 97, grid: 1, isNullable: true, group: true, filter: 'range' },
  ...{ aggregates: ['sum'], clip: { low: 0, high: 100 } },
  ...rights,
};
const city = {
  name: 'city',
  type: 'category',
  values: ['a', 'b'],
  isNullable: false,
  group: true,
  filter: 'declared',
  ...rights,
};
const table = {
  name: 'crm',
  owner: 'brand',
  subjects: 'customers',
  kind: 'person',
  person: 'person',
  columns: [person, age, city],
};
const document = { network: 'fair', zone: 'UTC', epoch: 'e'.repeat(64), tables: [table], audiences: [] };
const withColumn = (column: object) => ({ ...document, tables: [{ ...table, columns: [person, column] }] });

describe('a catalogue', () => {
  it('has one hash whatever the order of its names', () => {
    const { audiences, ...rest } = document;
    expect(catalogueHash(parseCatalogue({ audiences, ...rest }))).toEqual(catalogueHash(parseCatalogue(document)));
    const stricter = parseCatalogue(withColumn({ ...age, k: 51 }));
    expect(catalogueHash(stricter)).not.toEqual(catalogueHash(parseCatalogue(withColumn(age))));
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['an unknown field', { ...document, comment: 'x' }],
    ['a zone that does not exist', { ...document, zone: 'Atlantis' }],
    ['two tables of one name, but for the case', { ...document, tables: [table, { ...table, name: 'CRM' }] }],
    [
      'two columns of one name, but for the case',
      { ...document, tables: [{ ...table, columns: [person, age, { ...age, name: 'AGE' }] }] },
    ],
    ['no person', { ...document, tables: [{ ...table, columns: [age] }] }],
    ['a person that is no key', { ...document, tables: [{ ...table, person: 'age' }] }],
    ['a minimum of one', withColumn({ ...age, k: 1 })],
    ['no protection', withColumn({ ...age, protection: undefined })],
    ['noise for nothing', withColumn({ ...age, protection: { kind: 'noise', rho: 0, sigmaFloor: 0 } })],
    ['sums without a clip', withColumn({ ...age, clip: undefined })],
    ['a clip upside down', withColumn({ ...age, clip: { low: 5, high: 4 } })],
    ['a clip of nothing', withColumn({ ...age, clip: { low: 0, high: 0 } })],
    ['a range upside down', withColumn({ ...age, min: 98 })],
    ['a range past 2^53', withColumn({ ...age, min: -(2 ** 53) + 1, max: 2 ** 53 - 1 })],
    ['squares past 2^40', withColumn({ ...age, aggregates: ['variance'], clip: { low: 0, high: 2 ** 41 } })],
    ['a filter of another kind', withColumn({ ...city, filter: 'range' })],
    ['a value twice', withColumn({ ...city, values: ['a', 'a'] })],
    ['a key that is a condition', withColumn({ ...person, name: 'id', filter: 'declared' })],
    [
      'days upside down',
      withColumn({
        name: 'at',
        type: 'time',
        from: '2026-02-01',
        to: '2026-01-01',
        grid: 'day',
        isNullable: false,
        group: true,
        filter: 'range',
        ...rights,
      }),
    ],
    [
      '30 February',
      withColumn({
        name: 'at',
        type: 'time',
        from: '2026-02-30',
        to: '2026-03-01',
        grid: 'day',
        isNullable: false,
        group: true,
        filter: 'range',
        ...rights,
      }),
    ],
    [
      'an audience of no table',
      { ...document, audiences: [{ name: 'vip', table: 'nobody', group: true, filter: 'declared', ...rights }] },
    ],
    [
      'an audience of events',
      {
        ...document,
        tables: [{ ...table, kind: 'event' }],
        audiences: [{ name: 'vip', table: 'crm', group: true, filter: 'declared', ...rights }],
      },
    ],
  ])('with %s is refused', (_, value) => {
    expect(() => parseCatalogue(value)).toThrow(RangeError);
  });
});
