/** What the addon refuses, and that its threads end with whoever opened them. */
import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { type Addon, addon as loaded } from './addon.ts';

const addon = loaded as Addon;
const path = JSON.stringify(new URL('./build/causeway.node', import.meta.url).pathname);
const scalar = new Uint8Array(32).fill(1);
const bytes = new Uint8Array(32);

/** Opens a pool, gives it more work than it can do at once, and leaves it in some way. */
const leaving = (how: string) => `
  const addon = require(${path});
  const pool = addon.openPool(2);
  const work = () => addon.blind(pool, 'portable', new Uint8Array(16 * 4096), new Uint8Array(0), new Uint8Array(1), new Uint8Array(32).fill(1));
  for (let i = 0; i < 5; i++) work().catch(() => {});
  ${how}
`;

describe.skipIf(!loaded)('the addon', () => {
  const pool = loaded ? addon.openPool(1) : undefined!;
  afterAll(() => loaded && addon.closePool(pool));

  it.each<[string, (valid: Addon) => unknown, ErrorConstructor]>([
    ['a pool that is none', (a) => a.multiply({} as never, 'portable', bytes, scalar), TypeError],
    ['a class that is none', (a) => a.multiply(pool, 'sse' as never, bytes, scalar), TypeError],
    ['half a row', (a) => a.multiply(pool, 'portable', new Uint8Array(33), scalar), RangeError],
    ['half a key', (a) => a.blind(pool, 'portable', new Uint8Array(8), bytes, bytes, scalar), RangeError],
    [
      'an array that is not of bytes',
      (a) => a.multiply(pool, 'portable', new Int8Array(32) as never, scalar),
      TypeError,
    ],
    ['text', (a) => a.multiply(pool, 'portable', 'x'.repeat(32) as never, scalar), TypeError],
    ['nothing', (a) => a.multiply(pool, 'portable', undefined as never, scalar), TypeError],
    ['a short scalar', (a) => a.multiply(pool, 'portable', bytes, new Uint8Array(31)), RangeError],
    ['a scalar out of range', (a) => a.multiply(pool, 'portable', bytes, new Uint8Array(32)), RangeError],
    ['an empty tag', (a) => a.blind(pool, 'portable', bytes, bytes, new Uint8Array(0), scalar), RangeError],
    ['a tag of 33 bytes', (a) => a.evaluate(pool, 'portable', bytes, scalar, bytes, 33), RangeError],
    ['a tag of no bytes', (a) => a.evaluate(pool, 'portable', bytes, scalar, bytes, 0), RangeError],
    ['a tag of half a byte', (a) => a.evaluate(pool, 'portable', bytes, scalar, bytes, 0.5), RangeError],
    [
      'memory that can shrink',
      (a) => a.multiply(pool, 'portable', new Uint8Array(new ArrayBuffer(32, { maxByteLength: 64 })), scalar),
      TypeError,
    ],
    ['no thread', (a) => a.openPool(0), RangeError],
  ])('refuses at once %s', (_, call, kind) => {
    expect(() => call(addon)).toThrow(kind);
  });

  it.each([
    ['ends', ''],
    ['exits', 'process.exit(0);'],
    ['throws', "setTimeout(() => { throw new Error('on purpose'); }, 5);"],
    ['closes', 'addon.closePool(pool);'],
  ])('lets go of a worker thread that %s with work under way', async (_, how) => {
    const worker = new Worker(leaving(how), { eval: true });
    worker.on('error', () => undefined);
    await new Promise((resolve) => worker.on('exit', resolve));
  });

  it('lets go of a worker thread that is terminated, and of a process that exits', async () => {
    const worker = new Worker(leaving(''), { eval: true });
    await new Promise((resolve) => worker.on('online', resolve));
    await worker.terminate();
    const { status } = spawnSync(process.execPath, ['-e', leaving('setTimeout(() => process.exit(7), 5);')]);
    expect(status).toBe(7);
  });

  it('does not keep a process alive that waits for nothing', () => {
    const { status } = spawnSync(process.execPath, ['-e', `require(${path}).openPool(2);`], { timeout: 30_000 });
    expect(status).toBe(0);
  });
});
