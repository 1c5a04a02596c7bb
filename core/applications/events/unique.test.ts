import { describe, expect, it } from 'vitest';
import { type Cell, testDatabase } from '../../../server/engine/testing/database.ts';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { Draw } from '../../random/index.ts';
import {
  type EventLayout,
  eventColumns,
  kindCode,
  readEventsSql,
  refusalsSql,
  repeatedEventsSql,
  reportReading,
  uniqueEventsSql,
} from './index.ts';

const [click, order, refund] = [kindCode('click'), kindCode('order'), kindCode('refund')];

function row(changes: Partial<Record<keyof typeof eventColumns, Cell>>): Cell[] {
  const plain = {
    person: 1,
    at: 1_781_575_200,
    zone: 0,
    kind: click,
    channel: 'a',
    campaign: '',
    creative: '',
    cost: 0,
    value: 0,
    currency: 'CNY',
    event_id: 'e',
    order_ref: '',
  };
  return Object.values({ ...plain, ...changes });
}

describe('[F121] events that were delivered again', () => {
  const rows = [
    row({}),
    row({}),
    row({ at: 1_781_575_300 }),
    row({ event_id: 'f' }),
    // An order's number decides, not its event's id.
    row({ kind: order, event_id: 'x', order_ref: 'o1', value: 500, at: 1_781_575_400 }),
    row({ kind: order, event_id: 'y', order_ref: 'o1', value: 700 }),
    row({ kind: refund, event_id: 'x', order_ref: 'o1', value: 100 }),
  ];

  it('are kept once, the earliest of them', async () => {
    const { load, query } = await testDatabase();
    await load('events', eventColumns, rows);
    const kept = await query(
      `SELECT kind, event_id, value FROM (${uniqueEventsSql('events')}) ORDER BY kind, event_id`,
    );
    expect(kept).toEqual([
      { kind: click, event_id: 'e', value: '0' },
      { kind: click, event_id: 'f', value: '0' },
      { kind: order, event_id: 'y', value: '700' },
      { kind: refund, event_id: 'x', value: '100' },
    ]);
    expect(await query(repeatedEventsSql('events'))).toEqual([
      { kind: click, repeated: '2' },
      { kind: order, repeated: '1' },
      { kind: refund, repeated: '0' },
    ]);
  });

  it('leave the same events in whatever order they come', async () => {
    const many = Array.from({ length: 500 }, (_, i) => {
      const draw = new Draw(1, 'events').at(i);
      return row({
        person: draw.below(3),
        at: 1_781_575_200 + draw.below(5),
        kind: draw.below(5),
        channel: `c${draw.below(2)}`,
        value: draw.below(3),
        event_id: `e${draw.below(60)}`,
        order_ref: `o${draw.below(20)}`,
      });
    });
    const shuffled = [...many].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? 1 : -1));
    const { load, query } = await testDatabase();
    await load('events', eventColumns, many);
    await load('again', eventColumns, [...shuffled, ...many.slice(0, 100)]);
    const ordered = (table: string) => query(`SELECT * FROM (${uniqueEventsSql(table)}) ORDER BY ALL`);
    const kept = await ordered('events');
    expect(kept.length).toBeLessThan(400);
    expect(await ordered('again')).toEqual(kept);
  });
});

describe('the report of a reading', () => {
  const layout: EventLayout = {
    person: 'person',
    kind: { always: 'visit' },
    time: { column: 'time', form: 'text' },
    channel: { always: 'site' },
    takenAt: 2_000_000_000,
  };

  it('is told as its README tells it', () => {
    const { words } = reportReading(
      10,
      [
        { refusal: 'unreadable-time', count: 1, firstRows: [5] },
        { refusal: 'negative-amount', count: 1, firstRows: [7] },
      ],
      { exposure: 2 },
    );
    for (const { en } of words) expect(readDocument('core/applications/events/README.md')).toContain(en);
  });

  it('says every reason with its count and first rows, in both languages', async () => {
    const { load, query } = await testDatabase();
    const times = ['2026-06-16 10:00:00Z', 'x', '2026-06-16 10:00:00', 'x', 'x', 'x', 'x', 'x'];
    await load(
      't',
      { row: 'UINTEGER', person: 'VARCHAR', time: 'VARCHAR' },
      times.map((time, i) => [i + 2, '1', time]),
    );
    const tallies = await query(refusalsSql(readEventsSql('t', layout)));
    expect(tallies).toEqual([
      { refusal: 'unreadable-time', count: '6', first_rows: [3, 5, 6, 7, 8] },
      { refusal: 'no-zone', count: '1', first_rows: [4] },
      { refusal: null, count: '1', first_rows: [2] },
    ]);
    const { events, words } = reportReading(
      8,
      [
        { refusal: 'unreadable-time', count: 6, firstRows: [3, 5, 6, 7, 8] },
        { refusal: 'no-zone', count: 1, firstRows: [4] },
      ],
      {},
    );
    expect(events).toBe(1);
    expect(words.map(({ en }) => en)).toEqual([
      '1 event of 8 rows.',
      '6 rows were not used: with a time that cannot be read (expected 2026-06-16 10:00:00+08:00, or the declared Unix time) (first: row 3, 5, 6, 7, 8).',
      '1 row was not used: with a time without a zone; declare the zone of the column (first: row 4).',
    ]);
    for (const { zh } of words) expect(zh).toMatch(/[一-鿿]/);
    expect(reportReading(10, [], { click: 3, order: 1 }).words.at(-1)!.en).toBe(
      '4 rows were delivered before; the first delivery was kept.',
    );
  });
});
