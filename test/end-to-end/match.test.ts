/** The whole way through two nodes, on lists whose plain join is known. */
import { createReadStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyEvidence } from '@causeway/core/applications/match';
import { addon } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agreeOnMatch,
  found,
  jobEnd,
  openTrialNetwork,
  publish,
  type TrialNetwork,
  type TrialNode,
  until,
} from './trial-network.ts';

let network: TrialNetwork;
const people = 1600;
const mobileOf = (i: number) => `138${String(10_000_000 + i * 7_003)}`;

/** The brand has people 0…, the media house people 400…; some share a phone, others an e-mail alone. */
const brandRows = Array.from({ length: people }, (_, i) => ({
  mobile: i % 4 === 0 ? '' : mobileOf(i),
  email: `Person${i}@Example.com`,
}));
const mediaRows = Array.from({ length: people }, (_, i) => ({
  phone: `+86 ${mobileOf(i + 400)}`,
  email: `person${i + 400}@example.com`,
}));

beforeAll(async () => {
  network = await openTrialNetwork();
  const crm = join(network.folder, 'crm.csv');
  const users = join(network.folder, 'users.csv');
  await writeFile(
    crm,
    `no,mobile,email\n${brandRows.map(({ mobile, email }, i) => `${i},${mobile},${email}`).join('\n')}\n`,
  );
  await writeFile(
    users,
    `uid,phone,email\n${mediaRows.map(({ phone, email }, i) => `u${i},${phone},${email}`).join('\n')}\n`,
  );
  const email = { column: 'email', profile: 'email' };
  await publish(network.brand, { path: crm, name: 'crm', ids: [{ column: 'mobile', profile: 'phone' }, email] });
  await publish(network.media, { path: users, name: 'users', ids: [{ column: 'phone', profile: 'phone' }, email] });
}, 120_000);

afterAll(() => network?.close());

/** Row numbers of an audience, read from its export. */
async function exported(node: TrialNetwork['brand'], audience: string, column: string): Promise<string[]> {
  const to = join(network.folder, `${audience}.csv`);
  const { operation } = await node.api.audience.export({ audience, to, columns: [column] });
  for await (const event of node.api.operation.events({ operation })) expect(event.operation.status).not.toBe('failed');
  return (await readFile(to, 'utf8'))
    .replace(/^\ufeff/, '')
    .trim()
    .split(/\r?\n/)
    .slice(1);
}

/** Has nodes run without their native kernel for a while. */
async function inWebAssembly(nodes: readonly TrialNode[], work: () => Promise<void>): Promise<void> {
  const restart = async (environment: NodeJS.ProcessEnv) => {
    for (const node of nodes) {
      await node.stop();
      await node.start(environment);
    }
  };
  await restart({ CAUSEWAY_KERNEL: 'wasm' });
  try {
    await work();
  } finally {
    await restart({});
  }
}

describe('a match through two nodes', () => {
  it('both receive: each learns its own matched rows, a waterfall counts each row once, and the evidence verifies', async () => {
    const agreement = await agreeOnMatch(network, {
      mine: 'crm',
      theirs: 'users',
      keys: ['phone', 'email'],
      receiver: 'both',
    });
    const { job } = await network.brand.api.job.run({ agreement });
    const [a, b] = [await jobEnd(network.brand, job), await jobEnd(network.media, job)];
    expect([a.status, b.status]).toEqual(['finished', 'finished']);
    const shared = people - 400;
    const byPhone = brandRows.filter(({ mobile }, i) => mobile !== '' && i >= 400).length;
    expect(a.counts).toMatchObject({
      matched: shared,
      byKey: [
        { key: 'phone', matched: byPhone },
        { key: 'email', matched: shared - byPhone },
      ],
    });
    expect(b.counts).toMatchObject({ matched: shared });
    const emails = await exported(network.brand, a.audience!, 'email');
    expect(emails).toEqual(Array.from({ length: shared }, (_, i) => `person${i + 400}@example.com`));

    const evidence = await network.brand.api.evidence.export({ job });
    const report = verifyEvidence(evidence);
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    const altered = JSON.parse(JSON.stringify(evidence));
    altered.outcome.rounds[0].transcript = '0'.repeat(64);
    expect(verifyEvidence(altered).ok).toBe(false);
  });

  it('one receives: the other learns no more than a size', async () => {
    const agreement = await agreeOnMatch(network, { mine: 'crm', theirs: 'users', keys: ['email'], receiver: 'me' });
    const { job } = await network.media.api.job.run({ agreement });
    const [a, b] = [await jobEnd(network.brand, job), await jobEnd(network.media, job)];
    expect(a.counts).toMatchObject({ matched: people - 400 });
    expect(b).toMatchObject({ status: 'finished' });
    expect(b.audience).toBeUndefined();
    expect(b.counts).not.toHaveProperty('matched');
  });

  it.skipIf(!addon)('psi/vole, where the agreement names it: the same rows, and evidence that verifies', async () => {
    const agreement = await agreeOnMatch(network, {
      mine: 'crm',
      theirs: 'users',
      keys: ['phone', 'email'],
      receiver: 'both',
      protocol: 'psi/vole',
    });
    const { disclosure } = await network.media.api.agreement.show({ agreement });
    expect(JSON.stringify(disclosure)).toMatch(/nobody from outside has reviewed.*尚未经外部人员评审/s);
    const { job } = await network.brand.api.job.run({ agreement });
    const [a, b] = [await jobEnd(network.brand, job), await jobEnd(network.media, job)];
    expect([a.status, b.status]).toEqual(['finished', 'finished']);
    const shared = people - 400;
    expect(a.counts).toMatchObject({ matched: shared });
    expect(b.counts).toMatchObject({ matched: shared });
    const emails = await exported(network.brand, a.audience!, 'email');
    expect(emails).toEqual(Array.from({ length: shared }, (_, i) => `person${i + 400}@example.com`));
    const report = verifyEvidence(await network.brand.api.evidence.export({ job }));
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it.skipIf(!addon)('[F42] a kernel that was agreed on is not silently a slower one', async () => {
    await inWebAssembly([network.media], async () => {
      const agreement = await agreeOnMatch(network, {
        mine: 'crm',
        theirs: 'users',
        keys: ['email'],
        receiver: 'both',
        kernelAtLeast: 'portable',
      });
      const { job } = await network.brand.api.job.run({ agreement });
      const ends = [await jobEnd(network.brand, job), await jobEnd(network.media, job)];
      expect(ends.map(({ status, error }) => [status, error?.code])).toEqual([
        ['failed', 'kernel-downgraded'],
        ['failed', 'kernel-downgraded'],
      ]);
      expect(ends[0]!.error?.detail).toContain('runs the kernel wasm');
    });
  });

  it('none receives: both learn a rounded count alone', async () => {
    const agreement = await agreeOnMatch(network, { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'none' });
    const { job } = await network.brand.api.job.run({ agreement });
    const [a, b] = [await jobEnd(network.brand, job), await jobEnd(network.media, job)];
    const shared = brandRows.filter(({ mobile }, i) => mobile !== '' && i >= 400).length;
    expect(a.counts?.matched).toBe(Math.round(shared / 50) * 50);
    expect(b.counts?.matched).toBe(a.counts?.matched);
    expect([a.audience, b.audience]).toEqual([undefined, undefined]);
  });

  it('an agreement for one use runs once, and two starts at once are one job', async () => {
    const agreement = await agreeOnMatch(network, { mine: 'crm', theirs: 'users', keys: ['email'], receiver: 'them' });
    const starts = await Promise.allSettled([
      network.brand.api.job.run({ agreement, job: 'job-twice' }),
      network.brand.api.job.run({ agreement, job: 'job-twice' }),
      network.media.api.job.run({ agreement }),
    ]);
    expect(starts.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    const running = (await network.brand.api.job.list({ agreement })).items;
    expect(running).toHaveLength(1);
    expect((await jobEnd(network.brand, running[0]!.id)).status).toBe('finished');
    await expect(network.brand.api.job.run({ agreement })).rejects.toMatchObject({
      problem: { code: 'agreement-exhausted' },
    });
  });

  it('a proposal’s verdicts come from the partner, and its rejection’s reason is kept by both and stands nowhere on the ledger', async () => {
    const { brand, media } = network;
    const reason = 'Too wide: <b>one</b> campaign, 请缩小范围';
    const terms = {
      with: 'media',
      mine: 'crm',
      theirs: 'users',
      keys: ['email'],
      receiver: 'me',
      purpose: 'x',
    } as const;
    const { agreement } = await brand.api.agreement.proposeMatch({ ...terms, uses: 2 });
    await found(() => media.api.agreement.show({ agreement }));
    const verdictsOf = async (node: TrialNode) => (await node.api.agreement.verdicts({ agreement })).items;
    await media.api.settings.update({ minimumGroupRows: 80 });
    const [{ organisation, verdicts = [] } = {}] = await verdictsOf(brand);
    await media.api.settings.update({ minimumGroupRows: 50 });
    expect(organisation).toBe('media');
    // Of what it allows its settings are not told.
    expect(verdicts).toContainEqual({ rule: 'minimum-list', outcome: 'allowed' });
    expect(verdicts.find(({ rule }) => rule === 'minimum-group')?.words?.en).toContain('below 80 rows');
    // Whoever did not propose it is told nothing.
    expect(await verdictsOf(media)).toEqual([]);
    for (const bad of ['a\u0007b', 'a\u202eb', 'x'.repeat(501)])
      await expect(media.api.agreement.reject({ agreement, reason: bad })).rejects.toMatchObject({
        code: 'invalid-request',
      });
    await media.api.agreement.reject({ agreement, reason });
    await until(async () => (await brand.api.agreement.show({ agreement })).reasons.length > 0);
    const kept = { organisation: 'media', decision: 'rejected', reason };
    const shown = await brand.api.agreement.show({ agreement });
    expect([shown.status, shown.reasons]).toEqual(['rejected', [{ ...kept, at: expect.any(String) }]]);
    expect((await media.api.agreement.show({ agreement })).reasons).toMatchObject([{ ...kept, user: 'admin' }]);
    expect(JSON.stringify((await brand.api.ledger.show({ limit: 1000 })).items)).not.toContain('Too wide');
    // What did not come about has no reason.
    await expect(media.api.agreement.revoke({ agreement, reason: 'again' })).rejects.toMatchObject({});
    expect((await media.api.agreement.show({ agreement })).reasons).toHaveLength(1);
  });

  it('[F27] a list below the minimum is refused by the rule’s name, before anything is proposed', async () => {
    const small = join(network.folder, 'small.csv');
    await writeFile(small, `email\n${Array.from({ length: 200 }, (_, i) => `s${i}@example.com`).join('\n')}\n`);
    await publish(network.brand, { path: small, name: 'small', ids: [{ column: 'email', profile: 'email' }] });
    const proposal = {
      with: 'media',
      mine: 'small',
      theirs: 'users',
      keys: ['email'],
      receiver: 'me' as const,
      purpose: 'x',
    };
    await expect(network.brand.api.agreement.proposeMatch(proposal)).rejects.toMatchObject({
      problem: { code: 'policy-denied', detail: expect.stringContaining('own-list-below-minimum') },
    });
  });

  describe('[F26] a list that was made by counting', () => {
    const proposal = { with: 'media', mine: 'counted', theirs: 'users', keys: ['phone'], purpose: 'x' };
    const dense = (organisation: string) => ({
      problem: {
        code: 'policy-denied',
        detail: expect.stringContaining(`${organisation}, rule dense-list: the telephone numbers of brand cover 20 %`),
      },
    });
    let agreement: string;

    it('is refused by its own node, and by the partner where that one lets it pass', async () => {
      const path = join(network.folder, 'counted.csv');
      await writeFile(path, `mobile\n${Array.from({ length: 2000 }, (_, i) => 13_800_130_000 + i).join('\n')}\n`);
      await publish(network.brand, { path, name: 'counted', ids: [{ column: 'mobile', profile: 'phone' }] });
      const propose = () => network.brand.api.agreement.proposeMatch({ ...proposal, receiver: 'me' });
      await expect(propose()).rejects.toMatchObject(dense('brand'));
      await network.brand.api.settings.update({ densityPercentMax: 100 });
      const proposed = await propose();
      agreement = proposed.agreement;
      // What each side learns of the other's numbers.
      const told = proposed.disclosure.parties.map(({ learns }) =>
        learns.find(({ code }) => code === 'partner-density'),
      );
      expect(told.map((learned) => learned?.words.en)).toEqual([
        expect.stringContaining('media cover their number segments: at most 1 %'),
        expect.stringContaining('brand cover their number segments: at most 20 %'),
      ]);
      const shown = await found(() => network.media.api.agreement.show({ agreement }));
      expect(shown.findings).toContainEqual(
        expect.objectContaining({ rule: 'dense-list', organisation: 'media', outcome: 'refused' }),
      );
      const approval = { agreement, disclosure: shown.disclosure.digest };
      await expect(network.media.api.agreement.approve(approval)).rejects.toMatchObject(dense('media'));
    });

    it('runs only once both have raised their limit, and no longer when one has lowered it again', async () => {
      await network.media.api.settings.update({ densityPercentMax: 100 });
      const { disclosure } = await network.media.api.agreement.show({ agreement });
      await network.media.api.agreement.approve({ agreement, disclosure: disclosure.digest });
      await until(async () => (await network.brand.api.agreement.show({ agreement })).status === 'active');
      await network.media.api.settings.update({ densityPercentMax: 50 });
      const { job } = await network.brand.api.job.run({ agreement });
      const ended = await jobEnd(network.brand, job);
      expect(ended).toMatchObject({ status: 'failed', error: { code: 'policy-denied' } });
      await network.brand.api.settings.update({ densityPercentMax: 50 });
    });
  });

  // Slow enough to have a middle.
  it(
    '[F59] cancelled in the middle: both sides say so, and temporary data is gone',
    () =>
      inWebAssembly([network.brand, network.media], async () => {
        const agreement = await agreeOnMatch(network, {
          mine: 'crm',
          theirs: 'users',
          keys: ['email', 'phone'],
          receiver: 'both',
        });
        const { job } = await network.brand.api.job.run({ agreement });
        await until(async () => (await network.brand.api.job.show({ job })).stage !== 'queued');
        await network.brand.api.job.cancel({ job });
        const [a, b] = [await jobEnd(network.brand, job), await jobEnd(network.media, job)];
        expect([a.status, b.status]).toEqual(['cancelled', 'cancelled']);
        for (const { home } of [network.brand, network.media]) {
          await until(async () => !(await readdir(join(home, 'jobs'))).includes(job));
        }
      }),
    120_000,
  );

  it('every node verifies the whole ledger, which all members cosigned', async () => {
    for (const node of [network.operator, network.brand, network.media]) {
      const verified = await node.api.ledger.verify();
      expect(verified).toMatchObject({ ok: true });
    }
    await until(async () => (await network.operator.api.ledger.head()).cosigners.length === 3);
  });

  it('[F64] no identifier, digest of one, or key is in any log, any output or on the ledger', async () => {
    const canaries = [mobileOf(401), mobileOf(777), 'person500@example.com', 'Person500'];
    for (const node of [network.operator, network.brand, network.media]) {
      const token = (await readFile(join(node.home, 'admin.token'), 'utf8')).trim();
      const logs = await readdir(join(node.home, 'logs'));
      expect(logs.length).toBeGreaterThan(0);
      const texts = [node.said, JSON.stringify((await node.api.ledger.show({ limit: 1000 })).items)];
      for (const name of logs) {
        for await (const piece of createReadStream(join(node.home, 'logs', name), 'utf8')) texts.push(piece as string);
      }
      for (const text of texts) for (const canary of [...canaries, token]) expect(text.includes(canary)).toBe(false);
    }
    expect((await found(() => network.brand.api.audit.list({ limit: 1000 }))).items.length).toBeGreaterThan(0);
  });
});
