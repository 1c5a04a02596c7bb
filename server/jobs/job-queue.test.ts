import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../store/test-server.ts';
import { JobQueue } from './job-queue.ts';

let server: TestServer;
let queue: JobQueue;
/** What the next attempts of these names do. */
const doings = new Map<string, () => Promise<void>>();
const ran: string[] = [];
/** What the process was warned of. */
const warnings: string[] = [];
process.on('warning', ({ message }) => warnings.push(message));
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, with: () => quiet };

beforeAll(async () => {
  server = await startTestServer();
  queue = await JobQueue.open({
    databaseUrl: server.url,
    log: quiet,
    run: async (attempt) => {
      ran.push(attempt);
      await doings.get(attempt)?.();
    },
  });
}, 60_000);
afterAll(async () => {
  await queue?.close();
  await server?.close();
});

async function hasRun(attempt: string): Promise<void> {
  while (!ran.includes(attempt)) await pause(10);
}

describe('the queue of a node’s jobs', () => {
  it('starts an attempt once, however often it is asked to', async () => {
    await Promise.all([queue.start('once.0'), queue.start('once.0')]);
    await hasRun('once.0');
    await queue.start('once.0');
    expect(ran.filter((attempt) => attempt === 'once.0')).toHaveLength(1);
  });

  it('starts what an attempt sets off, while it runs and after it has ended', async () => {
    const ended = Promise.withResolvers<void>();
    const late = Promise.withResolvers<void>();
    doings.set('first.0', async () => {
      // As a record does that a job brings from the ledger: its listeners run in the wake of the attempt.
      await queue.start('second.0');
      void ended.promise.then(() => queue.start('third.0')).then(late.resolve, late.reject);
    });
    await queue.start('first.0');
    await hasRun('second.0');
    await pause(500);
    ended.resolve();
    await late.promise;
    await hasRun('third.0');
  });

  it('sends one query at a time on each of its connections', async () => {
    // Several at once open several connections.
    const names = Array.from({ length: 8 }, (_, i) => `many.${i}`);
    await Promise.all(names.map((name) => queue.start(name)));
    await Promise.all(names.map(hasRun));
    expect(warnings.filter((message) => message.includes('client.query()'))).toEqual([]);
  });
});
