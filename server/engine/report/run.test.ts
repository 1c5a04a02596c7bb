import { join } from 'node:path';
import { parseReportRequest } from '@causeway/core/applications/request';
import { parseCatalogue } from '@causeway/core/policy/query';
import { SeededRandom } from '@causeway/core/random';
import { afterEach, describe, expect, it } from 'vitest';
import { Engine, type RunReportInput } from '../index.ts';
import { testContext, testFolder } from '../testing/context.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { runReport } from './run.ts';
import { loadRandomRoom, randomShape } from './testing/random-room.ts';
import { requests } from './testing/requests.ts';
import { roomCatalogue, writeRoom } from './testing/room.ts';

const engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

const refused = (code: string) => expect.objectContaining({ name: 'DataError', code });

/** Rows of a small room, changed by SQL before they are written. */
async function inputOf(request: unknown, change: (test: TestDatabase) => Promise<void> = async () => {}) {
  const folder = testFolder();
  const test = await testDatabase([folder]);
  await loadRandomRoom(test, new SeededRandom('run'), 80);
  await change(test);
  const files = await writeRoom(test, folder);
  const catalogue = roomCatalogue(randomShape);
  return {
    request: parseReportRequest(request),
    catalogue,
    ...files,
    isOwn: false,
    timeLimitMs: 60_000,
  } satisfies RunReportInput;
}

async function numbers(input: RunReportInput) {
  const made = await runReport(input, testContext());
  if (!('numbers' in made)) throw new Error('expected numbers');
  return made.numbers;
}

describe('a report through the engine’s process', { timeout: 120_000 }, () => {
  it.each(Object.entries(requests))('%s comes back as it is made in this process', async (_, request) => {
    const input = await inputOf(request);
    const engine = new Engine({ spillFolder: join(testFolder(), 'spill') });
    engines.push(engine);
    expect(await engine.runReport(input)).toEqual({ numbers: await numbers(input) });
    expect(await engine.runReport({ ...input, isOwn: true })).toEqual(
      await runReport({ ...input, isOwn: true }, testContext()),
    );
  });

  it('[F121] is the same whatever the order of the rows, with deliveries repeated', async () => {
    const shuffled = async ({ run }: TestDatabase) => {
      for (const name of ['touches', 'orders']) {
        await run(
          `CREATE OR REPLACE TABLE ${name} AS SELECT * FROM (SELECT * FROM ${name} UNION ALL SELECT * FROM ${name}) ORDER BY hash(event_id, random())`,
        );
      }
    };
    for (const request of [requests.attribution, requests.reach, requests.lift, requests.lifecycle]) {
      expect(await numbers(await inputOf(request, shuffled))).toEqual(await numbers(await inputOf(request)));
    }
  });

  it('counts nothing that no rule declares, and breaks on nothing', async () => {
    const odd = async ({ run }: TestDatabase) => {
      await run(
        `INSERT INTO touches SELECT 5000 + i, "at", 'nothing', 'c0', 'k0', 0, 'odd' || i FROM touches, range(3) AS t(i)`,
      );
      await run(`INSERT INTO touches SELECT 6000, "at", 'exposure', 'elsewhere', 'k0', 0, 'out' FROM touches LIMIT 1`);
      await run(
        `INSERT INTO touches VALUES (NULL, 0, 'exposure', 'c0', 'k0', 0, 'nobody'), (7000, NULL, 'exposure', 'c0', 'k0', 0, 'never')`,
      );
      await run(`INSERT INTO orders VALUES (NULL, 0, 'order', 5, 'x', 'y'), (8000, NULL, 'order', 5, 'x2', 'y2')`);
      await run(`INSERT INTO users VALUES (NULL, 'g0', 3)`);
    };
    for (const [name, request] of Object.entries(requests)) {
      expect(await numbers(await inputOf(request, odd)), name).toEqual(await numbers(await inputOf(request)));
    }
  });

  it('ids of two owners that are alike are not one', async () => {
    const { attribution } = requests;
    // Every id of a touch is one of an order too.
    const alike = async ({ run }: TestDatabase) => {
      await run(`UPDATE touches SET event_id = 'e' || substr(event_id, 2)`);
    };
    expect(await numbers(await inputOf(attribution, alike))).toEqual(await numbers(await inputOf(attribution)));
  });

  it('without ids counts every row, and takes no refunds', async () => {
    const once = ({ run }: TestDatabase) =>
      Promise.all(
        ['touches', 'orders'].map((name) =>
          run(`CREATE OR REPLACE TABLE ${name} AS SELECT * FROM ${name} WHERE kind <> 'refund'
            QUALIFY row_number() OVER (PARTITION BY kind, event_id) = 1`),
        ),
      ).then(() => run(`UPDATE orders SET order_ref = event_id`));
    const catalogue = JSON.parse(JSON.stringify(roomCatalogue(randomShape))) as {
      tables: { name: string; columns: { name: string; values?: string[] }[] }[];
    };
    for (const table of catalogue.tables) {
      table.columns = table.columns.filter(({ name }) => name !== 'event_id' && name !== 'order_ref');
      for (const column of table.columns)
        if (column.name === 'kind') column.values = column.values!.filter((kind) => kind !== 'refund');
    }
    const without = parseCatalogue(catalogue);
    for (const request of [requests.reach, requests.lift, requests.lifecycle]) {
      const input = await inputOf(request, once);
      expect(await numbers({ ...input, catalogue: without })).toEqual(await numbers(input));
    }
    // Of touches of one second the id decides which comes first, so credits may differ, and totals do not.
    const input = await inputOf(requests.attribution, once);
    const [own, other] = [await numbers(input), await numbers({ ...input, catalogue: without })];
    for (const name of ['orders', 'people with orders', 'value in CNY']) expect(other[name]).toEqual(own[name]);
  });

  it('over its time or of files in another form gives an error that tells nothing of the rows', async () => {
    const input = await inputOf(requests.attribution);
    await expect(runReport({ ...input, timeLimitMs: 0 }, testContext())).rejects.toEqual(refused('time-limit'));
    const texts = await inputOf(requests.attribution, ({ run }) => run(`ALTER TABLE orders ALTER value TYPE VARCHAR`));
    await expect(runReport(texts, testContext())).rejects.toEqual(refused('wrong-form'));
    const twice = await inputOf(requests.insight, ({ run }) => run('INSERT INTO users SELECT * FROM users LIMIT 1'));
    await expect(runReport(twice, testContext())).rejects.toEqual(refused('wrong-form'));
    const without = await inputOf(requests.attribution, ({ run }) => run('ALTER TABLE touches DROP campaign'));
    await expect(runReport(without, testContext())).rejects.toEqual(refused('missing-column'));
    const missing = { ...input, tables: [{ name: 'touches', files: [join(testFolder(), 'none.parquet')] }] };
    await expect(runReport(missing, testContext())).rejects.toEqual(refused('not-found'));
  });

  it('[F65] names and values that look like SQL stay names and values', async () => {
    const evil = `'); DROP TABLE users; --`;
    const catalogue = roomCatalogue({
      ...randomShape,
      channels: [...randomShape.channels, evil],
      groups: [evil, "g'1"],
    });
    const input = await inputOf(requests.reach, async ({ run }) => {
      await run(`UPDATE users SET grp = '${evil.replaceAll("'", "''")}'`);
    });
    const media = [evil, 'c0'];
    const request = { ...requests.reach, media, target: { table: 'users', where: { column: 'grp', in: [evil] } } };
    const made = await numbers({ ...input, catalogue, request: parseReportRequest(request) });
    expect(made.media![0]).toBe('0');
    expect(Number(made.target![0])).toBeGreaterThan(0);
  });
});
