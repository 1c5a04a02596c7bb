import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { password, startTestApi, type TestApi } from './test-api.ts';

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi();
});
// All of these tests come from one address.
beforeEach(() => test.store.signInFailures.forget('address:127.0.0.1'));
afterAll(() => test.close());

const minuteMs = 60_000;
const me = (cookie: string) => test.send('GET', '/v1/sessions/current', { cookie });
async function newUser(name: string) {
  return test.api.accounts.createUser({ name, roles: ['analyst'], password });
}

describe('signing in', () => {
  it('sets a cookie that no script reads, no other site sends, and no other node of the machine overwrites', async () => {
    const { answer } = await test.signIn('admin');
    expect(answer.status).toBe(200);
    expect(answer.json.user).toMatchObject({ name: 'admin', roles: ['admin'], status: 'active' });
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(new RegExp(`^causeway-session-${test.api.port}=cws_[A-Za-z0-9_-]{43}; `));
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=43200'])
      expect(cookie).toContain(attribute);
    expect(answer.text).not.toContain('cws_');
  });

  it('[F105] makes a new session whatever the request brought, and ends what it brought (fixation)', async () => {
    const first = await test.signIn('admin');
    const fixed = `causeway-session-${test.api.port}=cws_${'A'.repeat(43)}`;
    const answer = await test.send(
      'POST',
      '/v1/sessions',
      { cookie: fixed, 'content-type': 'application/json' },
      JSON.stringify({ name: 'admin', password }),
    );
    expect(String(answer.headers['set-cookie'])).not.toContain('AAAA');
    expect((await me(fixed)).status).toBe(401);
    const again = await test.send(
      'POST',
      '/v1/sessions',
      { cookie: first.cookie, 'content-type': 'application/json' },
      JSON.stringify({ name: 'admin', password }),
    );
    expect(again.status).toBe(200);
    expect((await me(first.cookie)).status).toBe(401);
  });

  it('[F108] a wrong name, a wrong password and a disabled user are refused in the same words', async () => {
    const user = await newUser('sleeper');
    await test.store.users.update(user.id, { status: 'disabled' });
    const answers = [
      await test.signIn('nobody'),
      await test.signIn('steward', 'wrong password'),
      await test.signIn('sleeper'),
    ].map(({ answer }) => {
      const { requestId: _, ...problem } = answer.json;
      return { status: answer.status, problem };
    });
    expect(answers[0]).toMatchObject({ status: 401, problem: { code: 'bad-credentials' } });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('[F108] five wrong passwords lock the name, the right one too, for a time; an unknown name just the same', async () => {
    await newUser('Victim');
    for (const name of ['victim', 'invented']) {
      for (let i = 0; i < 5; i++) expect((await test.signIn(name, `guess ${i}`)).answer.status).toBe(401);
      const { answer } = await test.signIn(name);
      expect(answer.status).toBe(429);
      expect(answer.json).toMatchObject({ code: 'too-many-attempts', remedy: expect.stringContaining('admin') });
      expect(answer.headers['retry-after']).toBe('60');
    }
    // Another way to write the same name is the same lock.
    expect((await test.signIn('ＶICTIM')).answer.status).toBe(429);
    test.clock.nowMs += minuteMs;
    expect((await test.signIn('victim')).answer.status).toBe(200);
    expect((await test.signIn('victim', 'wrong again')).answer.status).toBe(401);
  });

  it('[F108] thirty guesses at once are five guesses', async () => {
    await newUser('parallel');
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => (await test.signIn('parallel', `guess ${i}`)).answer.status),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(25);
  });

  it('an admin sees the lock, and a new password lifts it and ends the sessions', async () => {
    const user = await newUser('forgetful');
    const { cookie } = await test.signIn('forgetful');
    for (let i = 0; i < 5; i++) await test.signIn('forgetful', `guess ${i}`);
    const list = (await test.as('admin', 'GET', '/v1/users')).json.items;
    expect(list.find((each: { name: string }) => each.name === 'forgetful').lockedUntil).toBe(
      new Date(test.clock.nowMs + minuteMs).toISOString(),
    );
    const next = 'another long password';
    expect((await test.as('admin', 'POST', `/v1/users/${user.id}/password`, { password: next })).status).toBe(200);
    expect((await me(cookie)).status).toBe(401);
    expect((await test.signIn('forgetful')).answer.status).toBe(401);
    expect((await test.signIn('forgetful', next)).answer.status).toBe(200);
  });

  it('[F108] one address that sprays many names is stopped, and right sign-ins do not count against it', async () => {
    const spray = await startTestApi();
    try {
      for (let i = 0; i < 60; i++) {
        await spray.signIn('admin');
        spray.clock.nowMs += 1000;
      }
      const statuses: number[] = [];
      for (let i = 0; i < 60; i++) statuses.push((await spray.signIn(`name${i}`, 'Summer2026!!')).answer.status);
      expect(statuses.indexOf(429)).toBe(50);
      expect(new Set(statuses.slice(50))).toEqual(new Set([429]));
    } finally {
      await spray.close();
    }
  });
});

describe('a session', () => {
  it('[F105] changes nothing without its header: CSRF', async () => {
    const { cookie, csrf } = await test.signIn('admin');
    const create = (headers: Record<string, string>) =>
      test.send('POST', '/v1/tokens', { cookie, 'content-type': 'application/json', ...headers }, '{"name":"t"}');
    expect((await create({})).json).toMatchObject({ status: 403, code: 'csrf' });
    expect((await create({ 'x-causeway-csrf': `${csrf}x` })).status).toBe(403);
    expect((await create({ 'x-causeway-csrf': (await test.signIn('admin')).csrf })).status).toBe(403);
    expect((await create({ 'x-causeway-csrf': csrf })).status).toBe(200);
    expect((await me(cookie)).json.csrf).toBe(csrf);
  });

  it.each([
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['a foreign origin on the same port', { origin: 'http://evil.example:PORT' }],
    ['an opaque origin', { origin: 'null' }],
    ['another site of the machine', { 'sec-fetch-site': 'same-site' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ])('[F105] a form of %s is refused, signing in included', async (_name, headers) => {
    const { cookie, csrf } = await test.signIn('admin');
    const sent = Object.fromEntries(
      Object.entries(headers).map(([k, v]) => [k, v.replace('PORT', String(test.api.port))]),
    );
    const json = { 'content-type': 'application/json', ...sent };
    const create = await test.send('POST', '/v1/tokens', { cookie, 'x-causeway-csrf': csrf, ...json }, '{"name":"t"}');
    expect(create.json).toMatchObject({ status: 403, code: 'csrf' });
    const login = await test.send('POST', '/v1/sessions', json, JSON.stringify({ name: 'admin', password }));
    expect(login.json).toMatchObject({ status: 403, code: 'csrf' });
    expect(login.headers['set-cookie']).toBeUndefined();
  });

  it('the console’s own requests pass', async () => {
    const { cookie, csrf } = await test.signIn('admin');
    const own = { origin: test.api.url, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
    const answer = await test.send('POST', '/v1/tokens', { cookie, 'x-causeway-csrf': csrf, ...own }, '{"name":"t"}');
    expect(answer.status).toBe(200);
  });

  it('ends by signing out, after an hour of rest, and after twelve hours in any case', async () => {
    const first = await test.signIn('admin');
    const out = await test.send('DELETE', '/v1/sessions/current', {
      cookie: first.cookie,
      'x-causeway-csrf': first.csrf,
    });
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0');
    expect((await me(first.cookie)).status).toBe(401);

    const resting = await test.signIn('admin');
    test.clock.nowMs += 60 * minuteMs;
    expect((await me(resting.cookie)).status).toBe(401);

    const busy = await test.signIn('admin');
    for (let i = 0; i < 23; i++) {
      test.clock.nowMs += 30 * minuteMs;
      expect((await me(busy.cookie)).status).toBe(200);
    }
    test.clock.nowMs += 30 * minuteMs;
    expect((await me(busy.cookie)).status).toBe(401);
  });

  it('ends when an admin changes the user’s roles or disables it, and its tokens with it', async () => {
    const user = await newUser('moved');
    const { secret } = await test.api.accounts.createToken({ userId: user.id, name: 't' });
    const withToken = () => test.send('GET', '/v1/sessions/current', { authorization: `Bearer ${secret}` });
    const first = await test.signIn('moved');
    await test.as('admin', 'PATCH', `/v1/users/${user.id}`, { roles: ['auditor'] });
    expect((await me(first.cookie)).status).toBe(401);
    expect((await withToken()).json.user.roles).toEqual(['auditor']);
    await test.as('admin', 'PATCH', `/v1/users/${user.id}`, { status: 'disabled' });
    expect((await withToken()).status).toBe(401);
  });

  it('changing one’s password needs the current one, is throttled like signing in, and ends one’s other sessions', async () => {
    await newUser('careful');
    const here = await test.signIn('careful');
    const there = await test.signIn('careful');
    const change = (current: string) =>
      test.send(
        'POST',
        '/v1/sessions/current/password',
        { cookie: here.cookie, 'x-causeway-csrf': here.csrf, 'content-type': 'application/json' },
        JSON.stringify({ current, password: 'a new long password' }),
      );
    expect((await change('wrong')).json.code).toBe('bad-credentials');
    expect((await change(password)).status).toBe(200);
    expect((await me(here.cookie)).status).toBe(200);
    expect((await me(there.cookie)).status).toBe(401);
    for (let i = 0; i < 5; i++) await change(`guess ${i}`);
    expect((await change('a new long password')).status).toBe(429);
  });
});

describe('a token', () => {
  it('is shown once, works, expires, and is stored as a hash only', async () => {
    const expiresAt = new Date(test.clock.nowMs + 10 * minuteMs).toISOString();
    const made = await test.as('auditor', 'POST', '/v1/tokens', { name: 'ci', expiresAt });
    const { secret, token } = made.json;
    expect(secret).toMatch(/^cwy_[A-Za-z0-9_-]{43}$/);
    const use = () => test.send('GET', '/v1/sessions/current', { authorization: `Bearer ${secret}` });
    expect((await use()).json.user.name).toBe('auditor');
    const listed = (await test.as('auditor', 'GET', '/v1/tokens')).json.items.find(
      (each: { id: string }) => each.id === token.id,
    );
    expect(listed).toEqual({ ...token, lastUsedAt: new Date(test.clock.nowMs).toISOString() });
    const stored = await test.store.database.pool.query('SELECT * FROM tokens');
    expect(JSON.stringify(stored.rows)).not.toContain(secret.slice(4));
    test.clock.nowMs += 10 * minuteMs;
    expect((await use()).status).toBe(401);
  });

  it('needs no CSRF header, and a cookie beside it changes nothing', async () => {
    const { cookie } = await test.signIn('admin');
    const answer = await test.send('GET', '/v1/users', { cookie, authorization: `Bearer ${test.tokens.analyst}` });
    expect(answer.status).toBe(404);
  });

  const vectors = fileURLToPath(new URL('../../../shared/vectors/wycheproof/', import.meta.url));
  const names = ['json_web_signature_test.json', 'json_web_key_test.json', 'json_web_encryption_test.json'];
  describe.skipIf(!existsSync(vectors))('of another kind', () => {
    it('[F108] no JSON Web Token, right or wrong, is a token here: there is no algorithm to confuse', async () => {
      const tokens = names
        .filter((name) => existsSync(vectors + name))
        .flatMap((name) =>
          [...readFileSync(vectors + name, 'utf8').matchAll(/"(eyJ[A-Za-z0-9_.-]+)"/g)].map((match) => match[1]!),
        );
      expect(tokens.length).toBeGreaterThan(100);
      for (const token of tokens.filter((each) => each.length < 8000).slice(0, 300)) {
        const answer = await test.send('GET', '/v1/sessions/current', { authorization: `Bearer ${token}` });
        expect(answer.status).toBe(401);
      }
    });
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Basic YWRtaW46YWRtaW4=',
    'Bearer cwy_',
    `Bearer cwy_${'A'.repeat(43)}`,
    `Bearer cwy_${'A'.repeat(43)} x`,
    `Bearer ' OR 1=1 --`,
    'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.',
  ])('[F108] %s is refused, with the same words', async (authorization) => {
    const answer = await test.send('GET', '/v1/sessions/current', { authorization });
    expect(answer.json).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(answer.headers['www-authenticate']).toContain('Bearer');
  });
});

describe('users and settings', () => {
  it('a name is taken once, however it is written; the last admin stays', async () => {
    const create = (name: string) => test.as('admin', 'POST', '/v1/users', { name, password, roles: ['analyst'] });
    expect((await create('李雷')).status).toBe(200);
    expect((await create('李雷')).json).toMatchObject({ status: 409, code: 'conflict' });
    expect((await create('ADMIN')).status).toBe(409);
    const last = await test.as('admin', 'PATCH', `/v1/users/${test.ids.admin}`, { roles: ['auditor'] });
    expect(last.json).toMatchObject({ status: 409, remedy: expect.stringContaining('another user') });
    expect((await test.as('admin', 'PATCH', `/v1/users/${'0'.repeat(24)}`, { roles: ['auditor'] })).status).toBe(404);
  });

  it.each(['short', 'x'.repeat(1025)])('a password of %s… is not long enough, or too long to hash', async (bad) => {
    const answer = await test.as('admin', 'POST', '/v1/users', { name: 'n', password: bad, roles: ['analyst'] });
    expect(answer.json).toMatchObject({ status: 400, pointer: '/password' });
    expect(answer.text).not.toContain(bad);
  });

  it('settings begin with the guards on, and change one by one', async () => {
    expect((await test.as('auditor', 'GET', '/v1/settings')).json).toEqual({
      fourEyes: false,
      minimumListRows: 1000,
      minimumGroupRows: 50,
      evaluationsPerDayMax: 1_000_000,
      densityPercentMax: 50,
      optOutDatasets: [],
      opjaKeys: [],
      dnsServers: [],
      uploadBytesMax: 100_000_000_000,
      datasetFolders: [],
    });
    const change = (body: unknown) => test.as('admin', 'PATCH', '/v1/settings', body);
    expect((await change({ fourEyes: true, minimumListRows: 5000 })).json).toMatchObject({
      fourEyes: true,
      minimumListRows: 5000,
    });
    expect((await change({ minimumListRows: 1 })).json).toMatchObject({ status: 400, pointer: '/minimumListRows' });
    expect((await change({ minimumGroupRows: 60, fourEyes: 'yes' })).status).toBe(400);
    expect((await test.as('auditor', 'GET', '/v1/settings')).json).toMatchObject({
      fourEyes: true,
      minimumGroupRows: 50,
    });
  });
});

describe('the audit log', () => {
  it('has what was done, by whom, to what; no password, token or invite; and its chain holds', async () => {
    const secretPassword = 'S3cret-audit-canary!';
    const invite = 'causeway:CANARYCANARYCANARY';
    const created = await test.as('admin', 'POST', '/v1/users', {
      name: 'audited',
      password: secretPassword,
      roles: ['auditor'],
    });
    await test.signIn('audited', secretPassword);
    await test.signIn('audited', 'mistyped-canary');
    await test.signIn('mistyped-canary', 'x');
    await test.as('admin', 'POST', '/v1/network/members', { invite });
    await test.as('admin', 'PATCH', '/v1/settings', { minimumGroupRows: 70 });
    await test.as('admin', 'PATCH', `/v1/users/${created.json.id}`, { roles: ['analyst', 'steward'] });
    const page = (await test.as('auditor', 'GET', '/v1/audit?limit=7')).json;
    const lines = page.items.map((line: Record<string, string>) => [
      line.actor,
      line.action,
      line.target,
      line.outcome,
      line.detail,
    ]);
    expect(lines).toEqual([
      ['admin', 'user.update', `user=${created.json.id} roles=analyst,steward`, 'done', undefined],
      ['admin', 'settings.update', 'minimumGroupRows=70', 'done', undefined],
      ['admin', 'network.join', undefined, 'refused', 'reached'],
      ['anonymous', 'session.login', undefined, 'refused', 'bad-credentials'],
      ['audited', 'session.login', undefined, 'refused', 'bad-credentials'],
      ['audited', 'session.login', undefined, 'done', undefined],
      ['admin', 'user.create', 'name=audited roles=auditor', 'done', undefined],
    ]);
    expect((await test.as('auditor', 'GET', `/v1/audit?limit=1&after=${page.next}`)).json.items[0].sequence).toBe(
      Number(page.next) - 1,
    );
    const whole = JSON.stringify((await test.as('auditor', 'GET', '/v1/audit?limit=1000')).json);
    for (const text of [whole, test.logged()]) {
      for (const canary of [secretPassword, 'canary', 'CANARY', password, 'cws_', 'cwy_'])
        expect(text).not.toContain(canary);
    }
    expect((await test.as('auditor', 'POST', '/v1/audit/verify', {})).json).toMatchObject({ ok: true });
  });
});
