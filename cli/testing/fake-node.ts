/** A node’s API without a node: every route of the table, inputs held to their schemas, answers told beforehand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { type Problem, type ResponseOf, type Route, type RouteName, routeNames, routes } from '@causeway/core/api';
import { answers } from './answers.ts';

export const fakeToken = 'cwt_fake';

/** A call as the node understood it: defaults filled in, parameters, query and body in one object. */
export interface Call {
  readonly name: RouteName;
  readonly input: Readonly<Record<string, unknown>>;
}

type Answer<Name extends RouteName> = ResponseOf<Name> | readonly ResponseOf<Name>[];

export class FakeNode {
  readonly calls: Call[] = [];
  /** Answers instead of the usual ones; a problem is answered with its status. */
  readonly #instead = new Map<RouteName, unknown>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error) => {
        // A schema of the test’s own answer: shown by the command as an answer that it cannot read.
        response.destroy(error as Error);
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on this answer; for a stream, these events. */
  answer<Name extends RouteName>(name: Name, answer: Answer<Name> | Problem): void {
    this.#instead.set(name, answer);
  }

  /** A stream that stays open after its events, as one of work that takes long. */
  readonly openStreams = new Set<RouteName>();

  reset(): void {
    this.calls.length = 0;
    this.#instead.clear();
    this.openStreams.clear();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://node');
    const found = find(request.method ?? '', url.pathname);
    if (found === undefined) return sendProblem(response, 404, 'not-found', url.pathname);
    const { name, params } = found;
    const route: Route = routes[name];
    if (route.roles !== 'public' && request.headers.authorization !== `Bearer ${fakeToken}`) {
      return sendProblem(response, 401, 'unauthenticated', 'no such token');
    }
    const body = await readAll(request);
    const parts: readonly (readonly [Route['params'], unknown])[] = [
      [route.params, params],
      [route.query, Object.fromEntries(url.searchParams)],
      [route.body as Route['params'], body === '' ? {} : JSON.parse(body)],
    ];
    let input: Record<string, unknown> = {};
    for (const [schema, value] of parts) {
      if (schema === undefined) {
        if (Object.keys(value as object).length > 0)
          return sendProblem(response, 400, 'invalid-request', 'nothing expected');
        continue;
      }
      const checked = schema.safeParse(value);
      if (!checked.success) {
        const [issue] = checked.error.issues;
        return sendProblem(response, 400, 'invalid-request', `${issue?.path.join('/')}: ${issue?.message}`);
      }
      input = { ...input, ...checked.data };
    }
    this.calls.push({ name, input });
    this.#answer(name, response);
  }

  #answer(name: RouteName, response: ServerResponse): void {
    const route: Route = routes[name];
    const answer = this.#instead.get(name) ?? answers[name];
    if (isProblem(answer)) {
      sendProblem(response, answer.status, answer.code, answer.detail, answer);
      return;
    }
    if (route.stream === 'sse') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of answer as readonly { sequence: number }[]) {
        response.write(`id: ${event.sequence}\ndata: ${JSON.stringify(route.response.parse(event))}\n\n`);
      }
      if (!this.openStreams.has(name)) response.end('event: end\ndata: {}\n\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(route.response.parse(answer)));
  }
}

function find(method: string, path: string): { name: RouteName; params: Record<string, string> } | undefined {
  const segments = path.split('/');
  for (const name of routeNames) {
    const route: Route = routes[name];
    const template = route.path.split('/');
    if (route.method !== method || template.length !== segments.length) continue;
    const params: Record<string, string> = {};
    const fits = template.every((part, index) => {
      const segment = segments[index] ?? '';
      const field = /^\{(\w+)\}$/.exec(part)?.[1];
      if (field === undefined) return part === segment;
      params[field] = decodeURIComponent(segment);
      return true;
    });
    if (fits) return { name, params };
  }
  return undefined;
}

function isProblem(answer: unknown): answer is Problem {
  return typeof answer === 'object' && answer !== null && 'type' in answer && 'title' in answer && 'status' in answer;
}

function sendProblem(response: ServerResponse, status: number, code: string, detail: string, whole?: Problem): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(whole ?? { type: `urn:causeway:problem:${code}`, title: code, status, code, detail }));
}
