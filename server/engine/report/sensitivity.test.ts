import { compileReport, parseReportRequest } from '@causeway/core/applications/request';
import type { Catalogue } from '@causeway/core/policy/query';
import { SeededRandom } from '@causeway/core/random';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { testDatabase } from '../testing/database.ts';
import { runReport } from './run.ts';
import { loadRandomRoom, randomShape } from './testing/random-room.ts';
import { requests } from './testing/requests.ts';
import { asker, type RoomFiles, roomCatalogue, writeRoom } from './testing/room.ts';

const catalogue = roomCatalogue({ ...randomShape, k: 2 });

async function numbersOf(request: unknown, files: RoomFiles, rules: Catalogue) {
  const input = { request: parseReportRequest(request), catalogue: rules, ...files, isOwn: false, timeLimitMs: 60_000 };
  const made = await runReport(input, testContext());
  if (!('numbers' in made)) throw new Error('expected numbers');
  return made.numbers;
}

/** Whose rows of a person are gone: everybody's, or one owner's. */
const losses = [
  ['touches', 'orders', 'users', 'customers', 'vip', 'staff'],
  ['touches', 'users'],
  ['orders', 'customers', 'vip', 'staff'],
];

describe('[F72] one person moves a report by no more than its noise is made for', { timeout: 600_000 }, () => {
  it.each(Object.entries(requests))('%s', async (_, request) => {
    const { tables } = compileReport({ request: parseReportRequest(request), catalogue, asker });
    let moved = 0;
    for (const seed of ['a', 'b', 'c']) {
      const folder = testFolder();
      const test = await testDatabase([folder]);
      const random = new SeededRandom(seed);
      await loadRandomRoom(test, random, 12);
      const before = await numbersOf(request, await writeRoom(test, folder), catalogue);
      for (const person of [0, 4, 8]) {
        for (const lost of losses) {
          const after = await numbersOf(request, await writeRoom(test, folder, { person, tables: lost }), catalogue);
          for (const { name, cells, squaredSensitivity, moves, most, isOwn } of tables) {
            expect(before[name], name).toHaveLength(cells);
            const changes = before[name]!.map((value, i) => BigInt(value) - BigInt(after[name]![i]!));
            if (isOwn) continue;
            const squared = changes.reduce((sum, change) => sum + change * change, 0n);
            const limit = squaredSensitivity * (moves ? 2n : 1n);
            expect(
              squared <= limit,
              `${name}: ${squared} of ${limit}, seed ${seed}, without ${person} in ${lost}`,
            ).toBe(true);
            for (const change of changes) expect(change <= most && -change <= most, `${name}: ${change}`).toBe(true);
            if (squared > 0n) moved++;
          }
        }
      }
    }
    expect(moved).toBeGreaterThan(0);
  });
});
