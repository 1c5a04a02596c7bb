import {
  type FileBody,
  type RequestOf,
  type ResponseOf,
  type Route,
  type RouteName,
  type Routes,
  routeNames,
  routes,
} from '@causeway/core/api';
import { errorFrom, mediaType, notCauseway, unreachable } from './error.ts';
import { readEvents } from './events.ts';
import { wireRequest } from './request.ts';

export interface ClientOptions {
  /** Of the node's local API, such as `http://127.0.0.1:7070`; in the console's own page `''`. */
  readonly url: string;
  /** A bearer token. Without one the browser's session cookie is used. */
  readonly token?: string;
  /** `name=value` of a session, for programs that sign in with a password. */
  readonly cookie?: string;
  readonly fetch?: typeof globalThis.fetch;
  /** How often a stream is opened again without a single event in between. */
  readonly reconnectsMax?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

type Area<Name extends string> = Name extends `${infer First}.${string}` ? First : never;
type Method<Name extends string, First extends string> = Name extends `${First}.${infer Second}` ? Second : never;
// A route whose every field may be left out can be called with nothing.
type Arguments<Name extends RouteName> =
  Record<never, never> extends RequestOf<Name>
    ? [input?: RequestOf<Name>, options?: CallOptions]
    : [input: RequestOf<Name>, options?: CallOptions];
type Call<Name extends RouteName> = (
  ...args: Arguments<Name>
) => Routes[Name] extends { readonly stream: 'sse' } ? AsyncGenerator<ResponseOf<Name>> : Promise<ResponseOf<Name>>;

/** One method for each route: `client.dataset.add({…})`, `for await (const event of client.job.events({ job }))`. */
export type Client = {
  readonly [First in Area<RouteName>]: {
    readonly [Second in Method<RouteName, First>]: Call<`${First}.${Second}` & RouteName>;
  };
};

/** A client of one node; every failure is an `ApiError`. Works in a browser and in Node, by fetch alone. */
export function createClient(options: ClientOptions): Client {
  const connection = new Connection(options);
  const client: Record<string, Record<string, unknown>> = {};
  for (const name of routeNames) {
    const [area, method] = name.split('.') as [string, string];
    client[area] ??= {};
    client[area][method] = (input: Record<string, unknown> = {}, call: CallOptions = {}) =>
      (routes[name] as Route).stream === 'sse'
        ? connection.follow(name, input, call)
        : connection.ask(name, input, call);
  }
  return client as unknown as Client;
}

class Connection {
  readonly #options: ClientOptions;
  /** Of the session that this client signed in or asked about. */
  #csrf: string | undefined;
  #cookie: string | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#cookie = options.cookie;
  }

  async ask(name: RouteName, input: Readonly<Record<string, unknown>>, call: CallOptions): Promise<unknown> {
    const request = wireRequest(name, input);
    const { file } = routes[name] as Route;
    const response = await this.#send(request, { accept: file?.type ?? 'application/json' }, call.signal);
    if (!response.ok) throw await errorFrom(response);
    if (file !== undefined) return fileOf(response, file.type);
    if (mediaType(response) !== 'application/json') throw notCauseway(response);
    const body = await response.json().catch((error) => {
      throw unreachable(error);
    });
    this.#remember(name, body, response);
    return body;
  }

  follow(name: RouteName, input: Readonly<Record<string, unknown>>, call: CallOptions): AsyncGenerator<unknown> {
    const request = wireRequest(name, input);
    return readEvents({
      signal: call.signal,
      reconnectsMax: this.#options.reconnectsMax ?? 10,
      open: (lastEventId) =>
        this.#send(
          request,
          { accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
          call.signal,
        ),
      wait: (ms) => wait(ms, call.signal),
    });
  }

  async #send(
    request: { readonly method: string; readonly target: string; readonly body: string | Uint8Array | undefined },
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const { url, token, fetch = globalThis.fetch } = this.#options;
    try {
      return await fetch(url.replace(/\/$/, '') + request.target, {
        method: request.method,
        headers: {
          ...headers,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(this.#cookie === undefined ? {} : { cookie: this.#cookie }),
          ...(this.#csrf === undefined || request.method === 'GET' ? {} : { 'x-causeway-csrf': this.#csrf }),
          ...(request.body === undefined ? {} : { 'content-type': mediaTypeOf(request.body) }),
        },
        ...(request.body === undefined ? {} : { body: request.body as NonNullable<RequestInit['body']> }),
        ...(signal === undefined ? {} : { signal }),
        credentials: 'same-origin',
        redirect: 'error',
        cache: 'no-store',
      });
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      throw unreachable(error);
    }
  }

  /** Keeps what signing in gave: the header's value, and outside of a browser the cookie. */
  #remember(name: RouteName, body: unknown, response: Response): void {
    if (name === 'session.login' || name === 'session.me') this.#csrf = (body as { csrf?: string }).csrf ?? this.#csrf;
    if (name !== 'session.login' && name !== 'session.logout') return;
    // A browser does not show the header, and keeps the cookie by itself.
    const given = response.headers.get('set-cookie')?.split(';')[0];
    if (given !== undefined) this.#cookie = given.endsWith('=') ? undefined : given;
    if (name === 'session.logout') this.#csrf = undefined;
  }
}

/** A file as it comes: who reads slowly, holds little. @throws {ApiError} `not-causeway` for an answer of another type, or without a name or a length. */
function fileOf(response: Response, type: string): FileBody {
  const [, name] = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  const bytes = Number(response.headers.get('content-length') ?? Number.NaN);
  const isFile = mediaType(response) === type.split(';')[0] && name !== undefined && Number.isSafeInteger(bytes);
  if (!isFile || response.body === null) throw notCauseway(response);
  return { name: decodeURIComponent(name), bytes, content: chunksOf(response.body) };
}

/** By its reader: not every browser's streams can be iterated. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw unreachable(error);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function mediaTypeOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? 'application/json' : 'application/octet-stream';
}

/** Until the time is over or the signal aborts. */
function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
