/** Columns of matched rows from their provider to the other side, through two nodes: exactly those, sealed, with receipts, and after a kill in the middle. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyEvidence } from '@causeway/core/applications/agreement';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCsv } from '../../generator/testing/read-csv.ts';
import {
  agreeOnMatch,
  found,
  jobEnd,
  openTrialNetwork,
  operationEnd,
  pause,
  publish,
  type TrialNetwork,
  until,
} from './trial-network.ts';

let network: TrialNetwork;
let match: string;
const mobileOf = (i: number) => `139${String(10_000_000 + i * 7_003)}`;
/** What spreadsheets, parsers and line ends trip over. */
const oddCity = 'a "b", c\u2028d\\n';
const cityOf = (i: number) => (i % 7 === 0 ? oddCity : `city ${i % 11}`);
const [people, shift] = [2000, 800];

beforeAll(async () => {
  network = await openTrialNetwork();
  const { brand, media } = network;
  const write = async (name: string, header: string, lines: readonly string[]) => {
    const path = join(network.folder, name);
    await writeFile(path, `${header}\n${lines.join('\n')}\n`);
    return path;
  };
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const users = Array.from(
    { length: people },
    (_, i) => `${mobileOf(i)},${quoted(cityOf(i))},${i % 5 === 0 ? '' : i},x`,
  );
  // A second row of one person: the first speaks.
  users.push(`${mobileOf(900)},elsewhere,7,x`);
  const customers = Array.from({ length: people }, (_, i) => `${i},${mobileOf(i + shift)}`);
  await publish(media, {
    path: await write('users.csv', 'mobile,city,level,secret', users),
    name: 'users',
    ids: [{ column: 'mobile', profile: 'phone' }],
    attributes: ['city', 'level'].map((column) => ({ column, grade: 'internal' as const })),
  });
  await publish(brand, {
    path: await write('crm.csv', 'id,mobile', customers),
    name: 'crm',
    ids: [{ column: 'mobile', profile: 'phone' }],
    attributes: [{ column: 'id', grade: 'internal' }],
  });
  const agreement = await agreeOnMatch(network, { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'both' });
  match = (await brand.api.job.run({ agreement })).job;
  await Promise.all([brand, media].map((node) => jobEnd(node, match)));
}, 120_000);

afterAll(() => network?.close(), 120_000);

const wanted = { from: 'them', columns: ['city', 'level'], purpose: 'member care', uses: 5 } as const;

async function agree(job = match): Promise<string> {
  const { brand, media } = network;
  const { agreement, plan } = await brand.api.agreement.proposeDelivery({
    ...wanted,
    columns: [...wanted.columns],
    job,
  });
  const shown = await found(() => media.api.agreement.show({ agreement }));
  expect(plan).toMatchObject({ protocol: 'hpke', alternatives: [] });
  expect(plan.bytesAbout).toBeGreaterThan(0);
  expect(shown.plan).toMatchObject({ protocol: 'hpke', bytesAbout: plan.bytesAbout });
  expect(
    shown.disclosure.parties.map(({ organisation, learns }) => [organisation, learns.map(({ code }) => code)]),
  ).toEqual([
    ['brand', ['delivered-columns']],
    ['media', []],
  ]);
  await media.api.agreement.approve({ agreement, disclosure: shown.disclosure.digest });
  await until(async () => (await brand.api.agreement.show({ agreement })).status === 'active');
  return agreement;
}

async function requireDelivered(job: string): Promise<void> {
  const { brand, media } = network;
  const [ended, theirs] = await Promise.all([brand, media].map((node) => jobEnd(node, job)));
  expect([ended!.error ?? ended!.status, theirs!.error ?? theirs!.status]).toEqual(['finished', 'finished']);
  expect(theirs!.audience).toBeUndefined();
  const to = join(network.folder, `${job}.csv`);
  await operationEnd(brand, await brand.api.audience.export({ audience: ended!.audience!, to }));
  const rows = await readCsv(to);
  const plain = Array.from({ length: people - shift }, (_, i) => i + shift).map((person) => ({
    id: String(person - shift),
    mobile: mobileOf(person),
    'media.city': cityOf(person),
    'media.level': person % 5 === 0 ? '' : String(person),
  }));
  expect(rows.map(({ id, mobile, ...rest }) => ({ mobile: mobile!.replace('+86', ''), id, ...rest }))).toEqual(
    plain.map(({ mobile, ...rest }) => ({ mobile, ...rest })),
  );
}

describe('a delivery', () => {
  it('[F36] brings the agreed columns of the matched rows, of those alone, with receipts that verify offline', async () => {
    const { brand, media } = network;
    const agreement = await agree();
    const { job } = await brand.api.job.run({ agreement });
    await requireDelivered(job);
    for (const node of [brand, media]) {
      const evidence = await node.api.evidence.export({ job });
      expect(verifyEvidence(evidence).checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(JSON.stringify(evidence)).not.toContain('city 3');
      const other = { ...evidence, outcome: { ...(evidence.outcome as object), manifest: '0'.repeat(64) } };
      expect(verifyEvidence(other).ok).toBe(false);
    }
    const { audience } = await jobEnd(brand, job);
    expect(await brand.api.audience.show({ audience: audience! })).toMatchObject({
      job,
      agreement,
      rows: people - shift,
    });
    // It goes to a destination like any audience: what was delivered does not.
    const to = join(network.folder, 'tencent.txt');
    await operationEnd(brand, await brand.api.audience.export({ audience: audience!, to, destination: 'tencent-ads' }));
    const md5 = (i: number) => createHash('md5').update(mobileOf(i)).digest('hex');
    expect(readFileSync(to, 'utf8').trim().split('\n')).toEqual(
      Array.from({ length: people - shift }, (_, i) => md5(i + shift)).sort(),
    );
  }, 120_000);

  it('is refused for another match than there was, for columns that nobody published, and past the end of the match', async () => {
    const { brand } = network;
    const refusal = (changes: object) =>
      brand.api.agreement.proposeDelivery({ ...wanted, columns: [...wanted.columns], job: match, ...changes }).then(
        () => 'proposed',
        ({ code }) => code,
      );
    expect(await refusal({ job: 'job-none' })).toBe('terms-refused');
    expect(await refusal({ columns: ['secret'] })).toBe('terms-refused');
    expect(await refusal({ columns: ['city', 'city'] })).toBe('terms-refused');
    expect(await refusal({ expiresAt: '2099-01-01T00:00:00Z' })).toBe('terms-refused');
    const oneSided = await agreeOnMatch(network, { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'me' });
    const { job } = await brand.api.job.run({ agreement: oneSided });
    await jobEnd(brand, job);
    expect(await refusal({ job })).toBe('terms-refused');
  }, 120_000);

  it('after a match by several kinds of identifiers brings each row the values of the one that it matched, by whichever kind', async () => {
    const { brand, media } = network;
    const [all, later] = [1500, 200];
    const email = (i: number) => `person${i}@example.com`;
    /** Some have another telephone there than here; of these, and of those without one, some have an e-mail there. */
    const isMoved = (i: number) => i % 4 === 0;
    const hasMail = (i: number) => i % 3 !== 0;
    const write = async (name: string, header: string, lines: readonly string[]) => {
      const path = join(network.folder, name);
      await writeFile(path, `${header}\n${lines.join('\n')}\n`);
      return path;
    };
    const users = Array.from({ length: all }, (_, i) => `${mobileOf(i)},${email(i)},town ${i},${i}`);
    // Another row with the e-mail of somebody who moved: the first speaks. And one with the e-mail of somebody who did not, whom it does not touch.
    users.push(`,${email(404)},elsewhere,1`, `,${email(405)},elsewhere,2`);
    const customers = Array.from({ length: all }, (_, k) => k + later).map((i) => {
      const mobile = isMoved(i) ? mobileOf(i + 50_000) : mobileOf(i);
      return `${mobile},${hasMail(i) ? email(i) : ''},${i}`;
    });
    const ids = (phone: string) => [
      { column: phone, profile: 'phone' },
      { column: 'mail', profile: 'email' },
    ];
    await publish(media, {
      path: await write('people.csv', 'mobile,mail,city,level', users),
      name: 'people',
      ids: ids('mobile'),
      attributes: ['city', 'level'].map((column) => ({ column, grade: 'internal' as const })),
    });
    await publish(brand, {
      path: await write('members.csv', 'mobile,mail,id', customers),
      name: 'members',
      ids: ids('mobile'),
      attributes: [{ column: 'id', grade: 'internal' }],
    });
    const matching = { mine: 'members', theirs: 'people', keys: ['phone', 'email'], receiver: 'both' } as const;
    const both = await brand.api.job.run({ agreement: await agreeOnMatch(network, matching) });
    await Promise.all([brand, media].map((node) => jobEnd(node, both.job)));
    const { job } = await brand.api.job.run({ agreement: await agree(both.job) });
    const ends = await Promise.all([brand, media].map((node) => jobEnd(node, job)));
    expect(ends.map(({ error, status }) => error ?? status)).toEqual(['finished', 'finished']);
    const to = join(network.folder, 'by-kinds.csv');
    await operationEnd(brand, await brand.api.audience.export({ audience: ends[0]!.audience!, to, columns: ['id'] }));
    const rows = await readCsv(to);
    const matched = Array.from({ length: all - later }, (_, k) => k + later).filter((i) => !isMoved(i) || hasMail(i));
    expect(rows).toEqual(matched.map((i) => ({ id: String(i), 'media.city': `town ${i}`, 'media.level': String(i) })));
    for (const node of [brand, media])
      expect(verifyEvidence(await node.api.evidence.export({ job })).checks.filter(({ ok }) => !ok)).toEqual([]);
  }, 120_000);

  it.each([
    ['the provider', 'media', 40],
    ['the receiver', 'brand', 250],
  ] as const)(
    '[F51] goes on after kill -9 of %s, to the same rows',
    async (_, victim, afterMs) => {
      const agreement = await agree();
      const { job } = await network.brand.api.job.run({ agreement });
      await pause(afterMs);
      await network[victim].kill();
      await network[victim].start();
      await requireDelivered(job);
      for (const node of [network.brand, network.media])
        await until(async () => !existsSync(join(node.home, 'jobs', job)));
    },
    120_000,
  );

  it('[F78] is not exported any more once a party has revoked the match, nor are the rows of the match, and no other stands on it', async () => {
    const { brand, media } = network;
    const delivery = await agree();
    const { job } = await brand.api.job.run({ agreement: delivery });
    const audiences = (await Promise.all([match, job].map((id) => jobEnd(brand, id)))).map(({ audience }) => audience!);
    const waiting = await agree();
    const { agreement } = await brand.api.job.show({ job: match });
    await media.api.agreement.revoke({ agreement });
    await until(async () => (await brand.api.agreement.show({ agreement })).status === 'revoked');
    const codeOf = (call: Promise<unknown>) =>
      call.then(
        () => 'done',
        ({ code }) => code,
      );
    for (const audience of audiences) {
      expect(await brand.api.audience.show({ audience })).toMatchObject({ status: 'withdrawn' });
      for (const form of [{}, { destination: 'tencent-ads' }]) {
        const to = join(network.folder, `after-${audience}`);
        expect(await codeOf(brand.api.audience.export({ audience, to, ...form }))).toBe('conflict');
        expect(existsSync(to)).toBe(false);
      }
    }
    expect(await codeOf(agree())).toBe('terms-refused');
    const ended = await brand.api.job.run({ agreement: waiting }).then(({ job: late }) => jobEnd(brand, late));
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'terms-refused' } });
    // What ran stays proven.
    for (const id of [match, job]) expect(verifyEvidence(await brand.api.evidence.export({ job: id })).ok).toBe(true);
  }, 120_000);
});
