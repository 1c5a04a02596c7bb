import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../server/engine/testing/database.ts';
import { Draw } from '../../random/index.ts';
import { eventKinds } from './event.ts';
import {
  type EventLayout,
  type EventReading,
  type EventRow,
  eventReader,
  readEventsSql,
  zonePeriods,
} from './index.ts';

const takenAt = Date.UTC(2026, 5, 30) / 1000;
const layout: EventLayout = {
  person: 'person',
  kind: { column: 'kind', kinds: { view: 'exposure', paid: 'order', back: 'refund', test: 'leave-out' } },
  time: { column: 'time', form: 'text', zone: 'America/New_York' },
  channel: { column: 'channel' },
  campaign: { column: 'campaign' },
  cost: { column: 'cost' },
  value: { column: 'value', digits: 2 },
  currency: { column: 'currency' },
  currencies: { CNY: 2, JPY: 0, USD: 6 },
  eventId: 'id',
  orderRef: 'order',
  takenAt,
};
const good: EventRow = {
  person: '7',
  kind: 'view',
  time: '2026-06-16 10:00:00+08:00',
  channel: 'video',
  campaign: 'launch',
  cost: '12.30',
  value: '',
  currency: 'CNY',
  unix: '1781575200',
  id: 'e1',
  order: '',
};
const paid: EventRow = { ...good, kind: 'paid', cost: '', value: '1990', order: 'o1' };
const read = eventReader(layout);
const refusalOf = (changes: EventRow, base = good) => read({ ...base, ...changes }, 1).refusal;

function eventOf(reading: EventReading) {
  if (reading.refusal !== undefined) throw new Error(reading.refusal);
  return reading.event;
}

describe('an event', () => {
  it('is an instant, whole units of money, and names as they stand', () => {
    expect(eventOf(read(good, 1))).toEqual({
      person: 7,
      at: Date.UTC(2026, 5, 16, 2) / 1000,
      zone: 480,
      kind: 'exposure',
      channel: 'video',
      campaign: 'launch',
      creative: '',
      cost: 1230,
      value: 0,
      currency: 'CNY',
      eventId: 'e1',
      orderRef: '',
    });
    expect(eventOf(read(paid, 1))).toMatchObject({ kind: 'order', cost: 0, value: 1990, orderRef: 'o1' });
  });

  it('may be any row where no ids are declared: its row number is its id', () => {
    const { eventId: _, ...without } = layout;
    expect(eventOf(eventReader(without)(good, 41)).eventId).toBe('41');
  });
});

describe('[F16] times', () => {
  const at = (time: string) => eventOf(read({ ...good, time }, 1)).at;

  it('with an offset, with Z and in the declared zone are the same instant', () => {
    const instant = Date.UTC(2026, 5, 16, 2) / 1000;
    for (const time of [
      '2026-06-16T02:00:00Z',
      '2026-06-16 02:00:00.999 Z',
      '2026-06-15 22:00:00',
      '2026-06-15 22:00',
    ]) {
      expect(at(time), time).toBe(instant);
    }
    expect(at('2024-02-29 12:00:00Z')).toBe(Date.UTC(2024, 1, 29, 12) / 1000);
  });

  it.each([
    ['2026-02-29 12:00:00Z', 'unreadable-time'],
    ['2026-06-16 24:00:00Z', 'unreadable-time'],
    ['2026-06-16', 'unreadable-time'],
    ['16/06/2026 10:00:00', 'unreadable-time'],
    ['', 'unreadable-time'],
    ['2026-03-08 02:30:00', 'time-does-not-exist'],
    ['2025-11-02 01:30:00', 'time-is-ambiguous'],
    ['1999-12-31 23:59:59Z', 'time-out-of-range'],
    ['0001-01-01 00:00:00', 'time-out-of-range'],
    ['9999-12-31 00:00:00', 'time-out-of-range'],
    ['2026-06-30 00:00:01Z', 'in-the-future'],
  ])('%s: %s', (time, refusal) => expect(refusalOf({ time })).toBe(refusal));

  it('without a zone are refused where none is declared', () => {
    const bare = eventReader({ ...layout, time: { column: 'time', form: 'text' } });
    expect(bare({ ...good, time: '2026-06-16 10:00:00' }, 1).refusal).toBe('no-zone');
    expect(bare(good, 1).refusal).toBeUndefined();
  });

  it('of milliseconds that are declared as seconds are out of range', () => {
    const seconds = eventReader({ ...layout, time: { column: 'time', form: 'seconds' } });
    expect(eventOf(seconds({ ...good, time: '1781575200' }, 1)).at).toBe(1_781_575_200);
    expect(seconds({ ...good, time: '1781575200123' }, 1).refusal).toBe('time-out-of-range');
    const milliseconds = eventReader({ ...layout, time: { column: 'time', form: 'milliseconds' } });
    expect(eventOf(milliseconds({ ...good, time: '1781575200999' }, 1)).at).toBe(1_781_575_200);
  });

  it('of a zone are the ones of the IANA database', () => {
    expect(zonePeriods('Asia/Shanghai')).toHaveLength(1);
    expect(zonePeriods('Asia/Shanghai')[0]!.offset).toBe(8 * 3_600);
    const changes = zonePeriods('Europe/Berlin')
      .slice(1, 3)
      .map(({ from }) => new Date(from * 1000).toISOString());
    expect(changes).toEqual(['2000-03-26T01:00:00.000Z', '2000-10-29T01:00:00.000Z']);
    // Morocco changes twice within a few weeks around Ramadan.
    const year = zonePeriods('Africa/Casablanca').filter(({ from }) => new Date(from * 1000).getUTCFullYear() === 2025);
    expect(year.map(({ offset }) => offset / 3_600)).toEqual([0, 1]);
    expect(() => zonePeriods('Mars/Olympus')).toThrow(RangeError);
  });
});

describe('[F117] amounts', () => {
  it.each([
    ['12.3', 1230],
    ['0.01', 1],
    ['000012.00', 1200],
    ['12.300', 1230],
    ['-0', 0],
    [' 5 ', 500],
  ])('%s is %i units of two digits', (cost, units) => expect(eventOf(read({ ...good, cost }, 1)).cost).toBe(units));

  it.each([
    ['', 'no-amount'],
    ['12,30', 'unreadable-amount'],
    ['1e3', 'unreadable-amount'],
    ['NaN', 'unreadable-amount'],
    ['Infinity', 'unreadable-amount'],
    ['99999999999.99', 'unreadable-amount'],
    ['12.345', 'too-many-decimals'],
    ['-0.01', 'negative-amount'],
  ])('%s: %s', (cost, refusal) => expect(refusalOf({ cost })).toBe(refusal));

  it('of a currency that was not declared are refused, and of one with other digits read by them', () => {
    expect(refusalOf({ currency: 'EUR' })).toBe('unknown-currency');
    expect(refusalOf({ currency: 'cny' })).toBe('unknown-currency');
    expect(refusalOf({ currency: 'toString' })).toBe('unknown-currency');
    expect(refusalOf({ currency: 'JPY' })).toBe('too-many-decimals');
    expect(eventOf(read({ ...good, currency: 'USD', cost: '0.028' }, 1)).cost).toBe(28_000);
    expect(eventOf(read({ ...paid, value: '28000.0' }, 1)).value).toBe(28_000);
    expect(eventOf(read({ ...paid, value: '199', currency: 'USD' }, 1)).value).toBe(1_990_000);
    expect(refusalOf({ value: '199', currency: 'JPY' }, paid)).toBe('too-many-decimals');
    expect(eventOf(read({ ...paid, value: '200', currency: 'JPY' }, 1)).value).toBe(2);
  });
});

describe('a row that is no event', () => {
  it.each<[string, EventRow, EventRow]>([
    ['left-out', good, { kind: 'test' }],
    ['unknown-kind', good, { kind: 'constructor' }],
    ['no-person', good, { person: '' }],
    ['no-person', good, { person: '-1' }],
    ['no-person', good, { person: '4294967296' }],
    ['no-channel', good, { channel: ' ' }],
    ['name-too-long', good, { campaign: '长'.repeat(201) }],
    ['no-event-id', good, { id: null }],
    ['no-order-ref', paid, { order: '' }],
  ])('says %s', (refusal, base, changes) => expect(refusalOf(changes, base)).toBe(refusal));

  it('a layout that cannot be read by is refused at once', () => {
    const { currency: _, ...noCurrency } = layout;
    const { orderRef: __, ...noOrders } = layout;
    for (const bad of [
      noCurrency,
      noOrders,
      { ...layout, currencies: { CNY: 7 } },
      { ...layout, currencies: { cny: 2 } },
      { ...layout, cost: { column: 'cost', digits: 7 } },
    ]) {
      expect(() => eventReader(bad)).toThrow(RangeError);
      expect(() => readEventsSql('t', bad)).toThrow(RangeError);
    }
  });
});

describe('the reading in SQL', () => {
  const cells: Readonly<Record<string, readonly (string | null)[]>> = {
    person: ['1', '4294967295', '4294967296', '', 'x', '1.0', null, ' 5 ', '99999999999'],
    kind: ['view', 'paid', 'back', 'test', '', 'View', "'); DROP TABLE t; --"],
    time: [
      '2026-06-16 10:00:00+08:00',
      '2026-06-16T10:00:00Z',
      '2026-06-16 10:00',
      '2026-03-08 02:30:00',
      '2025-11-02 01:59:59',
      '2026-03-08 01:59:59',
      '2026-03-08 03:00:00',
      '2025-11-02 00:59:59',
      '2025-11-02 02:00:00',
      '2026-06-16 10:00:00,5-0330',
      '2026-02-30 00:00:00',
      '2024-02-29 00:00:00',
      '2000-01-01 00:00:00',
      '1999-12-31 18:59:59',
      '1999-12-31 19:00:00',
      '9999-12-31 00:00:00',
      '0000-01-01 00:00:00',
      '2026-06-30 00:00:00Z',
      '2026-06-30 00:00:01Z',
      '2026-06-16 23:59:60',
      '',
      'now',
      null,
      '2026-06-16 10:00:00+15:00',
      '２０26-06-16 10:00:00',
      '2026-06-16 10:00:00 +08:00',
    ],
    channel: ['video', '', ' 搜索 ', 'x'.repeat(200), '长'.repeat(201), "o'clock", '"quoted"'],
    campaign: ['launch', '', null, '😀'.repeat(200), '😀'.repeat(201)],
    cost: [
      '1',
      '0.01',
      '0.001',
      '-1',
      '1e5',
      '',
      null,
      '10000000000',
      '10000000000.01',
      '1.',
      '.5',
      '00012.340',
      '-0.00',
    ],
    value: ['1', '1000000000000', '1000000000001', '5.0', '5.5', '-7', '', 'abc', null, '99999999999999'],
    currency: ['CNY', 'JPY', 'USD', 'EUR', '', null, 'cny'],
    unix: ['1781575200', '1761609599', '1781575200123', '1761609599999', '946684799', '-5', '1e9', ''],
    id: ['a', '', null, "'"],
    order: ['o', '', null],
  };
  const columns = Object.keys(cells);
  const numbers = new Set(['person', 'at', 'zone', 'kind', 'cost', 'value']);

  function rows(): EventRow[] {
    // Every cell value with all others good, for touches and orders, then random mixtures.
    const single = [good, paid].flatMap((base) =>
      columns.flatMap((column) => cells[column]!.map((cell) => ({ ...base, [column]: cell }))),
    );
    const mixed = Array.from({ length: 1_500 }, (_, i) => {
      const draw = new Draw(3, 'rows').at(i);
      const entries = columns.map((column) => {
        const choices = cells[column]!;
        return [
          column,
          draw.chance(8_000) ? (draw.chance(5_000) ? good : paid)[column] : choices[draw.below(choices.length)],
        ];
      });
      return Object.fromEntries(entries) as EventRow;
    });
    return [...single, ...mixed];
  }

  const { cost: _, value: __, currency: ___, ...withoutMoney } = layout;
  const layouts: Readonly<Record<string, EventLayout>> = {
    'all columns, a zone with summer time': layout,
    'no zone': { ...layout, time: { column: 'time', form: 'text' } },
    'a zone without summer time': { ...layout, time: { column: 'time', form: 'text', zone: 'Asia/Shanghai' } },
    'no money, no ids': withoutMoney,
    'Unix time': { ...layout, time: { column: 'unix', form: 'seconds', zone: 'Europe/Berlin' } },
    milliseconds: { ...layout, time: { column: 'unix', form: 'milliseconds' } },
    'one kind, names for all rows': {
      ...layout,
      kind: { always: 'click' },
      channel: { always: "l'été" },
      creative: { column: 'channel' },
    },
  };

  it.each(Object.keys(layouts))('reads every row as TypeScript does: %s', async (name) => {
    const chosen = layouts[name]!;
    const data = rows();
    const { load, query } = await testDatabase();
    const types = Object.fromEntries([['row', 'UINTEGER'], ...columns.map((column) => [column, 'VARCHAR'])]);
    await load(
      't',
      types,
      data.map((row, i) => [i, ...columns.map((column) => row[column] ?? null)]),
    );
    const got = await query(`${readEventsSql('t', chosen)} ORDER BY "row"`);
    const reader = eventReader(chosen);
    const tally = new Map<string, number>();
    for (const [i, row] of data.entries()) {
      const reading = reader(row, i);
      const { row: number, refusal, ...event } = got[i]!;
      const context = JSON.stringify(row);
      expect(number).toBe(i);
      expect(refusal ?? undefined, context).toBe(reading.refusal);
      tally.set(String(refusal), (tally.get(String(refusal)) ?? 0) + 1);
      if (reading.refusal !== undefined) {
        expect(Object.values(event).every((cell) => cell === null)).toBe(true);
        continue;
      }
      const { eventId, orderRef, kind, ...same } = reading.event;
      const plain = Object.fromEntries(
        Object.entries(event).map(([key, cell]) => [key, numbers.has(key) ? Number(cell) : cell]),
      );
      expect(plain, context).toEqual({
        ...same,
        kind: eventKinds.indexOf(kind),
        event_id: eventId,
        order_ref: orderRef,
      });
    }
    expect(tally.get('null') ?? 0).toBeGreaterThan(10);
    expect(tally.size).toBeGreaterThan(5);
  });
});
