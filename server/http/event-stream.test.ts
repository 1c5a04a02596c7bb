import { setTimeout as sleep } from 'node:timers/promises';
import type { ResponseOf } from '@causeway/core/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RequestContext } from './context.ts';
import { ApiProblem, notFound } from './index.ts';
import { startTestApi, type TestApi } from './test-api.ts';

type Event = ResponseOf<'operation.events'>;

/** What the handler of the stream does next; each test sets it. */
let source: (context: RequestContext) => AsyncGenerator<Event>;
let contexts: RequestContext[] = [];
let test: TestApi;
beforeAll(async () => {
  test = await startTestApi(
    {
      'operation.events': async ({ params }, context) => {
        if (params.operation === 'absent') throw notFound();
        contexts.push(context);
        return source(context);
      },
    },
    { heartbeatMs: 30 },
  );
});
afterEach(() => {
  contexts = [];
});
afterAll(() => test.close());

const event = (sequence: number): Event => ({
  sequence,
  at: '2026-03-01T00:00:00.000Z',
  operation: {
    id: 'o1',
    kind: 'dataset.add',
    target: 'line\nend \u2028 长堤',
    status: 'running',
    stage: 'reading',
    progress: 0.5,
    startedBy: 'ada',
    startedAt: '2026-03-01T00:00:00.000Z',
  },
});

async function open(headers: Record<string, string> = {}, secret = test.tokens.admin) {
  const controller = new AbortController();
  const response = await fetch(`${test.api.url}/v1/operations/o1/events`, {
    headers: { authorization: `Bearer ${secret}`, ...headers },
    signal: controller.signal,
  });
  return { response, leave: () => controller.abort() };
}

async function* forever(context: RequestContext): AsyncGenerator<Event> {
  for (let n = 1; !context.signal.aborted; n++) {
    yield event(n);
    await sleep(5, undefined, { signal: context.signal }).catch(() => {});
  }
}

describe('a stream', () => {
  it('is one event a change, with its sequence as id, and says when it is over', async () => {
    source = async function* () {
      yield event(1);
      yield event(2);
    };
    const { response } = await open();
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    const text = await response.text();
    expect(text).toBe(
      `id: 1\ndata: ${JSON.stringify(event(1))}\n\nid: 2\ndata: ${JSON.stringify(event(2))}\n\nevent: end\ndata: {}\n\n`,
    );
  });

  it('goes on after the event that the reader has', async () => {
    source = async function* (context) {
      yield event((context.lastSequence ?? 0) + 1);
    };
    expect(await (await open({ 'last-event-id': '41' })).response.text()).toContain('id: 42\n');
    for (const bad of ['x', '-1', '1e9', '9'.repeat(40)]) {
      expect(await (await open({ 'last-event-id': bad })).response.text()).toContain('id: 1\n');
    }
  });

  it('of something that does not exist is an ordinary 404', async () => {
    const answer = await test.as('admin', 'GET', '/v1/operations/absent/events');
    expect(answer.json).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('that fails in the middle ends with the problem; a bug’s message stays inside', async () => {
    source = async function* () {
      yield event(1);
      throw new ApiProblem({ code: 'link-lost', status: 502, detail: 'the link to media is cut', partner: 'media' });
    };
    const text = await (await open()).response.text();
    const problem = JSON.parse(/event: problem\ndata: (.*)\n\n$/.exec(text)![1]!);
    expect(problem).toMatchObject({ code: 'link-lost', partner: 'media' });
    source = async function* () {
      yield event(1);
      throw new Error('canary');
    };
    expect(await (await open()).response.text()).toMatch(/"code":"internal"((?!canary).)*$/s);
    source = async function* () {
      yield { ...event(1), canary: 1 } as Event;
    };
    expect(await (await open()).response.text()).toMatch(/^event: problem\n((?!canary).)*\n\n$/s);
  });

  it('that is quiet is kept open by a heartbeat', async () => {
    source = async function* (context) {
      await sleep(10_000, undefined, { signal: context.signal }).catch(() => {});
    };
    const { response, leave } = await open();
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(': \n\n');
    leave();
  });

  it('whose reader leaves tells its source', async () => {
    source = forever;
    const { response, leave } = await open();
    await response.body!.getReader().read();
    expect(contexts[0]!.signal.aborted).toBe(false);
    leave();
    for (let i = 0; i < 200 && !contexts[0]!.signal.aborted; i++) await sleep(10);
    expect(contexts[0]!.signal.aborted).toBe(true);
  });

  it('whose reader is slow holds its source back', async () => {
    let made = 0;
    source = async function* (context) {
      for (; !context.signal.aborted; made++)
        yield { ...event(made), operation: { ...event(1).operation, target: 'x'.repeat(60_000) } };
    };
    const { leave } = await open();
    let before = -1;
    for (let i = 0; i < 100 && made !== before; i++) {
      before = made;
      await sleep(100);
    }
    // The sockets' own buffers take some megabytes; then it stands still.
    expect(made).toBe(before);
    expect(made).toBeGreaterThan(0);
    leave();
  });

  it('[F107] ends when its reader may no longer read', async () => {
    const user = await test.api.accounts.createUser({ name: 'leaving', roles: ['steward'] });
    const { secret } = await test.api.accounts.createToken({ userId: user.id, name: 't' });
    source = forever;
    const { response } = await open({}, secret);
    await test.store.users.update(user.id, { roles: ['analyst'] });
    const text = await response.text();
    expect(text).not.toContain('event: end');
    expect(contexts[0]!.lastSequence).toBeUndefined();
  });

  it('is one of a bounded number for each user, and all end when the node stops', async () => {
    const own = await startTestApi({ 'operation.events': async (_input, context) => forever(context) });
    const url = `${own.api.url}/v1/operations/o1/events`;
    const get = (secret: string) => fetch(url, { headers: { authorization: `Bearer ${secret}` } });
    const streams = await Promise.all(Array.from({ length: 32 }, () => get(own.tokens.admin)));
    const refused = await get(own.tokens.admin);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'too-many-requests' });
    const other = await get(own.tokens.steward);
    expect(other.status).toBe(200);
    const ends = [...streams, other].map((stream) => stream.text());
    await own.close();
    await Promise.all(ends);
  });
});
