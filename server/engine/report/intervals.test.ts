import { type NoisyPaths, shortPathsOf } from '@causeway/core/applications/attribution';
import {
  type AttributionData,
  compileReport,
  parseReportRequest,
  presentReport,
  type TrueNumbers,
  withReportNoise,
} from '@causeway/core/applications/request';
import { SeededRandom } from '@causeway/core/random';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { testDatabase } from '../testing/database.ts';
import { runReport } from './run.ts';
import { daySeconds, firstDay, randomShape } from './testing/random-room.ts';
import { asker, type RoomFiles, roomCatalogue, writeRoom } from './testing/room.ts';

/** People with one to three touches; who orders depends on the last of them, or on none. */
async function simulated(people: number, chance: (channel: number) => number): Promise<RoomFiles> {
  const folder = testFolder();
  const { load, run } = await testDatabase([folder]);
  const random = new SeededRandom('simulated');
  const touches: (number | string)[][] = [];
  const orders: (number | string)[][] = [];
  for (let person = 0; person < people; person++) {
    const path = Array.from({ length: 1 + random.below(3) }, () => random.below(3));
    const at = firstDay + (20 + random.below(5)) * daySeconds;
    for (const [i, channel] of path.entries()) {
      touches.push([person, at + i * daySeconds, 'click', `c${channel}`, 'k0', 0, `t${person}.${i}`]);
    }
    if (random.chance(chance(path.at(-1)!))) {
      orders.push([person, at + 4 * daySeconds, 'order', 1000, `o${person}`, `o${person}`]);
    }
  }
  const event = { person: 'UINTEGER', at: 'BIGINT', kind: 'VARCHAR' };
  await load(
    'touches',
    { ...event, channel: 'VARCHAR', campaign: 'VARCHAR', cost: 'BIGINT', event_id: 'VARCHAR' },
    touches,
  );
  await load('orders', { ...event, value: 'BIGINT', order_ref: 'VARCHAR', event_id: 'VARCHAR' }, orders);
  for (const [table, columns] of [
    ['users', { person: 'UINTEGER', grp: 'VARCHAR', age: 'BIGINT' }],
    ['customers', { person: 'UINTEGER', tier: 'VARCHAR' }],
    ['vip', { person: 'UINTEGER' }],
    ['staff', { person: 'UINTEGER' }],
  ] as const)
    await load(table, columns, []);
  return writeRoom({ run }, folder);
}

const models = ['linear', 'markov-1', 'shapley', 'shapley-rate'];
const request = parseReportRequest({
  application: 'attribution',
  events: ['touches', 'orders'],
  period: { from: firstDay + 20 * daySeconds, until: firstDay + 50 * daySeconds },
  ordersMax: 1,
  valueMax: 1000,
  pathLengthMax: 3,
  currencies: [{ code: 'CNY', digits: 2 }],
  dimensions: ['channel'],
  models,
  paths: true,
});

async function numbersOf(files: RoomFiles): Promise<TrueNumbers> {
  const catalogue = roomCatalogue(randomShape);
  const made = await runReport({ request, catalogue, ...files, isOwn: false, timeLimitMs: 60_000 }, testContext());
  if (!('numbers' in made)) throw new Error('expected numbers');
  return Object.fromEntries(Object.entries(made.numbers).map(([name, values]) => [name, values.map(BigInt)]));
}

/** The report of many rooms with the same rows and other noise. */
function noisyReports(numbers: TrueNumbers, rho: number, count: number): readonly AttributionData[] {
  const catalogue = roomCatalogue({ ...randomShape, protection: { kind: 'noise', rho, sigmaFloor: 0 } });
  const compiled = compileReport({ request, catalogue, asker });
  return Array.from({ length: count }, (_, room) => {
    const secret = new Uint8Array(32).fill(room);
    return presentReport(compiled, withReportNoise(compiled, numbers, secret)) as AttributionData;
  });
}

const tableOf = (report: AttributionData, model: string) => report.tables.find((table) => table.model === model)!;

describe('[F119] intervals of an attribution that was told with noise', { timeout: 300_000 }, () => {
  it('hold what the same rows give without any noise, nine times of ten and more', async () => {
    const numbers = await numbersOf(await simulated(6000, (channel) => [0.3, 0.15, 0.05][channel]!));
    // Noise of so little that it is none: what the models give for these rows.
    const [truth] = noisyReports(numbers, 1_000_000, 1);
    const reports = noisyReports(numbers, 20_000, 60);
    for (const model of models) {
      const rows = tableOf(truth!, model).rows;
      const held = rows.map(
        ({ orders }, u) =>
          reports.filter((report) => {
            const { interval } = tableOf(report, model).rows[u]!;
            return interval !== undefined && interval.low <= orders! && orders! <= interval.high;
          }).length,
      );
      expect(Math.min(...held), `${model}: ${held}`).toBeGreaterThanOrEqual(54);
      expect(
        reports.every((report) => !tableOf(report, model).withinNoise.orders),
        model,
      ).toBe(true);
    }
    for (const report of reports) {
      const { rows, sum, untouched } = tableOf(report, 'linear');
      // Nobody ordered without a touch: that is not shown, and no sum that tells it.
      expect([sum, untouched, report.orders]).toEqual([undefined, undefined, undefined]);
      const orders = rows.reduce((all, row) => all + row.orders!, 0);
      expect(Math.abs(orders - Number(numbers.orders![0]))).toBeLessThan(5 * 7.1 * Math.sqrt(3));
    }
  });

  it('of paths hold the orders of each path that is shown, and show the most frequent', async () => {
    const numbers = await numbersOf(await simulated(6000, (channel) => [0.3, 0.15, 0.05][channel]!));
    const short = shortPathsOf(3).map((units) => units.map((unit) => `c${unit}`).join());
    let [held, all] = [0, 0];
    for (const { paths } of noisyReports(numbers, 20_000, 30)) {
      const { rows } = paths as NoisyPaths;
      expect(rows[0]!.path).toEqual(['c0']);
      for (const { path, interval, persons } of rows) {
        const orders = Number(numbers['paths: orders']![short.indexOf(path.join())]);
        expect(persons).toBeGreaterThan(50);
        all++;
        if (interval.low <= orders && orders <= interval.high) held++;
      }
    }
    expect(all).toBeGreaterThan(300);
    expect(held / all).toBeGreaterThan(0.95);
  });

  it('[F118] of orders that do not depend on the channel say that the differences are within noise', async () => {
    const numbers = await numbersOf(await simulated(3000, () => 0.15));
    const reports = noisyReports(numbers, 5_000, 40);
    for (const model of models) {
      const within = reports.map((report) => tableOf(report, model)).filter((table) => table.withinNoise.orders);
      // Three intervals of 95 % do not always have a value in common.
      expect(within.length, model).toBeGreaterThanOrEqual(36);
      for (const { words } of within) expect(words.map(({ en }) => en).join(' ')).toContain('within noise');
    }
  });
});
