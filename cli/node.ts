/** The node’s API as the commands call it. */
import { type Problem, type RequestOf, type ResponseOf, type RouteName, routes } from '@causeway/core/api';
import { CommandError } from './problem.ts';
import type { Words } from './words/index.ts';

export type StreamName = {
  [Name in RouteName]: (typeof routes)[Name] extends { stream: 'sse' } ? Name : never;
}[RouteName];
export type CallName = Exclude<RouteName, StreamName>;

export interface NodeApi {
  readonly call: <Name extends CallName>(name: Name, input: RequestOf<Name>) => Promise<ResponseOf<Name>>;
  readonly watch: <Name extends StreamName>(
    name: Name,
    input: RequestOf<Name>,
    signal: AbortSignal,
  ) => AsyncIterable<ResponseOf<Name>>;
}

class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function connect({
  address,
  token,
  words,
}: {
  readonly address: string;
  readonly token: string;
  readonly words: Words;
}): NodeApi {
  async function send(name: RouteName, input: Record<string, unknown>, signal?: AbortSignal): Promise<Response> {
    const route: {
      method: string;
      path: string;
      params?: { shape: object };
      query?: { shape: object };
      body?: unknown;
    } = routes[name];
    const rest = { ...input };
    const take = (key: string) => {
      const value = rest[key];
      delete rest[key];
      return encodeURIComponent(String(value));
    };
    let path = route.path.replace(/\{(\w+)\}/g, (_, key) => take(key));
    const query = Object.keys(route.query?.shape ?? {}).filter((key) => rest[key] !== undefined);
    if (query.length > 0) path += `?${query.map((key) => `${key}=${take(key)}`).join('&')}`;
    let response: Response;
    try {
      response = await fetch(`http://${address}${path}`, {
        method: route.method,
        headers: { authorization: `Bearer ${token}`, ...(route.body ? { 'content-type': 'application/json' } : {}) },
        ...(route.body ? { body: JSON.stringify(rest) } : {}),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new CommandError('not-running', words.connection.refused(address), words.connection.refusedRemedy, error);
    }
    if (!response.ok) throw new ApiError((await response.json()) as Problem);
    return response;
  }
  return {
    call: async (name, input) => (await send(name, input)).json() as never,
    watch: async function* (name, input, signal) {
      const response = await send(name, input, signal);
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const data = /^data: (.*)$/m.exec(part)?.[1];
          if (data) yield JSON.parse(data);
        }
      }
    },
  };
}
