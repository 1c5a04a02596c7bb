/** A room through three real nodes: two contributors bring pseudonymous rows to a third, which answers, refuses, and erases. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestOf } from '@causeway/core/api';
import { verifyEvidence } from '@causeway/core/applications/agreement';
import { canonicalBytes, type JsonValue } from '@causeway/core/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { found, jobEnd, openTrialNetwork, publish, type TrialNetwork, type TrialNode, until } from './trial-network.ts';

const people = 3000;
const shift = 1000;
const cities = ['north', 'south', 'east'] as const;
const mobileOf = (i: number) => `138${String(10_000_000 + i * 7_003)}`;
/** In the city of one row, so that it is looked for in every file of the room afterwards; as a number, it stands in packed rows too. */
const canary = 77_345_671;

const protection = { kind: 'noise', rho: 5000, sigmaFloor: 0 } as const;
const rights = { k: 50, purposes: ['reach'], receivers: ['brand', 'media'] };
const key = { name: 'person', type: 'key', join: true, aggregates: ['count'], protection, ...rights } as const;

function rules(kind: 'noise' | 'exact' = 'noise'): RequestOf<'agreement.proposeRoom'>['rules'] {
  const how = { ...rights, protection: kind === 'exact' ? ({ kind } as const) : protection };
  const uses = { group: true, isNullable: true, perPerson: { rows: 1, groups: 1 }, ...how };
  return {
    zone: 'Asia/Shanghai',
    tables: [
      {
        name: 'crm',
        owner: 'brand',
        subjects: 'customers',
        kind: 'person',
        person: 'person',
        columns: [
          { ...key, ...how },
          { name: 'city', type: 'category', filter: 'declared', values: [...cities], ...uses },
        ],
      },
      {
        name: 'users',
        owner: 'media',
        subjects: 'audience',
        kind: 'person',
        person: 'person',
        columns: [
          { ...key, ...how },
          {
            name: 'spent',
            type: 'integer',
            filter: 'range',
            min: 0,
            max: 100_000_000,
            grid: 1000,
            aggregates: ['sum', 'mean'],
            clip: { low: 0, high: 500 },
            ...uses,
            group: false,
          },
        ],
      },
    ],
  };
}

let network: TrialNetwork;

beforeAll(async () => {
  network = await openTrialNetwork();
  const crm = join(network.folder, 'crm.csv');
  const users = join(network.folder, 'users.csv');
  const brandRows = Array.from({ length: people }, (_, i) => `${mobileOf(i)},${cities[i % 3]}`);
  const mediaRows = Array.from({ length: people }, (_, i) => `${mobileOf(i + shift)},${i === 5 ? canary : 100}`);
  await writeFile(crm, `mobile,town\n${brandRows.join('\n')}\n`);
  await writeFile(users, `phone,paid\n${mediaRows.join('\n')}\n`);
  await publish(network.brand, {
    path: crm,
    name: 'crm',
    ids: [{ column: 'mobile', profile: 'phone' }],
    attributes: [{ column: 'town', grade: 'internal' }],
  });
  await publish(network.media, {
    path: users,
    name: 'users',
    ids: [{ column: 'phone', profile: 'phone' }],
    attributes: [{ column: 'paid', grade: 'internal' }],
  });
}, 120_000);

afterAll(() => network?.close());

async function agreeOnRoom(changes: object = {}): Promise<string> {
  const { brand, media, operator } = network;
  await until(async () => (await brand.api.catalogue.list()).items.some(({ name }) => name === 'users'));
  const { agreement } = await brand.api.agreement.proposeRoom({
    room: 'operator',
    contributors: [
      { organisation: 'brand', dataset: 'crm', table: 'crm', columns: [{ column: 'town', name: 'city' }] },
      { organisation: 'media', dataset: 'users', table: 'users', columns: [{ column: 'paid', name: 'spent' }] },
    ],
    keys: ['phone'],
    receivers: ['brand', 'media'],
    questionPurpose: 'reach',
    rules: rules(),
    purpose: 'a trial',
    ...changes,
  });
  for (const node of [media, operator]) {
    const shown = await found(() => node.api.agreement.show({ agreement }));
    await node.api.agreement.approve({ agreement, disclosure: shown.disclosure.digest });
  }
  await until(async () => (await brand.api.agreement.show({ agreement })).status === 'active');
  return agreement;
}

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
    const agreement = await agreeOnRoom();
    const room = await loaded(agreement);
    expect(await brand.api.room.show({ room })).toMatchObject({ status: 'answering', keeper: 'operator', answers: 0 });

    const statement = 'SELECT city, count(distinct crm.person) AS n FROM crm JOIN users USING (person) GROUP BY city';
    const preview = await media.api.room.preview({ room, statement });
    expect(preview.rho).toBe(5000);
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
