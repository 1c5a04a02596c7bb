import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobRow } from './jobs.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let store: Awaited<ReturnType<TestServer['store']>>;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  store = await server.store();
});
afterAll(() => server.close());

const agreementId = (n: number) => String(n).padStart(64, '0');
const agreement = (n: number, atMs = n) => ({
  id: agreementId(n),
  status: 'proposed' as const,
  operation: 'match',
  terms: { purpose: '\u0000 naughty', n },
  disclosure: {},
  findings: [],
  signatures: [],
  proposedBy: 'aurora',
  atMs,
  expiresAtMs: 1e12,
});
const job = (id: string, n = 1) => ({
  id,
  agreement: agreementId(n),
  operation: 'match',
  partners: ['media'],
  startedBy: 'ada',
  atMs: 5,
});
const dataset = (id: string, name = id) => ({
  id,
  name,
  rows: 10,
  bytes: 100,
  description: {},
  report: {},
  source: { path: '/a' },
  folder: `/data/${id}`,
  atMs: 1,
  by: 'ada',
});

describe('datasets and audiences', () => {
  it('are found by id before name, and names are unique', async () => {
    await store.datasets.create(dataset('d1', 'crm'));
    await store.datasets.create(dataset('crm', 'other'));
    expect((await store.datasets.find('crm'))?.name).toBe('other');
    expect((await store.datasets.find('other'))?.id).toBe('crm');
    await expect(store.datasets.create(dataset('d3', 'crm'))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('the rows of a dataset are replaced as a whole, and not while a job uses them', async () => {
    await store.datasets.create(dataset('d1', 'crm'));
    const by = { rows: 12, bytes: 120, description: { n: 2 }, report: {}, source: { path: '/b' }, folder: '/data/b' };
    expect(await store.datasets.replace('d1', by)).toMatchObject({ rows: 10, folder: '/data/d1' });
    expect(await store.datasets.find('d1')).toMatchObject({ ...by, id: 'd1', name: 'crm', status: 'ready' });
    const terms = { proposer: { dataset: 'other' }, partner: { dataset: 'd1' } };
    await store.agreements.create({ ...agreement(1), terms });
    await store.jobs.create(job('j1'));
    await expect(store.datasets.replace('d1', { ...by, rows: 13 })).rejects.toMatchObject({ code: 'conflict' });
    expect((await store.datasets.find('d1'))?.rows).toBe(12);
    const taken = await store.jobs.take('j1', { name: 'node', atMs: 6 });
    await store.jobs.end({ id: 'j1', fence: taken!.fence }, { status: 'failed', atMs: 7, error: {} });
    expect(await store.datasets.replace('d1', { ...by, rows: 13 })).toMatchObject({ rows: 12 });
  });

  it('a state changes only from a state that allows it', async () => {
    await store.datasets.create(dataset('d1'));
    const publish = { from: ['ready', 'withdrawn'] as const, to: 'published' as const, publishedAtMs: 9 };
    expect(await store.datasets.move('d1', publish)).toMatchObject({ status: 'published', publishedAtMs: 9 });
    expect(await store.datasets.move('d1', publish)).toBeUndefined();
  });

  it('a dataset with audiences stays until they are removed; what is made twice is one audience', async () => {
    await store.datasets.create(dataset('d1'));
    await store.agreements.create(agreement(1));
    await store.jobs.create(job('j1'));
    const audience = {
      id: 'a1',
      job: 'j1',
      dataset: 'd1',
      name: 'hits',
      rows: 3,
      filePath: '/r',
      digest: 'x',
      atMs: 1,
    };
    await store.audiences.create(audience);
    expect((await store.audiences.create({ ...audience, name: 'again' })).name).toBe('hits');
    // A room gives several under one job.
    expect((await store.audiences.create({ ...audience, id: 'a2', name: 'more' })).id).toBe('a2');
    await expect(store.datasets.remove('d1')).rejects.toMatchObject({ code: 'conflict' });
    expect((await store.audiences.removeOf('d1')).map((row) => row.filePath)).toEqual(['/r', '/r']);
    expect((await store.datasets.remove('d1'))?.folder).toBe('/data/d1');
    expect(await store.datasets.remove('d1')).toBeUndefined();
  });
});

describe('agreements', () => {
  it('[F109] of an approval and a rejection at once, one happens', async () => {
    await store.agreements.create(agreement(1));
    const outcomes = await Promise.all([
      store.agreements.move(agreementId(1), { from: ['proposed'], to: 'active', atMs: 2, byUser: 'ada' }),
      store.agreements.move(agreementId(1), { from: ['proposed'], to: 'rejected', atMs: 2, byUser: 'bo' }),
    ]);
    const won = outcomes.filter((row) => row !== undefined);
    expect(won).toHaveLength(1);
    expect(await store.agreements.find(agreementId(1))).toEqual(won[0]);
  });

  it('the same agreement again changes nothing, whatever the terms say', async () => {
    expect(await store.agreements.create(agreement(1))).toBe(true);
    expect(await store.agreements.create({ ...agreement(1), operation: 'other' })).toBe(false);
    expect(await store.agreements.find(agreementId(1))).toMatchObject({
      operation: 'match',
      terms: { purpose: '\u0000 naughty', n: 1 },
      plan: null,
    });
  });

  it('are found by the first characters that no other one has', async () => {
    await store.agreements.create({ ...agreement(1), id: 'abcdef1'.padEnd(64, '0') });
    await store.agreements.create({ ...agreement(2), id: 'abcdef2'.padEnd(64, '0') });
    expect((await store.agreements.find('abcdef1'))?.operation).toBe('match');
    for (const prefix of ['abcdef', 'abc', 'abcde%', '', 'ABCDEF1']) {
      expect(await store.agreements.find(prefix), prefix).toBeUndefined();
    }
  });

  it('are listed newest first, whole pages, also where times are equal', async () => {
    for (let n = 1; n <= 7; n++) await store.agreements.create(agreement(n, n < 4 ? 100 : n));
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.agreements.list({ limit: 2, after });
      seen.push(...page.items.map((row) => row.id));
      after = page.next;
      if (after === undefined) break;
    }
    expect(seen).toEqual([3, 2, 1, 7, 6, 5, 4].map(agreementId));
    for (const after of ['x', '1', '1.', "1.'; DROP TABLE agreements"]) {
      const page = store.agreements.list({ limit: 2, after });
      if (after.includes('DROP')) await expect(page).resolves.toEqual({ items: [] });
      else await expect(page).rejects.toMatchObject({ code: 'bad-cursor' });
    }
  });
});

describe('reasons of decisions', () => {
  it('that are not known are found in one query, of agreements that are kept here alone', async () => {
    for (const n of [1, 2, 3]) await store.agreements.create(agreement(n));
    const ended = (n: number, organisation: string, decision: 'rejected' | 'revoked') => ({
      ...{ agreement: agreementId(n), organisation, decision },
    });
    const told = { byUser: null, atMs: 1 };
    await store.decisions.add({ ...ended(1, 'media', 'rejected'), reason: 'too many rows', ...told });
    await store.decisions.add({ ...ended(2, 'media', 'rejected'), reason: null, ...told });
    const asked = [
      ended(1, 'media', 'rejected'),
      // Of another party, and another decision: neither is what is known.
      ended(1, 'agency', 'rejected'),
      ended(1, 'media', 'revoked'),
      ended(2, 'media', 'rejected'),
      ended(3, 'media', 'revoked'),
      ended(4, 'media', 'rejected'),
    ];
    const found = await store.decisions.unexplained(asked);
    expect(found).toHaveLength(3);
    expect(found).toEqual(expect.arrayContaining([asked[1], asked[2], asked[4]]));
    expect(await store.decisions.unexplained([])).toEqual([]);
  });
});

describe('jobs', () => {
  beforeEach(async () => {
    await store.agreements.create(agreement(1));
    await store.agreements.create(agreement(2));
  });

  it('[F58] the same job posted a hundred times in parallel is one job', async () => {
    const posted = await Promise.all(Array.from({ length: 100 }, () => store.jobs.create(job('j1'))));
    expect(posted.filter((each) => each.created)).toHaveLength(1);
    expect((await store.jobs.list({ limit: 10 })).items).toHaveLength(1);
  });

  it('a list of a thousand has of each what a list shows, and not what can be long', async () => {
    for (let n = 0; n < 1000; n++) {
      const [id, kind] = [`j${n}`, n % 3];
      await store.jobs.create({ ...job(id), operation: kind === 1 ? 'insight' : 'match', atMs: n });
      const { fence } = (await store.jobs.take(id, { name: 'w', atMs: n }))!;
      const figures = Array.from({ length: 50 }, (_, people) => ({ values: { city: 'x' }, people }));
      const counts = [
        { rows: 9, matched: n },
        { rows: 9, figures },
        { rows: 9, belowMinimum: 2 },
      ][kind];
      await store.jobs.end({ id, fence }, { status: 'finished', atMs: n, counts });
    }
    const { items, next } = await store.jobs.list({ limit: 1000 });
    expect([items.length, next]).toEqual([1000, undefined]);
    expect(items[0]).toMatchObject({ id: 'j999', told: 'counts', matched: 999, finishedAtMs: 999 });
    expect(items.slice(1, 3).map(({ told, matched }) => [told, matched])).toEqual([
      ['counts', null],
      ['figures', null],
    ]);
    expect(JSON.stringify(items).length / items.length).toBeLessThan(500);
    const half = await store.jobs.list({ limit: 600 });
    expect((await store.jobs.list({ limit: 600, after: half.next })).items.map(({ id }) => id)).toEqual(
      items.slice(600).map(({ id }) => id),
    );
  });

  it('[F58] two runs of one agreement do not overlap, and may follow one another', async () => {
    await store.jobs.create(job('j1'));
    await expect(store.jobs.create(job('j2'))).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.jobs.create(job('j1', 2))).rejects.toMatchObject({ code: 'conflict' });
    const taken = (await store.jobs.take('j1', { name: 'w', atMs: 6 }))!;
    await store.jobs.end({ id: 'j1', fence: taken.fence }, { status: 'failed', atMs: 7, error: { code: 'x' } });
    expect((await store.jobs.create(job('j2'))).created).toBe(true);
  });

  it('[F51] a worker that was thought dead can no longer write once another has taken the job', async () => {
    await store.jobs.create(job('j1'));
    const first = (await store.jobs.take('j1', { name: 'w1', atMs: 10 }))!;
    await store.jobs.report({ id: 'j1', fence: first.fence, atMs: 11 }, { progress: 0.5, stage: 'commit' });
    const second = (await store.jobs.take('j1', { name: 'w2', atMs: 99 }))!;
    expect(second).toMatchObject({ attempt: 2, worker: 'w2', startedAtMs: 10, progress: 0.5, stage: 'commit' });
    const stale = { id: 'j1', fence: first.fence, atMs: 100 };
    await expect(store.jobs.report(stale, { progress: 0.6 })).rejects.toMatchObject({ code: 'stale-fence' });
    await expect(store.jobs.end(stale, { status: 'finished', atMs: 100 })).rejects.toMatchObject({
      code: 'stale-fence',
    });
    await expect(store.jobs.interrupt(stale, {})).rejects.toMatchObject({ code: 'stale-fence' });
    await store.jobs.end({ id: 'j1', fence: second.fence }, { status: 'finished', atMs: 101, counts: { rows: 1 } });
    expect(await store.jobs.find('j1')).toMatchObject({ status: 'finished', progress: 1, counts: { rows: 1 } });
    expect(await store.jobs.take('j1', { name: 'w3', atMs: 102 })).toBeUndefined();
  });

  it('[F59] a cancelled job stays cancelling through take and interrupt, and ends once', async () => {
    await store.jobs.create(job('j1'));
    expect(await store.jobs.requestCancel('j1')).toMatchObject({ status: 'cancelling' });
    const taken = (await store.jobs.take('j1', { name: 'w', atMs: 6 }))!;
    expect(taken.status).toBe('cancelling');
    const held = { id: 'j1', fence: taken.fence };
    expect((await store.jobs.interrupt(held, { code: 'link' })).status).toBe('cancelling');
    await store.jobs.end(held, { status: 'cancelled', atMs: 9 });
    await expect(store.jobs.end(held, { status: 'finished', atMs: 9 })).rejects.toMatchObject({ code: 'stale-fence' });
    expect(await store.jobs.requestCancel('j1')).toBeUndefined();
  });

  it('a sign of life alone is no event; a watcher sees each state to the end, or from where it was', async () => {
    await store.jobs.create(job('j1'));
    const controller = new AbortController();
    const seen: JobRow[] = [];
    const watching = (async () => {
      for await (const row of store.jobs.watch('j1', { signal: controller.signal })) seen.push(row);
    })();
    const { fence } = (await store.jobs.take('j1', { name: 'w', atMs: 6 }))!;
    const held = { id: 'j1', fence, atMs: 7 };
    const before = await store.jobs.report(held);
    expect((await store.jobs.report(held)).sequence).toBe(before.sequence);
    await store.jobs.report(held, { progress: 0.25, ratePerSecond: 1000, etaSeconds: 3 });
    await store.jobs.end(held, { status: 'finished', atMs: 8 });
    await watching;
    expect(seen.at(-1)).toMatchObject({ status: 'finished', progress: 1, ratePerSecond: null });
    const sequences = seen.map((row) => row.sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    const again: number[] = [];
    for await (const row of store.jobs.watch('j1', { after: sequences.at(-1)! - 1, signal: controller.signal })) {
      again.push(row.sequence);
    }
    expect(again).toEqual([sequences.at(-1)]);
    for await (const row of store.jobs.watch('nothing', { signal: controller.signal })) expect(row).toBeUndefined();
  });

  it('a watcher that leaves stops looking', async () => {
    await store.jobs.create(job('j1'));
    const controller = new AbortController();
    const rows = store.jobs.watch('j1', { signal: controller.signal });
    expect((await rows.next()).done).toBe(false);
    setTimeout(() => controller.abort(), 20);
    expect((await rows.next()).done).toBe(true);
  });

  it('counts what runs and what waits', async () => {
    await store.jobs.create(job('j1'));
    await store.jobs.create(job('j2', 2));
    await store.jobs.take('j2', { name: 'w', atMs: 6 });
    expect(await store.jobs.count()).toEqual({ running: 1, queued: 1 });
    expect((await store.jobs.unfinished()).map((row) => row.id).sort()).toEqual(['j1', 'j2']);
    expect((await store.jobs.list({ limit: 5, status: 'running' })).items.map((row) => row.id)).toEqual(['j2']);
  });
});

describe('operations', () => {
  const operation = (id: string) => ({ id, kind: 'dataset.add', target: 'crm', startedBy: 'ada', atMs: 1 });

  it('end once; what comes after is not taken', async () => {
    await store.operations.start(operation('o1'));
    expect(await store.operations.report('o1', { stage: 'reading', progress: 0.5 })).toMatchObject({ progress: 0.5 });
    expect(await store.operations.requestCancel('o1')).toMatchObject({ status: 'cancelling' });
    await store.operations.end('o1', { status: 'finished', atMs: 2, result: { kind: 'dataset' } });
    expect(await store.operations.end('o1', { status: 'cancelled', atMs: 3 })).toBeUndefined();
    expect(await store.operations.report('o1', { progress: 0.1 })).toBeUndefined();
    expect(await store.operations.find('o1')).toMatchObject({
      status: 'finished',
      result: { kind: 'dataset' },
      error: null,
    });
  });

  it('[F51] what a dead node left running has failed', async () => {
    await store.operations.start(operation('o1'));
    await store.operations.start({ ...operation('o2'), atMs: 2 });
    await store.operations.end('o2', { status: 'finished', atMs: 2 });
    const failed = await store.operations.failUnfinished(9, { code: 'interrupted' });
    expect(failed.map((row) => row.id)).toEqual(['o1']);
    expect((await store.operations.recent()).map((row) => row.status)).toEqual(['finished', 'failed']);
  });
});

describe('templates of proposals', () => {
  const template = { id: 't1', name: 'spring', days: 30, proposal: { operation: 'match' }, atMs: 5, by: 'ada' };

  it('are kept by name: the last one under a name stays, under the id that it had', async () => {
    await store.templates.save(template);
    await store.templates.save({ ...template, id: 't2', days: 7, by: 'eve' });
    await store.templates.save({ ...template, id: 't3', name: 'autumn \u202e naughty' });
    expect((await store.templates.all()).map(({ id, name, days, createdBy }) => [id, name, days, createdBy])).toEqual([
      ['t3', 'autumn \u202e naughty', 30, 'ada'],
      ['t1', 'spring', 7, 'eve'],
    ]);
  });

  it('are removed by id or name, once', async () => {
    await store.templates.save(template);
    expect([await store.templates.remove('spring'), await store.templates.remove('t1')]).toEqual([true, false]);
    expect(await store.templates.all()).toEqual([]);
  });
});
