import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { uploadPieceBytes } from '@causeway/core/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../observe/index.ts';
import type { DomainHandlers } from './context.ts';
import { startApi } from './index.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi({
    // An answer that the table does not promise, with something in it that must not get out.
    'dataset.list': async () => ({ items: [{ id: 'd', secret: 'canary-13800138000' }] }) as never,
    'dataset.show': async () => {
      throw new Error('canary-13800138000 is in this message');
    },
    'catalogue.list': async () => ({ items: [] }),
    'audience.download': async () => ({
      name: `六月"\r\nset-cookie: a=b'(1).csv`,
      bytes: 200_000,
      content: (async function* () {
        for (let chunk = 0; chunk < 10; chunk++) yield new Uint8Array(20_000).fill(48 + chunk);
      })(),
    }),
  });
});
afterAll(() => test.close());

const shared = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url));
const post = (body: string | Uint8Array, type = 'application/json') =>
  test.send('POST', '/v1/tokens', { authorization: `Bearer ${test.tokens.admin}`, 'content-type': type }, body);

describe('[F48] JSON', () => {
  it.each([
    ['a name twice', '{"name":"a","name":"b"}', '/name'],
    ['__proto__', '{"name":"a","__proto__":{"admin":true}}', '/__proto__'],
    ['__proto__, escaped', '{"name":"a","\\u005f_proto__":1}', '/__proto__'],
    ['constructor.prototype', '{"constructor":{"prototype":{"roles":["admin"]}}}', '/constructor'],
    ['1e400', '{"name":1e400}', '/name'],
    ['a lone surrogate', '{"name":"\\ud800"}', '/name'],
    ['a depth of 100,000', '['.repeat(100_000), undefined],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), ''],
    ['a byte-order mark', '\ufeff{"name":"a"}', ''],
    ['nothing but a comma', ',', ''],
  ])('%s is refused, with the place', async (_name, body, pointer) => {
    const answer = await post(body);
    expect(answer.json).toMatchObject({ status: 400, code: 'malformed-json' });
    if (pointer !== undefined) expect(answer.json.pointer).toBe(pointer);
  });

  it('a million names, and a body over the limit, are refused as too large', async () => {
    const names = `{${Array.from({ length: 300_000 }, (_, i) => `"${i}":0`).join(',')}}`;
    expect((await post(names.slice(0, 1 << 20))).status).toBe(400);
    const many = `[${'0,'.repeat(400_000)}0]`;
    expect((await post(many)).json).toMatchObject({ status: 413, code: 'body-too-large' });
    expect((await post('x'.repeat((1 << 20) + 1))).json).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  describe.skipIf(!existsSync(`${shared}json_test_suite`))('of the JSON test suite', () => {
    it('every invalid document is answered with 400, every valid one is taken apart by its fields', async () => {
      const folder = `${shared}json_test_suite/test_parsing/`;
      const names = readdirSync(folder).filter((name) => /^[ny]_/.test(name));
      expect(names).toHaveLength(95 + 188);
      for (const name of names) {
        const bytes = readFileSync(folder + name);
        const { status, json } = await post(bytes);
        // An empty body is no body: then the fields are missing.
        const kinds =
          name.startsWith('n_') && bytes.length > 0 ? ['malformed-json'] : ['invalid-request', 'malformed-json'];
        expect([status, kinds.includes(json.code) || json.code], name).toEqual([400, true]);
        if (name.startsWith('y_') && !name.includes('duplicated_key')) expect(json.code, name).toBe('invalid-request');
      }
    });
  });
});

describe('an answer that is a file', () => {
  it('comes whole, is saved and not shown, and its name cannot end its header', async () => {
    const { status, headers, text } = await test.as('steward', 'GET', '/v1/audiences/a/exports/ex-1');
    expect([status, text.length, text.slice(-3)]).toEqual([200, 200_000, '999']);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-length': '200000',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-disposition':
        "attachment; filename*=UTF-8''%E5%85%AD%E6%9C%88%22%0D%0Aset-cookie%3A%20a%3Db%27%281%29.csv",
    });
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('is on the audit log with who took it', async () => {
    const { items } = (await test.as('auditor', 'GET', '/v1/audit')).json;
    expect(items).toContainEqual(
      expect.objectContaining({
        action: 'audience.download',
        actor: 'steward',
        target: 'audience=a export=ex-1',
        outcome: 'done',
      }),
    );
  });
});

describe('a body that is bytes', () => {
  const path = `/v1/uploads/up-1/pieces/0?digest=${'0'.repeat(64)}`;
  const put = (headers: Record<string, string>, body: string | Uint8Array) =>
    test.send('PUT', path, { authorization: `Bearer ${test.tokens.steward}`, ...headers }, body);
  const octets = { 'content-type': 'application/octet-stream' };

  it('reaches the route that takes it, up to the size that the route says', async () => {
    expect(await put(octets, new Uint8Array(uploadPieceBytes))).toMatchObject({ status: 418 });
    expect((await put(octets, new Uint8Array(uploadPieceBytes + 1))).json).toMatchObject({
      status: 413,
      code: 'body-too-large',
    });
  });

  it('is refused where it is declared as something else, and where no bytes are taken', async () => {
    const json = { 'content-type': 'application/json' };
    expect((await put(json, '{}')).json).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    const headers = { authorization: `Bearer ${test.tokens.steward}`, ...octets };
    const other = await test.send('POST', '/v1/files/inspect', headers, '{"path":"/a"}');
    expect(other.json).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('is not written down piece by piece; its beginning is', async () => {
    await put(octets, 'x');
    await test.as('steward', 'POST', '/v1/uploads', { name: 'a.csv', bytes: 1, fingerprint: '0'.repeat(64) });
    const { items } = await test.store.audit.list({ limit: 5 });
    expect(items.map(({ action }) => action)).not.toContain('upload.put');
    expect(items[0]).toMatchObject({ action: 'upload.begin', target: 'name=a.csv' });
  });
});

describe('[F112] what a route does not know', () => {
  it.each([
    ['an unknown field', '{"name":"t","admin":true}', '/admin'],
    ['a missing field', '{}', '/name'],
    ['a wrong type', '{"name":{"a":1}}', '/name'],
    ['an array instead of an object', '[]', ''],
    ['null', 'null', ''],
    ['a time that is none', '{"name":"t","expiresAt":"2026-02-30T00:00:00Z"}', '/expiresAt'],
  ])('%s is a 400 that names it', async (_name, body, pointer) => {
    expect((await post(body)).json).toMatchObject({ status: 400, code: 'invalid-request', pointer });
  });

  it('an unknown or repeated query parameter, and a body where none belongs, too', async () => {
    for (const query of ['x=1', 'limit=0', 'limit=1001', 'limit=ten', 'limit=1&limit=2']) {
      const answer = await test.as('admin', 'GET', `/v1/audit?${query}`);
      expect(answer.json, query).toMatchObject({ status: 400, pointer: query.startsWith('x') ? '/x' : '/limit' });
    }
    expect((await test.as('admin', 'DELETE', '/v1/tokens/x', { force: true })).json).toMatchObject({
      pointer: '/force',
    });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    '',
  ])('[F105] a body of type "%s" is not read: a form of another site cannot send JSON', async (type) => {
    const answer = await post('{"name":"t"}', type);
    expect(answer.json).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });
});

describe.skipIf(!existsSync(`${shared}bad_inputs/blns.json`))('[F4][F113] naughty strings', () => {
  it('come back as they were sent, or are refused by name; never anything else', async () => {
    const strings: string[] = JSON.parse(readFileSync(`${shared}bad_inputs/blns.json`, 'utf8'));
    let taken = 0;
    for (let i = 0; i < strings.length; i += 16) {
      const batch = strings.slice(i, i + 16);
      const answers = await Promise.all(batch.map((name) => test.as('steward', 'POST', '/v1/tokens', { name })));
      for (const [k, answer] of answers.entries()) {
        const name = batch[k];
        if (answer.status === 200) expect(answer.json.token.name).toBe(name);
        else expect(answer.json, name).toMatchObject({ status: 400, pointer: '/name' });
        taken += answer.status === 200 ? 1 : 0;
      }
    }
    expect(taken).toBeGreaterThan(300);
    const listed = (await test.as('steward', 'GET', '/v1/tokens')).json.items.map(
      (token: { name: string }) => token.name,
    );
    for (const name of listed.filter((each: string) => each !== 'test')) expect(strings).toContain(name);
  });
});

describe('who may talk to the node', () => {
  it.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example:PORT',
    '0.0.0.0:PORT',
  ])('a request for the host "%s" is refused: DNS rebinding', async (host) => {
    const answer = await test.send('GET', '/v1/health', { host: host.replace('PORT', String(test.api.port)) });
    expect([400, 421]).toContain(answer.status);
    if (answer.status === 421) expect(answer.json.code).toBe('wrong-host');
  });

  it.each(['localhost:PORT', 'LOCALHOST:PORT', '127.0.0.1:PORT', '[::1]:PORT'])('one for %s is taken', async (host) => {
    const answer = await test.send('GET', '/v1/health', { host: host.replace('PORT', String(test.api.port)) });
    expect(answer.json.code).toBe('reached');
  });

  it('[F47] a header that decides who asks, said twice, is refused', async () => {
    for (const header of [
      'Host: 127.0.0.1:PORT',
      'Authorization: Bearer x',
      'Cookie: a=b',
      'Content-Type: application/json',
    ]) {
      const twice = `${header}\r\n${header}\r\n`.replaceAll('PORT', String(test.api.port));
      const host = header.startsWith('Host') ? '' : `Host: 127.0.0.1:${test.api.port}\r\n`;
      const answer = await raw(`GET /v1/status HTTP/1.1\r\n${host}${twice}Connection: close\r\n\r\n`);
      expect(answer, header).toMatch(/^HTTP\/1.1 400/);
    }
  });

  it.each([
    ['not HTTP', 'hello\r\n\r\n'],
    ['two lengths', 'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header of 64 kB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(65_536)}\r\n\r\n`],
    ['100,000 headers', `GET / HTTP/1.1\r\nHost: x\r\n${'a:b\r\n'.repeat(100_000)}\r\n`],
    ['a line end in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n'],
  ])('[F47] %s is answered with 4xx or cut, and the node stays up', async (_name, bytes) => {
    const answer = await raw(bytes);
    expect(answer === '' || /^HTTP\/1.1 4\d\d/.test(answer)).toBe(true);
    expect((await test.as('admin', 'GET', '/v1/sessions/current')).status).toBe(200);
  });

  it('another site may not read, frame, sniff or cache anything, and is never greeted by CORS', async () => {
    const answers = [
      await test.as('admin', 'GET', '/v1/sessions/current'),
      await test.send('GET', '/v1/users'),
      await test.send('GET', '/nothing'),
      await test.send('GET', '/openapi.json'),
      await test.send('GET', '/v1/health', { host: 'evil.example' }),
      await test.send('OPTIONS', '/v1/users', {
        origin: 'http://evil.example',
        'access-control-request-method': 'POST',
      }),
      await post('{'),
    ];
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(answers[5]!.status).toBe(403);
  });

  it('no answer sends anyone elsewhere: there is no redirect to open', async () => {
    for (const path of [
      '//evil.example',
      '/v1//users',
      '/v1/users/',
      '/?next=http://evil.example',
      '/\\evil.example',
    ]) {
      const answer = await test.send('GET', path);
      expect(answer.status, path).toBe(404);
      expect(answer.headers.location).toBeUndefined();
    }
  });
});

describe('an address', () => {
  it('that is taken is named, with what to do', async () => {
    const taken = startApi({
      ...{ store: test.store, handlers: {} as DomainHandlers, log: silentLog, now: () => 0, random: randomBytes },
      ...{ version: '0', port: test.api.port },
    });
    await expect(taken).rejects.toMatchObject({
      code: 'api-address',
      message: expect.stringContaining(`127.0.0.1:${test.api.port}`),
      details: { remedy: expect.stringContaining('--api') },
    });
  });
});

describe('an answer', () => {
  it('that the table does not promise never leaves the node, nor does the message of a bug', async () => {
    for (const path of ['/v1/datasets', '/v1/datasets/x']) {
      const answer = await test.as('admin', 'GET', path);
      expect(answer.json).toMatchObject({ status: 500, code: 'internal', requestId: answer.headers['x-request-id'] });
      expect(answer.text).not.toContain('canary');
    }
    expect(test.logged()).toContain('a request failed');
    expect(test.logged()).not.toContain('13800138000');
  });

  it('names itself JSON, and a problem a problem', async () => {
    expect((await test.as('admin', 'GET', '/v1/catalogue')).headers['content-type']).toBe(
      'application/json; charset=utf-8',
    );
    const problem = await test.as('admin', 'GET', '/v1/status');
    expect(problem.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(problem.json).toMatchObject({ type: 'urn:causeway:problem:reached', status: 418, detail: 'node.status' });
  });

  it('the OpenAPI document is served to anyone', async () => {
    const answer = await test.send('GET', '/openapi.json');
    expect(answer.json).toMatchObject({ openapi: '3.1.1', info: { version: '0.0.0' } });
  });
});

function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(test.api.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.write(bytes);
  });
}
