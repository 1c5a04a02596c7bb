import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

const leaf = (index: number, type = 'member.joined') => ({
  index,
  leaf: new TextEncoder().encode(`{"n":"\\u0000 长堤 ${index}"}`),
  type,
  author: 'aurora',
});
const leaves = (first: number, count: number) => Array.from({ length: count }, (_, i) => leaf(first + i));
const head = (size: number, fill = size) => ({
  size,
  root: new Uint8Array(32).fill(fill),
  note: new Uint8Array([1, 2, fill]),
  atMs: size,
});

describe('the copy of the ledger', () => {
  it('gives back the bytes that were hashed', async () => {
    await store.ledger.append(leaves(0, 3), head(3));
    const back = await store.ledger.range(1, 10);
    expect(back.map((each) => Buffer.from(each.leaf).toString())).toEqual(
      leaves(1, 2).map((each) => Buffer.from(each.leaf).toString()),
    );
    expect(new Uint8Array((await store.ledger.latestHead())!.note)).toEqual(head(3).note);
  });

  it.each([
    ['a gap', leaves(4, 1)],
    ['a record twice', leaves(1, 1)],
    ['records out of order', [leaf(3), leaf(2)]],
  ])('[F94] %s is refused, and nothing of it is kept', async (_name, wrong) => {
    await store.ledger.append(leaves(0, 2), head(2));
    await expect(store.ledger.append(wrong)).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.ledger.append([leaf(2), ...wrong])).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.ledger.size()).toBe(2);
  });

  it('leaves and the head over them come together or not at all', async () => {
    await expect(store.ledger.append(leaves(0, 2), head(3))).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.ledger.size()).toBe(0);
    expect(await store.ledger.latestHead()).toBeUndefined();
  });

  it('of two writers with the same next record, one wins', async () => {
    await store.ledger.append(leaves(0, 1));
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => store.ledger.append(leaves(1, 5))));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(await store.ledger.size()).toBe(6);
  });

  it('[F93] two heads of one size and two roots are never both kept', async () => {
    await store.ledger.append(leaves(0, 2), head(2));
    await store.ledger.putHead(head(2));
    await expect(store.ledger.putHead(head(2, 9))).rejects.toMatchObject({ code: 'conflict' });
    expect(new Uint8Array((await store.ledger.headOf(2))!.root)).toEqual(head(2).root);
  });

  it('[F94] neither a record nor the whole table can be altered through the node’s own connection', async () => {
    await store.ledger.append(leaves(0, 2));
    for (const sql of ['UPDATE ledger_records SET author = $1', 'DELETE FROM ledger_records WHERE author <> $1']) {
      await expect(store.database.pool.query(sql, ['eve'])).rejects.toMatchObject({ code: '23001' });
    }
  });

  it('keeps each member’s first cosignature under a head', async () => {
    await store.ledger.append(leaves(0, 2), head(2));
    for (const [organisation, line] of [
      ['b', 'x'],
      ['a', 'y'],
      ['b', 'z'],
    ] as const) {
      await store.ledger.putCosignature({ size: 2, organisation, line, atMs: 1 });
    }
    expect(await store.ledger.cosignatures(2)).toEqual([
      { organisation: 'a', line: 'y' },
      { organisation: 'b', line: 'x' },
    ]);
  });

  it('replays 20,000 records in order, and lists the newest of a type', async () => {
    await store.ledger.append(leaves(0, 20_000));
    await store.ledger.append([leaf(20_000, 'job.started')]);
    let next = 0;
    for await (const batch of store.ledger.replay()) for (const each of batch) expect(each.index).toBe(next++);
    expect(next).toBe(20_001);
    expect((await store.ledger.newest({ limit: 2, before: 20_000 })).map((each) => each.index)).toEqual([
      19_999, 19_998,
    ]);
    expect((await store.ledger.newest({ limit: 2, type: 'job.started' })).map((each) => each.index)).toEqual([20_000]);
  });
});
