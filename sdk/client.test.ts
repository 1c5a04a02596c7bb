import { type Route, type RouteName, routeNames, routes } from '@causeway/core/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvents } from './events.ts';
import { ApiError, type Client, createClient } from './index.ts';
import { wireRequest } from './request.ts';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** A client whose node is a list of answers, given one after the other. */
function against(...answers: (Response | Error)[]): { client: Client; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch = async (url: unknown, init: RequestInit = {}) => {
    const headers = init.headers as Record<string, string>;
    sent.push({ url: String(url), method: init.method ?? '', headers, body: init.body as string | undefined });
    const answer = answers.shift();
    if (answer === undefined) throw new Error('the test has no more answers');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return {
    client: createClient({
      url: 'http://node:1/',
      token: 'cwy_t',
      fetch: fetch as typeof globalThis.fetch,
      reconnectsMax: 2,
    }),
    sent,
  };
}

const json = (body: unknown, init: ResponseInit = {}) =>
  new Response(JSON.stringify(body), { ...init, headers: { 'content-type': 'application/json', ...init.headers } });
const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ type: 'x', title: 'x', status, code, detail: 'd', remedy: 'r' }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
const events = (text: string) => new Response(text, { headers: { 'content-type': 'text/event-stream' } });
const rejection = (promise: Promise<unknown>): Promise<ApiError> =>
  promise.then(
    () => {
      throw new Error('expected a refusal');
    },
    (error) => error,
  );

describe('a call', () => {
  it('has a method for every route, and no other', () => {
    const { client } = against();
    const names = Object.entries(client).flatMap(([area, methods]) =>
      Object.keys(methods).map((method) => `${area}.${method}`),
    );
    expect(names.sort()).toEqual([...routeNames].sort());
  });

  it('takes a file as it comes, with its name, and nothing else for a file', async () => {
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-length': '6',
      'content-disposition': "attachment; filename*=UTF-8''%E5%85%AD%E6%9C%88.csv",
    };
    const place = { audience: 'a', export: 'ex-1' };
    const page = new Response('<html>', { headers: { ...headers, 'content-type': 'text/html' } });
    const { client, sent } = against(new Response('a,b\r\n1', { headers }), page, problem(409, 'conflict'));
    const { name, bytes, content } = await client.audience.download(place);
    let text = '';
    for await (const chunk of content) text += new TextDecoder().decode(chunk);
    expect([name, bytes, text]).toEqual(['六月.csv', 6, 'a,b\r\n1']);
    expect(sent[0]).toMatchObject({ url: 'http://node:1/v1/audiences/a/exports/ex-1', method: 'GET' });
    expect((await rejection(client.audience.download(place))).code).toBe('not-causeway');
    expect((await rejection(client.audience.download(place))).code).toBe('conflict');
  });

  it('puts each field where the table has it', async () => {
    const { client, sent } = against(json({}), json({ items: [] }), json({}));
    await client.agreement.approve({ agreement: 'a/b c', disclosure: 'd' });
    await client.job.list({ limit: 5, status: 'running' });
    await client.session.logout();
    expect(sent).toEqual([
      {
        url: 'http://node:1/v1/agreements/a%2Fb%20c/approval',
        method: 'POST',
        headers: { accept: 'application/json', authorization: 'Bearer cwy_t', 'content-type': 'application/json' },
        body: '{"disclosure":"d"}',
      },
      {
        url: 'http://node:1/v1/jobs?limit=5&status=running',
        method: 'GET',
        headers: { accept: 'application/json', authorization: 'Bearer cwy_t' },
        body: undefined,
      },
      {
        url: 'http://node:1/v1/sessions/current',
        method: 'DELETE',
        headers: { accept: 'application/json', authorization: 'Bearer cwy_t' },
        body: undefined,
      },
    ]);
  });

  it('bytes go as they are, and nothing else goes in their place', async () => {
    const { client, sent } = against(json({}));
    const bytes = new Uint8Array([1, 2, 3]);
    await client.upload.put({ upload: 'up-1', piece: '0', digest: 'd', bytes });
    expect(sent).toMatchObject([
      { method: 'PUT', url: 'http://node:1/v1/uploads/up-1/pieces/0?digest=d', body: bytes },
    ]);
    expect(sent[0]!.headers['content-type']).toBe('application/octet-stream');
    expect(() => wireRequest('upload.put', { upload: 'u', piece: '0', digest: 'd', bytes: 'text' })).toThrow(TypeError);
    expect(() => wireRequest('upload.put', { upload: 'u', piece: '0', bytes, name: 'x' })).toThrow(TypeError);
  });

  it('[F66] no name, whatever it is, leaves its segment of the path', () => {
    const withParameter = routeNames.filter((name) => routes[name].path.includes('{'));
    fc.assert(
      fc.property(
        fc.constantFrom(...withParameter),
        fc.oneof(
          fc.string({ minLength: 1 }),
          fc.constantFrom('..', '.', '../..', '%2e%2e', '/', '//', '\\..\\', '?x', '#x', 'a;b'),
        ),
        (name, value) => {
          const route: Route = routes[name];
          const fields = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, field]) => [field!, value] as const);
          const bytes = route.bytes === undefined ? {} : { bytes: new Uint8Array(1) };
          const url = new URL(wireRequest(name, { ...Object.fromEntries(fields), ...bytes }).target, 'http://node');
          expect(url.pathname.split('/')).toHaveLength(routes[name].path.split('/').length);
          expect(url.pathname.startsWith(routes[name].path.split('{')[0]!)).toBe(true);
          expect([url.search, url.hash]).toEqual(['', '']);
        },
      ),
    );
  });

  it('a missing parameter or a field that the route does not have is the caller’s error, and is not sent', async () => {
    const { client, sent } = against();
    await expect(client.dataset.show({ dataset: '' })).rejects.toThrow(TypeError);
    await expect(client.job.show({ job: 'j', x: 1 } as never)).rejects.toThrow('does not take x');
    expect(sent).toEqual([]);
  });
});

describe('a failure', () => {
  it('of the node is its problem', async () => {
    const error = await rejection(against(problem(409, 'conflict')).client.dataset.list());
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'conflict', status: 409, message: 'd; r', problem: { remedy: 'r' } });
  });

  it.each([
    ['a proxy’s page with status 200', new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    [
      'a proxy’s page with status 502',
      new Response('<html>', { status: 502, headers: { 'content-type': 'text/html; x' } }),
    ],
    [
      'a problem that is none',
      new Response('[]', { status: 400, headers: { 'content-type': 'application/problem+json' } }),
    ],
    ['nothing', new Response(null, { status: 200 })],
  ])('[F45] %s is named as an answer of something else', async (_name, answer) => {
    const error = await rejection(against(answer).client.dataset.list());
    expect(error).toMatchObject({ code: 'not-causeway' });
    expect(error.message).toContain('not from Causeway');
  });

  it('to reach the node says so, and a caller’s abort is the caller’s', async () => {
    expect(await rejection(against(new TypeError('fetch failed')).client.dataset.list())).toMatchObject({
      code: 'unreachable',
      status: 0,
    });
    const stop = AbortSignal.abort(new RangeError('enough'));
    const { client } = against(new TypeError('aborted'));
    await expect(client.dataset.list({}, { signal: stop })).rejects.toThrow('enough');
  });
});

describe('a session', () => {
  it('is remembered with its CSRF value, and forgotten on signing out', async () => {
    const user = { id: 'u', name: 'ada', roles: ['admin'], status: 'active', createdAt: '' };
    const { client, sent } = against(
      json({ user, csrf: 'c1' }, { headers: { 'set-cookie': 'causeway-session-1=cws_x; HttpOnly' } }),
      json({}),
      json({}, { headers: { 'set-cookie': 'causeway-session-1=; Max-Age=0' } }),
      json({ items: [] }),
    );
    await client.session.login({ name: 'ada', password: 'p' });
    await client.dataset.remove({ dataset: 'd' });
    await client.session.logout();
    await client.dataset.list();
    expect(sent.map(({ headers }) => [headers.cookie, headers['x-causeway-csrf']])).toEqual([
      [undefined, undefined],
      ['causeway-session-1=cws_x', 'c1'],
      ['causeway-session-1=cws_x', 'c1'],
      [undefined, undefined],
    ]);
  });
});

describe('a stream', () => {
  const follow = async (client: Client, signal?: AbortSignal) => {
    const seen: number[] = [];
    for await (const event of client.job.events({ job: 'j' }, signal === undefined ? {} : { signal }))
      seen.push(event.sequence);
    return seen;
  };

  it('gives each event until the node says that it is over', async () => {
    const { client, sent } = against(
      events(': \n\nid: 1\ndata: {"sequence":1}\n\nid: 2\ndata: {"sequence":2}\n\nevent: end\ndata: {}\n\n'),
    );
    expect(await follow(client)).toEqual([1, 2]);
    expect(sent[0]).toMatchObject({ url: 'http://node:1/v1/jobs/j/events', headers: { accept: 'text/event-stream' } });
  });

  it('that breaks is taken up after the last event that came', async () => {
    const { client, sent } = against(
      events('id: 1\ndata: {"sequence":1}\n\nid: 2\nda'),
      new TypeError('fetch failed'),
      events('id: 2\ndata: {"sequence":2}\n\nevent: end\ndata: {}\n\n'),
    );
    expect(await follow(client)).toEqual([1, 2]);
    expect(sent.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1', '1']);
  });

  it('that stays away ends with an error, after a bounded number of tries', async () => {
    const gone = () => new TypeError('fetch failed');
    const { client, sent } = against(gone(), gone(), gone(), gone(), gone());
    expect(await rejection(follow(client))).toMatchObject({ code: 'unreachable' });
    expect(sent).toHaveLength(3);
  });

  it('is not opened again after a refusal, whether at the start or in the middle', async () => {
    expect(await rejection(follow(against(problem(404, 'not-found')).client))).toMatchObject({ code: 'not-found' });
    const middle = events('event: problem\ndata: {"status":502,"code":"link-lost","detail":"d"}\n\n');
    expect(await rejection(follow(against(middle).client))).toMatchObject({ code: 'link-lost' });
    expect(await rejection(follow(against(new Response('x')).client))).toMatchObject({ code: 'not-causeway' });
  });

  it('ends quietly when the caller has had enough', async () => {
    const controller = new AbortController();
    const { client } = against(new TypeError('fetch failed'));
    setTimeout(() => controller.abort(), 20);
    expect(await follow(client, controller.signal)).toEqual([]);
  });

  it('however its bytes are cut, gives the same events', async () => {
    const text = 'id: 7\ndata: {"a":"长堤 🧨"}\n\n: heartbeat\n\nevent: end\ndata: {}\n\n';
    const bytes = new TextEncoder().encode(text);
    for (let cut = 1; cut < bytes.length; cut++) {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(bytes.slice(0, cut));
          controller.enqueue(bytes.slice(cut));
          controller.close();
        },
      });
      const got: unknown[] = [];
      for await (const event of parseEvents(body)) got.push(event);
      expect(got).toEqual([
        { name: 'message', id: '7', data: '{"a":"长堤 🧨"}' },
        { name: 'end', id: undefined, data: '{}' },
      ]);
    }
  });

  it('[F39] whose line never ends is cut before memory is spent', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(1 << 20).fill(97));
      },
    });
    await expect(parseEvents(body).next()).rejects.toThrow(RangeError);
  });
});

// The client's types are the table's: these lines compile, or the whole project does not.
export function types(client: Client): void {
  const name: RouteName = 'dataset.add';
  void name;
  void client.dataset.list();
  void client.job.cancel({ job: 'j' });
  void client.network.members().then(({ items }) => items.map((member) => member.organisation));
  // @ts-expect-error a required field is missing
  void client.dataset.show();
  // @ts-expect-error an unknown field
  void client.dataset.show({ dataset: 'x', other: 1 });
  // @ts-expect-error a stream is not a promise
  void client.job.events({ job: 'j' }).then;
}
