/** Nodes that are backed up while they run, and restored in another place. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResponseOf } from '@causeway/core/api';
import { restore } from '@causeway/server/backup';
import { stopEmbedded } from '@causeway/server/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agreeOnMatch,
  jobEnd,
  openTrialNetwork,
  publish,
  type TrialNetwork,
  TrialNode,
  until,
} from './trial-network.ts';

type Backup = Extract<NonNullable<ResponseOf<'operation.show'>['result']>, { kind: 'backup' }>;

let network: TrialNetwork;
/** Beside the network's nodes: those that were restored. */
const restored: TrialNode[] = [];
let agreement: string;
const people = 3000;
const shared = 2000;

beforeAll(async () => {
  network = await openTrialNetwork();
  for (const [node, name, from] of [
    [network.brand, 'crm', 0],
    [network.media, 'users', people - shared],
  ] as const) {
    const numbers = Array.from({ length: people }, (_, i) => `139${String(10_000_000 + (i + from) * 1_303)}`);
    const path = join(network.folder, `${name}.csv`);
    await writeFile(path, `mobile\n${numbers.join('\n')}\n`);
    await publish(node, { path, name, ids: [{ column: 'mobile', profile: 'phone' }] });
  }
  const match = { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'both', uses: 10 } as const;
  agreement = await agreeOnMatch(network, match);
}, 120_000);

afterAll(async () => {
  process.kill(network.media.pid, 'SIGCONT');
  await Promise.all(restored.map((node) => node.stop()));
  await network?.close();
}, 120_000);

const run = async (node: TrialNode) => (await node.api.job.run({ agreement })).job;
const rootOf = async (node: TrialNode) => (await node.api.node.status()).ledger!.root;

async function backUp(node: TrialNode, name: string): Promise<Backup> {
  const { operation } = await node.api.node.backup({ to: join(network.folder, name) });
  for await (const event of node.api.operation.events({ operation })) {
    if (event.operation.status === 'failed') throw new Error(JSON.stringify(event.operation.error));
    if (event.operation.status === 'finished') return event.operation.result as Backup;
  }
  throw new Error('the backup did not end');
}

/** The same organisation in another home, at the same addresses. */
async function restoreAs(node: TrialNode, { path }: Backup, name: string): Promise<TrialNode> {
  const home = join(network.folder, name);
  await restore({ from: path, home, nowMs: Date.now(), signal: new AbortController().signal });
  const again = new TrialNode(node.organisation, home, node.url);
  restored.push(again);
  await again.start();
  return again;
}

async function exported(node: TrialNode, job: string): Promise<string> {
  const { items } = await node.api.audience.list();
  const to = join(network.folder, `${node.home.split('/').at(-1)}-${job}.csv`);
  const { operation } = await node.api.audience.export({ audience: items.find((one) => one.job === job)!.id, to });
  for await (const event of node.api.operation.events({ operation })) expect(event.operation.status).not.toBe('failed');
  return readFileSync(to, 'utf8');
}

describe('[F61] a node that is restored on another machine', () => {
  let brand: TrialNode;
  let first: string;

  it('knows what it knew; what was under way is over on both sides, and it runs the agreement again', async () => {
    const { media } = network;
    first = await run(network.brand);
    expect((await jobEnd(network.brand, first)).status).toBe('finished');
    const before = await exported(network.brand, first);

    process.kill(media.pid, 'SIGSTOP');
    const second = await run(network.brand);
    await until(async () => (await network.brand.api.job.show({ job: second })).stage.startsWith('exchange'));
    const root = await rootOf(network.brand);
    const backup = await backUp(network.brand, 'backup-1');
    expect(backup).toMatchObject({ database: 'embedded', ledger: { root } });
    // The machine is lost, with what it was doing. Nobody is there to tell the new one anything.
    await network.brand.kill();
    await stopEmbedded(join(network.brand.home, 'database'));
    await network.operator.stop();
    brand = await restoreAs(network.brand, backup, 'brand-again');
    expect(await rootOf(brand)).toBe(root);
    await network.operator.start();
    process.kill(media.pid, 'SIGCONT');

    expect((await brand.api.dataset.list()).items.map(({ name, status }) => [name, status])).toEqual([
      ['crm', 'published'],
    ]);
    expect(await exported(brand, first)).toBe(before);
    expect(await jobEnd(brand, second)).toMatchObject({ status: 'failed', error: { code: 'restored' } });
    expect(await jobEnd(media, second)).toMatchObject({ status: 'failed', error: { code: 'restored' } });
    expect(existsSync(join(brand.home, 'jobs'))).toBe(false);
    const third = await run(brand);
    for (const node of [brand, media]) {
      const ended = await jobEnd(node, third);
      expect(ended.status, JSON.stringify(ended.error)).toBe('finished');
      expect(ended.counts?.matched).toBe(shared);
    }
    await until(async () => (await rootOf(brand)) === (await rootOf(network.operator)));
    expect(await brand.api.ledger.verify()).toMatchObject({ ok: true });
  }, 180_000);

  it('is told by the ledger and its partner what came after the backup', async () => {
    const backup = await backUp(brand, 'backup-2');
    const match = { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'none' } as const;
    const later = await agreeOnMatch({ ...network, brand }, match);
    const { job } = await brand.api.job.run({ agreement: later });
    expect((await jobEnd(brand, job)).status).toBe('finished');
    await brand.stop();
    brand = await restoreAs(brand, backup, 'brand-older');
    await until(async () => (await rootOf(brand)) === (await rootOf(network.operator)));
    await until(async () => (await brand.api.agreement.list()).items.some(({ id }) => id === later));
    expect(await brand.api.agreement.show({ agreement: later })).toMatchObject({ status: 'exhausted', usesLeft: 0 });
    // Its result was on the machine that is gone.
    expect((await brand.api.job.list()).items.map(({ id }) => id)).not.toContain(job);
    expect((await brand.api.node.status()).warnings).toEqual([]);
  }, 120_000);

  it('[F92] that orders the ledger takes back what it has lost, and signs nothing that contradicts it', async () => {
    const backup = await backUp(network.operator, 'backup-3');
    await brand.api.dataset.withdraw({ dataset: 'crm' });
    await until(async () => (await rootOf(network.media)) === (await rootOf(brand)));
    const root = await rootOf(brand);
    await network.operator.stop();
    const operator = await restoreAs(network.operator, backup, 'operator-again');
    await brand.api.dataset.publish({ dataset: 'crm' });
    for (const node of [operator, brand, network.media]) {
      await until(async () => (await rootOf(node)) === (await rootOf(operator)));
      expect(await node.api.ledger.verify()).toMatchObject({ ok: true });
      expect((await node.api.node.status()).warnings).toEqual([]);
    }
    expect(await rootOf(operator)).not.toBe(root);
    const types = (await operator.api.ledger.show({ limit: 2 })).items.map(
      ({ entry }) => (entry as { type: string }).type,
    );
    expect(types).toEqual(['dataset.published', 'dataset.withdrawn']);
  }, 120_000);
});

it('[F61] while a backup runs, no other begins and nothing that it copies is removed', async () => {
  const { media } = network;
  await media.api.dataset.withdraw({ dataset: 'users' });
  const { operation } = await media.api.node.backup({ to: join(network.folder, 'backup-4') });
  const conflict = { problem: { code: 'conflict', detail: 'a backup of this node is under way' } };
  await expect(media.api.dataset.remove({ dataset: 'users' })).rejects.toMatchObject(conflict);
  await expect(media.api.node.backup({ to: join(network.folder, 'backup-5') })).rejects.toMatchObject(conflict);
  for await (const event of media.api.operation.events({ operation }))
    expect(event.operation.status).not.toBe('failed');
  await media.api.dataset.remove({ dataset: 'users' });
}, 60_000);
