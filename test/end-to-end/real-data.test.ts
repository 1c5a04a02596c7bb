/** Two halves of real data sets match exactly as a plain join does: through two nodes, and directly. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { addon } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../shared.ts';
import { runDirectMatch } from './direct-match.ts';
import { agreeOnMatch, jobEnd, openTrialNetwork, publish, type TrialNetwork } from './trial-network.ts';

const present = hasShared('data/fate/breast_hetero_guest.csv');
const fate = (name: string) => sharedPath(`data/fate/${name}`);
const custom = 'id:custom';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causeway-real-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function lines(path: string): Promise<string[]> {
  const bytes = await readFile(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

/** The rows of a file whose id is in another file: header and order kept. */
async function plainJoin(path: string, idAt: number, other: string, otherIdAt: number): Promise<string[]> {
  const [header, ...rows] = await lines(path);
  const ids = new Set((await lines(other)).slice(1).map((row) => row.split(',')[otherIdAt]));
  return [header!, ...rows.filter((row) => ids.has(row.split(',')[idAt]!))];
}

describe.skipIf(!present)('two halves of a real set, matched directly', () => {
  it.each([
    ['breast: all 569', 'breast_hetero_guest.csv', 0, 'breast_hetero_host.csv', 0, 569, 569],
    [
      '[F9] breast with repeated ids: 2,139 rows of 569 ids',
      'breast_hetero_guest_repeated_id.csv',
      1,
      'breast_hetero_host.csv',
      0,
      2139,
      569,
    ],
    ['breast, partial: 299 of 569', 'breast_hetero_guest.csv', 0, 'breast_hetero_host_sample_id.csv', 1, 299, 299],
    [
      'default credit: all 30,000, compressed',
      'default_credit_hetero_guest.csv.gz',
      0,
      'default_credit_hetero_host.csv.gz',
      0,
      30000,
      30000,
    ],
  ])(
    '%s',
    async (name, mine, mineAt, theirs, theirsAt, mineRows, theirsRows) => {
      const output = [join(folder, `${name.length}-a.csv`), join(folder, `${name.length}-b.csv`)] as const;
      const { listener, connector } = await runDirectMatch(
        { input: fate(mine), ids: [custom], output: output[0], minimum: 100 },
        { input: fate(theirs), ids: [custom], output: output[1], minimum: 100 },
      );
      expect([listener.code, connector.code], listener.stderr + connector.stderr).toEqual([0, 0]);
      expect(listener.report!.job).toBe(connector.report!.job);
      expect(listener.report!.output!.rows).toBe(mineRows);
      expect(connector.report!.output!.rows).toBe(theirsRows);
      expect(await lines(output[0])).toEqual(await plainJoin(fate(mine), mineAt, fate(theirs), theirsAt));
      expect(await lines(output[1])).toEqual(await plainJoin(fate(theirs), theirsAt, fate(mine), mineAt));
    },
    240_000,
  );

  it.skipIf(!addon)(
    'default credit by psi/vole: all 30,000',
    async () => {
      const [mine, theirs] = [fate('default_credit_hetero_guest.csv.gz'), fate('default_credit_hetero_host.csv.gz')];
      const output = [join(folder, 'vole-a.csv'), join(folder, 'vole-b.csv')] as const;
      const { listener, connector } = await runDirectMatch(
        { input: mine, ids: [custom], output: output[0], protocol: 'vole' },
        { input: theirs, ids: [custom], output: output[1], protocol: 'vole' },
      );
      expect([listener.code, connector.code], listener.stderr + connector.stderr).toEqual([0, 0]);
      expect(listener.report!.protocol).toBe('psi/vole');
      expect(await lines(output[0])).toEqual(await plainJoin(mine, 0, theirs, 0));
      expect(await lines(output[1])).toEqual(await plainJoin(theirs, 0, mine, 0));
    },
    120_000,
  );

  it('[F27] a list below the minimum runs only where both sides lowered it', async () => {
    const output = join(folder, 'below.csv');
    const side = { input: fate('breast_hetero_guest.csv'), ids: [custom], output };
    const { listener, connector } = await runDirectMatch(
      { ...side, minimum: 100 },
      { ...side, output: join(folder, 'below-b.csv') },
    );
    expect([listener.code, connector.code]).not.toContain(0);
    expect(listener.stderr + connector.stderr).toContain('minimum of 1000');
    await expect(readFile(output)).rejects.toMatchObject({ code: 'ENOENT' });
  }, 120_000);
});

const bank = 'data/uci_bank_marketing/bank-full.csv.gz';

describe.skipIf(!present || !hasShared(bank))('two halves of a real set, through two nodes', () => {
  let network: TrialNetwork;
  beforeAll(async () => {
    network = await openTrialNetwork();
    for (const node of [network.brand, network.media]) await node.api.settings.update({ minimumListRows: 100 });
  }, 120_000);
  afterAll(() => network?.close());

  async function match(mine: string, theirs: string, receiver: 'both' | 'me') {
    const ids = [{ column: 'id', profile: 'custom' }];
    const [a, b] = [`mine-${mine.length}-${receiver}`, `theirs-${theirs.length}-${receiver}`];
    await publish(network.brand, { path: mine, name: a, ids });
    await publish(network.media, { path: theirs, name: b, ids });
    const agreement = await agreeOnMatch(network, {
      mine: a,
      theirs: b,
      keys: ['custom'],
      receiver,
      minimumListRows: 100,
    });
    const { job } = await network.brand.api.job.run({ agreement });
    const [x, y] = [await jobEnd(network.brand, job), await jobEnd(network.media, job)];
    expect([x.status, y.status], JSON.stringify([x.error, y.error])).toEqual(['finished', 'finished']);
    return [x.counts?.matched, y.counts?.matched];
  }

  it('breast: repeated ids give 2,139 rows of 569', async () => {
    const counts = await match(fate('breast_hetero_guest_repeated_id.csv'), fate('breast_hetero_host.csv'), 'both');
    expect(counts).toEqual([2139, 569]);
  }, 120_000);

  it('bank customers, split in two with an overlap: exactly the shared ones', async () => {
    const rows = (await lines(sharedPath(bank))).slice(1);
    // Customer i: the advertiser has those that are not ≡ 0 mod 3, the media house those that are not ≡ 1 mod 5.
    const sides = [(i: number) => i % 3 !== 0, (i: number) => i % 5 !== 1].map((has) =>
      rows.flatMap((row, i) => (has(i) ? [`c${i},${row}`] : [])),
    );
    const paths = ['bank-advertiser.csv', 'bank-media.csv'].map((name) => join(folder, name)) as [string, string];
    await Promise.all(
      paths.map((path, i) =>
        writeFile(path, `id,${'abcdefghijklmnopq'.split('').join(',')}\n${sides[i]!.join('\n')}\n`),
      ),
    );
    const shared = rows.filter((_, i) => i % 3 !== 0 && i % 5 !== 1).length;
    expect(await match(paths[0], paths[1], 'me')).toEqual([shared, undefined]);
  }, 240_000);
});
