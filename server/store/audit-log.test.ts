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

const event = (n: number) => ({ atMs: n, actor: 'ada', action: 'job.run', target: `t${n}`, outcome: 'done' as const });

/** What an attacker with the database’s password could do. */
async function tamper(sql: string): Promise<void> {
  await store.database.pool.query(`ALTER TABLE audit_log DISABLE TRIGGER USER; ${sql}`);
}

describe('the audit log', () => {
  it('grows only: no update, no delete, no truncate', async () => {
    await store.audit.append(event(1));
    for (const sql of ["UPDATE audit_log SET actor = 'eve'", 'DELETE FROM audit_log', 'TRUNCATE audit_log']) {
      await expect(store.database.pool.query(sql), sql).rejects.toMatchObject({ code: '23001' });
    }
  });

  it('lines of many writers at once form one chain', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, n) => store.audit.append(event(n))));
    expect(await store.audit.verify()).toMatchObject({ ok: true, entries: 40 });
  });

  it.each([
    ['an altered line', "UPDATE audit_log SET actor = 'eve' WHERE sequence = 3", 3],
    ['an altered outcome', "UPDATE audit_log SET outcome = 'refused' WHERE sequence = 5", 5],
    ['a field moved into the next', 'UPDATE audit_log SET job = target, target = NULL WHERE sequence = 4', 4],
    ['a removed line', 'DELETE FROM audit_log WHERE sequence = 2', 2],
    [
      'a removed line, renumbered',
      'DELETE FROM audit_log WHERE sequence = 2; UPDATE audit_log SET sequence = sequence - 1 WHERE sequence > 2',
      2,
    ],
    [
      'two lines exchanged',
      'UPDATE audit_log SET sequence = -1 WHERE sequence = 3; UPDATE audit_log SET sequence = 3 WHERE sequence = 4; UPDATE audit_log SET sequence = 4 WHERE sequence = -1',
      3,
    ],
    [
      'an inserted line',
      "INSERT INTO audit_log SELECT 7, 9, 'eve', action, target, job, outcome, detail, hash FROM audit_log WHERE sequence = 6",
      7,
    ],
  ])('[F94] %s shows, with its place', async (_name, sql, firstBroken) => {
    for (let n = 1; n <= 6; n++) await store.audit.append(event(n));
    expect((await store.audit.verify()).ok).toBe(true);
    await tamper(sql);
    expect(await store.audit.verify()).toMatchObject({ ok: false, firstBroken });
  });

  it('is read newest first, in pages, by job where asked', async () => {
    for (let n = 1; n <= 5; n++) await store.audit.append({ ...event(n), ...(n % 2 === 0 ? { job: 'j' } : {}) });
    const first = await store.audit.list({ limit: 2 });
    expect(first.items.map((row) => row.sequence)).toEqual([5, 4]);
    await store.audit.append(event(6));
    const second = await store.audit.list({ limit: 3, after: first.next });
    expect(second.items.map((row) => row.sequence)).toEqual([3, 2, 1]);
    expect(second.next).toBeUndefined();
    expect((await store.audit.list({ limit: 9, job: 'j' })).items.map((row) => row.sequence)).toEqual([4, 2]);
    await expect(store.audit.list({ limit: 1, after: 'x' })).rejects.toMatchObject({ code: 'bad-cursor' });
  });

  it('[F4] keeps naughty text, and text that PostgreSQL cannot hold in a form that shows it', async () => {
    const detail = "'; DROP TABLE users; -- \u202e \u{1f9e8} \u0000 \ud800 end";
    const row = await store.audit.append({ ...event(1), detail });
    expect(row.detail).toBe(detail.replace('\u0000', '\ufffd').replace('\ud800', '\ufffd'));
    expect((await store.audit.verify()).ok).toBe(true);
  });
});
