/** Processes that die, stand still or have no disk left in the middle of a job. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addon } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agreeOnMatch,
  jobEnd,
  openTrialNetwork,
  pause,
  publish,
  type TrialMatch,
  type TrialNetwork,
  until,
} from './trial-network.ts';

let network: TrialNetwork;
/** Of a job, in their order. */
const stages = ['prepare', 'commit', 'exchange', 'join', 'settle', 'release'];
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

async function startJob(terms: Partial<TrialMatch> = {}): Promise<string> {
  const match = { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'both', ...terms } as const;
  return (await network.brand.api.job.run({ agreement: await agreeOnMatch(network, match) })).job;
}

async function expectRight(job: string, matched = shared): Promise<void> {
  for (const node of [network.brand, network.media]) {
    const ended = await jobEnd(node, job);
    expect(ended.status, JSON.stringify(ended.error)).toBe('finished');
    expect(ended.counts?.matched).toBe(matched);
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

describe.skipIf(!addon)(
  `[F51] kill -9 at each stage of psi/vole${addon ? '' : ': the native library is not built'}`,
  () => {
    const rows = 300_000;
    const sharedRows = 200_000;

    beforeAll(async () => {
      for (const [node, name, from] of [
        [network.brand, 'many-customers', 0],
        [network.media, 'many-users', rows - sharedRows],
      ] as const) {
        const path = join(network.folder, `${name}.csv`);
        const mobiles = Array.from(
          { length: rows },
          (_, i) => 13_000_000_000 + (((i + from) * 40_503_797) % 6_999_999_967),
        );
        await writeFile(path, `mobile\n${mobiles.join('\n')}\n`);
        await publish(node, { path, name, ids: [{ column: 'mobile', profile: 'phone' }] });
      }
    }, 120_000);

    it.each([
      ['prepare', 'brand'],
      ['commit', 'media'],
      ['exchange', 'brand'],
      ['exchange', 'media'],
      ['join', 'brand'],
      ['settle', 'media'],
    ] as const)(
      '%s, of the %s: its buckets go on where they were, and both sides end right',
      async (stage, victim) => {
        const job = await startJob({ mine: 'many-customers', theirs: 'many-users', protocol: 'psi/vole' });
        const node = network[victim];
        // A short stage may be over between two looks: then a later one is as good a moment.
        await until(async () => {
          const shown = await node.api.job.show({ job }).catch(() => undefined);
          const at = stages.indexOf(shown?.stage.split(' ')[0] ?? '');
          return at >= stages.indexOf(stage) || shown?.status === 'finished';
        });
        await node.kill();
        await node.start();
        await expectRight(job, sharedRows);
      },
      120_000,
    );
  },
);

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
