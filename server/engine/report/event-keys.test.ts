import { parseReportRequest } from '@causeway/core/applications/request';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { testDatabase } from '../testing/database.ts';
import { runReport } from './run.ts';
import { roomCatalogue, writeRoom } from './testing/room.ts';

/** 2026-06-01 in Beijing. */
const from = Date.UTC(2026, 4, 31, 16) / 1000;
const period = { from, until: from + 10 * 86_400 };
const catalogue = roomCatalogue({
  ...{ channels: ['feed'], campaigns: ['spring'], groups: ['a'], tiers: ['gold'] },
  ...{ from: '2026-05-01', to: '2026-07-01' },
});

/** Two deliveries of an exposure and of an order of the same person, under keys of one type. @returns the numbers of a report on some of the tables. */
async function numbersOf(type: 'UINTEGER' | 'VARCHAR', wanted: object) {
  const folder = testFolder();
  const database = await testDatabase([folder]);
  const key = (text: string) => (type === 'VARCHAR' ? text : text.charCodeAt(0));
  const event = { person: 'UINTEGER', at: 'BIGINT', kind: 'VARCHAR' };
  const touch = [1, from, 'exposure', 'feed', 'spring', 0];
  await database.load(
    'touches',
    { ...event, channel: 'VARCHAR', campaign: 'VARCHAR', cost: 'BIGINT', event_id: type },
    [
      [...touch, key('a')],
      [...touch, key('a')],
      [...touch, key('b')],
    ],
  );
  await database.load('orders', { ...event, value: 'BIGINT', event_id: type, order_ref: type }, [
    [1, from + 60, 'order', 100, key('a'), key('x')],
    [1, from + 60, 'order', 100, key('b'), key('x')],
    [1, from + 90, 'refund', 40, key('c'), key('x')],
  ]);
  await database.load('users', { person: 'UINTEGER', grp: 'VARCHAR', age: 'BIGINT' }, []);
  await database.load('customers', { person: 'UINTEGER', tier: 'VARCHAR' }, []);
  for (const name of ['vip', 'staff']) await database.load(name, { person: 'UINTEGER' }, []);
  const files = await writeRoom(database, folder);
  const request = parseReportRequest({ period, ...wanted });
  const made = await runReport({ request, catalogue, ...files, isOwn: false, timeLimitMs: 60_000 }, testContext());
  if (!('numbers' in made)) throw new Error('expected numbers');
  return Object.fromEntries(Object.entries(made.numbers).map(([name, values]) => [name, values.map(String)]));
}

describe.each(['UINTEGER', 'VARCHAR'] as const)('keys of events as %s', (type) => {
  it('count an exposure once where its table has no orders', async () => {
    const reach = { application: 'reach', events: ['touches'], media: ['feed'], binCount: 3, impressionsMax: 9 };
    expect(await numbersOf(type, reach)).toMatchObject({
      reach: ['1'],
      impressions: ['2'],
      frequency: ['0', '1', '0'],
    });
  });

  it('count an order of another table once, less what was taken back', async () => {
    const attribution = {
      ...{ application: 'attribution', events: ['touches', 'orders'], currencies: [{ code: 'CNY', digits: 2 }] },
      ...{ dimensions: ['channel'], models: ['last'], ordersMax: 3, valueMax: 100 },
    };
    const { orders, ...others } = await numbersOf(type, attribution);
    expect(orders![0]).toBe('1');
    expect(others['value in CNY']![0]).toBe('60');
  });
});
