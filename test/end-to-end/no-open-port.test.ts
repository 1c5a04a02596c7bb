/** A node behind a firewall: it opens no port, dials its partners, and they start work over that connection. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agreeOnMatch, jobEnd, openTrialNetwork, publish, type TrialNetwork } from './trial-network.ts';

let network: TrialNetwork;
beforeAll(async () => {
  network = await openTrialNetwork({ brandListens: false });
}, 120_000);
afterAll(() => network?.close());

it('is joined, proposes, and has a job started by its partner', async () => {
  expect((await network.brand.api.network.members()).items.find(({ self }) => self)?.endpoint).toBeUndefined();
  const list = join(network.folder, 'list.csv');
  await writeFile(list, `mobile\n${Array.from({ length: 1200 }, (_, i) => 13_900_000_000 + i * 3_001).join('\n')}\n`);
  const ids = [{ column: 'mobile', profile: 'phone' }];
  await publish(network.brand, { path: list, name: 'crm', ids });
  await publish(network.media, { path: list, name: 'users', ids });
  const agreement = await agreeOnMatch(network, { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'both' });
  const { job } = await network.media.api.job.run({ agreement });
  expect((await jobEnd(network.brand, job)).counts).toMatchObject({ matched: 1200, matchRate: '>85 %' });
  const checks = await network.brand.api.node.doctor({ peer: 'media' });
  expect(checks.checks.filter(({ ok }) => !ok)).toEqual([]);
}, 120_000);
