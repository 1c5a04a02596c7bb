/** From a match to the file that a destination takes. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agreeOnMatch, jobEnd, openTrialNetwork, operationEnd, publish, type TrialNetwork } from './trial-network.ts';

let network: TrialNetwork;
let audience: string;
const mobileOf = (i: number) => `137${String(10_000_000 + i * 7_003)}`;
const ids = [{ column: 'mobile', profile: 'phone' }];
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function writeList(name: string, header: string, lines: readonly string[]): Promise<string> {
  const path = join(network.folder, name);
  await writeFile(path, `${header}\n${lines.join('\n')}\n`);
  return path;
}
const mobiles = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => mobileOf(from + i));

beforeAll(async () => {
  network = await openTrialNetwork();
  const { brand, media } = network;
  await publish(media, { path: await writeList('users.csv', 'mobile', mobiles(0, 2000)), name: 'users', ids });
  await publish(brand, { path: await writeList('crm.csv', 'mobile', mobiles(1000, 3000)), name: 'crm', ids });
  const hashed = mobiles(1000, 1010).map(sha256);
  const optOuts = {
    path: await writeList('stop.csv', 'who', hashed),
    name: 'stop',
    ids: [{ column: 'who', profile: 'phone/sha256' }],
    attributes: [],
  };
  await operationEnd(brand, await brand.api.dataset.add(optOuts));
  const agreement = await agreeOnMatch(network, { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'me' });
  const { job } = await brand.api.job.run({ agreement });
  audience = (await jobEnd(brand, job)).audience!;
}, 120_000);

afterAll(() => network?.close(), 120_000);

const activate = async (to: string, body: { destination?: string; kind?: string; without?: string[] }) => {
  const path = join(network.folder, to);
  const done = await operationEnd(
    network.brand,
    await network.brand.api.audience.export({ audience, to: path, ...body }),
  );
  return { done, lines: readFileSync(path, 'utf8').trimEnd().split('\n') };
};

describe('an audience', () => {
  it('[F76] goes to a destination in its own form, without those who opted out', async () => {
    const { done, lines } = await activate('tencent.txt', { destination: 'tencent-ads', without: ['stop'] });
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    expect(lines).toEqual(mobiles(1010, 2000).map(md5).sort());
    expect(done).toMatchObject({ kind: 'activation', rows: 990, optedOut: 10, withoutId: 0 });
  });

  it('never has those whom the settings name, in a table of its owner either', async () => {
    await network.brand.api.settings.update({ optOutDatasets: ['stop'] });
    const list = await activate('qianchuan.txt', { destination: 'qianchuan', kind: '14' });
    expect(list.lines).toEqual(mobiles(1010, 2000).map(sha256).sort());
    const { done, lines } = await activate('rows.csv', {});
    expect(done).toMatchObject({ kind: 'export', rows: 990, optedOut: 10 });
    expect(lines).toHaveLength(991);
  });

  it('goes nowhere that takes nothing of it, and says what would be taken', async () => {
    const refused = activate('x.csv', { destination: 'x' });
    await expect(refused).rejects.toThrow(/X Ads cannot take any identifier of this dataset, which has phone/);
    await expect(activate('nowhere.csv', { destination: 'nowhere' })).rejects.toThrow(/no destination/);
  });
});
