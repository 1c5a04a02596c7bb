/** How a request is answered, whichever route it is for: role, input, handler, answer or problem, audit. */
import { Readable } from 'node:stream';
import { type FileBody, type Problem, type Route, type RouteName, routes } from '@causeway/core/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem, notFound, problemFrom } from './api-problem.ts';
import { type Authenticated, authenticate, cookieOf } from './authenticate.ts';
import { type AccountContext, anonymous } from './context.ts';
import { type AnyHandler, auditTarget, checkRole, isAudited, readInput, readOutput } from './dispatch.ts';
import { writeEvents } from './event-stream.ts';
import { securityHeaders } from './guards.ts';
import { hashSecret } from './secrets.ts';
import type { ApiServerOptions } from './server.ts';

export const bodyBytesMax = 1 << 20;
const streamsPerUserMax = 32;

/** What is known once the server listens. */
export interface Place {
  hosts: ReadonlySet<string>;
  cookieName: string;
}

/** What is known of a request before its handler runs. */
interface Known {
  readonly authenticated: Authenticated | undefined;
  readonly startedMs: number;
}

export class Api {
  readonly #options: ApiServerOptions;
  readonly #handlers: Readonly<Record<RouteName, AnyHandler>>;
  readonly #place: Place;
  readonly #stopping: AbortSignal;
  readonly #known = new WeakMap<FastifyRequest, Known>();
  readonly #streams = new Map<string, number>();

  constructor(
    options: ApiServerOptions,
    handlers: Readonly<Record<RouteName, AnyHandler>>,
    place: Place,
    stopping: AbortSignal,
  ) {
    this.#options = options;
    this.#handlers = handlers;
    this.#place = place;
    this.#stopping = stopping;
  }

  register(app: FastifyInstance, name: RouteName): void {
    const route: Route = routes[name];
    app.route({
      method: route.method,
      ...(route.bytes === undefined ? {} : { bodyLimit: route.bytes.max }),
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      // Before the body is read: a stranger's body is not.
      onRequest: async (request) => {
        const startedMs = this.#options.now();
        const authenticated = route.roles === 'public' ? undefined : await this.#authenticate(request);
        this.#known.set(request, { authenticated, startedMs });
        try {
          checkRole(name, authenticated?.user);
        } catch (error) {
          if (isAudited(name) && authenticated !== undefined) {
            await this.#audit(name, {
              actor: authenticated.user.name,
              outcome: 'refused',
              detail: problemFrom(error).code,
            });
          }
          throw error;
        }
      },
      handler: async (request, reply) => this.#answer(name, route, request, reply),
    });
  }

  /** Answers with the problem that an error is, and logs it where it is the node's own. */
  fail(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const problem = { ...problemFrom(fromFastify(error)), requestId: request.id };
    if (problem.status >= 500) {
      this.#options.log.error('a request failed', { requestId: request.id, status: problem.status, error });
    }
    if (error instanceof ApiProblem && error.retryAfterSeconds !== undefined) {
      reply.header('retry-after', String(error.retryAfterSeconds));
    }
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="causeway"');
    reply.headers({ ...securityHeaders, 'x-request-id': request.id });
    return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  async #answer(name: RouteName, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { authenticated } = this.#known.get(request)!;
    const gone = new AbortController();
    reply.raw.on('close', () => gone.abort());
    const actor = { name: authenticated?.user.name ?? anonymous.name };
    const context = this.#context(request, reply, authenticated, AbortSignal.any([gone.signal, this.#stopping]), actor);
    let target: string | undefined;
    try {
      const input = readInput(name, request);
      target = auditTarget(name, input);
      const output = await this.#handlers[name](input, context);
      if (route.stream === 'sse') return await this.#stream(name, output, request, reply, context);
      const body = route.file === undefined ? readOutput(name, output) : output;
      // Of a file, before its first byte leaves.
      if (isAudited(name))
        await this.#audit(name, { actor: actor.name, target, job: jobOf(input, body), outcome: 'done' });
      if (route.file !== undefined) {
        this.#logAnswer(name, request, 200);
        return sendFile(reply, route.file.type, output as FileBody);
      }
      if (route.download === true) {
        reply.header('content-disposition', `attachment; filename="causeway-${name.replace('.', '-')}.json"`);
      }
      this.#logAnswer(name, request, 200);
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
    } catch (error) {
      const { code, status } = problemFrom(error);
      // Attempts against a locked name are not written down one by one: that would be a way to fill the disk.
      if (isAudited(name) && code !== 'too-many-attempts') {
        await this.#audit(name, {
          actor: actor.name,
          target,
          outcome: status >= 500 ? 'failed' : 'refused',
          detail: code,
        });
      }
      this.#logAnswer(name, request, status);
      throw error;
    }
  }

  #context(
    request: FastifyRequest,
    reply: FastifyReply,
    authenticated: Authenticated | undefined,
    signal: AbortSignal,
    actor: { name: string },
  ): AccountContext {
    const { cookieName } = this.#place;
    const presented = cookieOf(request.raw, cookieName);
    const attributes = `Path=/; HttpOnly; SameSite=Strict${this.#options.secureCookies === true ? '; Secure' : ''}`;
    const lastEventId = request.headers['last-event-id'];
    return {
      user: authenticated?.user ?? anonymous,
      signal,
      requestId: request.id,
      lastSequence: typeof lastEventId === 'string' && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : undefined,
      source: request.raw.socket.remoteAddress ?? 'unknown',
      session: authenticated?.session,
      presentedSecretHash: presented === undefined ? undefined : hashSecret(presented),
      auditAs: (name) => {
        actor.name = name;
      },
      setSessionCookie: (secret, maxAgeSeconds) => {
        reply.header('set-cookie', `${cookieName}=${secret}; Max-Age=${maxAgeSeconds}; ${attributes}`);
      },
      clearSessionCookie: () => {
        reply.header('set-cookie', `${cookieName}=; Max-Age=0; ${attributes}`);
      },
    };
  }

  async #stream(
    name: RouteName,
    output: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
    context: AccountContext,
  ): Promise<unknown> {
    const { id } = context.user;
    const open = this.#streams.get(id) ?? 0;
    if (open >= streamsPerUserMax) {
      throw new ApiProblem({
        code: 'too-many-requests',
        detail: `you have ${open} streams open already`,
        remedy: 'close some',
      });
    }
    this.#streams.set(id, open + 1);
    reply.hijack();
    try {
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'x-accel-buffering': 'no',
      });
      raw.flushHeaders();
      await writeEvents(raw, checked(name, output as AsyncIterable<unknown>), {
        heartbeatMs: this.#options.heartbeatMs ?? 15_000,
        signal: context.signal,
        stillAllowed: async () => {
          checkRole(name, (await this.#authenticate(request))?.user);
          return true;
        },
        problemFrom: (error): Problem => {
          const problem = problemFrom(error);
          if (problem.status >= 500) this.#options.log.error('a stream failed', { requestId: request.id, error });
          return problem;
        },
      });
    } finally {
      const left = (this.#streams.get(id) ?? 1) - 1;
      if (left === 0) this.#streams.delete(id);
      else this.#streams.set(id, left);
    }
    return reply;
  }

  #authenticate(request: FastifyRequest): Promise<Authenticated | undefined> {
    const { store, now } = this.#options;
    return authenticate(request.raw, { store, nowMs: now(), cookieName: this.#place.cookieName });
  }

  async #audit(
    name: RouteName,
    line: {
      actor: string;
      target?: string | undefined;
      job?: string | undefined;
      outcome: 'done' | 'refused' | 'failed';
      detail?: string;
    },
  ): Promise<void> {
    const event = { ...line, atMs: this.#options.now(), action: name };
    // What was done is done: that it could not be written down is an error of the node's, not of the request.
    await this.#options.store.audit.append(event).catch((error) => {
      this.#options.log.error('the audit log could not be written', { route: name, error });
    });
  }

  #logAnswer(name: RouteName, request: FastifyRequest, status: number): void {
    const known = this.#known.get(request);
    this.#options.log.debug('answered', {
      route: name,
      method: request.method,
      status,
      requestId: request.id,
      user: known?.authenticated?.user.id,
      tookMs: this.#options.now() - (known?.startedMs ?? this.#options.now()),
    });
  }
}

/** As it comes: a file is never whole in memory. */
function sendFile(reply: FastifyReply, type: string, { name, bytes, content }: FileBody): FastifyReply {
  return reply
    .headers({ 'content-length': bytes, 'content-disposition': attachment(name) })
    .type(type)
    .send(content instanceof Readable ? content : Readable.from(content));
}

/** RFC 6266 with the name in the form of RFC 8187 §3.2.1: any name of a person's, which cannot end the header. */
function attachment(name: string): string {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `attachment; filename*=UTF-8''${encoded}`;
}

async function* checked(
  name: RouteName,
  events: AsyncIterable<unknown>,
): AsyncGenerator<{ readonly sequence: number }> {
  for await (const event of events) yield readOutput(name, event) as { readonly sequence: number };
}

function jobOf(input: { readonly params: unknown }, output: unknown): string | undefined {
  const job = (input.params as { job?: unknown }).job ?? (output as { job?: unknown } | null)?.job;
  return typeof job === 'string' ? job : undefined;
}

/** Fastify's own refusals, by their codes. */
function fromFastify(error: unknown): unknown {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiProblem({ code: 'body-too-large', detail: 'the body is larger than this address takes' });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiProblem({
        code: 'unsupported-media-type',
        detail: 'the body is declared as nothing that is taken here',
      });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ApiProblem({ code: 'invalid-request', detail: 'the body is not as long as it says' });
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return notFound();
    default:
      return typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' && statusCode < 500
        ? new ApiProblem({ code: 'invalid-request', detail: 'the request is not one that this node takes' })
        : error;
  }
}
