/** Processes that die, stand still or have no disk left in the middle of a job. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agreeOnMatch, jobEnd, openTrialNetwork, pause, publish, type TrialNetwork, until } from './trial-network.ts';

let network: TrialNetwork;
const people = 6000;
const shared = 4500;

beforeAll(async () => {
  network = await openTrialNetwork();
  for (const [node, name, from] of [
    [network.brand, 'crm', 0],
    [network.media, 'users', people - shared],
  ] as const) {
    const path = join(network.folder, `${name}.csv`);
    await writeFile(
      path,
      `mobile\n${Array.from({ length: people }, (_, i) => `139${String(10_000_000 + (i + from) * 1_303)}`).join('\n')}\n`,
    );
    await publish(node, { path, name, ids: [{ column: 'mobile', profile: 'phone' }] });
  }
}, 120_000);

afterAll(() => network?.close(), 120_000);

async function startJob(): Promise<string> {
  const agreement = await agreeOnMatch(network, { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'both' });
  return (await network.brand.api.job.run({ agreement })).job;
}

async function expectRight(job: string): Promise<void> {
  for (const node of [network.brand, network.media]) {
    const ended = await jobEnd(node, job);
    expect(ended.status, JSON.stringify(ended.error)).toBe('finished');
    expect(ended.counts?.matched).toBe(shared);
    const audiences = (await node.api.audience.list({ limit: 1000 })).items.filter((audience) => audience.job === job);
    expect(audiences).toHaveLength(1);
  }
}

describe('[F51] kill -9 in the middle of a job', () => {
  it.each([
    ['the side that started it, early', 'brand', 200],
    ['the side that started it, in the exchange', 'brand', 1500],
    ['its partner, early', 'media', 400],
    ['its partner, in the exchange', 'media', 1800],
    ['the operator', 'operator', 600],
  ] as const)(
    'of %s: the job goes on and ends right on both sides',
    async (_, victim, afterMs) => {
      const job = await startJob();
      await pause(afterMs);
      await network[victim].kill();
      await pause(300);
      await network[victim].start();
      await expectRight(job);
    },
    120_000,
  );

  it('of both sides at once', async () => {
    const job = await startJob();
    await pause(1200);
    await Promise.all([network.brand.kill(), network.media.kill()]);
    await Promise.all([network.brand.start(), network.media.start()]);
    await expectRight(job);
  }, 120_000);
});

it('[F38, F44] a partner that stands still for a while is waited for', async () => {
  const job = await startJob();
  await pause(800);
  process.kill(network.media.pid, 'SIGSTOP');
  await pause(4000);
  process.kill(network.media.pid, 'SIGCONT');
  await expectRight(job);
}, 120_000);

/** A file system of a given size can be mounted by root alone. */
const canMount = (() => {
  try {
    const folder = '/tmp/causeway-mount-probe';
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

it.skipIf(!canMount)(
  '[F54] a full disk pauses the job on that side with the path named, and it resumes when there is room',
  async () => {
    const folder = join(network.brand.home, 'jobs');
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', folder]);
    try {
      const job = await startJob();
      await until(async () => (await network.brand.api.job.show({ job })).status === 'interrupted');
      const paused = await network.brand.api.job.show({ job });
      expect(paused.error).toMatchObject({ code: 'disk-full', detail: expect.stringContaining(folder) });
      execFileSync('mount', ['-o', 'remount,size=64m', folder]);
      await network.brand.api.job.resume({ job });
      await expectRight(job);
      await until(async () => (await readdir(folder)).length === 0);
    } finally {
      execFileSync('umount', ['-l', folder]);
    }
  },
  120_000,
);
