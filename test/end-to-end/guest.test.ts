/** A match with a guest: the page's own code against a real node, without a browser; test/console/guest.test.ts has the browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyEvidence } from '@causeway/core/applications/agreement';
import { type GuestReceiver, secretOfFragment } from '@causeway/core/applications/guest';
import { type KernelHandle, openKernels, systemRandom } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idColumns } from '../../console/guest/list/id-columns.ts';
import { keyList } from '../../console/guest/list/key-list.ts';
import { parseCsv } from '../../console/guest/list/parse-csv.ts';
import { Visit } from '../../console/guest/run/visit.ts';
import { emptyNode, jobEnd, publish, type TrialNode, until } from './trial-network.ts';

/** 2,000 people of the host; every third of the guest's 1,500 is among them. */
const hostRows = Array.from({ length: 2000 }, (_, i) => phone(i * 3));
const guestRows = Array.from({ length: 1500 }, (_, i) => phone(i));
const shared = guestRows.filter((number) => hostRows.includes(number));

function phone(i: number): string {
  return `138${String((i * 48_271) % 100_000_000).padStart(8, '0')}`;
}

describe('a match with a guest', () => {
  let folder: string;
  let node: TrialNode;
  let kernel: KernelHandle;
  const table = parseCsv(`name,手机号\n${guestRows.map((number, i) => `person ${i},${number}`).join('\n')}\n`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'causeway-guest-'));
    node = await emptyNode(folder, 'aurora', { org: 'Aurora Motors' });
    await node.start();
    await node.api.network.create({ name: 'Harbour' });
    await writeFile(join(folder, 'customers.csv'), `phone\n${hostRows.join('\n')}\n`);
    const ids = [{ column: 'phone', profile: 'phone' }];
    await publish(node, { path: join(folder, 'customers.csv'), name: 'customers', ids });
    kernel = (await openKernels()).kernel;
  }, 60_000);

  afterAll(async () => {
    await kernel?.close();
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const invite = (more: { receiver?: GuestReceiver; uses?: number; expiresAt?: string; rowsMax?: number } = {}) =>
    node.api.guest.invite({
      label: 'Corner bakery',
      dataset: 'customers',
      key: 'phone',
      purpose: 'Shared customers',
      ...more,
    });
  const secretOf = (path: string) => secretOfFragment(path.slice(path.indexOf('#')))!;
  const visit = (path: string) => Visit.open(secretOf(path), { url: node.url, kernel, random: systemRandom });
  const listFor = ({ offer }: Visit) => {
    const [column] = idColumns(table, offer.column.profile);
    return { column: column!, list: keyList(table, column!, { network: offer.network, random: systemRandom }) };
  };
  const run = async (path: string) => {
    const opened = await visit(path);
    const { column, list } = listFor(opened);
    const agreed = await opened.propose(list, column.profile);
    return { agreed, result: await opened.run(agreed, list, () => {}) };
  };
  const namesOf = (rows: readonly number[]) => rows.map((row) => table.rows[row]![1]);

  it('gives the guest the plain intersection, the host nothing but a size, and both the same evidence', async () => {
    const { path, invite: made } = await invite();
    const { agreed, result } = await run(path);
    expect(namesOf(result.rows!)).toEqual(shared);
    expect(result.counts.matched).toBe(shared.length);
    expect(verifyEvidence(result.evidence).checks.filter(({ ok }) => !ok)).toEqual([]);
    const [after] = (await node.api.guest.list()).items.filter(({ id }) => id === made.id);
    expect(after).toMatchObject({
      status: 'used',
      usesTaken: 1,
      runs: [{ agreement: agreed.agreement, status: 'finished' }],
    });
    const job = await jobEnd(node, after!.runs[0]!.job);
    expect(job).toMatchObject({ status: 'finished', operation: 'guest' });
    expect(job.audience).toBeUndefined();
    expect(job.counts?.matched).toBeUndefined();
    expect(await node.api.evidence.export({ job: job.id })).toMatchObject({ terms: agreed.terms });
  });
});

void until;
