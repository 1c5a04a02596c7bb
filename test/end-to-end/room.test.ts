/** A room through three real nodes: two contributors bring pseudonymous rows to a third, which answers, refuses, and erases. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { verifyEvidence } from '@causeway/core/applications/agreement';
import { canonicalBytes, type JsonValue } from '@causeway/core/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobEnd, openTrialNetwork, pause, type TrialNetwork, type TrialNode, until } from './trial-network.ts';
import { agreeOnRoom, cities, mobileOf, publishRows, roomProposal, trialRules } from './trial-room.ts';

const people = 3000;
const shift = 1000;
/** In one row: it is looked for in every file of the room afterwards. As a number, it stands in packed rows too. */
const canary = 77_345_671;
const statement = 'SELECT city, count(distinct crm.person) AS n FROM crm JOIN users USING (person) GROUP BY city';

let network: TrialNetwork;

beforeAll(async () => {
  network = await openTrialNetwork();
  await publishRows(network, { people, shift, canary });
}, 120_000);

afterAll(() => network?.close());

async function loaded(agreement: string): Promise<string> {
  const { job } = await network.brand.api.job.run({ agreement });
  const ends = await Promise.all([network.brand, network.media, network.operator].map((node) => jobEnd(node, job)));
  expect(ends.map(({ status, error }) => error ?? status)).toEqual(['finished', 'finished', 'finished']);
  return job;
}

/** Files under a node's home that hold a text or a number as packed rows have it. */
function filesWith(node: TrialNode, needle: string | number): string[] {
  const pattern =
    typeof needle === 'string'
      ? needle
      : [...new Uint8Array(new Int32Array([needle]).buffer)]
          .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
          .join('');
  const flags = typeof needle === 'string' ? ['-rlaF'] : ['-rlaP'];
  try {
    return execFileSync('grep', [...flags, '--', pattern, node.home], { env: { LC_ALL: 'C' } })
      .toString()
      .trim()
      .split('\n');
  } catch {
    return [];
  }
}

describe('a room through three nodes', () => {
  it('[F70, F78] is loaded, answers, refuses, and is erased; the evidence verifies offline', async () => {
    const { brand, media, operator } = network;
    const agreement = await agreeOnRoom(network);
    const preview = await brand.api.agreement.proposeRoom({ ...roomProposal(), dryRun: true });
    const shown = await operator.api.agreement.show({ agreement });
    const crossing = shown.disclosure.flows.reduce((sum, { bytesAbout = 0 }) => sum + bytesAbout, 0);
    for (const { protocol, secondsAbout, bytesAbout, words } of [preview.plan, shown.plan!]) {
      expect({ protocol, bytesAbout }).toEqual({ protocol: 'join/spine', bytesAbout: crossing });
      expect(secondsAbout).toBeGreaterThan(2);
      expect(words.en).toMatch(/^Reckoned with the kernels here/);
    }
    const room = await loaded(agreement);
    expect(await brand.api.room.show({ room })).toMatchObject({ status: 'answering', keeper: 'operator', answers: 0 });

    expect((await media.api.room.preview({ room, statement })).rho).toBe(5000);
    const given = await media.api.room.ask({ room, statement });
    const shared = people - shift;
    for (const [, n] of given.answer.rows) expect(Math.abs(Number(n) - shared / 3)).toBeLessThan(200);
    expect(given.answer.rows.map(([city]) => city).toSorted()).toEqual(cities.toSorted());
    expect(given.rho).toBe(5000);

    // Asked again, by another receiver and in other words: the same numbers, no charge.
    const again = await brand.api.room.ask({
      room,
      statement:
        'SELECT city, count(distinct crm.person) AS n FROM crm JOIN users ON crm.person = users.person GROUP BY 1',
    });
    expect(again).toMatchObject({ state: 'known', rho: 0, numbers: given.numbers, question: given.question });

    // What the ledger has of it is the salted digest of these very numbers.
    const digest = createHash('sha256')
      .update(Buffer.from(given.salt, 'hex'))
      .update(canonicalBytes(given.numbers as JsonValue))
      .digest('hex');
    expect(digest).toBe(given.result);

    const refused = await media.api.room.ask({ room, statement: 'SELECT * FROM users' }).catch((error) => error);
    expect(refused).toMatchObject({ status: expect.any(Number) });
    expect(JSON.stringify(refused)).not.toContain(String(canary));
    expect(await operator.api.room.ask({ room, statement }).catch(({ code }) => code)).toBe('not-a-receiver');
    expect(await brand.api.room.show({ room })).toMatchObject({ answers: 1 });

    // A report through the same door: previewed, made once, told again to another receiver for free.
    const request = {
      application: 'insight',
      base: 'crm',
      baseName: { en: 'all customers', zh: '全部客户' },
      audience: { table: 'users' },
      tags: ['city'],
      crossed: [],
    };
    const wouldCost = await brand.api.room.previewReport({ room, request });
    expect(wouldCost.rho).toBe(4 * 5000);
    const made = await brand.api.room.report({ room, request });
    expect(made).toMatchObject({ state: 'answered', rho: 4 * 5000 });
    const rows = made.report.rows as { values: { city: string }; share: number; tgi?: { index: number } }[];
    expect(rows.map(({ values }) => values.city).toSorted()).toEqual(cities.toSorted());
    for (const { share, tgi } of rows) {
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.1);
      expect(Math.abs(tgi!.index - 100)).toBeLessThan(25);
    }
    const madeAgain = await media.api.room.report({ room, request });
    expect(madeAgain).toMatchObject({ state: 'known', rho: 0, report: made.report, question: made.question });
    const wrong = await media.api.room
      .report({ room, request: { ...request, tags: ['none'] } })
      .catch(({ code }) => code);
    expect(wrong).toMatch(/unknown-column|peer/);
    expect(await brand.api.room.show({ room })).toMatchObject({ answers: 2 });
    const kept = await brand.api.room.answers({ room });
    expect(kept.items.map(({ rho }) => rho)).toEqual([0, 4 * 5000]);

    // While it answers, the room's disk has the row: what is looked for can be found.
    expect(existsSync(join(operator.home, 'rooms', room, 'tables'))).toBe(true);
    expect(filesWith(operator, canary)).not.toEqual([]);
    // No identifier has reached it.
    expect(filesWith(operator, mobileOf(shift + 5))).toEqual([]);

    const evidence = await brand.api.evidence.export({ job: room });
    expect(verifyEvidence(evidence).checks.filter(({ ok }) => !ok)).toEqual([]);

    await media.api.room.close({ room });
    await until(async () => (await brand.api.room.show({ room })).status === 'closed');
    await until(async () =>
      (await brand.api.room.show({ room })).contributors.every(({ acknowledged }) => acknowledged === 'seen'),
    );
    expect(filesWith(operator, canary)).toEqual([]);
    expect(existsSync(join(operator.home, 'rooms', room))).toBe(false);
    expect(await brand.api.room.ask({ room, statement }).catch(({ code }) => code)).toMatch(/room-closed|peer/);
    expect(await brand.api.room.answers({ room })).toMatchObject({
      withdrawn: true,
      items: [{ rho: 0 }, { rho: 4 * 5000 }],
    });

    const later = await media.api.evidence.export({ job: room });
    const report = verifyEvidence(later);
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toContain('deleted');
    const altered = JSON.parse(JSON.stringify(later));
    altered.outcome.uploads[0].manifest = '0'.repeat(64);
    expect(verifyEvidence(altered).ok).toBe(false);
  }, 180_000);
});

describe('exact answers', () => {
  it('[F68] are given where all rules allow it, from 50 persons on, and never by a difference of fewer', async () => {
    const agreement = await agreeOnRoom(network, { rules: trialRules('exact') });
    const room = await loaded(agreement);
    const { answer } = await network.brand.api.room.ask({ room, statement });
    const shared = Array.from({ length: people - shift }, (_, i) => (i + shift) % 3);
    const count = (city: number) => shared.filter((one) => one === city).length;
    expect(answer).toMatchObject({ isExact: true });
    expect(new Map(answer.rows.map(([city, n]) => [city, Number(n)]))).toEqual(
      new Map(cities.map((city, i) => [city, count(i)])),
    );
    // All but the one with the canary: two answers would tell about one person.
    const almost = 'SELECT count(distinct person) AS n FROM users WHERE spent < 1000';
    const all = 'SELECT count(distinct person) AS n FROM users';
    const code = (text: string) =>
      network.media.api.room.ask({ room, statement: text }).then(
        () => 'answered',
        ({ peer, code }) => peer?.code ?? code,
      );
    expect(await code(all)).toBe('answered');
    expect(await code(almost)).not.toBe('answered');
    await network.brand.api.room.close({ room });
    await until(async () => (await network.brand.api.room.show({ room })).status === 'closed');
  }, 120_000);
});

describe('[F51] kill -9 while a room is loaded', () => {
  it.each([
    ['a contributor, early', 'brand', 150],
    ['a contributor, in the middle', 'media', 700],
    ['a contributor, late', 'brand', 1400],
    ['the keeper, early', 'operator', 150],
    ['the keeper, in the middle', 'operator', 800],
    ['the keeper, late', 'operator', 1500],
  ] as const)(
    'of %s: the room answers all the same, once',
    async (_, victim, afterMs) => {
      const agreement = await agreeOnRoom(network);
      const { job } = await network.brand.api.job.run({ agreement });
      await pause(afterMs);
      await network[victim].kill();
      await network[victim].start();
      const ends = await Promise.all([network.brand, network.media, network.operator].map((node) => jobEnd(node, job)));
      expect(ends.map(({ status, error }) => error ?? status)).toEqual(['finished', 'finished', 'finished']);
      const { answer } = await network.media.api.room.ask({ room: job, statement });
      expect(answer.rows).toHaveLength(cities.length);
      await network.brand.api.room.close({ room: job });
      await until(async () => (await network.brand.api.room.show({ room: job })).status === 'closed');
      for (const node of [network.operator, network.brand, network.media])
        await until(async () => !existsSync(join(node.home, 'jobs', job)));
      expect(filesWith(network.operator, canary)).toEqual([]);
    },
    120_000,
  );

  it('of the keeper while it erases: it goes on erasing, and says so', async () => {
    const room = await loaded(await agreeOnRoom(network));
    expect(filesWith(network.operator, canary)).not.toEqual([]);
    const closing = network.media.api.room.close({ room }).catch(() => {});
    await pause(30);
    await network.operator.kill();
    await network.operator.start();
    await closing;
    await until(async () => {
      if ((await network.brand.api.room.show({ room })).status === 'closed') return true;
      // It may have died before it heard of it.
      await network.media.api.room.close({ room }).catch(() => {});
      return false;
    });
    expect(filesWith(network.operator, canary)).toEqual([]);
  }, 120_000);

  it('[F59] cancelled in the middle, it leaves nothing on any side', async () => {
    const agreement = await agreeOnRoom(network);
    const { job } = await network.brand.api.job.run({ agreement });
    await pause(200);
    await network.media.api.job.cancel({ job }).catch(() => {});
    const ends = await Promise.all([network.brand, network.media, network.operator].map((node) => jobEnd(node, job)));
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['cancelled']));
    for (const node of [network.operator, network.brand, network.media])
      await until(async () => !existsSync(join(node.home, 'jobs', job)));
    await until(async () => filesWith(network.operator, canary).length === 0);
    await until(async () => {
      const [room] = (await network.brand.api.room.list()).items.filter(({ id }) => id === job);
      return room === undefined || room.status === 'closed';
    });
  }, 120_000);
});
