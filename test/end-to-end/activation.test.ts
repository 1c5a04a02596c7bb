/** From a match to the file that a destination takes. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@causeway/sdk';
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

  it('[F76][F77] is downloaded under the same rules: by whoever asked, and while the agreement is in force', async () => {
    const { api } = network.brand;
    const done = await operationEnd(network.brand, await api.audience.export({ audience }));
    expect(done).toMatchObject({ kind: 'export', rows: 990, optedOut: 10 });
    if (done?.kind !== 'export' || done.download === undefined) throw new Error('not kept to be downloaded');
    const place = { audience, export: done.download.export };
    const { bytes, content } = await api.audience.download(place);
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    const text = Buffer.concat(chunks);
    expect(text).toHaveLength(bytes);
    expect(new Set(text.toString('utf8').replace('\ufeff', '').trim().split(/\r?\n/).slice(1))).toEqual(
      new Set(mobiles(1010, 2000)),
    );
    const steward = { name: 'sam', password: 'a causeway of islands', roles: ['steward' as const] };
    const other = createClient({ url: network.brand.url });
    await api.user.create(steward);
    await other.session.login({ name: steward.name, password: steward.password });
    await expect(other.audience.download(place)).rejects.toMatchObject({ problem: { code: 'not-found' } });
    const { items } = await api.audit.list({});
    const target = `audience=${audience} export=${place.export}`;
    expect(
      items.filter((line) => line.target === target).map(({ action, actor, outcome }) => [action, actor, outcome]),
    ).toEqual(
      expect.arrayContaining([
        ['audience.download', 'admin', 'done'],
        ['audience.download', 'sam', 'refused'],
      ]),
    );
    const { agreement } = await api.audience.show({ audience });
    await api.agreement.revoke({ agreement });
    await expect(api.audience.download(place)).rejects.toMatchObject({ problem: { code: 'conflict' } });
  });
});
