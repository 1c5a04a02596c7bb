/** A node's API on a real socket with a database of its own, a clock that a test moves, and one user for each role. */
import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { type Role, type RouteName, roles, routeNames, routes } from '@causeway/core/api';
import { createLog } from '../observe/index.ts';
import { startTestServer } from '../store/test-server.ts';
import type { DomainHandlers } from './context.ts';
import { ApiProblem, PasswordHasher, startApi } from './index.ts';

export const password = 'correct horse battery';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  readonly json: any;
}

export type TestApi = Awaited<ReturnType<typeof startTestApi>>;

export async function startTestApi(handlers: Partial<DomainHandlers> = {}, options: { heartbeatMs?: number } = {}) {
  const database = await startTestServer();
  const store = await database.store();
  const clock = { nowMs: Date.UTC(2026, 2, 1) };
  let logged = '';
  const log = createLog({
    now: () => clock.nowMs,
    stderrLevel: 'debug',
    stderr: {
      write: (line) => {
        logged += line;
      },
    },
  });
  const api = await startApi({
    ...options,
    store,
    handlers: { ...reached(), ...handlers } as DomainHandlers,
    log,
    now: () => clock.nowMs,
    random: randomBytes,
    version: '0.0.0',
    port: 0,
    // Argon2id's own minimum: these tests are about what surrounds it.
    hasher: new PasswordHasher({ passes: 1, memoryBytes: 8192 }),
  });
  const tokens = {} as Record<Role, string>;
  const ids = {} as Record<Role, string>;
  for (const role of roles) {
    const user = await api.accounts.createUser({ name: role, roles: [role], password });
    ids[role] = user.id;
    tokens[role] = (await api.accounts.createToken({ userId: user.id, name: 'test' })).secret;
  }
  const send = (
    method: string,
    path: string,
    headers: Record<string, string | string[]> = {},
    body?: string | Uint8Array,
  ) => exchange(api.port, method, path, headers, body);
  return {
    api,
    store,
    clock,
    tokens,
    ids,
    logged: () => logged,
    send,
    /** As the user of a role, by token, with a JSON body. */
    as: (role: Role, method: string, path: string, body?: unknown) =>
      send(
        method,
        path,
        {
          authorization: `Bearer ${tokens[role]}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body === undefined ? undefined : JSON.stringify(body),
      ),
    signIn: async (name: string, secret = password) => {
      const answer = await send(
        'POST',
        '/v1/sessions',
        { 'content-type': 'application/json' },
        JSON.stringify({ name, password: secret }),
      );
      return {
        answer,
        cookie: String(answer.headers['set-cookie'] ?? '').split(';')[0]!,
        csrf: answer.json?.csrf as string,
      };
    },
    close: async () => {
      await api.close();
      await database.close();
    },
  };
}

/** Any path of a route, with parameters that name nothing. */
export function pathOf(name: RouteName): string {
  return routes[name].path
    .replace('{piece}', '0')
    .replace(/\{\w+\}/g, createHash('sha256').update(name).digest('hex').slice(0, 24));
}

/** One request over a plain socket: unlike fetch, any header may be sent. */
export function exchange(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string | string[]> = {},
  body?: string | Uint8Array,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Node gives a DELETE neither length nor chunks by itself.
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = { host: '127.0.0.1', port, method, path, headers: { ...headers, ...length }, agent: false };
    const outgoing = httpRequest(request, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = /json/.test(incoming.headers['content-type'] ?? '');
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text,
          json: isJson ? JSON.parse(text) : undefined,
        });
      });
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Domain handlers that only say that they were reached. */
function reached(): Record<string, unknown> {
  return Object.fromEntries(
    routeNames
      .map((name) => [
        name,
        async () => {
          throw new ApiProblem({ code: 'reached', status: 418, detail: name });
        },
      ])
      .filter(([name]) => !/^(session|user|token|settings|audit)\./.test(name as string)),
  );
}
