/** A small list against a large one's table: prepared ahead, kept, brought up to date, and limited. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyEvidence } from '@causeway/core/applications/match';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agreeOnMatch,
  jobEnd,
  openTrialNetwork,
  operationEnd,
  pause,
  publish,
  type TrialNetwork,
  until,
} from './trial-network.ts';

let network: TrialNetwork;
const mobileOf = (i: number) => `137${String(10_000_000 + i * 7_003)}`;
const ids = [{ column: 'mobile', profile: 'phone' }];
/** The media house has people 0…5999, the brand 5000…6199. */
const people = 6000;

async function writeList(name: string, from: number, to: number): Promise<string> {
  const path = join(network.folder, name);
  const lines = Array.from({ length: to - from }, (_, i) => mobileOf(from + i));
  await writeFile(path, `mobile\n${lines.join('\n')}\n`);
  return path;
}

beforeAll(async () => {
  network = await openTrialNetwork();
  await publish(network.media, { path: await writeList('users.csv', 0, people), name: 'users', ids });
  await publish(network.brand, { path: await writeList('crm.csv', 5000, 6200), name: 'crm', ids });
}, 120_000);

afterAll(() => network?.close(), 120_000);

const match = { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'me', protocol: 'psi/oprf' } as const;
const tables = async () => (await network.media.api.dataset.show({ dataset: 'users' })).tables;

async function run(agreement: string) {
  const { job } = await network.brand.api.job.run({ agreement });
  return { job, ends: [await jobEnd(network.brand, job), await jobEnd(network.media, job)] as const };
}

describe('a match with a table', () => {
  it('[F51] is prepared ahead, and goes on after a kill -9 in the middle', async () => {
    await until(async () => (await network.media.api.catalogue.list()).items.some(({ name }) => name === 'crm'));
    // Slowly enough to have a middle.
    await network.media.stop();
    await network.media.start({ CAUSEWAY_KERNEL: 'wasm' });
    const { operation } = await network.media.api.dataset.prepare({ dataset: 'users', with: 'brand' });
    await until(async () => (await network.media.api.operation.show({ operation })).stage.startsWith('tag'));
    await network.media.kill();
    await network.media.start();
    expect((await network.media.api.operation.show({ operation })).status).toBe('failed');
    const again = await network.media.api.dataset.prepare({ dataset: 'users', with: 'brand' });
    expect(await operationEnd(network.media, again)).toMatchObject({
      kind: 'tables',
      tables: [{ partner: 'brand', form: 'phone', epoch: 1, version: 1, rows: people, current: true }],
    });
    expect(await tables()).toMatchObject([{ evaluations: { made: 0, max: 2 ** 20 } }]);
  }, 120_000);

  it('is the same as without one: the side that learns gets its rows, the other one nothing, and the evidence verifies', async () => {
    const agreement = await agreeOnMatch(network, { ...match, uses: 3 });
    const { job, ends } = await run(agreement);
    expect(ends.map(({ status, error }) => [status, error])).toEqual([
      ['finished', undefined],
      ['finished', undefined],
    ]);
    expect(ends[0].counts).toMatchObject({ matched: 1000, rows: 1200, partnerRows: people });
    expect(ends[1].counts).not.toHaveProperty('matched');
    expect(ends[1].audience).toBeUndefined();
    expect(await tables()).toMatchObject([{ epoch: 1, version: 1, evaluations: { made: 1200 } }]);
    const evidence = await network.brand.api.evidence.export({ job });
    expect(verifyEvidence(evidence).checks.filter(({ ok }) => !ok)).toEqual([]);
    const altered = JSON.parse(JSON.stringify(evidence));
    altered.outcome.rounds[0].key.epoch = 2;
    expect(verifyEvidence(altered).ok).toBe(false);
    const again = await run(agreement);
    expect(again.ends[0].counts).toMatchObject({ matched: 1000 });
    expect(await tables()).toMatchObject([{ epoch: 1, version: 1, evaluations: { made: 2400 } }]);
  }, 120_000);

  it('follows the list: a newer file makes another version under the same key', async () => {
    const path = await writeList('users-newer.csv', 100, people + 150);
    await operationEnd(network.media, await network.media.api.dataset.update({ dataset: 'users', path }));
    expect(await tables()).toMatchObject([{ version: 1, current: false }]);
    const { ends } = await run(await agreeOnMatch(network, match));
    expect(ends[0].counts).toMatchObject({ matched: 1150, partnerRows: people + 50 });
    expect(await tables()).toMatchObject([{ epoch: 1, version: 2, rows: people + 50, current: true }]);
  }, 120_000);

  it('[F28] a newer file that differs by a few identifiers is not answered for', async () => {
    const path = await writeList('users-few.csv', 103, people + 150);
    await operationEnd(network.media, await network.media.api.dataset.update({ dataset: 'users', path }));
    const { ends } = await run(await agreeOnMatch(network, match));
    expect(ends[1]).toMatchObject({ status: 'failed', error: { code: 'policy-denied' } });
    expect(ends[1].error?.detail).toContain('difference');
    await operationEnd(
      network.media,
      await network.media.api.dataset.update({ dataset: 'users', path: await writeList('users-back.csv', 0, people) }),
    );
  }, 120_000);

  it('ends its key when it is told to, and a new one is published', async () => {
    const renewed = await network.media.api.dataset.prepare({ dataset: 'users', with: 'brand', newKey: true });
    expect(await operationEnd(network.media, renewed)).toMatchObject({
      tables: [{ epoch: 2, version: 1, rows: people, evaluations: { made: 0 } }],
    });
    const { ends } = await run(await agreeOnMatch(network, match));
    expect(ends[0].counts).toMatchObject({ matched: 1000 });
  }, 120_000);

  it('[F69] stops at the evaluations of a day: the run is refused with what is left, and nothing is learned', async () => {
    const agreement = await agreeOnMatch(network, match);
    await network.media.api.settings.update({ evaluationsPerDayMax: 5000 });
    const { ends } = await run(agreement);
    expect(ends[1]).toMatchObject({ status: 'failed', error: { code: 'policy-denied' } });
    expect(ends[1].error?.detail).toMatch(/asks for 1200 evaluations and has 200 left/);
    expect(ends[0]).toMatchObject({ status: 'failed' });
    expect(ends[0].counts).toBeUndefined();
    await network.media.api.settings.update({ evaluationsPerDayMax: 1000 });
    const refused = network.media.api.agreement.show({ agreement: await proposed() });
    expect((await refused).findings.find(({ rule }) => rule === 'evaluations')).toMatchObject({ outcome: 'refused' });
    await network.media.api.settings.update({ evaluationsPerDayMax: 1_000_000 });
  }, 120_000);

  it('[F51] goes on after a kill -9 of either side in the middle of a run', async () => {
    for (const victim of ['brand', 'media'] as const) {
      const agreement = await agreeOnMatch(network, match);
      const { job } = await network.brand.api.job.run({ agreement });
      await pause(700);
      await network[victim].kill();
      await network[victim].start();
      const ends = [await jobEnd(network.brand, job), await jobEnd(network.media, job)];
      expect(ends.map(({ status }) => status)).toEqual(['finished', 'finished']);
      expect(ends[0]!.counts).toMatchObject({ matched: 1000 });
    }
  }, 120_000);

  it('is refused where both sides or none would learn, in words', async () => {
    const proposal = { ...match, receiver: 'both', keys: ['phone'], with: 'media', purpose: 'x' } as const;
    await expect(network.brand.api.agreement.proposeMatch(proposal)).rejects.toMatchObject({
      problem: { detail: expect.stringContaining('receiver me or them') },
    });
  });

  it('leaves with the dataset: its tables and their keys are erased', async () => {
    await network.media.api.dataset.withdraw({ dataset: 'users' });
    await network.media.api.dataset.remove({ dataset: 'users' });
    expect(await readdir(join(network.media.home, 'tables', 'served', 'brand'))).toEqual([]);
  });
});

/** A proposal of the brand's that the media house has not decided on. */
async function proposed(): Promise<string> {
  const proposal = { ...match, keys: ['phone'], with: 'media', purpose: 'x' };
  const { agreement } = await network.brand.api.agreement.proposeMatch(proposal);
  await until(async () =>
    (await network.media.api.agreement.list({ limit: 100 })).items.some(({ id }) => id === agreement),
  );
  return agreement;
}
