import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../observe/index.ts';
import { Exports, keptMs } from './exports.ts';

let folder: string;
let wallMs: number;
let timers: (() => void)[];
let exports: Exports;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'causeway-exports-')), 'exports');
  wallMs = Date.UTC(2026, 2, 1);
  timers = [];
  const clock = {
    nowMs: () => 0,
    wallMs: () => wallMs,
    after: (_: number, act: () => void) => {
      timers.push(act);
      return () => {};
    },
  };
  exports = new Exports({ folder, clock, log: createLog({ now: () => 0, stderrLevel: 'silent' }) });
  await exports.open();
});
afterEach(async () => {
  await exports.close();
  await rm(join(folder, '..'), { recursive: true });
});

const owner = { audience: 'a1', user: 'ada', fileName: '六月 drivers.csv' };
const text = 'mobile\n13800000017\n';
const keep = () => exports.keep(owner, (path) => writeFile(path, text));

async function read(id: string, of = { audience: 'a1', user: 'ada' }): Promise<string> {
  const { bytes, content } = await exports.fetch(id, of);
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  expect(Buffer.concat(chunks)).toHaveLength(bytes);
  return Buffer.concat(chunks).toString();
}

describe('a file that waits to be downloaded', () => {
  it('is given to whoever asked for it, as often as they ask, under the name of the audience', async () => {
    const { export: id, expiresAtMs } = await keep();
    expect(expiresAtMs).toBe(wallMs + keptMs);
    expect([await read(id), await read(id)]).toEqual([text, text]);
    expect((await exports.fetch(id, owner)).name).toBe('六月 drivers.csv');
  });

  it('[F106] is not there for anybody else, under another audience, or for an id that was never given', async () => {
    const { export: id } = await keep();
    for (const [asked, of] of [
      [id, { audience: 'a1', user: 'eve' }],
      [id, { audience: 'a2', user: 'ada' }],
      ['ex-0', owner],
      ['../../causeway.json', owner],
    ] as const) {
      await expect(exports.fetch(asked, of)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('is gone when its time is over, at once and from the disk', async () => {
    const { export: id } = await keep();
    wallMs += keptMs;
    await expect(exports.fetch(id, owner)).rejects.toMatchObject({ code: 'not-found' });
    expect(timers).toHaveLength(1);
    timers[0]!();
    await expect.poll(() => readdir(folder)).toEqual([]);
  });

  it('leaves nothing where it could not be written whole', async () => {
    const broken = exports.keep(owner, async (path) => {
      await writeFile(path, 'mob');
      throw new Error('the engine stopped');
    });
    await expect(broken).rejects.toThrow('the engine stopped');
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not outlive the process', async () => {
    await keep();
    await exports.open();
    expect(existsSync(folder)).toBe(false);
    const { export: id } = await keep();
    await exports.close();
    expect(existsSync(folder)).toBe(false);
    await expect(exports.fetch(id, owner)).rejects.toMatchObject({ code: 'not-found' });
  });
});
