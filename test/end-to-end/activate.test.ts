/** Ids of IAB PAIR and labels of OPJA through two nodes, beside the plain computation, and after a kill in the middle. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RequestOf, ResponseOf } from '@causeway/core/api';
import { verifyEvidence } from '@causeway/core/applications/agreement';
import { deliveryName, formatRoot, rootName } from '@causeway/core/protocols/opja';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCsv } from '../../generator/testing/read-csv.ts';
import { openTestDns, type TestDns } from '../../server/opja/testing/dns-server.ts';
import {
  found,
  jobEnd,
  openTrialNetwork,
  operationEnd,
  pause,
  publish,
  type TrialNetwork,
  until,
} from './trial-network.ts';

const command = fileURLToPath(new URL('../../cli/bin/causeway.js', import.meta.url));
let network: TrialNetwork;
let dns: TestDns;
const [people, shift, optedOut] = [1500, 500, 40];
const mobileOf = (i: number) => `139${String(10_000_000 + i * 7_003)}`;

beforeAll(async () => {
  dns = await openTestDns();
  network = await openTrialNetwork();
  const { brand, media } = network;
  const write = async (name: string, header: string, lines: readonly string[]) => {
    const path = join(network.folder, name);
    await writeFile(path, `${header}\n${lines.join('\n')}\n`);
    return path;
  };
  const ids = [{ column: 'mobile', profile: 'phone' }];
  // A second row of one person, and a row without a number.
  const users = [
    ...Array.from({ length: people }, (_, i) => `${mobileOf(i)},u${i}`),
    `${mobileOf(700)},again`,
    ',none',
  ];
  await publish(media, {
    path: await write('users.csv', 'mobile,user', users),
    ...{ name: 'users', ids },
    attributes: [{ column: 'user', grade: 'internal' }],
  });
  const customers = Array.from({ length: people }, (_, i) => `${mobileOf(i + shift)},c${i}`);
  await publish(brand, { path: await write('crm.csv', 'mobile,customer', customers), name: 'crm', ids });
  const out = Array.from({ length: optedOut }, (_, i) => `${mobileOf(people - 1 - i)}`);
  const path = await write('out.csv', 'mobile', out);
  await operationEnd(media, await media.api.dataset.add({ path, name: 'out', ids, attributes: [] }));
  await media.api.settings.update({ optOutDatasets: ['out'] });
}, 120_000);

afterAll(async () => {
  await network?.close();
  await dns?.close();
}, 120_000);

type Proposal = RequestOf<'agreement.proposeActivation'>;
type Form = Proposal['form'];
const proposal: Proposal = {
  ...{ with: 'media', mine: 'crm', theirs: 'users', key: 'phone', advertiser: 'me', purpose: 'a campaign' },
  form: { kind: 'pair' },
};

const bytesOf = ({ flows }: ResponseOf<'agreement.show'>['disclosure']) =>
  flows.reduce((sum, { bytesAbout = 0 }) => sum + bytesAbout, 0);

async function agree(form: Form, uses = 5): Promise<string> {
  const { brand, media } = network;
  await until(async () => (await brand.api.catalogue.list()).items.some(({ name }) => name === 'users'));
  const { agreement, plan } = await brand.api.agreement.proposeActivation({ ...proposal, form, uses });
  const shown = await found(() => media.api.agreement.show({ agreement }));
  // Both sides are told before they agree what it will take, of what both nodes measured.
  for (const { protocol, secondsAbout, bytesAbout, words } of [plan, shown.plan!]) {
    expect({ protocol, bytesAbout }).toEqual({ protocol: form.kind, bytesAbout: bytesOf(shown.disclosure) });
    expect(secondsAbout).toBeGreaterThan(2);
    expect(words.en).toMatch(/k\/s\).*k\/s\).*MB\/s.*share this machine/);
  }
  await media.api.agreement.approve({ agreement, disclosure: shown.disclosure.digest });
  await until(async () => (await brand.api.agreement.show({ agreement })).status === 'active');
  return agreement;
}

async function run(agreement: string) {
  const { brand, media } = network;
  const { job } = await brand.api.job.run({ agreement });
  const [mine, theirs] = await Promise.all([brand, media].map((node) => jobEnd(node, job)));
  expect([mine!.error ?? mine!.status, theirs!.error ?? theirs!.status]).toEqual(['finished', 'finished']);
  return { job, mine: mine!, theirs: theirs! };
}

describe('ids of PAIR', () => {
  it('go to the publisher for all of its rows, and to the advertiser for people whom both have', async () => {
    const { brand, media } = network;
    const { job, mine, theirs } = await run(await agree({ kind: 'pair' }));
    expect(mine.audience).toBeUndefined();
    const published = join(network.folder, 'pair.csv');
    await operationEnd(media, await media.api.audience.export({ audience: theirs.audience!, to: published }));
    const rows = await readCsv(published);
    const kept = people - optedOut;
    expect(rows).toHaveLength(kept + 1);
    const idOf = new Map(rows.map(({ mobile, pair_id: id }) => [mobile!.replace('+86', ''), id!]));
    expect(new Set(idOf.values()).size).toBe(kept);
    expect(rows.filter(({ mobile }) => mobile!.endsWith(mobileOf(700))).map((row) => row.pair_id)).toEqual([
      idOf.get(mobileOf(700)),
      idOf.get(mobileOf(700)),
    ]);
    const list = join(network.folder, 'pair.txt');
    const written = await operationEnd(brand, await brand.api.activation.export({ job, to: list }));
    expect(written).toMatchObject({ kind: 'activation', destination: 'pair', rows: kept - shift });
    const expected = Array.from({ length: kept - shift }, (_, i) => idOf.get(mobileOf(i + shift))!);
    expect(readFileSync(list, 'utf8').trim().split('\n').toSorted()).toEqual(expected.toSorted());
    expect(mine.counts).toMatchObject({ rows: people, distinct: people, partnerRows: kept, matched: 950 });
    for (const node of [brand, media]) {
      const evidence = await node.api.evidence.export({ job });
      expect(verifyEvidence(evidence).checks.filter(({ ok }) => !ok)).toEqual([]);
      for (const id of [...idOf.values()].slice(0, 20)) expect(JSON.stringify(evidence)).not.toContain(id);
      await until(async () => !existsSync(join(node.home, 'jobs', job)));
    }
  }, 120_000);
});

describe('an advertiser’s list', () => {
  it('[F76] is not given out any more once somebody on it has opted out, nor once the agreement is revoked', async () => {
    const { brand } = network;
    const agreement = await agree({ kind: 'pair' });
    const { job } = await run(agreement);
    const to = join(network.folder, 'again.txt');
    const give = async () => operationEnd(brand, await brand.api.activation.export({ job, to }));
    expect(await give()).toMatchObject({ rows: people - optedOut - shift });
    const path = join(network.folder, 'brand-out.csv');
    await writeFile(path, `mobile\n${mobileOf(people)}\n`);
    const ids = [{ column: 'mobile', profile: 'phone' }];
    await operationEnd(brand, await brand.api.dataset.add({ path, name: 'brand-out', ids, attributes: [] }));
    await brand.api.settings.update({ optOutDatasets: ['brand-out'] });
    await expect(give()).rejects.toThrow(/have opted out since/);
    await brand.api.settings.update({ optOutDatasets: [] });
    await give();
    await brand.api.agreement.revoke({ agreement });
    await expect(give()).rejects.toMatchObject({ code: 'conflict' });
  }, 120_000);

  it('is not what a publisher has, and no other job has one', async () => {
    const { brand, media } = network;
    const { job } = await run(await agree({ kind: 'pair' }));
    const to = join(network.folder, 'none.txt');
    await expect(media.api.activation.export({ job, to })).rejects.toMatchObject({ code: 'conflict' });
    await expect(brand.api.activation.export({ job: 'job-none', to })).rejects.toMatchObject({ code: 'not-found' });
    expect(existsSync(to)).toBe(false);
  }, 120_000);
});

describe('labels of OPJA', () => {
  const [system, receiver] = ['match.brand.example', 'dsp.example'];
  const form = { kind: 'opja', system, receiver } as const;

  it('go to the publisher for everybody alike, and only the receiver that DNS names opens them', async () => {
    const { brand, media } = network;
    const keyFile = join(network.folder, 'dsp.keys');
    const dsp = await causeway(['opja', 'new-key', '--to', keyFile, '--domain', receiver]);
    const { delivery } = await brand.api.activation.newKey({});
    for (const [domain, record] of [
      [system, delivery!],
      [receiver, dsp.delivery],
    ]) {
      dns.set(rootName(domain), [[formatRoot(domain)]]);
      dns.set(deliveryName(domain), [[record]]);
    }
    await brand.api.settings.update({ dnsServers: [dns.address] });
    const { job, mine, theirs } = await run(await agree(form));
    const published = join(network.folder, 'opja.csv');
    await operationEnd(media, await media.api.audience.export({ audience: theirs.audience!, to: published }));
    const rows = await readCsv(published);
    const labels = rows.map((row) => row.opja_label!);
    expect(new Set(labels).size).toBe(people - optedOut);
    expect(new Set(labels.map((label) => label.length))).toEqual(new Set([40]));
    expect(theirs.counts?.matched).toBeUndefined();
    expect(mine.counts).toMatchObject({ matched: 950 });

    const campaign = join(network.folder, 'campaign.json');
    await operationEnd(brand, await brand.api.activation.export({ job, to: campaign }));
    const [list, opened] = [join(network.folder, 'labels.txt'), join(network.folder, 'opened.csv')];
    await writeFile(list, `${labels.join('\n')}\n`);
    const open = ['opja', 'open', '--campaign', campaign, '--key', keyFile, '--labels', list, '--to', opened];
    const report = await causeway([...open, '--server', dns.address]);
    // The second row of one person has the same label.
    expect(report).toMatchObject({
      lines: people - optedOut + 1,
      matched: 960,
      unmatched: 500,
      repeated: 1,
      refused: 0,
    });
    const said = await readCsv(opened);
    expect(said.map((row) => row.opja_label)).toEqual(labels);
    const isMatched = (mobile: string) => Number(mobile.slice(-8)) >= Number(mobileOf(shift).slice(-8));
    expect(said.slice(0, -1).map((row) => row.matched)).toEqual(
      rows.slice(0, -1).map(({ mobile }) => (isMatched(mobile!) ? '1' : '0')),
    );
    for (const node of [brand, media]) {
      const evidence = await node.api.evidence.export({ job });
      expect(verifyEvidence(evidence).checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(JSON.stringify(evidence)).not.toContain(labels[0]);
    }
  }, 120_000);
});

describe('what a node refuses', () => {
  it.each<[string, object, string]>([
    [
      'PAIR for longer than 30 days',
      { expiresAt: new Date(Date.now() + 31 * 86_400_000).toISOString() },
      'policy-denied',
    ],
    ['a kind of identifier that only one side has', { key: 'email' }, 'profiles-differ'],
    [
      'a receiver that is no domain',
      { form: { kind: 'opja', system: 'match.example', receiver: 'DSP' } },
      'terms-refused',
    ],
  ])('%s', async (_, changes, code) => {
    await until(async () => (await network.brand.api.catalogue.list()).items.some(({ name }) => name === 'users'));
    const asked = network.brand.api.agreement.proposeActivation({ ...proposal, ...changes });
    await expect(asked).rejects.toMatchObject({ code });
  });

  it('labels while its key is not published, with the record to publish', async () => {
    const { brand } = network;
    const other = 'unpublished.brand.example';
    const { job } = await brand.api.job.run({
      agreement: await agree({ kind: 'opja', system: other, receiver: 'dsp.example' }),
    });
    expect((await jobEnd(brand, job)).error).toMatchObject({
      code: 'key-record-missing',
      detail: expect.stringContaining(other),
    });
  }, 120_000);
});

describe('an activation is whole', () => {
  it.each<[string, 'brand' | 'media', Form, number]>([
    ['the publisher of ids', 'media', { kind: 'pair' }, 60],
    [
      'the advertiser with labels',
      'brand',
      { kind: 'opja', system: 'match.brand.example', receiver: 'dsp.example' },
      120,
    ],
  ])(
    '[F51] after kill -9 of %s',
    async (_, victim, form, afterMs) => {
      const agreement = await agree(form);
      const { job } = await network.brand.api.job.run({ agreement });
      await pause(afterMs);
      await network[victim].kill();
      await network[victim].start();
      const ends = await Promise.all([network.brand, network.media].map((node) => jobEnd(node, job)));
      expect(ends.map(({ error, status }) => error ?? status)).toEqual(['finished', 'finished']);
      const to = join(network.folder, `${job}.txt`);
      const kept = people - optedOut;
      const written = await operationEnd(network.brand, await network.brand.api.activation.export({ job, to }));
      expect(written).toMatchObject({ rows: form.kind === 'pair' ? kept - shift : 1 });
      expect(await network.media.api.audience.show({ audience: ends[1]!.audience! })).toMatchObject({ rows: kept + 1 });
    },
    120_000,
  );
});

/** Runs a command that needs no node, as a user would. @returns its answer as a document. */
async function causeway(line: readonly string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [command, ...line, '--json']);
  return JSON.parse(stdout);
}
