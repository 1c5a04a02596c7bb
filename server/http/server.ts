/** The node's local API over HTTP: loopback by default, every route from the table, every failure a problem document. */
import type { Socket } from 'node:net';
import { openApi, type RouteName, routeNames } from '@causeway/core/api';
import { parseJson } from '@causeway/core/json';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Log } from '../observe/index.ts';
import type { Store } from '../store/index.ts';
import { accountHandlers } from './account-handlers.ts';
import { Accounts } from './accounts.ts';
import { Api, bodyBytesMax, type Place } from './api.ts';
import { ApiProblem, notFound } from './api-problem.ts';
import { serveConsole } from './console-files.ts';
import type { DomainHandlers } from './context.ts';
import type { AnyHandler } from './dispatch.ts';
import { checkHost, checkOrigin, hostsOf, securityHeaders } from './guards.ts';
import { type GuestFrames, serveGuestFrames } from './guest-frames.ts';
import { PasswordHasher } from './password.ts';

export interface ApiServerOptions {
  readonly store: Store;
  readonly handlers: DomainHandlers;
  readonly log: Log;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** Of the release, for the OpenAPI document. */
  readonly version: string;
  /** Of the console as it was built; without it only the API is served. */
  readonly consoleFolder?: string;
  /** The matches of guests; without them no page of a guest is answered. */
  readonly guests?: GuestFrames;
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  /** `host:port` under which the node is reached beside its own address, such as a reverse proxy's name. */
  readonly allowedHosts?: readonly string[];
  /** The cookie travels over TLS only: for a node behind a proxy that ends TLS. */
  readonly secureCookies?: boolean;
  readonly hasher?: PasswordHasher;
  readonly heartbeatMs?: number;
}

export interface ApiServer {
  readonly url: string;
  readonly port: number;
  readonly accounts: Accounts;
  /** Takes no more requests, ends streams, waits for what runs (5 s at most). */
  close(): Promise<void>;
}

/** @throws {ApiProblem} `api-address` when the address is taken or not this machine's. */
export async function startApi(options: ApiServerOptions): Promise<ApiServer> {
  const hasher = options.hasher ?? new PasswordHasher();
  const accounts = new Accounts({ ...options, hasher });
  const handlers = { ...accountHandlers({ ...options, accounts }), ...options.handlers } as unknown as Readonly<
    Record<RouteName, AnyHandler>
  >;
  const place: Place = { hosts: new Set(), cookieName: '' };
  const stopping = new AbortController();
  const api = new Api(options, handlers, place, stopping.signal);
  const app = createApp(options, place, api);
  for (const name of routeNames) api.register(app, name);
  const document = openApi({ version: options.version });
  app.get('/openapi.json', async () => document);
  if (options.guests !== undefined) await serveGuestFrames(app, options.guests);
  if (options.consoleFolder !== undefined) await serveConsole(app, { ...options, folder: options.consoleFolder });

  const host = options.host ?? '127.0.0.1';
  await app.listen({ host, port: options.port }).catch(async (error: NodeJS.ErrnoException) => {
    await app.close();
    throw new ApiProblem({
      code: 'api-address',
      status: 500,
      detail: `the local API cannot listen on ${host}:${options.port} (${error.code ?? error.message})`,
      remedy: 'choose another --api address, or end what listens there: it may be another node',
    });
  });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  place.hosts = hostsOf({ host, port }, options.allowedHosts ?? []);
  // Cookies know no ports (RFC 6265 §8.5): without its number in the name, two nodes of one machine would overwrite each other's.
  place.cookieName = `causeway-session-${port}`;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    accounts,
    close: async () => {
      stopping.abort();
      const cut = setTimeout(() => app.server.closeAllConnections(), 5000).unref();
      await app.close();
      clearTimeout(cut);
      await hasher.close();
    },
  };
}

function createApp(options: ApiServerOptions, place: Place, api: Api): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    exposeHeadRoutes: false,
    trustProxy: false,
    requestTimeout: 60_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    http: { maxHeaderSize: 16_384, headersTimeout: 10_000 },
    routerOptions: { maxParamLength: 2000 },
    genReqId: () => Buffer.from(options.random(9)).toString('base64url'),
    frameworkErrors: (error, request, reply) => api.fail(error, request, reply),
    clientErrorHandler: refuseMalformed,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes: Buffer, done) => {
    try {
      done(null, bytes.length === 0 ? undefined : parseJson(bytes, { bytesMax: bodyBytesMax }));
    } catch (error) {
      done(error as Error);
    }
  });
  // How many, each route says; whether it takes any, `readInput`.
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, bytes: Buffer, done) =>
    done(null, bytes),
  );
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...securityHeaders, 'x-request-id': request.id });
    checkHost(request.raw, place.hosts);
    if (request.method !== 'GET') checkOrigin(request.raw, place.hosts);
  });
  app.setErrorHandler((error, request, reply) => api.fail(error, request, reply));
  app.setNotFoundHandler((request, reply) => api.fail(notFound(), request, reply));
  return app;
}

/** What is not even HTTP gets a fixed answer, and the connection ends. */
function refuseMalformed(_error: Error, socket: Socket): void {
  if (socket.writable) socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  socket.destroySoon();
}
