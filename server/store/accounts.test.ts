import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from './store.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { nameKey } from './users.ts';

let server: TestServer;
let store: Store;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  store = await server.store();
});
afterAll(() => server.close());

const secret = (n: number) => Buffer.alloc(32, n);
const ada = { id: 'u1', name: 'Ada', roles: ['admin'] as const, passwordHash: 'h', atMs: 10 };

describe('users', () => {
  it('a name is one name however it is written', async () => {
    await store.users.create(ada);
    expect((await store.users.byName('ａＤＡ'))?.id).toBe('u1');
    await expect(store.users.create({ ...ada, id: 'u2', name: 'ADA' })).rejects.toMatchObject({ code: 'conflict' });
    expect(nameKey('长堤')).toBe('长堤');
  });

  it('the last active admin stays one, also when two remove each other at once', async () => {
    await store.users.create(ada);
    await expect(store.users.update('u1', { roles: ['auditor'] })).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.users.update('u1', { status: 'disabled' })).rejects.toMatchObject({ code: 'conflict' });
    await store.users.create({ ...ada, id: 'u2', name: 'Bo' });
    const outcomes = await Promise.allSettled([
      store.users.update('u1', { status: 'disabled' }),
      store.users.update('u2', { roles: ['analyst'] }),
    ]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await store.users.update('nobody', { status: 'disabled' })).toBeUndefined();
  });

  it('a role that does not exist is refused by the table itself', async () => {
    await expect(store.users.create({ ...ada, roles: ['root' as never] })).rejects.toMatchObject({ code: '23514' });
  });
});

describe('sessions and tokens', () => {
  beforeEach(async () => {
    await store.users.create(ada);
    await store.users.create({ ...ada, id: 'u2', name: 'Bo' });
  });

  it('a session ends by time, by idleness, by sign-out, and with its user', async () => {
    await store.sessions.create({ secretHash: secret(1), userId: 'u1', csrf: 'c', atMs: 100, expiresAtMs: 1000 });
    const at = (atMs: number) => store.sessions.find(secret(1), { atMs, idleMaxMs: 500 });
    expect((await at(599))?.user.name).toBe('Ada');
    expect(await at(600)).toBeUndefined();
    await store.sessions.seen(secret(1), 550);
    expect(await at(999)).toBeDefined();
    expect(await at(1000)).toBeUndefined();
    await store.users.update('u1', { status: 'disabled' });
    expect(await at(600)).toBeUndefined();
    await store.users.update('u1', { status: 'active' });
    await store.sessions.end(secret(1));
    expect(await at(600)).toBeUndefined();
    expect(await store.sessions.find(secret(2), { atMs: 0, idleMaxMs: 1 })).toBeUndefined();
  });

  it('all sessions of a user end, but for the one that asked', async () => {
    for (const n of [1, 2, 3]) {
      const userId = n === 3 ? 'u2' : 'u1';
      await store.sessions.create({ secretHash: secret(n), userId, csrf: 'c', atMs: 0, expiresAtMs: 1000 });
    }
    await store.sessions.endAllOf('u1', { except: secret(2) });
    const left = await Promise.all([1, 2, 3].map((n) => store.sessions.find(secret(n), { atMs: 1, idleMaxMs: 100 })));
    expect(left.map((found) => found !== undefined)).toEqual([false, true, true]);
  });

  it('[F106] a token is found by its secret, and only its owner revokes it', async () => {
    await store.tokens.create({ id: 't1', userId: 'u1', name: 'ci', secretHash: secret(9), atMs: 5, expiresAtMs: 100 });
    expect((await store.tokens.find(secret(9), 99))?.user.id).toBe('u1');
    expect(await store.tokens.find(secret(9), 100)).toBeUndefined();
    expect(await store.tokens.revoke({ id: 't1', userId: 'u2', atMs: 20 })).toBe(false);
    expect(await store.tokens.of('u2', 20)).toEqual([]);
    expect(await store.tokens.of('u1', 20)).toHaveLength(1);
    expect(await store.tokens.revoke({ id: 't1', userId: 'u1', atMs: 20 })).toBe(true);
    expect(await store.tokens.find(secret(9), 30)).toBeUndefined();
    expect(await store.tokens.revoke({ id: 't1', userId: 'u1', atMs: 21 })).toBe(false);
  });
});

describe('attempts to sign in', () => {
  const rule = { freeAttempts: 5, firstWaitMs: 60_000, waitMaxMs: 600_000, forgetAfterMs: 900_000 };
  const admit = (atMs: number) => store.signInFailures.admit('name:ada', rule, atMs);

  it('[F108] of a hundred at once only the free ones are made', async () => {
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => admit(1000)));
    expect(outcomes.filter((outcome) => outcome.admitted)).toHaveLength(5);
    expect(outcomes.find((outcome) => !outcome.admitted)).toEqual({ admitted: false, untilMs: 61_000 });
  });

  it('[F108] after a lock one attempt is made, and each wait is twice the one before, up to the bound', async () => {
    for (let i = 0; i < 5; i++) await admit(0);
    const waits: number[] = [];
    for (let atMs = 60_000, i = 0; i < 5; i++) {
      const outcomes = await Promise.all([admit(atMs), admit(atMs)]);
      expect(outcomes.filter((outcome) => outcome.admitted)).toHaveLength(1);
      const { lockedUntilMs } = (await store.signInFailures.of('name:ada'))!;
      waits.push(lockedUntilMs - atMs);
      atMs = lockedUntilMs;
    }
    expect(waits).toEqual([120_000, 240_000, 480_000, 600_000, 600_000]);
  });

  it('an attempt that was right does not count; without attempts counting begins again', async () => {
    for (let i = 0; i < 50; i++) {
      expect((await admit(i)).admitted).toBe(true);
      await store.signInFailures.takeBack('name:ada');
    }
    for (let i = 0; i < 4; i++) await admit(100);
    expect((await admit(1_000_000)).admitted).toBe(true);
    expect((await store.signInFailures.of('name:ada'))?.failures).toBe(1);
    await store.signInFailures.forgetBefore(1_000_000);
    expect(await store.signInFailures.of('name:ada')).toBeDefined();
    await store.signInFailures.forgetBefore(1_000_001);
    expect(await store.signInFailures.of('name:ada')).toBeUndefined();
  });
});

describe('settings', () => {
  it('keep any JSON, U+0000 and lone surrogates included, as it was', async () => {
    const value = { a: ['\u0000', '\ud800', '长堤', 1e300, null, { __proto__x: true }] };
    await store.settings.put({ key: 'k', value, atMs: 1, by: 'ada' });
    expect(await store.settings.get('k')).toEqual(value);
    await store.settings.put({ key: 'k', value: 2, atMs: 2, by: 'bo' });
    expect(await store.settings.all()).toEqual(new Map([['k', 2]]));
    expect(await store.settings.get('other')).toBeUndefined();
  });

  it('what is done in a transaction that fails did not happen', async () => {
    const failed = store.transaction(async (inside) => {
      await inside.settings.put({ key: 'k', value: 1, atMs: 1, by: 'ada' });
      await inside.audit.append({ atMs: 1, actor: 'ada', action: 'x', outcome: 'done' });
      throw new RangeError('stop');
    });
    await expect(failed).rejects.toThrow('stop');
    expect(await store.settings.get('k')).toBeUndefined();
    expect((await store.audit.list({ limit: 10 })).items).toEqual([]);
  });
});
